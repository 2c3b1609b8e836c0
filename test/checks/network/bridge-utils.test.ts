import check from '../../../checks/network/bridge-utils.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bareHost, DENIED } from './host.ts'

const tool = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const

testCheck(check, {
  brctl: passes({ ...bareHost, 'stat /usr/sbin/brctl': tool }, { says: 'bridge-utils' }),
  'iproute2 alone': passes({ ...bareHost, 'stat /sbin/ip': tool }, { says: 'in place of brctl: /sbin/ip' }),
  neither: finds('missing', bareHost),
  'neither, on Debian': finds(
    'missing',
    { ...bareHost, 'stat /usr/bin/apt-get': tool },
    { after: { 'stat /usr/bin/ip': tool, 'stat /usr/bin/bridge': tool } },
  ),
  'a folder may not be looked into': unknown({ ...bareHost, 'stat /usr/local/sbin/brctl': DENIED }),
})
