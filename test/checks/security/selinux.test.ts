import check from '../../../checks/security/selinux.ts'
import type { Entry, Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'

const META = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const
const CONFIG = (mode: string) =>
  `# This file controls the state of SELinux on the system.\nSELINUX=${mode}\nSELINUXTYPE=targeted\n`

const answer = (body: unknown): Entry => ({ status: 200, headers: {}, body: JSON.stringify(body) })

interface Options {
  readonly now?: string | null
  readonly config?: string | null
  readonly policy?: boolean
  readonly label?: string
  readonly engine?: 'selinux' | 'plain'
  readonly binds?: readonly object[]
}

/** A RHEL host with docker-ce. */
function rhel(options: Options = {}): Readings {
  const {
    now = '1',
    config = 'enforcing',
    policy = true,
    label = 'container_var_lib_t',
    engine = 'selinux',
    binds = [],
  } = options
  const socket = 'GET unix:///var/run/docker.sock'
  return {
    [`${socket} /version`]: answer({ Version: '28.5.2' }),
    [`${socket} /info`]: answer({
      SecurityOptions: engine === 'selinux' ? ['name=seccomp,profile=builtin', 'name=selinux'] : [],
    }),
    [`${socket} /containers/json?all=1`]: answer([{ Names: ['/app'], State: 'running', Mounts: binds }]),
    '/proc/filesystems': 'nodev\tselinuxfs\n\txfs\n',
    '/sys/fs/selinux/enforce': now,
    '/etc/selinux/config': config === null ? null : CONFIG(config),
    'stat /usr/share/selinux/packages/container.pp.bz2': policy ? META : null,
    'stat /usr/bin/dnf': META,
    '$ stat -c %C /var/lib/docker': `system_u:object_r:${label}:s0\n`,
    '$ stat -c %C /srv/data': 'unconfined_u:object_r:var_t:s0\n',
    '/etc/**': null,
    '/usr/**': null,
    '/run/**': null,
    '/var/run/**': null,
    '/lib/**': null,
    '/sbin/**': null,
    '/proc/1/comm': 'systemd\n',
  }
}
const bind = (mode: string) => ({ Type: 'bind', Source: '/srv/data', Destination: '/data', Mode: mode })

testCheck(check, {
  'enforcing, with policy, labels and engine': passes(rhel(), { says: 'enforcing' }),
  'permissive, and so at boot': passes(rhel({ now: '0', config: 'permissive', policy: false })),
  'disabled, and so at boot': passes(rhel({ now: null, config: 'disabled', policy: false })),
  'a folder mounted with a label': passes(rhel({ binds: [bind('z')] })),
  'a kernel without SELinux': skips({
    ...rhel({ now: null, config: null }),
    '/proc/filesystems': '\text4\n',
  }),
  'no policy for containers': finds('noPolicy', rhel({ policy: false }), {
    after: { 'stat /usr/share/selinux/packages/container.pp.bz2': META },
  }),
  'a data root elsewhere, with the label of its place': finds('dataRootLabel', rhel({ label: 'default_t' }), {
    after: { '$ stat -c %C /var/lib/docker': 'system_u:object_r:container_var_lib_t:s0\n' },
  }),
  'permissive until the next boot': finds('modeDiffers', rhel({ now: '0' }), {
    says: 'enforcing at the next boot',
  }),
  'the engine does not use it': finds('engineFlagOff', rhel({ engine: 'plain' }), {
    after: {
      'GET unix:///var/run/docker.sock /info': rhel()['GET unix:///var/run/docker.sock /info'] ?? null,
    },
  }),
  'a folder mounted without a label': finds('volumeLabel', rhel({ binds: [bind('')] }), {
    says: '/srv/data, labelled var_t',
    after: { '$ stat -c %C /srv/data': 'system_u:object_r:container_file_t:s0\n' },
  }),
  'a folder of the system mounted': finds('volumeLabel', {
    ...rhel({ binds: [{ ...bind(''), Source: '/var/log' }] }),
    '$ stat -c %C /var/log': 'system_u:object_r:var_log_t:s0\n',
  }),
  'nothing recorded': unknown({}),
})
