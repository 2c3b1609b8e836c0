import check from '../../../checks/engine/images.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answer, base64, ID, withContainer } from '../containers-host.ts'
import { api, host, statOf, stopped } from '../engine-host.ts'

const IMAGE = 'sha256:bd0ca5c01bf9ed45468c4d6a7b19e541381f99882cd851be54068584a8de6500'
const LAYER = '/var/lib/docker/overlay2/9821/diff'
const elf = (machine: number): string =>
  base64(`\x7fELF\x02\x01\x01${'\0'.repeat(9)}\x02\0${String.fromCharCode(machine)}\0\x01\0\0\0`)
const ARM64 = 183
const X86_64 = 62

const runs = (
  Architecture: string,
  program: Readings,
  changes: Parameters<typeof withContainer>[0] = {},
): Readings => ({
  ...withContainer({
    ...changes,
    inspected: {
      Path: '/prog',
      Image: IMAGE,
      GraphDriver: { Data: { UpperDir: LAYER } },
      ...changes.inspected,
    },
  }),
  [`stat ${LAYER}/prog`]: statOf('file', 0o755),
  [api(`/images/${IMAGE}/json`)]: answer({ Architecture }),
  ...program,
})
const program = (machine: number): Readings => ({ [`base64 ${LAYER}/prog`]: elf(machine) })
const unseen: Readings = { [`stat ${LAYER}/prog`]: missing('denied', 'permission denied') }
const binfmt = (flags: string, first = 'enabled'): Readings => ({
  '/proc/sys/fs/binfmt_misc/': ['register', 'status', 'qemu-aarch64'],
  '/proc/sys/fs/binfmt_misc/qemu-aarch64': `${first}\ninterpreter /usr/bin/qemu-aarch64-static\nflags: ${flags}\noffset 0\nmagic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n`,
})

const running = { after: runs('arm64', program(ARM64), { state: 'running', status: 'Up 2 hours' }) }

testCheck(check, {
  'all run': passes(host),
  'a program for another machine': finds('foreign', runs('arm64', program(ARM64)), {
    ...running,
    says: /bb:1 is made for arm64, and this machine is amd64/,
  }),
  'a program for another machine in an image with a wrong label': finds(
    'foreign',
    runs('amd64', program(ARM64)),
    running,
  ),
  'a program for this machine in an image with a wrong label': passes(runs('arm64', program(X86_64))),
  'only the label can be seen': finds('foreign', runs('s390x', unseen), running),
  'the engine says it itself': finds(
    'foreign',
    runs('arm64', unseen, { State: { Error: 'exec: "/prog": exec format error: unknown' } }),
    running,
  ),
  'a 32-bit program': passes(runs('386', unseen)),
  'for this machine': passes(runs('amd64', program(X86_64))),
  emulated: passes({ ...runs('arm64', program(ARM64)), ...binfmt('POCF') }),
  'emulated, but not in containers': finds(
    'hiddenEmulator',
    { ...runs('arm64', program(ARM64)), ...binfmt('PO') },
    { after: binfmt('POCF') },
  ),
  'emulation switched off': finds(
    'foreign',
    { ...runs('arm64', program(ARM64)), ...binfmt('POCF', 'disabled') },
    running,
  ),
  'emulates another machine': finds('foreign', { ...runs('s390x', unseen), ...binfmt('POCF') }, running),
  'it has just been started anew': finds(
    'foreign',
    runs('arm64', program(ARM64), {
      state: 'running',
      status: 'Up Less than a second',
      inspected: { RestartCount: 4 },
      State: { ExitCode: 0 },
    }),
    running,
  ),
  'where nobody packages an emulator': finds('foreign', {
    ...runs('arm64', program(ARM64)),
    'stat /usr/bin/apt-get': null,
    'stat /etc/debian_version': null,
  }),
  'it runs': passes(runs('arm64', program(ARM64), { state: 'running', status: 'Up 2 hours' })),
  'it was stopped': passes(runs('arm64', unseen, { State: { ExitCode: 137 } })),
  'images that cannot be asked': passes({
    ...runs('arm64', unseen),
    [api(`/images/${IMAGE}/json`)]: { ...answer({}), status: 404 },
  }),
  'an Arm host': finds(
    'foreign',
    { ...runs('amd64', program(X86_64)), '$ uname -m': 'aarch64\n' },
    { says: 'arm64', ...running },
  ),
  '32-bit Arm on 64-bit Arm': passes({ ...runs('arm', unseen), '$ uname -m': 'aarch64\n' }),
  'on 32-bit Arm': finds('foreign', { ...runs('arm64', unseen), '$ uname -m': 'armv7l\n' }, running),
  'not running': skips(stopped),
  'machine unknown': unknown({
    ...runs('arm64', unseen),
    '$ uname -m': missing('failed', 'no such program'),
  }),
  'inspection not recorded': unknown({
    ...withContainer({}),
    [api(`/containers/${ID}/json`)]: missing('notRecorded', 'is not in the recording'),
  }),
  'nothing recorded': unknown({}),
})
