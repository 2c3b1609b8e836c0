desc="docker0 removed (network restart, brctl delbr)"
kind=break expect=docker0-missing breaks=run
evidence="ip link show docker0: does not exist"
fix="service docker restart"
inject() { h ip link del docker0; }
heal() { drestart; }
symptom() { h docker run --rm bb:1 true; echo "exit status $?"; }
