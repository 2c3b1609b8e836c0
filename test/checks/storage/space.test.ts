import check from '../../../checks/storage/space.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk } from './host.ts'

testCheck(check, {
  'half empty': passes(hostWithDisk(), { says: '60 GiB left in /var/lib/docker' }),
  'a small disk, nearly empty': passes(hostWithDisk({ sizeGib: 0.5, freeGib: 0.42 })),
  'a huge disk at 99 %, with 100 GiB left': passes(hostWithDisk({ sizeGib: 10_000, freeGib: 100 })),
  'less than a GiB left': finds('full', hostWithDisk({ freeGib: 0.5 }), { says: '512 MiB left' }),
  'a small disk with a twentieth left': finds('full', hostWithDisk({ sizeGib: 0.2, freeGib: 0.01 })),
  'ninety per cent used': finds('nearlyFull', hostWithDisk({ freeGib: 10 })),
  'the file system does not answer': unknown({
    ...hostWithDisk(),
    'statfs /var/lib/docker': { state: 'timeout', reason: 'no answer in 2 s', durationMs: 2000 },
  }),
})
