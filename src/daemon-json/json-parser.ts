import type { JsonArray, JsonNode, JsonObject } from './json-tree.ts'

/** Where in the grammar a text stops being JSON. */
export type SyntaxState =
  | 'value'
  | 'first-key'
  | 'next-key'
  | 'colon'
  | 'after-member'
  | 'after-item'
  | 'string'
  | 'escape'
  | 'number'
  | 'literal'
  | 'after-value'
  | 'depth'

/** The first character that cannot be JSON, as Go's encoding/json sees it. */
export interface JsonSyntaxError {
  readonly offset: number
  readonly state: SyntaxState
  /** Whether the text ended here. */
  readonly atEnd: boolean
}

export interface ParsedJson {
  readonly root?: JsonNode
  /** Offset behind the first value. */
  readonly end: number
  readonly error?: JsonSyntaxError
}

/** Deeper nesting is an error for Go too (https://github.com/golang/go/blob/master/src/encoding/json/scanner.go, maxNestingDepth). */
const DEEPEST = 10_000

/**
 * Parses exactly the JSON that Go's encoding/json does, from `start` to `end`.
 * A value followed by more text is an error unless `firstOnly`, which is how a Go `Decoder` reads.
 */
export function parseJson(text: string, start = 0, end = text.length, firstOnly = false): ParsedJson {
  const parser = new Parser(text, start, end)
  try {
    const root = parser.document()
    const behind = parser.offset
    if (firstOnly) return { root, end: behind }
    const error = parser.rest()
    return error === undefined ? { root, end: behind } : { root, end: behind, error }
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown
    return { end, error: thrown.error }
  }
}

class Stop extends Error {
  readonly error: JsonSyntaxError
  constructor(error: JsonSyntaxError) {
    super(error.state)
    this.error = error
  }
}

/** A container that is being read, and the key whose value comes next. */
interface Open {
  readonly node: JsonObject | JsonArray
  key: { readonly text: string; readonly offset: number } | undefined
}

const LITERALS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const PLAIN = /[^"\\\u0000-\u001f]*/y

/** Keeps its own stack: the nesting of a hostile file must not be the nesting of our calls. */
class Parser {
  offset: number
  private readonly text: string
  private readonly end: number
  private readonly open: Open[] = []

  constructor(text: string, start: number, end: number) {
    this.text = text
    this.offset = start
    this.end = end
  }

  document(): JsonNode {
    this.space()
    let done = this.begin()
    for (;;) {
      while (done === undefined) done = this.enter()
      const parent = this.open.at(-1)
      if (parent === undefined) return done
      attach(parent, done)
      done = this.next(parent)
    }
  }

  rest(): JsonSyntaxError | undefined {
    this.space()
    return this.offset < this.end ? { offset: this.offset, state: 'after-value', atEnd: false } : undefined
  }

  /** Reads a scalar, or opens a container and answers undefined. */
  private begin(): JsonNode | undefined {
    const character = this.peek()
    if (character === '{')
      return this.push({ kind: 'object', offset: this.offset, end: this.offset, members: [] })
    if (character === '[')
      return this.push({ kind: 'array', offset: this.offset, end: this.offset, items: [] })
    if (character === '"') return this.string()
    if (character === '-' || isDigit(character)) return this.number()
    return this.literal()
  }

  private push(node: JsonObject | JsonArray): undefined {
    if (this.open.length >= DEEPEST) this.stop('depth')
    this.open.push({ node, key: undefined })
    this.offset += 1
  }

  /** The first element of the container that was just opened, or its end. */
  private enter(): JsonNode | undefined {
    const parent = this.open.at(-1)
    this.space()
    if (parent === undefined || this.closes(parent)) return this.close()
    if (parent.node.kind === 'object') this.key(parent, 'first-key')
    return this.begin()
  }

  /** What follows an element: a comma and the next one, or the container's end. */
  private next(parent: Open): JsonNode | undefined {
    this.space()
    if (this.closes(parent)) return this.close()
    if (this.peek() !== ',') this.stop(parent.node.kind === 'object' ? 'after-member' : 'after-item')
    this.offset += 1
    this.space()
    if (parent.node.kind === 'object') this.key(parent, 'next-key')
    return this.begin()
  }

  private closes(parent: Open): boolean {
    return this.peek() === (parent.node.kind === 'object' ? '}' : ']')
  }

  private close(): JsonNode | undefined {
    const closed = this.open.pop()?.node
    this.offset += 1
    if (closed !== undefined) closed.end = this.offset
    return closed
  }

  private key(parent: Open, state: SyntaxState): void {
    const offset = this.offset
    if (this.peek() !== '"') this.stop(state)
    const { text } = this.string()
    this.space()
    if (this.peek() !== ':') this.stop('colon')
    this.offset += 1
    this.space()
    parent.key = { text, offset }
  }

  private string() {
    const offset = this.offset
    let text = ''
    this.offset += 1
    for (;;) {
      text += this.match(PLAIN)
      const character = this.peek()
      if (character === '"') break
      if (character !== '\\') this.stop('string')
      text += this.escape()
    }
    this.offset += 1
    const raw = this.text.slice(offset + 1, this.offset - 1)
    return { kind: 'string', offset, end: this.offset, text, raw } as const
  }

  private escape(): string {
    const letter = this.text.slice(this.offset + 1, Math.min(this.offset + 2, this.end))
    const hex = this.text.slice(this.offset + 2, Math.min(this.offset + 6, this.end))
    const plain = ESCAPES[letter]
    if (plain !== undefined) {
      this.offset += 2
      return plain
    }
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) this.stop('escape')
    this.offset += 6
    return String.fromCharCode(Number.parseInt(hex, 16))
  }

  private number(): JsonNode {
    const offset = this.offset
    const raw = this.match(NUMBER)
    if (raw === '' || isDigit(this.peek()) || /[.eE]/.test(this.peek())) this.stop('number')
    return { kind: 'number', offset, end: this.offset, raw }
  }

  private literal(): JsonNode {
    const offset = this.offset
    const word = /^[a-z]{0,5}/.exec(this.text.slice(offset, Math.min(offset + 5, this.end)))?.[0] ?? ''
    const found = Object.keys(LITERALS).find((literal) => word.startsWith(literal))
    if (found === undefined) this.stop(/^[tfn]/.test(word) ? 'literal' : 'value')
    this.offset += found.length
    const value = LITERALS[found] ?? null
    const node = { offset, end: this.offset }
    return value === null ? { kind: 'null', ...node } : { kind: 'boolean', value, ...node }
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.peek())) this.offset += 1
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.offset
    const found = (pattern.exec(this.text)?.[0] ?? '').slice(0, this.end - this.offset)
    this.offset += found.length
    return found
  }

  private peek(): string {
    return this.offset < this.end ? this.text.charAt(this.offset) : ''
  }

  private stop(state: SyntaxState): never {
    throw new Stop({ offset: this.offset, state, atEnd: this.offset >= this.end })
  }
}

function attach(parent: Open, value: JsonNode): void {
  if (parent.node.kind === 'array') parent.node.items.push(value)
  else parent.node.members.push({ key: parent.key?.text ?? '', offset: parent.key?.offset ?? 0, value })
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9'
}
