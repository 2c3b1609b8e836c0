desc="insecure-registries 0.0.0.0/0: certificates count for nothing"
kind=risk expect=insecure-registries-too-wide
finding=registry/insecure#tooWide
evidence="daemon.json insecure-registries 0.0.0.0/0"
fix="name the registries that need it"
inject() { djset 'c["insecure-registries"]=["0.0.0.0/0"]'; drestart; web_wait; }
heal() { djback; drestart; web_wait; }
symptom() { hs 'docker info 2>/dev/null | grep -A3 Insecure'; }
risk_bad() { hs 'docker info --format "{{.RegistryConfig.InsecureRegistryCIDRs}}" | grep 0.0.0.0/0'; }
