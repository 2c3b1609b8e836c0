import check from '../../../checks/storage/inodes.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const json = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) })
const get = (path: string): string => `GET unix:///var/run/docker.sock ${path}`
const waste = {
  [get('/images/json')]: json([{ Id: 'sha256:a', RepoTags: [], RepoDigests: [], Size: 1e9 }]),
  [get('/containers/json?all=1')]: json([]),
}

testCheck(check, {
  'plenty left': passes(hostWithDisk()),
  'a file system without a fixed number': passes(hostWithDisk({ type: 'btrfs', inodes: 0, freeInodes: 0 })),
  'none left': finds('exhausted', hostWithDisk({ freeInodes: 0 })),
  'few left': finds('nearlyExhausted', hostWithDisk({ freeInodes: 50_000 })),
  'none left, and images without a name': finds('exhausted', {
    ...withEngine(hostWithDisk({ freeInodes: 0 })),
    ...waste,
  }),
  'few left, and images without a name': finds('nearlyExhausted', {
    ...withEngine(hostWithDisk({ freeInodes: 50_000 })),
    ...waste,
  }),
  'nobody told how many there are': unknown(hostWithDisk({ inodes: -1, freeInodes: -1 })),
  'nothing recorded': unknown({}),
})
