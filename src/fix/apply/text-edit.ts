/** Steps that change the text of one file: what the text becomes. */
import { setKey } from '../../daemon-json/edit.ts'
import type { FileStep, JsonStep, LineStep } from '../../model/fix.ts'
import { Refused } from './refused.ts'

export type TextStep = FileStep | JsonStep | LineStep

/**
 * @param text what the file holds; null where there is none
 * @returns null where no file is to be made
 * @throws {Refused} for JSON that is none
 */
export function edited(step: TextStep, text: string | null): string | null {
  switch (step.kind) {
    case 'file':
      return step.content
    case 'line':
      return text === null ? null : replaceLines(text, step)
    case 'json':
      return withKey(text, step)
    default:
      return step satisfies never
  }
}

/** Each line that is `from`, as a whole; what ends lines stays. */
export function replaceLines(text: string, { from, to }: Pick<LineStep, 'from' | 'to'>): string {
  const lines = text.split('\n')
  const ends = lines.flatMap((line) => {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line
    if (bare !== from && line !== from) return [line]
    return to === null ? [] : [`${to}${line === from ? '' : '\r'}`]
  })
  return ends.join('\n')
}

function withKey(text: string | null, { path, key, value }: JsonStep): string | null {
  if (text === null || text.trim() === '') return value === undefined ? text : setKey('{}\n', key, value)
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new Refused(`${path} is no JSON: it is not edited`)
  }
  return setKey(text, key, value)
}

/** A text with a line at its end, unless it stands in it. */
export function withLine(text: string | null, line: string): string {
  if (text === null || text === '') return `${line}\n`
  if (text.split('\n').includes(line)) return text
  return `${text}${text.endsWith('\n') ? '' : '\n'}${line}\n`
}
