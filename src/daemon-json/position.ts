/** A place in a text as people count: both from 1, columns in characters. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Turns offsets of `text` into lines and columns. A line ends at LF, CR LF or CR. */
export function positions(text: string): (offset: number) => Position {
  const starts = lineStarts(text)
  return (offset) => {
    const at = Math.max(0, Math.min(offset, text.length))
    const line = lineOf(starts, at)
    const start = starts[line] ?? 0
    return { line: line + 1, column: Array.from(text.slice(start, at)).length + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (const end of text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length)
  return starts
}

/** The last line that starts at or before `offset`. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
