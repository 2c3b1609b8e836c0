import { recognise } from './foreign-format.ts'
import type { JsonSyntaxError, SyntaxState } from './json-parser.ts'
import { fail, type Issue, show } from './problem.ts'

interface Explanation {
  readonly finding: string
  readonly message: string
  readonly suggestion: string
  /** Where the cause is, when that is not where Go stops. */
  readonly offset?: number
}

/** What is seen at the place of the error. */
interface Scene {
  readonly text: string
  readonly offset: number
  readonly state: SyntaxState
  readonly atEnd: boolean
  readonly character: string
  /** From the offset on, bounded. */
  readonly ahead: string
  /** The last character before the offset that is no white space, and its offset. */
  readonly before: string
  readonly beforeOffset: number
}

type Explainer = (scene: Scene) => Explanation | undefined

/** Says in terms of what a person did why a text is not JSON. */
export function explainSyntax(text: string, error: JsonSyntaxError): Issue {
  const scene = sceneOf(text, error)
  const foreign = isEarly(scene) ? recognise(text) : undefined
  if (foreign !== undefined) {
    const start = { offset: text.length - text.trimStart().length }
    return fail(start, null, foreign.finding, foreign.message, foreign.suggestion)
  }
  const found = EXPLAINERS.map((explain) => explain(scene)).find((explanation) => explanation !== undefined)
  const { finding, message, suggestion, offset = error.offset } = found ?? anythingElse(scene)
  return fail({ offset }, null, finding, message, suggestion)
}

/** A foreign format shows at the first thing that is read. */
function isEarly(scene: Scene): boolean {
  return scene.state === 'value' ||
    scene.state === 'literal' ||
    scene.state === 'number' ||
    scene.state === 'after-value'
    ? !scene.text.slice(0, scene.offset).includes('{')
    : false
}

function sceneOf(text: string, error: JsonSyntaxError): Scene {
  let beforeOffset = error.offset - 1
  while (beforeOffset >= 0 && /\s/.test(text.charAt(beforeOffset))) beforeOffset -= 1
  return {
    text,
    ...error,
    character: String.fromCodePoint(text.codePointAt(error.offset) ?? 0xfffd),
    ahead: text.slice(error.offset, error.offset + 200),
    before: text.charAt(beforeOffset),
    beforeOffset,
  }
}

const EXPLAINERS: readonly Explainer[] = [
  atEnd,
  tooDeep,
  nul,
  invisible,
  comment,
  fullWidth,
  typographicQuotes,
  singleQuotes,
  inString,
  trailingComma,
  doubledComma,
  equalsSign,
  missingColon,
  missingComma,
  afterValue,
  wrongBracket,
  unquotedKey,
  wrongNumber,
  wrongWord,
]

function atEnd({ atEnd: ended, state, text }: Scene): Explanation | undefined {
  if (!ended) return undefined
  if (text.trim() === '') {
    return {
      finding: 'empty-file',
      message: 'the file is empty',
      suggestion: 'write {} for "no settings", or remove the file',
      offset: 0,
    }
  }
  if (state === 'string' || state === 'escape') {
    return {
      finding: 'unclosed-string',
      message: 'the file ends inside a text: a closing quote " is missing, or the file was cut off',
      suggestion: 'add the missing quote, and close every { and [',
    }
  }
  return {
    finding: 'truncated',
    message: 'the file ends too early: a closing } or ] is missing, or the file was cut off',
    suggestion: 'close every { with } and every [ with ]',
  }
}

function tooDeep({ state }: Scene): Explanation | undefined {
  if (state !== 'depth') return undefined
  return {
    finding: 'too-deep',
    message: 'more than 10000 levels of nesting',
    suggestion: 'write a configuration',
  }
}

function nul({ character }: Scene): Explanation | undefined {
  if (character !== '\0') return undefined
  return {
    finding: 'nul-byte',
    message:
      'the file holds NUL bytes: it is no text, or was damaged (by a full disk or a crash while it was written)',
    suggestion: 'write the file again',
  }
}

const INVISIBLE: Readonly<Record<string, string>> = {
  '\u00a0': 'a no-break space (U+00A0)',
  '\u200b': 'a zero-width space (U+200B)',
  '\u200c': 'a zero-width non-joiner (U+200C)',
  '\u200d': 'a zero-width joiner (U+200D)',
  '\u2060': 'a word joiner (U+2060)',
  '\ufeff': 'a second byte order mark (U+FEFF)',
  '\u3000': 'a full-width space (U+3000)',
  '\u2028': 'a line separator (U+2028)',
  '\u2029': 'a paragraph separator (U+2029)',
  '\u202f': 'a narrow no-break space (U+202F)',
  '\u0085': 'a next-line character (U+0085)',
  '\u000b': 'a vertical tab (U+000B)',
  '\u000c': 'a form feed (U+000C)',
}

function invisible({ character, state }: Scene): Explanation | undefined {
  const name =
    INVISIBLE[character] ?? (/[\u2000-\u200a\u205f\u1680]/.test(character) ? 'an unusual space' : undefined)
  if (name === undefined || state === 'string') return undefined
  return {
    finding: 'invisible-character',
    message: `there is ${name} here, which looks like a space or like nothing but is not white space in JSON`,
    suggestion: 'delete it and type a plain space; it usually comes from copying out of a web page',
  }
}

function comment({ ahead, character }: Scene): Explanation | undefined {
  if (!/^(?:\/\/|\/\*)/.test(ahead) && character !== '#') return undefined
  return {
    finding: 'comment',
    message: `JSON has no comments, and the engine refuses this one (${ahead.startsWith('/*') ? '/*' : character === '#' ? '#' : '//'})`,
    suggestion: 'remove the comment; keep notes in a file next to this one',
  }
}

const FULL_WIDTH: Readonly<Record<string, string>> = {
  '，': ',',
  '、': ',',
  '：': ':',
  '；': ';',
  '【': '[',
  '】': ']',
  '［': '[',
  '］': ']',
  '｛': '{',
  '｝': '}',
  '＂': '"',
  '＇': "'",
  '（': '(',
  '）': ')',
  '「': '"',
  '」': '"',
  '。': '.',
}

function fullWidth({ character }: Scene): Explanation | undefined {
  const plain = FULL_WIDTH[character]
  if (plain === undefined) return undefined
  return {
    finding: 'full-width-punctuation',
    message: `${character} is full-width punctuation; JSON knows only ${plain}`,
    suggestion: `write ${plain} (switch the input method to half-width)`,
  }
}

function typographicQuotes({ character, text, offset, state }: Scene): Explanation | undefined {
  const found = /[“”„‟«»‘’‚‛`´]/.test(character)
  if (!found || state === 'string') return undefined
  const line = text.slice(offset, offset + 100).split('\n')[0] ?? ''
  return {
    finding: 'typographic-quotes',
    message: `${character} is a typographic quote, as word processors and web pages make them: ${show(line)}`,
    suggestion: 'write straight double quotes: "',
  }
}

function singleQuotes({ character }: Scene): Explanation | undefined {
  if (character !== "'") return undefined
  return {
    finding: 'single-quotes',
    message: 'JSON texts stand in double quotes; single quotes are not allowed',
    suggestion: 'write " instead of \'',
  }
}

function inString({ state, character, ahead }: Scene): Explanation | undefined {
  if (state === 'escape') {
    return {
      finding: 'bad-escape',
      message: `${show(ahead.slice(0, 2))} is no escape that JSON knows`,
      suggestion: 'write a backslash as \\\\',
    }
  }
  if (state !== 'string') return undefined
  if (character === '\n' || character === '\r') {
    return {
      finding: 'unclosed-string',
      message: 'the line ends inside a text: the closing quote " is missing',
      suggestion: 'close the text with " on the same line (a line break in it is written \\n)',
    }
  }
  return {
    finding: 'control-character',
    message: `there is a control character (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}) inside a text`,
    suggestion: 'write it as an escape: a tab is \\t',
  }
}

function trailingComma({ before, beforeOffset, character }: Scene): Explanation | undefined {
  if (before !== ',' || !/[\]}]/.test(character)) return undefined
  return {
    finding: 'trailing-comma',
    message: `there is a comma before the closing ${character}, with nothing behind it`,
    suggestion: 'remove the comma behind the last entry',
    offset: beforeOffset,
  }
}

function doubledComma({ before, character }: Scene): Explanation | undefined {
  if (character !== ',' || !/[,[{:]/.test(before)) return undefined
  return {
    finding: 'extra-comma',
    message: `there is a comma directly behind ${before}: something is missing, or the comma is one too many`,
    suggestion: 'remove the comma',
  }
}

function equalsSign({ state, character }: Scene): Explanation | undefined {
  if (state !== 'colon' || !/[=;]/.test(character)) return undefined
  return {
    finding: 'missing-colon',
    message: `key and value are separated by ${character} here`,
    suggestion: 'write a colon: "key": value',
  }
}

function missingColon({ state, character }: Scene): Explanation | undefined {
  if (state !== 'colon') return undefined
  return {
    finding: 'missing-colon',
    message: `a key must be followed by a colon and a value; here it is followed by ${show(character)}`,
    suggestion: 'write "key": value (a lone list of texts belongs in [ and ])',
  }
}

function missingComma({ state, character, offset, beforeOffset }: Scene): Explanation | undefined {
  if (state !== 'after-member' && state !== 'after-item') return undefined
  if (!/["{[]/.test(character) && beforeOffset + 1 === offset) return undefined
  if (!/["\w{[-]/.test(character)) return undefined
  return {
    finding: 'missing-comma',
    message: `a comma is missing before ${show(character)}`,
    suggestion: 'put a comma behind the entry before',
    offset: beforeOffset + 1,
  }
}

function afterValue({ state, character }: Scene): Explanation | undefined {
  if (state !== 'after-value') return undefined
  if (character === '{') {
    return {
      finding: 'second-object',
      message: 'a second object follows the first one; a file holds exactly one',
      suggestion: 'move the keys of both into one pair of braces',
    }
  }
  return {
    finding: 'text-after-end',
    message: `there is more text behind the end of the configuration: ${show(character)}`,
    suggestion: /[}\]]/.test(character)
      ? `remove the extra ${character}, or look for a brace that closes too early`
      : 'remove it',
  }
}

function wrongBracket({ state, character, before }: Scene): Explanation | undefined {
  if (!/[\]}):]/.test(character)) return undefined
  if (state === 'value' && before === ':') {
    return {
      finding: 'missing-value',
      message: 'the value is missing behind the colon',
      suggestion: 'write the value',
    }
  }
  return {
    finding: 'wrong-bracket',
    message: `${character} does not belong here`,
    suggestion:
      'a list is opened by [ and closed by ], an object by { and }; "key": value belongs in { and }',
  }
}

function unquotedKey({ state, ahead, character }: Scene): Explanation | undefined {
  if (state !== 'first-key' && state !== 'next-key') return undefined
  const word = /^[\w.-]+/.exec(ahead)?.[0]
  if (word === undefined) {
    return {
      finding: 'unexpected-character',
      message: `a key in double quotes is expected here, not ${show(character)}`,
      suggestion: 'write "key": value',
    }
  }
  return {
    finding: 'unquoted-key',
    message: `the key ${word} has no quotes`,
    suggestion: `write "${word}"`,
  }
}

function wrongNumber({ state, ahead, text, offset }: Scene): Explanation | undefined {
  const starts = /^[+.]?\d/.test(ahead)
  const inside = (state === 'after-member' || state === 'after-item') && /[\d.]/.test(text.charAt(offset - 1))
  if (state !== 'number' && !(state === 'value' && starts) && !inside) return undefined
  const written =
    (/[\w.+-]*$/.exec(text.slice(Math.max(0, offset - 40), offset))?.[0] ?? '') +
    (/^[\w.+-]*/.exec(ahead)?.[0] ?? '')
  return {
    finding: 'bad-number',
    message: `${show(written)} is not a number that JSON knows`,
    suggestion:
      'write numbers in plain decimal digits, without leading zeros, plus sign, unit or 0x; texts stand in quotes',
  }
}

function wrongWord({ state, ahead, character }: Scene): Explanation | undefined {
  if (state !== 'value' && state !== 'literal' && state !== 'after-member' && state !== 'after-item')
    return undefined
  const word = /^[^\s,}\]"]+/.exec(ahead)?.[0] ?? character
  const lower = word.toLowerCase()
  const meant = {
    true: 'true',
    yes: 'true',
    on: 'true',
    false: 'false',
    no: 'false',
    off: 'false',
    none: 'null',
    nil: 'null',
  }[lower]
  return {
    finding: 'unquoted-value',
    message: `${show(word)} is not a JSON value`,
    suggestion: meant === undefined ? 'put texts in double quotes' : `write ${meant} (lower case, no quotes)`,
  }
}

function anythingElse({ character }: Scene): Explanation {
  return {
    finding: 'unexpected-character',
    message: `${show(character)} is not expected here`,
    suggestion: 'check commas, quotes and brackets before this place',
  }
}
