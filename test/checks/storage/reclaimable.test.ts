import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import check from '../../../checks/storage/reclaimable.ts'
import { parseUsage } from '../../../src/facts/unused-space.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const GIB = 1024 ** 3
const json = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) })
const get = (path: string): string => `GET unix:///var/run/docker.sock ${path}`
/** As Docker 20.10 lists them. */
const image = (id: string, size: number, name?: string, digest?: string): object => ({
  Containers: -1,
  Id: `sha256:${id.repeat(64)}`,
  RepoDigests: [digest ?? '<none>@<none>'],
  RepoTags: [name ?? '<none>:<none>'],
  SharedSize: -1,
  Size: size,
})
const leftovers = ['a', 'b', 'c', 'd', 'e'].map((id) => image(id, 2.4 * GIB))
const small = ['a', 'b', 'c', 'd', 'e'].map((id) => image(id, 23_947_812))
const bb = image('0', 2_976_292, 'bb:1')

const host = (disk: Readings, images: readonly object[], containers: readonly object[] = []): Readings => ({
  ...withEngine(disk),
  [get('/images/json')]: json(images),
  [get('/containers/json?all=1')]: json(containers),
})
const roomy = hostWithDisk()
const full = hostWithDisk({ freeGib: 5 })
const DF = get('/v1.51/system/df?type=image&type=build-cache')
const used = (size: number) => ({ Containers: 1, Size: size, SharedSize: 0 })
const unused = (size: number, shared = 0) => ({ Containers: 0, Size: size, SharedSize: shared })

testCheck(check, {
  'room enough, and tidy': passes(host(roomy, [bb])),
  'a few left-overs': passes(host(roomy, [bb, ...leftovers.slice(0, 4)])),
  'many left-overs beside a large image': passes(host(roomy, [image('0', 20 * GIB, 'big:1'), ...leftovers])),
  'left-overs that nobody would miss on a disk of this size': passes(host(roomy, [bb, ...small])),
  'images by digest have a name': passes(
    host(roomy, [bb, ...leftovers.map((_, i) => image(`${i}`, GIB, undefined, 'app@sha256:1'))]),
  ),
  'left-overs that containers use': passes(
    host(roomy, [bb, ...leftovers], [{ Image: 'a'.repeat(12) }, { Image: `sha256:${'b'.repeat(64)}` }]),
  ),
  'nothing but left-overs': finds('leftovers', host(roomy, [bb, ...leftovers]), {
    says: '5 of 6 images have neither a name nor a container: builds left up to 12 GiB behind',
    after: { [get('/images/json')]: json([bb]) },
  }),
  'a disk full of what is used': passes({
    ...host(full, [bb]),
    [DF]: json({ Images: [used(60 * GIB), unused(6 * GIB, 5 * GIB)] }),
  }),
  'a disk full of what nobody uses': finds(
    'scarce',
    {
      ...host(full, [bb]),
      [DF]: json({
        Images: [used(10 * GIB), unused(20 * GIB, 5 * GIB)],
        BuildCache: [{ Size: 30 * GIB }, { Size: GIB, InUse: true }, { Size: GIB, Shared: true }],
      }),
    },
    { says: '95 % full, and 45 GiB of it nobody uses: build cache 30 GiB, unused images 15 GiB' },
  ),
  'an engine that is asked for everything': finds('scarce', {
    ...host(full, [bb]),
    [get('/version')]: json({ Version: '20.10.24', ApiVersion: '1.41' }),
    [get('/system/df')]: json({
      Containers: [
        { State: 'exited', SizeRw: 30 * GIB },
        { State: 'running', SizeRw: GIB },
      ],
    }),
  }),
  'no engine': skips(roomy),
  'it takes too long to count': unknown({
    ...host(full, [bb]),
    [DF]: { state: 'timeout', reason: 'no answer in 3 s', durationMs: 3000 },
  }),
  'another form of answer': unknown({ ...host(full, [bb]), [DF]: { status: 400, headers: {}, body: '' } }),
  'the socket is closed to this user': unknown({
    ...roomy,
    [get('/version')]: { state: 'denied', reason: 'permission denied', durationMs: 0 },
  }),
  'nothing recorded': unknown({}),
})

describe('parseUsage', () => {
  it('never counts less than nothing, whatever it is given', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (Images, BuildCache, Containers) => {
        const { images, buildCache, containers } = parseUsage({ Images, BuildCache, Containers })
        for (const size of [images, buildCache, containers]) expect(size).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 10_000 },
    ))
})
