import check from '../../../checks/storage/inodes.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk } from './host.ts'

testCheck(check, {
  'plenty left': passes(hostWithDisk()),
  'a file system without a fixed number': passes(hostWithDisk({ type: 'btrfs', inodes: 0, freeInodes: 0 })),
  'none left': finds('exhausted', hostWithDisk({ freeInodes: 0 })),
  'few left': finds('nearlyExhausted', hostWithDisk({ freeInodes: 50_000 })),
  'nothing recorded': unknown({}),
})
