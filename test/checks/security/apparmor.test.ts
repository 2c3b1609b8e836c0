/** The kernels of most machines that tests run on have no AppArmor: what hosts with it say is taken from public reports. */
import check from '../../../checks/security/apparmor.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { api, captured, host, refusedTo, statOf, stopped, tester } from '../engine-host.ts'

const ENABLED = '/sys/module/apparmor/parameters/enabled'
const PROFILES = '/sys/kernel/security/apparmor/profiles'
const LOADED = '/usr/sbin/cups-browsed (enforce)\ndocker-default (enforce)\nlsb_release (enforce)\n'
const LOG = 'end /var/log/docker.log'
const KERN = 'end /var/log/kern.log'
const hardening = { settings: { profile: 'hardening' } } as const

const info = JSON.parse(captured('docker-info.json'))
const says = (SecurityOptions: readonly string[]): Readings => ({
  [api('/info')]: { status: 200, headers: {}, body: JSON.stringify({ ...info, SecurityOptions }) },
})
const version = (Version: string): Readings => ({
  [api('/version')]: {
    status: 200,
    headers: {},
    body: JSON.stringify({ ...JSON.parse(captured('docker-version.json')), Version }),
  },
})
const on: Readings = {
  ...host,
  ...says(['name=apparmor', 'name=seccomp,profile=default']),
  [ENABLED]: 'Y\n',
  [PROFILES]: LOADED,
  'stat /usr/sbin/apparmor_parser': statOf('file', 0o755),
}
const noParser = { ...on, 'stat /usr/sbin/apparmor_parser': null }
const failing = (reason: string): Readings => ({
  ...on,
  [PROFILES]: 'lsb_release (enforce)\n',
  [LOG]: `time="2026-06-01T11:59:00Z" level=error msg="AppArmor enabled on system but the docker-default profile could not be loaded: running \`/usr/sbin/apparmor_parser apparmor_parser -Kr /var/lib/docker/tmp/docker-default4246559669\` failed with output: ${reason}"\n`,
})
/** Seconds since the epoch, ten minutes before the clock of the host. */
const JUST = Date.parse('2026-06-01T11:50:00Z') / 1000
const denied = (fields: string, at = JUST): Readings => ({
  ...on,
  [KERN]: `Jun  1 11:50:00 web kernel: [987.1] audit: type=1400 audit(${at}.126:253): apparmor="DENIED" ${fields}\n`,
})
const RUNC_SIGNAL =
  'operation="signal" class="signal" profile="docker-default" pid=9289 comm="runc" requested_mask="receive" denied_mask="receive" signal=kill peer="runc"'

testCheck(check, {
  'the engine uses it': passes(on, { says: 'the engine uses it' }),
  'a kernel without': skips({ ...host, [ENABLED]: null }),
  'switched off at boot': skips({ ...host, [ENABLED]: 'N\n' }),
  'no engine yet': passes(
    { ...stopped, [ENABLED]: 'Y\n', [PROFILES]: '', '$ dockerd --version': null },
    { says: 'no engine' },
  ),
  'an ordinary user, who sees no profiles': passes(
    { ...on, ...refusedTo(tester), [ENABLED]: 'Y\n', [PROFILES]: missing('denied', 'permission denied') },
    { says: 'with its parser' },
  ),

  'no parser, and an ordinary user sees no engine': unknown({
    ...noParser,
    ...refusedTo(tester),
    [PROFILES]: missing('denied', 'permission denied'),
  }),
  'the engine uses it, and its parser is gone': finds('parserMissing', noParser, { after: on }),
  'engine 23.0.0 insists on the parser': finds(
    'parserMissing',
    { ...noParser, ...says([]), ...version('23.0.0') },
    { says: 'engine 23.0.0', after: on },
  ),
  'engine 23.0.10 does without': passes({ ...noParser, ...says([]), ...version('23.0.10') }),
  'another engine does without': passes({ ...noParser, ...says([]) }, { says: 'not used' }),
  'the log says that the parser is missing': finds(
    'parserMissing',
    failing('\\nerror: exec: \\"apparmor_parser\\": executable file not found in $PATH'),
    { after: on },
  ),
  'a profile that the parser does not understand': finds(
    'parserMismatch',
    failing(
      'AppArmor parser error for /var/lib/docker/tmp/docker-default771187589 in /var/lib/docker/tmp/docker-default771187589 at line 15: syntax error, unexpected TOK_OPENPAREN, expecting TOK_MODE',
    ),
    { says: 'at line 15: syntax error' },
  ),
  'inside a confined container': finds(
    'profileNotLoaded',
    failing(
      'apparmor_parser: Unable to replace \\"docker-default\\". Permission denied; attempted to load a profile while confined?\\nerror: exit status 243',
    ),
    { says: 'attempted to load a profile while confined' },
  ),
  'the profile is unloaded, and nothing complains: the next container loads it': passes({
    ...on,
    [PROFILES]: 'lsb_release (enforce)\n',
  }),
  'an old complaint, and the profile is loaded': passes({
    ...failing('AppArmor parser error: syntax error'),
    [PROFILES]: LOADED,
  }),

  'a profile of its own denies the engine': finds(
    'denied',
    denied(
      'operation="change_onexec" profile="/usr/bin/dockerd" pid=19306 comm="runc:[2:INIT]" target="docker-default"',
    ),
    { says: 'runc:[2:INIT] change_onexec; its profile is /usr/bin/dockerd' },
  ),
  'it denies the engine a file': finds(
    'denied',
    denied(
      'operation="open" profile="/usr/bin/dockerd" name="/etc/docker/daemon.json" pid=464 comm="dockerd" requested_mask="r" denied_mask="r" fsuid=0 ouid=0',
    ),
    { says: 'open of /etc/docker/daemon.json' },
  ),
  'the snap may not stop what the package started': finds(
    'unstoppable',
    denied(RUNC_SIGNAL.replace('peer="runc"', 'peer="snap.docker.dockerd"')),
    { says: 'no signal from snap.docker.dockerd' },
  ),
  'runc has a name since AppArmor 4': finds('notGraceful', denied(RUNC_SIGNAL)),
  'known by dmesg alone': finds('notGraceful', {
    ...denied(RUNC_SIGNAL),
    [KERN]: null,
    '$ dmesg': `[  987.1] audit: type=1400 audit(${JUST}.126:253): apparmor="DENIED" ${RUNC_SIGNAL}\n`,
  }),
  'denied two hours ago': passes(denied(RUNC_SIGNAL, JUST - 7200)),
  'a program in a container is denied something, as it should be': passes(
    denied(
      'operation="mount" profile="docker-default" pid=77 comm="mount" name="/mnt/" flags="rw" fstype="tmpfs"',
    ),
  ),
  'ps is denied to look at processes': passes(
    denied(
      'operation="ptrace" profile="docker-default" pid=77 comm="dockerd" requested_mask="read" denied_mask="read" peer="unconfined"',
    ),
  ),
  'a container may signal nobody outside': passes(
    denied(
      'operation="signal" profile="docker-default" pid=77 comm="dockerd" requested_mask="send" denied_mask="send" signal=hup peer="unconfined"',
    ),
  ),
  'denied in an LXC guest of this host': passes(
    denied(
      'operation="mount" profile="lxc-101_</var/lib/lxc>" pid=77 comm="runc:[2:INIT]" name="/sys/" fstype="sysfs"',
    ),
  ),
  'denied in an LXD guest of this host': passes(
    denied(
      'operation="mount" info="failed flags match" error=-13 profile="lxd-web_</var/snap/lxd/common/lxd>" name="/run/containerd/" pid=8290 comm="runc:[2:INIT]" flags="rw, rslave"',
    ),
  ),
  'denied in an Incus guest of this host': passes(
    denied(
      'operation="mount" profile="incus-web_</var/lib/incus>" name="/sys/kernel/security/" pid=8290 comm="dockerd"',
    ),
  ),
  'an engine in a pod of Kubernetes is denied something': passes(
    denied(
      'operation="open" class="file" profile="cri-containerd.apparmor.d" name="/proc/sys/kernel/foo" pid=1234 comm="runc" requested_mask="r" denied_mask="r" fsuid=0 ouid=0',
    ),
  ),
  'an engine in a container of podman is denied something': passes(
    denied(
      'operation="mount" profile="containers-default-0.57.4" name="/sys/fs/cgroup/" pid=1234 comm="dockerd"',
    ),
  ),
  'a program of a desktop makes a user namespace for its sandbox (Ubuntu 24.04)': passes(
    denied(
      'operation="capable" class="cap" profile="unprivileged_userns" pid=4711 comm="exe" capability=21 capname="sys_admin"',
    ),
  ),
  'a pod of Kubernetes takes no signal from runc': finds(
    'unstoppable',
    denied(RUNC_SIGNAL.replace('docker-default', 'cri-containerd.apparmor.d')),
    { says: 'cri-containerd.apparmor.d takes no signal from runc' },
  ),
  'something else is denied something': passes(
    denied(
      'operation="open" profile="/usr/sbin/cups-browsed" name="/etc/x" pid=5 comm="cups-browsed" denied_mask="r"',
    ),
  ),

  'the engine does not use it, for the audit': finds(
    'notUsed',
    { ...on, ...says([]) },
    { ...hardening, after: on },
  ),
  'the parser is missing, for the audit': finds(
    'notUsed',
    { ...noParser, ...says([]) },
    { ...hardening, after: on },
  ),
  'a rootless engine cannot use it': passes({ ...on, ...says(['name=rootless']) }, hardening),
  'not recorded': unknown({}),
  'the parser was not recorded': unknown({
    ...on,
    'stat /usr/sbin/apparmor_parser': missing('notRecorded', 'x'),
  }),
})
