#!/bin/bash
# Runs CMD in a host the way a login session would: a clean environment plus /etc/environment, the session's groups and limits.
# usage: login.sh root|tester SECONDS CMD...
who=$1 secs=$2
shift 2
home=/root as=()
if [ "$who" = tester ]; then
    home=/home/tester
    # the groups of the session that is open, which may be older than /etc/group
    groups=$(awk '/^Groups:/ { $1 = ""; gsub(/^ +| +$/, ""); gsub(/ +/, ","); print }' \
        "/proc/$(cat /run/lab-session.pid 2>/dev/null)/status" 2>/dev/null)
    as=(setpriv --reuid 4242 --regid 4242)
    if [ -n "$groups" ]; then as+=(--groups "$groups"); else as+=(--clear-groups); fi
fi
vars=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM="${TERM:-dumb}"
    HOME="$home" USER="$who" LOGNAME="$who" SHELL=/bin/bash)
while IFS= read -r line; do
    case $line in
    '' | \#*) ;;
    *=*)
        line=${line#export }
        value=${line#*=} value=${value#\"} value=${value%\"}
        vars+=("${line%%=*}=$value")
        ;;
    esac
done < <(cat /etc/environment 2>/dev/null)
ulimit -S -n "${LAB_NOFILE:-1024}" 2>/dev/null
cd "$home" || exit 125
exec env -i "${vars[@]}" timeout -k 2 "$secs" "${as[@]}" "$@"
