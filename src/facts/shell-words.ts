/** Splits a line into words as systemd's ExecStart and a shell's simple command do: blanks, quotes, backslashes. Never throws. */
export function shellWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let quote: '"' | "'" | null = null
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? ''
    if (quote) {
      if (c === quote) quote = null
      else if (c === '\\' && quote === '"' && i + 1 < line.length) word = (word ?? '') + line[++i]
      else word = (word ?? '') + c
    } else if (c === '"' || c === "'") {
      quote = c
      word ??= ''
    } else if (c === '\\' && i + 1 < line.length) word = (word ?? '') + line[++i]
    else if (/\s/.test(c)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + c
  }
  if (word !== null) words.push(word)
  return words
}

/** One `NAME=value` of an environment file. */
export interface Assignment {
  readonly value: string
  /** 1-based. */
  readonly line: number
  /** The line as it stands. */
  readonly text: string
}

/**
 * The assignments of an environment file such as /etc/default/docker, the last one of each name; comments and `export` passed over.
 * References to variables that the file itself set before (`DOCKER_OPTS="$DOCKER_OPTS --debug"`) are filled in. Never throws.
 */
export function parseAssignments(text: string): ReadonlyMap<string, Assignment> {
  const assignments = new Map<string, Assignment>()
  text.split(/\r?\n/).forEach((raw, index) => {
    const [, name, rest] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(raw) ?? []
    if (name === undefined || rest === undefined) return
    const value = assignedValue(rest, (variable) => assignments.get(variable)?.value)
    assignments.set(name, { value, line: index + 1, text: raw })
  })
  return assignments
}

/** The value ends with its closing quote, or with the first blank: what follows is a comment or another word. */
function assignedValue(rest: string, look: (name: string) => string | undefined): string {
  const single = /^'([^']*)'/.exec(rest)?.[1]
  if (single !== undefined) return single
  const double = /^"((?:[^"\\]|\\.)*)"?/s.exec(rest)?.[1]
  const value = double ?? /^\S*/.exec(rest)?.[0] ?? ''
  const expanded = value.replace(/\$(?:\{(\w+)\}|(\w+))/g, (reference, braced, bare) => {
    return look(String(braced ?? bare)) ?? reference
  })
  return expanded.replace(/\\([\\"$`])/g, '$1')
}
