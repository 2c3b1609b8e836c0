import check from '../../../checks/storage/space.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const json = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) })
const get = (path: string): string => `GET unix:///var/run/docker.sock ${path}`
const waste = {
  [get('/images/json')]: json([{ Id: 'sha256:a', RepoTags: [], RepoDigests: [], Size: 1e9 }]),
  [get('/containers/json?all=1')]: json([]),
  [get('/v1.51/system/df?type=image&type=build-cache')]: json({ BuildCache: [{ Size: 1e9 }] }),
}

testCheck(check, {
  'half empty': passes(hostWithDisk(), { says: '60 GiB left in /var/lib/docker' }),
  'a small disk, nearly empty': passes(hostWithDisk({ sizeGib: 0.5, freeGib: 0.42 })),
  'a huge disk at 99 %, with 100 GiB left': passes(hostWithDisk({ sizeGib: 10_000, freeGib: 100 })),
  'less than a GiB left': finds('full', hostWithDisk({ freeGib: 0.5 }), { says: '512 MiB left' }),
  'a full disk with build cache and images without a name': finds('full', {
    ...withEngine(hostWithDisk({ freeGib: 0.5 })),
    ...waste,
  }),
  'a nearly full disk with the same': finds('nearlyFull', {
    ...withEngine(hostWithDisk({ freeGib: 10 })),
    ...waste,
  }),
  'a small disk with a twentieth left': finds('full', hostWithDisk({ sizeGib: 0.2, freeGib: 0.01 })),
  'ninety per cent used': finds('nearlyFull', hostWithDisk({ freeGib: 10 })),
  'the file system does not answer': unknown({
    ...hostWithDisk(),
    'statfs /var/lib/docker': { state: 'timeout', reason: 'no answer in 2 s', durationMs: 2000 },
  }),
})
