/** Files whose bytes matter, and whether engines read them: 20.10 (`old`) and those from 23.0 on (`current`). */
export interface ByteFact {
  readonly name: string
  readonly bytes: Uint8Array
  readonly old: boolean
  readonly current: boolean
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const utf16 = (text: string, bigEndian: boolean): Uint8Array =>
  Uint8Array.from([...text].flatMap((character) => pair(character.charCodeAt(0), bigEndian)))
const pair = (code: number, bigEndian: boolean): number[] =>
  bigEndian ? [code >> 8, code & 255] : [code & 255, code >> 8]
const fact = (name: string, bytes: Uint8Array, old: boolean, current: boolean): ByteFact => ({
  name,
  bytes,
  old,
  current,
})

export const BYTES: readonly ByteFact[] = [
  fact('an empty file', utf8(''), false, true),
  fact('white space alone', utf8(' \n\t\r\n'), false, true),
  fact('null', utf8('null'), true, true),
  fact('a list', utf8('[]'), false, false),
  fact('a text', utf8('"x"'), false, false),
  fact('a number', utf8('1'), false, false),
  fact('true', utf8('true'), false, false),
  fact('UTF-8 with a byte order mark', utf8('\ufeff{"debug":true}'), false, true),
  fact('a second byte order mark', utf8('\ufeff\ufeff{}'), false, false),
  fact('UTF-16 LE with a byte order mark', utf16('\ufeff{"debug":true}', false), false, true),
  fact('UTF-16 BE with a byte order mark', utf16('\ufeff{"debug":true}', true), false, true),
  fact('UTF-16 without a byte order mark', utf16('{"debug":true}', false), false, false),
  fact(
    'bytes that are not UTF-8, in a text',
    Uint8Array.from([...utf8('{"labels":["a='), 0xff, ...utf8('"]}')]),
    true,
    false,
  ),
  fact(
    'Latin-1 letters in a text',
    Uint8Array.from([...utf8('{"labels":["a='), 0xe9, 0x74, ...utf8('"]}')]),
    true,
    false,
  ),
  fact('a NUL behind the object', utf8('{}\0'), true, false),
  fact('a NUL alone', utf8('\0'), false, false),
  fact('a no-break space before the object', utf8('\u00a0{}'), false, true),
  fact('a no-break space behind the object', utf8('{}\u00a0'), true, true),
  fact('a no-break space inside', utf8('{\u00a0"debug":true}'), false, false),
  fact('a zero-width space before the object', utf8('\u200b{}'), false, false),
  fact('a comment before the object', utf8('// c\n{}'), false, false),
  fact('a comment behind the object', utf8('{} // c'), true, false),
  fact('a second object', utf8('{} {"debug":true}'), true, false),
  fact('a brace too many', utf8('{"debug":true}}'), true, false),
  fact('a comma behind the object', utf8('{"debug":true},'), true, false),
  fact('a lone surrogate as an escape', utf8('{"labels":["a=\\ud800"]}'), true, true),
  fact('an unknown escape', utf8('{"labels":["a=\\x"]}'), false, false),
  fact('a raw tab in a text', utf8('{"labels":["a=\t"]}'), false, false),
]
