desc="default-runtime names a runtime that is not configured (nvidia)"
kind=break expect=runtime-missing breaks=run
evidence="daemon.json default-runtime nvidia, no runtimes section; log"
fix="remove default-runtime or install and configure the runtime"
inject() { djset 'c["default-runtime"]="nvidia"'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
