import check from '../../../checks/kernel/namespaces.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare } from './hosts.ts'

const rootless = { settings: { profile: 'rootless' } } as const
const most = (kind: string, value: number) => ({ [`/proc/sys/user/max_${kind}_namespaces`]: `${value}\n` })
const CLONE = '/proc/sys/kernel/unprivileged_userns_clone'

testCheck(check, {
  all: passes(bare),
  'CentOS 7: user namespaces switched off': passes({ ...bare, ...most('user', 0) }),
  'Linux 4.4: no cgroup namespaces, no limits': passes({
    ...bare,
    '/proc/self/ns/': ['ipc', 'mnt', 'net', 'pid', 'user', 'uts'],
    '/proc/sys/user/**': null,
  }),
  'no network namespaces': finds(
    'missing',
    { ...bare, '/proc/self/ns/': ['ipc', 'mnt', 'pid', 'uts'] },
    { says: 'net' },
  ),
  'rootless, no user namespaces': finds(
    'missing',
    { ...bare, '/proc/self/ns/': ['ipc', 'mnt', 'net', 'pid', 'uts'] },
    rootless,
  ),
  'no network namespace allowed': finds(
    'noneAllowed',
    { ...bare, ...most('net', 0) },
    { says: 'max_net_namespaces' },
  ),
  'rootless, none allowed': finds('noneAllowed', { ...bare, ...most('user', 0) }, rootless),
  'remapped, none allowed, and persisted so': finds('noneAllowed', {
    ...bare,
    ...most('user', 0),
    '/etc/docker/daemon.json': '{"userns-remap": "default"}',
    '/etc/sysctl.conf': 'user.max_user_namespaces=0\n',
  }),
  'rootless, users may not': finds('usersMayNot', { ...bare, [CLONE]: '0\n' }, rootless),
  'users may not, and need not': passes({ ...bare, [CLONE]: '0\n' }),
  'rootless, none allowed at boot': finds(
    'noneAllowedAtBoot',
    { ...bare, '/etc/sysctl.conf': 'user.max_user_namespaces = 0\n' },
    rootless,
  ),
  'nothing recorded': unknown({}),
})
