import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lintDaemonJson, parseDaemonJson } from '../../src/daemon-json/index.ts'
import { kindOf } from '../../src/facts/daemon-json-kinds.ts'
import { repair, repairAll } from '../../src/facts/daemon-json-repair.ts'
import { simulate } from '../../src/fix/simulate/simulate.ts'
import { fix } from '../../src/model/fix.ts'

const PATH = '/etc/docker/daemon.json'
const lint = (text: string) => lintDaemonJson(text, { engineVersion: '20.10.24' }).problems

const LOGS = (options: object) => ({ 'log-driver': 'json-file', 'log-opts': options })

/** The text after every repair of its first failure, as long as one helps. */
function repaired(text: string): string {
  const [problem] = lint(text).filter(({ level }) => level === 'fail')
  if (!problem) return text
  const file = { path: PATH, text, value: parseDaemonJson(text).value, problems: lint(text), lint }
  const after = simulate(fix('x', ...repair(problem, file)), { [PATH]: text })
  return String(after.readings[PATH])
}

it.each([
  ['{"debug": true,}', { debug: true }],
  ['{\n  // note\n  "mtu": 1400\n}\n', { mtu: 1400 }],
  ["{'debug': true, 'dns': ['1.1.1.1']}", { debug: true, dns: ['1.1.1.1'] }],
  ['{“debug”: true, "mtu": 1400}', { debug: true, mtu: 1400 }],
  ['{"debug": true "mtu": 1400}', { debug: true, mtu: 1400 }],
  ['{"registry_mirrors": ["https://a.example"]}', { 'registry-mirrors': ['https://a.example'] }],
  [
    '{"registry-mirrors": "https://a.example", "debug": true}',
    { 'registry-mirrors': ['https://a.example'], debug: true },
  ],
  ['{"log-driver": "json-file", "log-opts": {"max-sise": "10m"}}', LOGS({ 'max-size': '10m' })],
  ['{"log-driver": "json-file", "log-opts": {"max-size": 10}}', LOGS({ 'max-size': '10m' })],
  ['{"dns": ["1.1.1.1:53", "no address", "9.9.9.9"]}', { dns: ['1.1.1.1', '9.9.9.9'] }],
  ['{"dns": ["no address"], "mtu": 1400}', { mtu: 1400 }],
  ['{"registry-mirrors": ["a.example"]}', { 'registry-mirrors': ['https://a.example'] }],
  ['{"bip": "172.26.0.0/16"}', { bip: '172.26.0.1/16' }],
  ['{"default-runtime": "nvidia", "debug": true}', { debug: true }],
  ['{"debug": "true"}', { debug: true }],
  ['{"frobnicate": 1, "debug": true}', { debug: true }],
])('%s', (text, value) => {
  const after = repaired(text)
  expect(JSON.parse(after)).toEqual(value)
  expect(lint(after).filter(({ level }) => level === 'fail')).toEqual([])
})
it.each(['<html>', '{"labels": ["a"]}', '{"hosts": ["tcp://:2375:1"]}', '{"ip": "nobody"}'])(
  'leaves to a person what it does not understand: %s',
  (text) => expect(repaired(text)).toBe(text),
)
it('puts all right at once, also what comes to light with the first', () => {
  const all = (text: string) => {
    const file = { path: PATH, text, value: parseDaemonJson(text).value, problems: lint(text), lint }
    const { steps, left } = repairAll(file, ({ level }) => level === 'fail')
    return { text: String(simulate(fix('x', ...steps), { [PATH]: text }).readings[PATH]), steps, left }
  }
  const keys = all(
    '{"log-opts": {"max-size": 10, "max-file": 3}, "registry_mirrors": ["https://a.example"], "dns": "8.8.8.8"}',
  )
  expect(JSON.parse(keys.text)).toEqual({
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
    'registry-mirrors': ['https://a.example'],
    dns: ['8.8.8.8'],
  })
  expect(keys.left).toEqual([])
  const behindSyntax = all('{"log-opts": {"max-size": 10},}')
  expect(JSON.parse(behindSyntax.text)).toEqual({ 'log-opts': { 'max-size': '10m' } })
  const some = all('{"frobnicate": 1, "labels": ["a"]}')
  expect(JSON.parse(some.text)).toEqual({ labels: ['a'] })
  expect(some.left.map(({ key }) => key)).toEqual(['labels.0'])
  expect(some.steps.at(-1)?.kind).toBe('manual')
})
it('keeps order and indentation where it edits a key', () =>
  expect(repaired('{\n    "mtu": 1400,\n    "Debug": true\n}\n')).toBe(
    '{\n    "mtu": 1400,\n    "debug": true\n}\n',
  ))
it('says nothing of what other checks judge', () => {
  const problems = lintDaemonJson(
    '{"hosts": ["tcp://0.0.0.0:2375"], "insecure-registries": ["http://a:5000"]}',
    {
      engineVersion: '28.0.0',
      host: { flags: { host: '[fd://]' } },
    },
  ).problems
  expect(problems.map(kindOf).filter((kind) => kind !== null)).toEqual([])
})
it('never throws, and never makes worse what it rewrites', { timeout: 60_000 }, () =>
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          '{',
          '}',
          '"',
          ':',
          ',',
          '[',
          ']',
          'debug',
          'mtu',
          'registry-mirror',
          'true',
          '1',
          '//',
          '\n',
          "'",
        ),
      }),
      (text) => {
        const before = lint(text).filter(({ level }) => level === 'fail').length
        const after = repaired(text)
        if (after !== text)
          expect(lint(after).filter(({ level }) => level === 'fail').length).toBeLessThanOrEqual(
            Math.max(before, 3),
          )
      },
    ),
    { numRuns: 10_000 },
  ),
)
