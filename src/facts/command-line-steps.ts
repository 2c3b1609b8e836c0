/** How the arguments that dockerd is started with are changed, where they stand. */
import { type DropInStep, dropIn, replaceLine, type Step } from '../model/fix.ts'
import { type ArgumentSource, type CommandLine, flagSpans } from './dockerd-flags.ts'

type Edit = (words: readonly string[]) => readonly string[]

/** Nothing that systemd or a shell would take apart or put together. */
const PLAIN = /^[\w@%+=:,./${}[\]~! -]*$/

/** Clears every ExecStart before it. Sorts after the drop-ins that people write. */
export const startWith = (value: string): DropInStep =>
  dropIn('docker.service', 'zz-seaworthy-start', `[Service]\nExecStart=\nExecStart=${value}\n`)

/** The steps that change the arguments for the next start; null where nothing would change, or the place is not plain enough to tell. */
export function editArguments(line: CommandLine | null, edit: Edit): readonly Step[] | null {
  const steps = (line?.sources ?? []).map((source) => editSource(source, edit))
  const changes = steps.flatMap((step) => (step === null || step === 'same' ? [] : [step]))
  return steps.includes(null) || changes.length === 0 ? null : changes
}

function editSource({ file, line, value }: ArgumentSource, edit: Edit): Step | 'same' | null {
  if (!PLAIN.test(value)) return null
  const words = value.split(' ').filter(Boolean)
  const edited = edit(words).join(' ')
  if (edited === words.join(' ')) return 'same'
  if (line === null) return startWith(edited)
  return line.includes(value)
    ? replaceLine(
        file,
        line,
        line.replace(value, () => edited),
      )
    : null
}

/** The flag with other values where it stands; without values it goes away. Where it does not stand nothing changes. */
export const withFlag =
  (name: string, values: (old: readonly string[]) => readonly string[]): Edit =>
  (words) => {
    const spans = flagSpans(words).filter((span) => span.name === name)
    const [first] = spans
    if (!first) return words
    const flags = values(spans.map(({ value }) => value)).map((value) => `--${name}=${value}`)
    return words.flatMap((word, index) => {
      if (index === first.start) return flags
      return spans.some(({ start, end }) => index >= start && index < end) ? [] : [word]
    })
  }
