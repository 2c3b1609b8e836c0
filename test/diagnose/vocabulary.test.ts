import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pack } from '../../src/diagnose/packed.ts'
import { kindOf, markOf, spokenOf, type Vocabulary, weigh, wordsOf } from '../../src/diagnose/vocabulary.ts'
import { catalogue } from '../../src/engine/catalogue.ts'

const first = (text: string): string | undefined => [...spokenOf(text)].sort(([, a], [, b]) => b - a)[0]?.[0]

describe('the words of a text', () => {
  const wholeWords = (text: string): string[] =>
    [...wordsOf(text)].filter((word) => kindOf(word) !== 'fragment')
  it('are words, their parts and pairs; ids and addresses are all alike', () => {
    expect(wholeWords('Pull from docker.io 10.0.0.1:5000')).toEqual([
      'pull',
      'from',
      'docker.io',
      'an-address',
      'docker',
      'address',
      'pull from',
      'from docker.io',
      'docker.io an-address',
    ])
    expect(wordsOf('0123456789abcdef gone')).toContain('an-id')
    expect(wholeWords('断网')).toEqual(['断', '网', '断 网'])
  })
  it('are numbers, as far as they tell: ports and codes, of a version its beginning', () => {
    expect(wholeWords('exit code 137')).toContain('code 137')
    expect(wholeWords('28.0.1')).toEqual(['28.0'])
    expect(wholeWords('pid 4194304')).toContain('pid a-number')
  })
  it('are fragments, which forms of a word have in common', () => {
    const [one, other] = [wordsOf('resolved'), wordsOf('unresolvable')]
    expect([...one].filter((word) => other.has(word))).toEqual(['~reso', '~esol', '~solv'])
    expect([...wordsOf('port')]).toEqual(['port'])
  })
  it('count together as one', () => {
    const weights = weigh(['a', 'b', 'a b'], (word) => (word === 'b' ? 2 : 1))
    expect(Math.hypot(...weights.values())).toBeCloseTo(1)
    expect([...weigh(['the'], () => 0).values()]).toEqual([0])
  })
})

describe('what words speak for', () => {
  const vocabulary: Vocabulary = {
    checks: ['network/dns', 'storage/space'],
    bias: [0, 0],
    words: {
      resolve: pack({ telling: 1, weights: [[0, 3]] }),
      names: pack({ telling: 1, weights: [[0, 3]] }),
      disk: pack({ telling: 1, weights: [[1, 3]] }),
      full: pack({ telling: 1, weights: [[1, 3]] }),
      '~name': pack({ telling: 1, weights: [[0, 3]] }),
      '#storage/space 2': pack({ telling: 0, weights: [[1, 6]] }),
    },
  }
  const nothing = new Set<string>()
  it('is a share of each check', () => {
    const spoken = spokenOf('it does not resolve names', nothing, vocabulary)
    expect(spoken.get('network/dns')).toBeGreaterThan(0.9)
    expect([...spoken.values()].reduce((a, b) => a + b)).toBeCloseTo(1)
  })
  it('takes into account what the text shows', () => {
    const marks = new Set([markOf('storage/space', 0.93)])
    expect(spokenOf('disk names', marks, vocabulary).get('storage/space')).toBeGreaterThan(
      spokenOf('disk names', nothing, vocabulary).get('storage/space') ?? 1,
    )
  })
  it('is nothing where too few words are known', () => {
    expect(spokenOf('full of wonder', nothing, vocabulary).size).toBe(0)
    expect(spokenOf('constructor toString', nothing, vocabulary).size).toBe(0)
    expect(spokenOf('surnames named', nothing, vocabulary).size).toBe(0)
  })
  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const share of spokenOf(text).values()) expect(share).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('the weights that are shipped', () => {
  it('are of checks that there are', () => {
    const ids = new Set<string>(catalogue.map(({ id }) => id))
    for (const id of spokenOf('the container cannot resolve names').keys()) expect(ids).toContain(id)
  })
  it.each([
    ['containers cannot resolve any host name, but pinging an address works', 'network/dns'],
    [
      'since I connected the VPN the office servers are unreachable, docker took the same subnet',
      'network/subnet-overlap',
    ],
    ['my registry mirror is down and pulls are very slow', 'registry/mirrors'],
  ])('know what is meant by: %s', (text, check) => {
    expect(first(text)).toBe(check)
  })
})
