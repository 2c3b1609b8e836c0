import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseAddressVariables } from '../../src/facts/host-calls.ts'
import { parseUfw } from '../../src/facts/ufw.ts'

const captured = (name: string): string =>
  readFileSync(new URL(`../fixtures/debian-12-docker-20.10/ufw/${name}`, import.meta.url), 'utf8')

it('reads the files as Debian and Ubuntu ship them', () =>
  expect(parseUfw(captured('ufw.conf'), captured('default-ufw'))).toEqual({
    enabled: true,
    forwardPolicy: 'DROP',
    managesBuiltins: false,
    lines: { forwardPolicy: 'DEFAULT_FORWARD_POLICY="DROP"', managesBuiltins: 'MANAGE_BUILTINS=no' },
  }))
it.each([
  ['', false, 'DROP'],
  ['#ENABLED=yes\n', false, 'DROP'],
  ['ENABLED="YES"\n', true, 'DROP'],
  ['ENABLED=yes\nENABLED=no\n', false, 'DROP'],
])('reads %j', (conf, enabled, forwardPolicy) =>
  expect(parseUfw(conf, '')).toMatchObject({ enabled, forwardPolicy, managesBuiltins: false }),
)
it('the last of several lines counts, as for the shell that reads them', () =>
  expect(
    parseUfw('', 'DEFAULT_FORWARD_POLICY=DROP\n DEFAULT_FORWARD_POLICY="accept" # mine\n'),
  ).toMatchObject({
    forwardPolicy: 'ACCEPT',
    lines: { forwardPolicy: ' DEFAULT_FORWARD_POLICY="accept" # mine' },
  }))
it.each([
  ['A=***host.docker.internal:11434***', { name: 'A', host: 'host.docker.internal', port: 11434 }],
  ['B=172.17.0.1:80', { name: 'B', host: '172.17.0.1', port: 80 }],
  ['C=***', null],
  ['D=host.docker.internal:0', null],
  ['host.docker.internal:80', null],
])('an address in %s', (text, expected) => expect(parseAddressVariables([text])[0] ?? null).toEqual(expected))
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          'ENABLED=',
          'yes',
          '"',
          "'",
          '\n',
          '#',
          ' ',
          'MANAGE_BUILTINS=',
          '172.17.0.1:',
          '80',
          '=',
        ),
      }),
      (text) => {
        expect(parseUfw(text, text).forwardPolicy).not.toBe('')
        for (const { port } of parseAddressVariables([text])) expect(port).toBeLessThan(65_536)
      },
    ),
    { numRuns: 10_000 },
  ))
