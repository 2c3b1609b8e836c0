import { describe, expect, it } from 'vitest'
import { asGiven, withTexts } from '../../src/cli/as-text.ts'

const OPTIONS = ['--container', '--no-host', '--timeout', '--user', '--snapshot', '--format']
/** The words that are taken as they are. */
const texts = (...argv: string[]): string[] =>
  withTexts(argv, OPTIONS)
    .filter((word) => asGiven(word) !== word)
    .map(asGiven)

describe('a text may begin with a dash', () => {
  it.each([
    '-bash: docker: command not found',
    '-bash:',
    '--storage-opt is supported only for overlay over xfs',
    '-A DOCKER-USER -j DROP',
  ])('%s', (text) => expect(texts('diagnose', '--no-host', text)).toEqual([text]))
  it('whatever it is, behind --', () => {
    expect(texts('diagnose', '--no-host', '--', '--help', 'of', '--user')).toEqual(['--help', '--user'])
    expect(withTexts(['list', '--', 'docker'], OPTIONS)).toEqual(['list', 'docker'])
  })
})

describe('an option stays one', () => {
  it.each([
    '--no-host',
    '--timeout=3',
    '--timout',
    '-h',
    '--container web',
    '--contaner web',
    '--output=my file',
  ])('%s', (word) => expect(texts('diagnose', word, 'x')).toEqual([]))
  it('of a command that takes no text', () => expect(texts('check', '-x y')).toEqual([]))
})
