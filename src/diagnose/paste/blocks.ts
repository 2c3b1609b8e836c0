/** Splits what people paste into commands with their output, and what stands between them. */
import { announced, commandOf } from './prompts.ts'

/** A command and what it printed. */
export interface Block {
  readonly command: string
  readonly output: string
  /** It was run inside a container. */
  readonly inContainer: boolean
}

export interface Paste {
  /** The text as a program may have printed it: escapes taken away, quotation marks plain. */
  readonly text: string
  readonly blocks: readonly Block[]
  /** Passages of a person's own words. */
  readonly passages: readonly string[]
}

/** A line and what it is part of. */
interface Open {
  readonly command: string
  readonly inContainer: boolean
  readonly lines: string[]
  /** A headline: what follows belongs to it only if it is set apart. */
  readonly announcedOnly: boolean
  fenced: boolean
}

const FENCE = /^\s{0,8}(?:>\s?)?(?:`{3,}|~{3,})/
const FILE_MARK = /^==> (\/\S+) <==$/

/** Never throws; takes time in proportion to the text. */
export function parsePaste(raw: string): Paste {
  const text = plainText(raw)
  const blocks: Block[] = []
  const prose: string[] = []
  let open: Open | null = null
  let fenced = false

  const close = (): void => {
    if (open && (open.lines.some((line) => line.trim() !== '') || !open.announcedOnly))
      blocks.push({
        command: open.command,
        inContainer: open.inContainer,
        output: trimmed(open.lines),
      })
    open = null
  }
  const begin = (command: string, inContainer: boolean, announcedOnly: boolean): void => {
    close()
    open = { command, inContainer, lines: [], announcedOnly, fenced }
  }

  for (const line of text.split('\n')) {
    if (FENCE.test(line)) {
      fenced = !fenced
      const current = open as Open | null
      if (fenced && current?.lines.every((one) => one.trim() === '')) current.fenced = true
      else if (!fenced || !current) close()
      prose.push('')
      continue
    }
    const mark = FILE_MARK.exec(line)?.[1]
    const command = mark === undefined ? commandOf(line) : { command: `cat ${mark}`, inContainer: false }
    if (command) {
      begin(command.command, command.inContainer, false)
      if (!fenced) prose.push(line)
      continue
    }
    const headline = fenced ? null : announced(line)
    if (headline !== null) begin(headline, false, true)
    else if (open !== null && !fenced && endsOutput(line, open)) close()
    else if (open !== null) (open as Open).lines.push(line)
    if (!isMachine(line) && (open === null || headline !== null)) prose.push(line)
    else prose.push('')
  }
  close()
  return { text, blocks, passages: passagesOf(prose) }
}

/** Prose after an empty line ends what a command printed. */
function endsOutput(line: string, { lines }: Open): boolean {
  const isAfterGap = lines.length > 0 && lines.at(-1)?.trim() === ''
  return isAfterGap && !/^\s/.test(line) && isProse(line)
}

const isProse = (line: string): boolean =>
  (line.match(/[A-Za-z']+|\p{Script=Han}{2}/gu) ?? []).length >= 5 &&
  !/[={}<>|]|:\s/.test(line) &&
  !isMachine(line)

/** Lines of logs, of tables and of configuration. */
const MACHINE: readonly RegExp[] = [
  /^\s*(?:\[\s*\d+\.\d+\]|\d{4}[-/]\d\d[-/]\d\d[T ]|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d)/,
  /^\s*(?:time="|level=|(?:INFO|WARN|ERRO|FATA|DEBU)\[)/,
  /^\s*(?:[{}[\]]|"[\w.-]+"\s*:)/,
  /^\s*(?:-[APNI]|:[A-Z]+) \S+/,
  /^\s*[\w./-]+\[\d+\]: /,
  /\b(?:dial|read|write|lookup|listen) (?:tcp|udp|unix)\b|rpc error: code|OCI runtime|Is the docker daemon running|connect to the [Dd]ocker (?:daemon|API)/,
]
const isMachine = (line: string): boolean => MACHINE.some((pattern) => pattern.test(line))

const LONGEST_PASSAGE = 1200
/** Their words are nobody's own. */
const ADDRESSES = /\b[a-z][a-z0-9+]{1,15}:\/\/\S+/gi

/** Paragraphs, those of one or two lines joined with their neighbours: people break lines where they like. */
function passagesOf(lines: readonly string[]): string[] {
  const passages: string[] = []
  let passage: string[] = []
  const flush = (): void => {
    const text = passage.join(' ').replace(ADDRESSES, ' ').replace(/\s+/g, ' ').trim()
    for (let at = 0; at < text.length; at += LONGEST_PASSAGE)
      passages.push(text.slice(at, at + LONGEST_PASSAGE))
    passage = []
  }
  for (const line of lines) {
    if (line.trim() === '' && passage.join(' ').length > 200) flush()
    else if (line.trim() !== '') passage.push(line.trim())
  }
  flush()
  return passages
}

/** Without the empty lines around it. */
const trimmed = (lines: readonly string[]): string =>
  lines
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()

const ESCAPES = /\x1b(?:\[[0-9;?]{0,16}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)|[@-Z\\-_])/g
const QUOTES: Readonly<Record<string, string>> = { '‘': "'", '’': "'", '“': '"', '”': '"', '\u00a0': ' ' }

/** As it would stand in a plain terminal: quoting of logs, of URLs and of typography undone. */
const plainText = (raw: string): string =>
  raw
    .replace(/\r\n?/g, '\n')
    .replace(ESCAPES, '')
    .replace(/\\+n/g, '\n')
    .replace(/\\+(?=["'/])/g, '')
    .replace(/[‘’“”\u00a0]/g, (mark) => QUOTES[mark] ?? mark)
    .replace(/%2F/gi, '/')
