/** Functions of the script. Those that a plan uses stand at its head. */
import { CRASHED } from '../openrc.ts'

interface Helper {
  readonly name: string
  readonly text: string
}

/** Each may use those before it. */
const HELPERS: readonly Helper[] = [
  {
    name: 'hash_of',
    text: `# hash_of FILE: of its content, or none
hash_of() {
    if [ -e "$1" ]; then sha256sum <"$1" | cut -d ' ' -f 1; else echo none; fi
}`,
  },
  {
    name: 'is_own',
    text: `# is_own FILE: no link that leads out of its folder
is_own() {
    if [ -L "$1" ]; then
        case $(readlink "$1") in
        */*) fail "$1 is a symbolic link to $(readlink "$1"): nothing was touched" ;;
        esac
    fi
}`,
  },
  {
    name: 'is_as_read',
    text: `# is_as_read FILE HASH...: it has one of these contents
is_as_read() {
    file=$1
    shift
    hash=$(hash_of "$file")
    for known; do
        if [ "$hash" = "$known" ]; then return 0; fi
    done
    fail "$file has changed since it was read: nothing was touched; ask seaworthy for a new plan"
}`,
  },
  {
    name: 'put',
    text: `# put FILE MODE: gives it the content of the standard input; it keeps its owner, and its mode where MODE is empty
put() {
    if [ -L "$1" ]; then set -- "$(dirname "$1")/$(readlink "$1")" "$2"; fi
    mkdir -p "$(dirname "$1")"
    new=$(mktemp "$1.XXXXXX")
    if [ -e "$1" ]; then cp -p "$1" "$new"; else chmod 0644 "$new"; fi
    cat >"$new"
    if [ -n "$2" ]; then chmod "$2" "$new"; fi
    mv -f "$new" "$1"
}`,
  },
  {
    name: 'holds',
    text: `# holds FILE HASH MODE: it has this content, and this mode where MODE is not empty
holds() {
    [ -f "$1" ] && [ "$(hash_of "$1")" = "$2" ] && { [ -z "$3" ] || [ "$(stat -L -c %a "$1")" = "$3" ]; }
}`,
  },
  {
    name: 'has_line',
    text: `# has_line FILE LINE: a whole line, whatever ends it
has_line() {
    [ -e "$1" ] && LINE=$2 awk '{ sub(/\\r$/, "") } $0 == ENVIRON["LINE"] { found = 1 } END { exit !found }' "$1"
}`,
  },
  {
    name: 'append_line',
    text: `# append_line FILE LINE
append_line() {
    if [ -e "$1" ]; then awk 1 "$1" >"$scratch"; else : >"$scratch"; fi
    printf '%s\\n' "$2" >>"$scratch"
    put "$1" '' <"$scratch"
}`,
  },
  {
    name: 'replace_line',
    text: `# replace_line FILE OLD NEW: whole lines
replace_line() {
    OLD=$2 NEW=$3 awk '{ end = sub(/\\r$/, "") ? "\\r" : ""; print ($0 == ENVIRON["OLD"] ? ENVIRON["NEW"] : $0) end }' "$1" >"$scratch"
    put "$1" '' <"$scratch"
}`,
  },
  {
    name: 'drop_line',
    text: `# drop_line FILE LINE: whole lines
drop_line() {
    OLD=$2 awk '{ line = $0; sub(/\\r$/, "", line) } line != ENVIRON["OLD"]' "$1" >"$scratch"
    put "$1" '' <"$scratch"
}`,
  },
  {
    name: 'runs_as_set',
    text: `# runs_as_set KEY VALUE: of the running kernel
runs_as_set() {
    [ "$(sysctl -n "$1" 2>/dev/null | tr -s '\\t' ' ')" = "$2" ]
}`,
  },
  {
    name: 'is_running',
    text: `# is_running SERVICE
is_running() {
    if [ -d /run/systemd/system ]; then systemctl is-active --quiet "$1"
    elif command -v rc-service >/dev/null; then rc-service "$1" status >/dev/null 2>&1
    else service "$1" status >/dev/null 2>&1; fi
}`,
  },
  {
    name: 'control',
    text: `# control SERVICE start|stop|restart|reload
control() {
    if [ -d /run/systemd/system ]; then
        if [ "$2" = start ] || [ "$2" = restart ]; then systemctl reset-failed "$1" "\${1%.service}.socket" 2>/dev/null || :; fi
        # docker.socket would start it again for whoever calls
        if [ "$2" = stop ] && systemctl is-active --quiet "\${1%.service}.socket"; then systemctl stop "\${1%.service}.socket"; fi
        systemctl "$2" "$1"
    elif command -v rc-service >/dev/null; then
        status=0
        if [ "$2" = start ]; then rc-service "$1" status >/dev/null 2>&1 || status=$?; fi
        case $status in
        ${CRASHED.join(' | ')}) rc-service "$1" restart ;; # it crashed, and counts as started still
        *) rc-service "$1" "$2" ;;
        esac
    elif [ "$1 $2" = 'docker reload' ]; then kill -HUP "$(cat /var/run/docker.pid)" # Debian's script cannot
    else service "$1" "$2"; fi
}`,
  },
  {
    name: 'is_at_boot',
    text: `# is_at_boot SERVICE
is_at_boot() {
    if [ -d /run/systemd/system ]; then systemctl is-enabled --quiet "$1"
    elif command -v rc-update >/dev/null; then [ -e "/etc/runlevels/default/$1" ]
    else ls /etc/rc2.d/S??"$1" >/dev/null 2>&1; fi
}`,
  },
  {
    name: 'at_boot',
    text: `# at_boot SERVICE enable|disable
at_boot() {
    if [ -d /run/systemd/system ]; then systemctl "$2" "$1"
    elif command -v rc-update >/dev/null; then
        if [ "$2" = enable ]; then rc-update add "$1" default; else rc-update del "$1" default; fi
    elif [ "$2" = enable ]; then update-rc.d "$1" defaults
    else update-rc.d "$1" disable; fi
}`,
  },
  {
    name: 'has_package',
    text: `# has_package MANAGER PACKAGE: of this very name
has_package() {
    case $1 in
    apt) [ "$(dpkg-query -W -f '\${db:Status-Status}' "$2" 2>/dev/null)" = installed ] ;;
    apk) apk info -e "$2" >/dev/null 2>&1 ;;
    pacman) [ "$(pacman -Qq "$2" 2>/dev/null)" = "$2" ] ;;
    *) rpm -q "$2" >/dev/null 2>&1 ;;
    esac
}`,
  },
  {
    name: 'is_provided',
    text: `# is_provided MANAGER PACKAGE: by itself, or by another package in its place
is_provided() {
    case $1 in
    pacman) pacman -Qq "$2" >/dev/null 2>&1 ;;
    dnf | yum | zypper) rpm -q --whatprovides "$2" >/dev/null 2>&1 ;;
    *)
        has_package "$1" "$2"
        ;;
    esac
}`,
  },
  {
    name: 'may_end',
    text: `# may_end STATUSES COMMAND...: with these exit statuses, too, it has done its work
may_end() {
    fine=$1
    shift
    "$@" || {
        status=$?
        case " $fine " in *" $status "*) ;; *) return "$status" ;; esac
    }
}`,
  },
  {
    name: 'is_member',
    text: `# is_member USER GROUP
is_member() {
    id -nG "$1" | tr ' ' '\\n' | grep -qxF -e "$2"
}`,
  },
  {
    name: 'is_loaded',
    text: `# is_loaded MODULE: or built into the kernel
is_loaded() {
    [ -d "/sys/module/$(echo "$1" | tr - _)" ] || grep -q "/$1\\.ko" "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null
}`,
  },
  {
    name: 'has_options',
    text: `# has_options MOUNTPOINT OPTION...: some are shown by the absence of their opposite
has_options() {
    options=,$(findmnt -n -o OPTIONS --mountpoint "$1"),
    shift
    for option; do
        case $options in
        *",$option,"*) ;;
        *) case $option in
            exec | suid | dev) case $options in *",no$option,"*) return 1 ;; esac ;;
            *) return 1 ;;
            esac ;;
        esac
    done
}`,
  },
  {
    name: 'boot_files',
    text: `# boot_files WORD yes|no: where the kernel's arguments are written, where there is no grubby; of GRUB's files what is set last counts
boot_files() {
    for file in /boot/firmware/cmdline.txt /boot/cmdline.txt; do
        if [ -e "$file" ]; then echo "$file"; return 0; fi
    done
    if [ ! -e /etc/default/grub ]; then return 0; fi
    found=
    for file in /etc/default/grub /etc/default/grub.d/*.cfg; do
        if [ ! -e "$file" ]; then continue; fi
        if [ "$2" = no ]; then echo "$file"
        elif [ -z "$found" ] || grep -q '^[[:blank:]]*\\(export[[:blank:]][[:blank:]]*\\)\\{0,1\\}GRUB_CMDLINE_LINUX=' "$file"; then found=$file; fi
    done
    if [ -n "$found" ]; then echo "$found"; fi
}`,
  },
  {
    name: 'boot_text',
    text: `# boot_text FILE WORD yes|no: what the file is to hold; fails where it is not written plainly
boot_text() {
    FILE=$1 WORD=$2 WANTED=$3 awk '
        function changed(text, out, has, n, i, words) {
            n = split(text, words, " ")
            for (i = 1; i <= n; i++) {
                if (words[i] == ENVIRON["WORD"]) { has = 1; if (ENVIRON["WANTED"] == "no") continue }
                out = out (out == "" ? "" : " ") words[i]
            }
            if (has == (ENVIRON["WANTED"] == "yes")) return text
            return has ? out : out (out == "" ? "" : " ") ENVIRON["WORD"]
        }
        function setting(text, head, rest, mark, value, behind) {
            if (!match(text, /^[ \\t]*(export[ \\t]+)?GRUB_CMDLINE_LINUX(_DEFAULT)?=/)) return text
            head = substr(text, 1, RLENGTH); rest = substr(text, RLENGTH + 1)
            if (match(rest, /^"([^"\\\\]|\\\\.)*"/) || match(rest, /^\\047[^\\047]*\\047/)) {
                mark = substr(rest, 1, 1); value = substr(rest, 2, RLENGTH - 2); behind = substr(rest, RLENGTH + 1)
            } else {
                mark = "\\""; value = rest; sub(/[ \\t].*/, "", value); behind = substr(rest, length(value) + 1)
                if (value !~ /^[A-Za-z0-9_.,:\\/@%+=-]*$/) plain = 0
            }
            if (behind !~ /^[ \\t]*$/ && behind !~ /^[ \\t]+#/) plain = 0
            return changed(value) == value ? text : head mark changed(value) mark behind
        }
        { line[NR] = $0 }
        /^[ \\t]*(export[ \\t]+)?GRUB_CMDLINE_LINUX=/ { last = NR }
        END {
            plain = 1; isLine = (ENVIRON["FILE"] ~ /cmdline\\.txt$/)
            for (i = 1; i <= NR; i++) {
                if (isLine && i == 1) line[i] = changed(line[i])
                if (!isLine && (ENVIRON["WANTED"] == "no" || i == last)) line[i] = setting(line[i])
                print line[i]
            }
            if (!isLine && ENVIRON["WANTED"] == "yes" && !last)
                print "GRUB_CMDLINE_LINUX=\\"" ENVIRON["WORD"] "\\""
            exit (!plain)
        }' "$1"
}`,
  },
  {
    name: 'boots_with',
    text: `# boots_with WORD yes|no: at the next boot, with any kernel
boots_with() {
    if command -v grubby >/dev/null; then
        grubby --info=ALL | sed -n 's/^args=//p' | tr "\\"'" '  ' | WORD=$1 WANTED=$2 awk '
            { for (i = 1; i <= NF; i++) if ($i == ENVIRON["WORD"]) { found++; break } }
            END { exit ENVIRON["WANTED"] == "yes" ? found != NR || NR == 0 : found > 0 }'
        return
    fi
    files=$(boot_files "$1" "$2")
    if [ -z "$files" ]; then return 1; fi
    for file in $files; do
        if ! boot_text "$file" "$1" "$2" >"$scratch" || ! awk 1 "$file" | cmp -s - "$scratch"; then return 1; fi
    done
}`,
  },
  {
    name: 'set_boot',
    text: `# set_boot WORD yes|no: with or without it at the next boot
set_boot() {
    if command -v grubby >/dev/null; then
        if [ "$2" = yes ]; then grubby --update-kernel=ALL --args="$1"; else grubby --update-kernel=ALL --remove-args="$1"; fi
        return 0
    fi
    files=$(boot_files "$1" "$2")
    if [ -z "$files" ]; then
        echo "Left to you: the boot loader's configuration was not found; $1 as a kernel argument: $2" >&2
        return 0
    fi
    case $files in
    /etc/default/*)
        if ! command -v update-grub >/dev/null && ! command -v grub2-mkconfig >/dev/null && ! command -v grub-mkconfig >/dev/null; then
            echo "Left to you: no program makes GRUB's menu here; $1 as a kernel argument: $2" >&2
            return 0
        fi
        ;;
    esac
    for file in $files; do
        if ! boot_text "$file" "$1" "$2" >"$scratch"; then
            echo "Left to you: the arguments in $file are not written plainly; $1 as a kernel argument: $2" >&2
            return 0
        fi
    done
    for file in $files; do
        boot_text "$file" "$1" "$2" >"$scratch"
        if awk 1 "$file" | cmp -s - "$scratch"; then continue; fi
        put "$file" '' <"$scratch"
    done
    case $file in
    /etc/default/*)
        if command -v update-grub >/dev/null; then update-grub
        elif [ -e /boot/grub2/grub.cfg ]; then grub2-mkconfig -o /boot/grub2/grub.cfg
        else grub-mkconfig -o /boot/grub/grub.cfg; fi
        ;;
    esac
}`,
  },
]

/** Those that a text calls, and those that they call themselves. */
export function helpersFor(text: string): string {
  const used: string[] = []
  for (const helper of HELPERS.toReversed()) {
    if (calls([text, ...used].join('\n'), helper.name)) used.unshift(helper.text)
  }
  return used.join('\n\n')
}

const calls = (text: string, name: string): boolean =>
  new RegExp(`(^|[|!;&{(]) *(if |elif )?(! )?(\\{ )?${name}( |$|\\))`, 'm').test(text)
