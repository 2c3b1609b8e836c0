import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseAssignments, shellWords } from '../../src/facts/shell-words.ts'

it.each([
  ['/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock', 3 + 1],
  [`a 'b c' "d e" f\\ g ''`, 5],
  ['', 0],
])('splits %j', (line, count) => expect(shellWords(line)).toHaveLength(count))

it('keeps quoted blanks and escapes', () =>
  expect(shellWords(`--label "a b" 'c"d' e\\'f "g\\"h"`)).toEqual(['--label', 'a b', 'c"d', "e'f", 'g"h']))

it('never throws on words', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (line) => Array.isArray(shellWords(line))),
    { numRuns: 10_000 },
  ))

const assigned = (text: string): Record<string, string> =>
  Object.fromEntries([...parseAssignments(text)].map(([name, { value }]) => [name, value]))

it('reads environment files', () => {
  expect(
    assigned(
      [
        '# DOCKER_OPTS="--dns 8.8.8.8"',
        'DOCKER_OPTS="-H unix:///var/run/docker.sock"   # local',
        'export HTTP_PROXY=http://proxy:3128 # corporate',
        `OPTIONS='--selinux-enabled --log-driver=journald'`,
        'EMPTY=',
        'DOCKER_OPTS="$DOCKER_OPTS --debug $UNKNOWN"',
      ].join('\r\n'),
    ),
  ).toEqual({
    DOCKER_OPTS: '-H unix:///var/run/docker.sock --debug $UNKNOWN',
    HTTP_PROXY: 'http://proxy:3128',
    OPTIONS: '--selinux-enabled --log-driver=journald',
    EMPTY: '',
  })
})

it('says where an assignment stands', () =>
  expect(parseAssignments('\nA=1\n B=2 \n').get('B')).toEqual({ value: '2', line: 3, text: ' B=2 ' }))

it('never throws on assignments', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('A', '=', '"', "'", '$', '{', '}', '\\', '\n', ' ', '#') }),
      (text) => {
        for (const { line } of parseAssignments(text).values()) expect(line).toBeGreaterThan(0)
      },
    ),
    { numRuns: 10_000 },
  ))
