/** A host whose data root is on a disk of its own, for the storage checks. */
import type { Readings } from '../../../src/hosts/memory.ts'

const GIB = 1024 ** 3

interface Disk {
  readonly type?: string
  readonly options?: string
  readonly sizeGib?: number
  readonly freeGib?: number
  readonly inodes?: number
  readonly freeInodes?: number
}

/** No engine runs, nothing is configured, and /var/lib/docker is a disk as described. */
export function hostWithDisk(disk: Disk = {}): Readings {
  const {
    type = 'ext4',
    options = 'rw,relatime',
    sizeGib = 100,
    freeGib = 60,
    inodes = 1e6,
    freeInodes = 9e5,
  } = disk
  const blocks = (sizeGib * GIB) / 4096
  const bfree = (freeGib * GIB) / 4096
  return {
    '/etc/**': null,
    '/run/**': null,
    '/var/run/**': null,
    '/usr/**': null,
    '/lib/**': null,
    '/proc/1/comm': 'systemd\n',
    'GET unix:///var/run/docker.sock /version': null,
    'GET unix:///var/run/docker.sock /info': null,
    '$ dockerd --version': null,
    '/proc/self/mountinfo':
      '1 0 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n' +
      `2 1 8:16 / /var/lib/docker ${options} - ${type} /dev/sdb ${options}\n`,
    'statfs /var/lib/docker': {
      type: 0xef53,
      bsize: 4096,
      blocks,
      bfree,
      bavail: bfree,
      files: inodes,
      ffree: freeInodes,
    },
    'stat /var/lib/docker': {
      type: 'directory',
      mode: 0o710,
      uid: 0,
      gid: 0,
      size: 4096,
      mtimeMs: 0,
      ino: 2,
      dev: 2064,
    },
    'stat /**': null,
    'statfs /**': null,
  }
}

/** An engine that answers with these fields of `/info`, over those of a plain one. */
export function withEngine(host: Readings, info: Record<string, unknown> = {}, version = '28.5.2'): Readings {
  const answer = (body: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(body) })
  const about = { Version: version, ApiVersion: '1.51', MinAPIVersion: '1.24' }
  const plain = { Driver: 'overlay2', DockerRootDir: '/var/lib/docker', Images: 3, DriverStatus: [] }
  return {
    ...host,
    'GET unix:///var/run/docker.sock /version': answer(about),
    'GET unix:///var/run/docker.sock /info': answer({ ...plain, ...info }),
  }
}
