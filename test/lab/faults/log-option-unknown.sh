desc="daemon.json has an option that the log driver does not know"
kind=break expect=log-option-unknown breaks=run
finding=engine/log-driver#badOption
evidence="daemon.json log-opts max-fil; docker run: unknown log opt 'max-fil' for json-file log driver"
fix="max-file"
inject() { djset 'c["log-opts"]={"max-size":"10m","max-fil":"3"}'; drestart; }
heal() { djback; drestart; web_wait; }
symptom() { h docker run --rm bb:1 echo ok; xs $?; dead_daemon; }
