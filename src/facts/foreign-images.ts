/** Containers that failed, and whose programs are made for another machine than this one. */
import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import { type UnixHttpSource, unixHttp } from '../model/source.ts'
import { kernelArch } from './arch.ts'
import { type Emulator, emulators } from './binfmt.ts'
import { ENGINE_SOCKET } from './engine.ts'
import { type InspectedContainer, inspectedContainers } from './inspected-containers.ts'
import { jsonOf, recordOf, textOf } from './json.ts'
import { programHeads } from './program-heads.ts'

/** Asked at most. Our own choice. */
const MOST = 8

/** Go's names by the kernel's. @see https://go.dev/doc/install/source#environment */
const GO_NAMES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  i686: '386',
  arm: 'arm',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loongarch64: 'loong64',
  mips64: 'mips64le',
}
/** What a kernel of that machine runs by itself; whether a 64-bit Arm processor does depends on the processor. */
const NATIVE: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['amd64', '386'],
  aarch64: ['arm64', 'arm'],
}

const goName = (machine: string): string => {
  if (/^i[3-6]86$/.test(machine)) return '386'
  return /^armv\d/.test(machine) ? 'arm' : (GO_NAMES[machine] ?? machine)
}

/** Ended by a person or for lack of memory: says nothing of its program. */
const STOPPED: ReadonlySet<number> = new Set([130, 137, 143])

const failed = ({ inTrouble, exitCode, oomKilled, error, imageId }: InspectedContainer): boolean =>
  inTrouble &&
  exitCode !== 0 &&
  !STOPPED.has(exitCode) &&
  !oomKilled &&
  (error === '' || /exec format error/.test(error)) &&
  imageId !== ''

/** The architecture that images are labelled with, by image id. */
const imageArchitectures: Fact<ReadonlyMap<string, string>> = defineFact({
  name: 'imageArchitectures',
  about: 'The architecture that the images of failed containers are labelled with.',
  needs: { inspected: inspectedContainers },
  reads: ({ inspected }): Record<string, AsReading<UnixHttpSource>> =>
    Object.fromEntries(
      [...new Set(inspected.filter(failed).map(({ imageId }) => imageId))]
        .slice(0, MOST)
        .map((id) => [id, asReading(unixHttp(ENGINE_SOCKET, `/images/${id}/json`))]),
    ),
  reading: `GET unix://${ENGINE_SOCKET} /images/ID/json of at most ${MOST} images whose containers failed lately`,
  parse: (readings): ReadonlyMap<string, string> =>
    new Map(
      Object.entries(readings).flatMap(([id, reading]) => {
        const told = reading.state === 'ok' && reading.value.status === 200
        const arch = told
          ? textOf(recordOf(jsonOf(reading.value.body, `/images/${id}/json`)).Architecture)
          : ''
        return arch === '' ? [] : [[id, arch] as const]
      }),
    ),
})

interface Foreign {
  readonly one: InspectedContainer
  /** As images name it: `arm64`. */
  readonly arch: string
}

const candidates: Fact<{ readonly here: string; readonly foreign: readonly Foreign[] }> = defineFact({
  name: 'foreignCandidates',
  about: 'Failed containers whose program, or else whose image, is made for another machine.',
  needs: {
    machine: kernelArch,
    inspected: inspectedContainers,
    heads: maybe(programHeads),
    images: imageArchitectures,
  },
  parse: (_, { machine, inspected, heads, images }) => {
    const here = goName(machine)
    const native = NATIVE[machine] ?? [here]
    const foreign = inspected.filter(failed).flatMap((one): Foreign[] => {
      const head = heads.known ? heads.value.get(one.container.id)?.head : undefined
      // Labels may be wrong; the program itself is not.
      const arch = head?.kind === 'elf' ? goName(head.arch) : images.get(one.imageId)
      return arch === undefined || native.includes(arch) ? [] : [{ one, arch }]
    })
    return { here, foreign }
  },
})

export interface ForeignContainer extends Foreign {
  readonly here: string
  /** null where none is registered. */
  readonly emulator: Emulator | null
}

export const foreignContainers: Fact<readonly ForeignContainer[]> = defineFact({
  name: 'foreignContainers',
  about: 'Failed containers made for another machine, that nothing emulates for containers.',
  needs: { candidates, emulators },
  parse: (_, { candidates: { here, foreign }, emulators }): readonly ForeignContainer[] =>
    foreign
      .map(({ one, arch }) => {
        const emulator = emulators.find((each) => goName(each.arch) === arch) ?? null
        return { one, arch, here, emulator }
      })
      .filter(({ emulator }) => !emulator?.servesContainers),
})
