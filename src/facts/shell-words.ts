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

/** `NAME=value` assignments of an environment file such as /etc/default/docker; comments and `export` passed over. */
export function parseAssignments(text: string): ReadonlyMap<string, { value: string; line: number }> {
  const assignments = new Map<string, { value: string; line: number }>()
  text.split('\n').forEach((raw, index) => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(raw) ?? []
    if (name && value !== undefined) assignments.set(name, { value: unquote(value.trim()), line: index + 1 })
  })
  return assignments
}

const unquote = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value
