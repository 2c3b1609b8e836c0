/** Small hosts for the tests of this area: what they have is stated by each test. */
import type { Readings } from '../../../src/hosts/memory.ts'

export const denied = { state: 'denied', reason: 'permission denied', durationMs: 0 } as const

/** A virtual machine in which nothing is installed and no engine answers. */
export const bare: Readings = {
  '/etc/**': null,
  '/run/**': null,
  '/usr/**': null,
  '/lib/**': null,
  '/sbin/**': null,
  '/bin/**': null,
  '/var/**': null,
  '/dev/**': null,
  '/sys/**': null,
  'stat /.dockerenv': null,
  '/proc/vz/': null,
  '/proc/bc/': null,
  'GET unix:///var/run/docker.sock /version': null,
  'GET unix:///var/run/docker.sock /info': null,
  '/proc/1/comm': 'systemd\n',
  '/proc/1/environ': denied,
  '/proc/1/status': 'Name:\tsystemd\nCapBnd:\t000001ffffffffff\n',
  '/proc/self/uid_map': '         0          0 4294967295\n',
  '/proc/self/attr/current': 'unconfined\n',
  '/proc/cpuinfo':
    'processor\t: 0\nflags\t\t: fpu vme hypervisor lm svm pni ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm\n',
  '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
  '/proc/sys/kernel/arch': 'x86_64\n',
  '/proc/self/mountinfo': '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n',
  clock: '2026-11-21T02:00:00Z',
}

const stat = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const

/** Programs in /usr/bin. */
export const installed = (...names: readonly string[]): Readings =>
  Object.fromEntries(names.map((name) => [`stat /usr/bin/${name}`, stat]))

/** Directories, by path. */
export const folders = (...paths: readonly string[]): Readings =>
  Object.fromEntries(paths.map((path) => [`stat ${path}`, { ...stat, type: 'directory' as const }]))

/** Files that are only looked for. */
export const files = (...paths: readonly string[]): Readings =>
  Object.fromEntries(paths.map((path) => [`stat ${path}`, stat]))

/** An engine that answers. */
export const engine = (info: Readonly<Record<string, unknown>> = {}): Readings => ({
  'GET unix:///var/run/docker.sock /version': { status: 200, headers: {}, body: '{"Version":"27.3.1"}' },
  'GET unix:///var/run/docker.sock /info': { status: 200, headers: {}, body: JSON.stringify(info) },
})

/** The first bytes of a shell: ELF class (1: 32-bit, 2: 64-bit) and machine. */
export const shell = (size: 1 | 2, machine: number): Readings => {
  const header = Buffer.alloc(64)
  header.set([0x7f, 0x45, 0x4c, 0x46, size, 1, 1])
  header.writeUInt16LE(machine, 18)
  return { 'base64 /bin/sh': header.toString('base64') }
}
