/** The first bytes of the programs that containers in trouble run: what they are, and for which machine. */
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { binaryFile, type FileSource, type StatSource, stat } from '../model/source.ts'
import { parseElfHeader } from './arch.ts'
import { type InspectedContainer, inspectedContainers } from './inspected-containers.ts'
import { PROGRAM_FOLDERS } from './programs.ts'

/** Looked into at most; more would be slow, and tell little more. Our own choices. */
const MOST_CONTAINERS = 5
const MOST_LAYERS = 32
/** Enough for an ELF header and for the first line of a script. */
const HEAD_BYTES = 64

export type ProgramHead =
  | { readonly kind: 'script'; readonly firstLine: string }
  /** `arch` as `uname -m` prints it. */
  | { readonly kind: 'elf'; readonly arch: string }
  | { readonly kind: 'other' }

export interface FoundProgram {
  /** The path in the container. */
  readonly path: string
  /** The file on this host. */
  readonly file: string
  readonly head: ProgramHead
}

/** A path of the host that may be a container's program, and the folder that it must not lead out of. */
interface Candidate {
  readonly path: string
  readonly file: string
  readonly folder: string
}

/** Where a program may lie: in what is mounted over the container's files, else in its layers, upmost first. */
function candidatesOf({ program, workingFolder, binds, layers }: InspectedContainer): readonly Candidate[] {
  const paths = program.startsWith('/')
    ? [program]
    : program.includes('/')
      ? [`${workingFolder.replace(/\/$/, '')}/${program.replace(/^\.\//, '')}`]
      : PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`)
  return paths
    .filter((path) => !/(^|\/)\.\.(\/|$)/.test(path))
    .flatMap((path) => [
      ...binds.flatMap(({ source, destination }) =>
        path === destination
          ? [{ path, file: source, folder: source }]
          : path.startsWith(`${destination}/`)
            ? [{ path, file: `${source}${path.slice(destination.length)}`, folder: source }]
            : [],
      ),
      ...layers.slice(0, MOST_LAYERS).map((folder) => ({ path, file: `${folder}${path}`, folder })),
    ])
}

const examined = (list: readonly InspectedContainer[]): readonly InspectedContainer[] =>
  list.filter(({ inTrouble, program }) => inTrouble && program !== '').slice(0, MOST_CONTAINERS)

/** Only regular files, and none that a link inside a container's files leads to elsewhere on the host. */
const places: Fact<ReadonlyMap<string, Candidate>> = defineFact({
  name: 'programPlaces',
  about: 'Where the programs of containers in trouble lie on this host, by container.',
  needs: { inspected: inspectedContainers },
  reads: ({ inspected }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(
      examined(inspected)
        .flatMap(candidatesOf)
        .map(({ file }) => [file, asReading(stat(file))]),
    ),
  reading: `the program files of at most ${MOST_CONTAINERS} containers that failed lately`,
  parse: (readings, { inspected }): ReadonlyMap<string, Candidate> =>
    new Map(
      examined(inspected).flatMap((one) => {
        const found = candidatesOf(one).find(({ file, folder }) => {
          const reading = readings[file]
          if (reading?.state !== 'ok' || reading.value.type !== 'file') return false
          const { realPath = file } = reading.value
          return file === folder || realPath.startsWith(`${folder}/`)
        })
        return found ? [[one.container.id, found] as const] : []
      }),
    ),
})

export const programHeads: Fact<ReadonlyMap<string, FoundProgram>> = defineFact({
  name: 'programHeads',
  about:
    'What the programs of containers in trouble are, by container; those that cannot be seen are not there.',
  needs: { places },
  reads: ({ places }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(
      [...places].map(([id, { file }]) => [id, asReading(binaryFile(file, { maxBytes: HEAD_BYTES }))]),
    ),
  reading: `the first ${HEAD_BYTES} bytes of those programs`,
  parse: (readings, { places }): ReadonlyMap<string, FoundProgram> =>
    new Map(
      [...places].flatMap(([id, { path, file }]) => {
        const reading = readings[id]
        return reading?.state === 'ok'
          ? [[id, { path, file, head: parseHead(Buffer.from(reading.value, 'base64')) }] as const]
          : []
      }),
    ),
})

/** Tells a program by its first bytes, as the kernel does. */
export function parseHead(bytes: Uint8Array): ProgramHead {
  const elf = parseElfHeader(bytes)
  if (elf) return { kind: 'elf', arch: elf.arch }
  const [line = ''] = Buffer.from(bytes).toString('latin1').split('\n')
  return line.startsWith('#!') ? { kind: 'script', firstLine: line } : { kind: 'other' }
}
