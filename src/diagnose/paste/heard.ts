/** What of a paste counts as said: output that checks read by themselves need not speak for anything, and what a later one of the same kind replaced does not. */
import { isIn } from '../sight.ts'
import { COMPLAINT } from '../words.ts'
import type { Block, Paste } from './blocks.ts'
import type { Read } from './readings.ts'
import { isActive } from './systemd.ts'

export interface Heard {
  /** The paste without output that later output replaces: people show how it was, and how it is. */
  readonly paste: Paste
  /** Its text, and where something in the rest complains, without any output that became a reading: a table of healthy numbers has words, too. */
  readonly words: string
}

export function heardOf(paste: Paste, read: readonly Read[]): Heard {
  const replaced = replacedIn(read)
  const running = paste.blocks.filter(({ output }) => isActive(output)).map(headOf)
  const rest = without(paste.text, [...read.map(({ block }) => block), ...running])
  return {
    paste: {
      ...paste,
      text: without(
        paste.text,
        replaced.map(({ block }) => block),
      ),
    },
    words: isIn(COMPLAINT, rest) ? rest : paste.text,
  }
}

/** Those of which a later one says all that they say, and perhaps more. Takes time in proportion to them. */
function replacedIn(read: readonly Read[]): readonly Read[] {
  const later = new Map<string, Read[]>()
  return read.toReversed().filter((one) => {
    const keys = Object.keys(one.found)
    const [fewest = []] = keys.map((key) => later.get(key) ?? []).sort((a, b) => a.length - b.length)
    if (fewest.some(({ found }) => keys.every((key) => key in found))) return true
    for (const key of keys) {
      const known = later.get(key)
      if (known) known.push(one)
      else later.set(key, [one])
    }
    return false
  })
}

/** What systemctl says of a unit; beneath an empty line stands its journal. */
function headOf({ lines: [from, to], output }: Block): Pick<Block, 'lines'> {
  const end = output.split('\n').findIndex((line) => line.trim() === '')
  return { lines: [from, end < 0 ? to : from + end] }
}

/** The lines of output become empty: what stands before and after them does not join. */
function without(text: string, blocks: readonly Pick<Block, 'lines'>[]): string {
  if (blocks.length === 0) return text
  const lines = text.split('\n')
  for (const {
    lines: [from, to],
  } of blocks)
    lines.fill('', from, to)
  return lines.join('\n')
}
