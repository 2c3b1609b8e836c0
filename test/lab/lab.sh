#!/bin/bash
# Real container hosts on one machine, to be broken and healed at will. See README.md.
#   lab.sh tools                  unpack the few Debian packages that some faults need (once)
#   lab.sh up [NAME]              make the host NAME (h1), a machine on its LAN and a far server
#   lab.sh exec NAME CMD...       run CMD as root in the host (exec-user: as the test user; exec-peer, exec-far)
#   lab.sh list | meta            the faults: readable, or tab-separated for scripts;  lab.sh show FAULT
#   lab.sh inject NAME FAULT      break it;  lab.sh heal NAME FAULT: the known cure, then the surroundings put back
#   lab.sh symptom NAME FAULT     what a user sees of it
#   lab.sh verify NAME [CHECK...] what a user would do: run, network, publish, pull, build ...
#   lab.sh proof NAME FAULT       does the host show what the fault claims? (after inject)
#   lab.sh works NAME FAULT       does what the fault broke work again? (after another cure than heal)
#   lab.sh relogin NAME           the test user logs in anew
#   lab.sh cycle NAME FAULT...    healthy -> inject -> proof -> heal -> healthy
#   lab.sh reset NAME;  lab.sh down NAME;  lab.sh down-all
set -u
LAB=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
export LC_ALL=C
cmd=${1:-help}
NAME=${2:-h1}
rest=("${@:3}")
for part in machines services words programs verify; do
    # shellcheck source=/dev/null
    . "$LAB/lib/$part.sh"
done

# shellcheck disable=SC2034
load_fault() {
    FAULT=${1:-}
    [ -r "$LAB/faults/$FAULT.sh" ] || die "no fault '$FAULT' (lab.sh list)"
    desc='' kind='' expect='' init='' breaks='' evidence='' fix='' profile='' finding='' container=''
    risk_bad() { return 1; }
    cleanup() { :; }
    settle() { :; }
    # shellcheck disable=SC1090
    . "$LAB/faults/$FAULT.sh"
}

break_host() {
    rm -f "$(st)/healthy"
    elog_new
    inject
}

heal_host() { # KEEP=1: only the cure, the surroundings stay as the fault made them
    local status
    heal
    web_wait
    cured
    status=$?
    [ -n "${KEEP:-}" ] || { cleanup; web_wait; }
    return $status
}

# Healed, what failed must work again; that a decoy harms nobody has been shown.
cured() {
    settle
    case $kind in
    break) verify "$breaks" ;;
    risk) ! risk_bad ;;
    esac
}

# Without its mirror, a host asks Docker Hub.
works() {
    local status
    [ "$breaks" != pull-mirror ] || hub_up
    cured
    status=$?
    [ "$breaks" != pull-mirror ] || hub_down
    return $status
}

# A fault must fail the user, a risk must be visible, a decoy must harm nobody.
proof() {
    case $kind in
    break) ! verify "$breaks" ;;
    risk) risk_bad ;;
    decoy) verify ;;
    *) die "$FAULT: kind '$kind'" ;;
    esac
}

cycle() {
    local t0=$SECONDS log
    log=$(st)/cycle.log
    # the cycle before has just shown it
    if [ ! -e "$(st)/healthy" ] && ! verify >"$log"; then
        say "$FAULT: $NAME is not healthy, starting it again"
        do_down quiet
        if ! do_up || ! verify >"$log"; then
            grep ^FAIL "$log"
            return 1
        fi
    fi
    rm -f "$(st)/healthy"
    [ "$kind" = risk ] && risk_bad >/dev/null 2>&1 && { echo "BAD $FAULT: the risk is there before the injection"; return 1; }
    break_host >"$log" 2>&1
    proof >"$log" 2>&1 || { echo "BAD $FAULT: injected, but not as it claims"; cat "$log"; return 1; }
    # judged before the surroundings are put back: the cure alone must do
    if ! KEEP=1 heal_host >"$log" 2>&1 || ! verify >"$log"; then
        echo "BAD $FAULT: not healthy after the cure"
        grep ^FAIL "$log"
        do_down quiet
        return 1
    fi
    cleanup >"$log" 2>&1
    web_wait
    : >"$(st)/healthy"
    echo "OK $FAULT ($kind, $expect), $((SECONDS - t0)) s"
}

each_fault() { # each_fault CMD... : with every fault loaded in turn that hosts of this kind can have
    local file
    for file in "$LAB"/faults/*.sh; do
        (load_fault "$(basename "$file" .sh)" && can_have && "$@")
    done
    return 0
}
can_have() { [ "${init:-${LAB_INIT:-sysv}}" = "${LAB_INIT:-sysv}" ]; }
list_line() { printf '%-26s %-6s %-28s %s\n' "$FAULT" "$kind" "$expect" "$desc"; }
# shellcheck disable=SC2154
meta_line() {
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
        "$FAULT" "$kind" "$expect" "$desc" "$evidence" "$fix" "$profile" "$finding" "$container"
}

need_host() {
    [ "$(id -u)" = 0 ] || die "must be root"
    case $NAME in *[!a-z0-9]* | '') die "NAME must be [a-z0-9]+" ;; esac
}
need_up() {
    need_host
    isup || die "$NAME is not up"
}

case $cmd in
up) need_host; do_up ;;
down) need_host; do_down ;;
reset) need_host; do_down quiet; do_up ;;
down-all)
    for dir in "$LAB"/.state/*; do
        NAME=$(basename "$dir")
        [ -d "$dir" ] && need_host && do_down
    done
    ;;
exec) need_up; T_CMD=${T_CMD_EXEC:-600} h "${rest[@]}" ;;
exec-user) need_up; T_CMD=${T_CMD_EXEC:-600} u "${rest[@]}" ;;
exec-peer) need_up; T_CMD=${T_CMD_EXEC:-600} p "${rest[@]}" ;;
exec-far) need_up; T_CMD=${T_CMD_EXEC:-600} f "${rest[@]}" ;;
verify) need_up; verify "${rest[@]}" ;;
inject) need_up; load_fault "${rest[0]:-}"; break_host ;;
heal) need_up; load_fault "${rest[0]:-}"; heal_host ;;
symptom) need_up; load_fault "${rest[0]:-}"; symptom ;;
proof) need_up; load_fault "${rest[0]:-}"; proof ;;
# after somebody else's cure: does what failed work again, is the risk gone?
works) need_up; load_fault "${rest[0]:-}"; web_wait; works ;;
# the test user logs in anew, with the groups of now
relogin) need_up; session_new ;;
cycle)
    need_host
    isup || do_up || die "cannot start $NAME"
    bad=0
    for one in "${rest[@]}"; do
        load_fault "$one"
        isup || do_up || die "cannot start $NAME"
        cycle || bad=1
    done
    exit $bad
    ;;
list) each_fault list_line ;;
meta) each_fault meta_line ;;
show) load_fault "${2:-}"; cat "$LAB/faults/$FAULT.sh" ;;
tools) fetch_tools ;;
*) sed -n '2,14p' "$0" | sed 's/^# \{0,1\}//' ;;
esac
