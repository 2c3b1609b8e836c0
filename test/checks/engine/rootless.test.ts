import check from '../../../checks/engine/rootless.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { host, statOf, tester } from '../engine-host.ts'

const setuid = statOf('file', 0o4755)
const ready: Readings = {
  ...host,
  identity: tester,
  'stat /usr/bin/newuidmap': setuid,
  'stat /usr/bin/newgidmap': setuid,
  '/etc/subuid': 'tester:100000:65536\n',
  '/etc/subgid': '4242:100000:65536\n',
}

testCheck(check, {
  'helpers and ids': passes(ready, { says: 'tester has 65536 ids' }),
  'no helpers': finds(
    'helperMissing',
    { ...ready, 'stat /usr/bin/newuidmap': null },
    {
      says: 'newuidmap',
      after: { 'stat /usr/bin/newuidmap': setuid },
    },
  ),
  'no range': finds('fewIds', { ...ready, '/etc/subgid': null }),
  'a helper without the bit': finds(
    'powerless',
    { ...ready, 'stat /usr/bin/newgidmap': statOf('file', 0o755) },
    {
      after: { 'stat /usr/bin/newgidmap': setuid },
    },
  ),
  'as root': finds('asRoot', { ...ready, identity: { ...tester, uid: 0, user: 'root' } }),
  'ids not recorded': unknown({
    ...ready,
    '/etc/subuid': { state: 'denied', reason: 'permission denied', durationMs: 0 },
  }),
})
