import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseBinfmt } from '../../src/facts/binfmt.ts'
import { parseHead } from '../../src/facts/program-heads.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

it.each([
  ['#!/bin/sh\nexec httpd\n', { kind: 'script', firstLine: '#!/bin/sh' }],
  ['#!/bin/sh\r\nexec httpd\r\n', { kind: 'script', firstLine: '#!/bin/sh\r' }],
  ['#!/usr/bin/env -S python3 -u', { kind: 'script', firstLine: '#!/usr/bin/env -S python3 -u' }],
  ['exec httpd\n', { kind: 'other' }],
  ['', { kind: 'other' }],
  [`\x7fELF\x02\x01\x01${'\0'.repeat(9)}\x02\0\xb7\0`, { kind: 'elf', arch: 'aarch64' }],
  ['\x7fELF', { kind: 'other' }],
])('tells what %j is', (text, head) => expect(parseHead(bytes(text))).toEqual(head))

// As Debian's qemu-user-static, tonistiigi/binfmt and python3 register themselves.
const DEBIAN =
  'enabled\ninterpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P\nflags: POCF\noffset 0\nmagic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n'
const TONISTIIGI =
  'enabled\ninterpreter /usr/bin/qemu-s390x\nflags: POCF\noffset 0\nmagic 7f454c4602020100000000000000000000020016\nmask ffffffffffffff00fffffffffffffffffffeffff\n'
const PYTHON = 'enabled\ninterpreter /usr/bin/python3.11\nflags: \noffset 0\nmagic a70d0d0a\n'
const WSL = 'enabled\ninterpreter /init\nflags: PF\noffset 0\nmagic 4d5a\n'
const JAR = 'enabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n'

it('sees emulators of other machines', () => {
  expect(parseBinfmt('qemu-aarch64', DEBIAN)).toEqual({
    name: 'qemu-aarch64',
    arch: 'aarch64',
    interpreter: '/usr/libexec/qemu-binfmt/aarch64-binfmt-P',
    servesContainers: true,
  })
  expect(parseBinfmt('qemu-s390x', TONISTIIGI)?.arch).toBe('s390x')
  expect(parseBinfmt('q', DEBIAN.replace('POCF', 'POC'))?.servesContainers).toBe(false)
})
it.each([PYTHON, WSL, JAR, DEBIAN.replace('enabled', 'disabled'), '', 'enabled\n'])(
  'passes over %j',
  (text) => expect(parseBinfmt('x', text)).toBeNull(),
)
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.stringMatching(/^enabled\n(?:(?:flags:|offset|magic) [0-9a-fF]*\n){0,4}$/),
      ),
      (text) => {
        parseBinfmt('x', text)
        parseHead(bytes(text))
      },
    ),
    { numRuns: 10_000 },
  ))
