import check from '../../../checks/security/docker-group.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { api, host, refusedTo, root, SOCKET, socketIs, statOf, stopped, tester } from '../engine-host.ts'

const GROUPS = String(host['/etc/group'])
const withoutGroup = GROUPS.replace(/^docker:.*\n/m, '')
const withoutMember = GROUPS.replace('docker:x:106:tester', 'docker:x:106:')
const stranger = { ...tester, groups: [4242] }
const socket = (gid: number, mode = 0o660): Readings => ({
  [`stat ${SOCKET}`]: statOf('socket', mode, 0, gid),
})
const status = (name: string, uid: number, ppid: number, groups: string): string =>
  `Name:\t${name}\nState:\tS (sleeping)\nPPid:\t${ppid}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\nGroups:\t${groups} \n`
const bySudo = (groups: string): Readings => ({
  ...host,
  identity: { ...root, sudo: { user: 'tester', uid: 4242, gid: 4242 } },
  '/proc/500/status': status('node', 0, 499, '0'),
  '/proc/499/status': status('sudo', 0, 498, '4242'),
  '/proc/498/status': status('bash', 4242, 1, groups),
})
const sssd: Readings = {
  '/etc/nsswitch.conf': 'passwd: files sss systemd\ngroup: sss files\n',
  identity: { ...tester, user: 'ann@example.org', uid: 70001, gid: 70001, groups: [70001, 106] },
  '$ getent passwd -- ann@example.org': 'ann@example.org:*:70001:70001:Ann:/home/ann:/bin/bash\n',
  '$ getent group docker': 'docker:x:106:ann@example.org\n',
}

const hardening = { settings: { profile: 'hardening' } } as const

testCheck(check, {
  'who is root-equivalent, for the audit': finds('rootEquivalent', host, { ...hardening, says: /: tester$/ }),
  'one whose own group it is, for the audit': finds(
    'rootEquivalent',
    {
      ...host,
      '/etc/group': withoutMember,
      '/etc/passwd': `${host['/etc/passwd']}ci:x:900:106::/home/ci:/bin/sh\n`,
    },
    { ...hardening, says: /: ci$/ },
  ),
  'nobody in the group, for the audit': passes({ ...host, '/etc/group': withoutMember }, hardening),
  'a user who is no member, for the audit': passes(
    { ...refusedTo(stranger), '/etc/group': withoutMember },
    hardening,
  ),
  'root, with the group': passes(host, { says: /root may/ }),
  'root, without the group': finds('onlyRoot', { ...host, '/etc/group': withoutGroup }),
  'no group, and the engine does not start': finds(
    'startNeedsIt',
    { ...stopped, '/etc/group': withoutGroup },
    { after: {} },
  ),
  'root, and daemon.json wants no group': passes({
    ...host,
    '/etc/group': withoutGroup,
    '/etc/docker/daemon.json': '{"group": ""}',
  }),
  'a member whom the engine answers': passes({ ...host, identity: tester }),
  'no group': finds('noGroup', { ...refusedTo(stranger), ...socket(0), '/etc/group': withoutGroup }),
  'not a member': finds('notMember', { ...refusedTo(stranger), '/etc/group': withoutMember }),
  'member since the login': finds('staleSession', refusedTo(stranger), { says: /this session began before/ }),
  'the socket is of root alone': finds(
    'socketGroup',
    { ...refusedTo(tester), ...socket(0) },
    {
      says: /group root/,
      after: { [api('/version')]: host[api('/version')] ?? null, [api('/info')]: host[api('/info')] ?? null },
    },
  ),
  'refused for another reason': finds('denied', refusedTo(tester)),
  'by primary group': passes({
    ...stopped,
    identity: { ...tester, gid: 106, groups: [106] },
    '/etc/passwd': 'tester:x:4242:106::/home/tester:/bin/bash\n',
    '/etc/group': withoutMember,
  }),
  'engine stopped, all in order': passes({ ...stopped, identity: tester }),
  'sudo from a session that has it': passes(bySudo('106 4242')),
  'sudo from an older session': finds('staleSession', bySudo('4242'), { says: /process 498 \(bash\)/ }),
  'sudo, and the caller cannot be seen': passes(
    { ...bySudo(''), '/proc/498/status': null },
    { says: /no session/ },
  ),
  'another user, logged in long ago': finds(
    'staleSession',
    { ...host, '/proc/': ['1/', '77/', 'meminfo'], '/proc/77/status': status('sshd', 4242, 1, '') },
    { settings: { user: 'tester' }, says: /process 77 \(sshd\) began/ },
  ),
  'a container that runs under their id': passes(
    { ...host, '/proc/': ['77/'], '/proc/77/status': `${status('httpd', 4242, 1, '')}NSpid:\t77\t1\n` },
    { settings: { user: 'tester' }, says: /no session/ },
  ),
  'another user, not logged in': passes(
    { ...host, '/proc/': ['1/'] },
    { settings: { user: 'tester' }, says: /no session/ },
  ),
  'another user, not a member': finds(
    'notMember',
    { ...host, '/etc/group': withoutMember, '/proc/': [] },
    { settings: { user: 'tester' } },
  ),
  'a user nobody knows': unknown(
    { ...host, '$ getent passwd -- nobody2': null },
    { settings: { user: 'nobody2' } },
  ),
  'a user of the directory': passes({
    ...host,
    ...socketIs(null),
    ...sssd,
    '$ id -G -- ann@example.org': '70001 106\n',
  }),
  'a user of the directory, not a member': finds('notMember', {
    ...host,
    ...sssd,
    ...socketIs(null),
    '/etc/group': withoutMember,
    identity: { ...tester, user: 'ann@example.org', uid: 70001, gid: 70001, groups: [70001] },
    '$ id -G -- ann@example.org': '70001\n',
  }),
  'a group of another name': passes({
    ...stopped,
    identity: { ...tester, groups: [4242, 27] },
    '/etc/docker/daemon.json': '{"group": "sudo"}',
    '/etc/group': GROUPS.replace('sudo:x:27:', 'sudo:x:27:tester'),
  }),
  'an engine of the user': skips({
    ...host,
    identity: stranger,
    'env DOCKER_HOST': 'unix:///run/user/4242/docker.sock',
  }),
  'no engine at all': skips({ ...stopped, 'stat /usr/sbin/dockerd': null, identity: stranger }),
  'nothing recorded': unknown({}),
})
