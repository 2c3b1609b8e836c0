import { describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { commaList, containerOf, oneOf, profileOf, single, timeoutOf, userOf } from '../../src/cli/options.ts'
import { outputsOf } from '../../src/cli/outputs.ts'
import { hasColour, hasUnicode, isInteractive, widthOf } from '../../src/cli/terminal.ts'
import { healthy, manyFailures, oneCause, ordinaryUser } from '../reports/samples.ts'

describe('values', () => {
  it('have defaults', () => {
    expect(profileOf(undefined)).toBe('docker')
    expect(timeoutOf(undefined)).toBe(30)
    expect(userOf(undefined)).toBeUndefined()
  })
  it('are read', () => {
    expect(timeoutOf('0.5')).toBe(0.5)
    expect(userOf('ada.l-1$')).toBe('ada.l-1$')
    expect(commaList('only', ['a,b', ' c ,'])).toEqual(['a', 'b', 'c'])
  })
  it.each([
    ['0', '"0"'],
    ['-3', '"-3"'],
    ['NaN', '"NaN"'],
    ['Infinity', '"Infinity"'],
    ['10s', '"10s"'],
    ['99999999', '"99999999"'],
  ])('--timeout %s is refused with the value and what was expected', (given, shown) => {
    expect(() => timeoutOf(given)).toThrow(/expects seconds, above 0 .* such as 30/)
    expect(() => timeoutOf(given)).toThrow(shown)
  })
  it.each(['a b', '-web', 'web:80', '../etc', 'a\u001bb'])('--container %j is refused', (given) => {
    expect(() => containerOf(given)).toThrow(/expects a container's name or id, such as web; got /)
  })
  it.each(['a b', 'root:x', '-u', '../etc', 'a\u001bb'])('--user %j is refused', (given) => {
    expect(() => userOf(given)).toThrow('--user expects the name of a user')
  })
  it('that are empty, doubled or unknown are refused', () => {
    expect(() => userOf('')).toThrow('--user needs a value')
    expect(() => commaList('only', ' , ')).toThrow('--only needs a value')
    expect(() => single('format', ['json', 'json'])).toThrow('--format is given 2 times')
    expect(() => profileOf('podman')).toThrow(
      'unknown profile "podman"; known: docker, rootless, swarm, hardening, check-config',
    )
    expect(() => oneOf('format', 'jsno', ['text', 'json'])).toThrow('did you mean json?')
  })
})

describe('outputs', () => {
  it('go to the standard output', () => {
    expect(outputsOf(undefined, [])).toEqual([{ format: 'checklist', file: null }])
    expect(outputsOf('json', ['-'])).toEqual([{ format: 'json', file: null }])
  })
  it('go to a file instead, in the format that was asked for or that the name tells', () => {
    expect(outputsOf(undefined, ['r.json'])).toEqual([{ format: 'json', file: 'r.json' }])
    expect(outputsOf('ndjson', ['r.json'])).toEqual([{ format: 'ndjson', file: 'r.json' }])
    expect(outputsOf(undefined, ['r.txt'])).toEqual([{ format: 'checklist', file: 'r.txt' }])
  })
  it('go to files beside the standard output', () => {
    expect(outputsOf(undefined, ['json=a', 'ndjson=b=c'])).toEqual([
      { format: 'checklist', file: null },
      { format: 'json', file: 'a' },
      { format: 'ndjson', file: 'b=c' },
    ])
    expect(outputsOf('checklist', ['json=-', 'ndjson=b'])).toEqual([
      { format: 'json', file: null },
      { format: 'ndjson', file: 'b' },
    ])
  })
  it('do not share a place', () => {
    expect(() => outputsOf(undefined, ['json=-', 'ndjson=-'])).toThrow(
      'two reports cannot both go to the standard output',
    )
    expect(() => outputsOf(undefined, ['json=a', 'ndjson=a'])).toThrow('two reports cannot both go to a')
    expect(() => outputsOf(undefined, ['xml=a'])).toThrow('unknown format "xml"')
    expect(() => outputsOf(undefined, ['json='])).toThrow('names no file')
  })
})

describe('the terminal', () => {
  const tty = { isTTY: true, columns: 100 }
  it('has colour where it is a terminal and nothing speaks against it', () => {
    expect(hasColour(tty, { TERM: 'xterm' })).toBe(true)
    expect(hasColour({}, { TERM: 'xterm' })).toBe(false)
    expect(hasColour(tty, { TERM: 'dumb' })).toBe(false)
    expect(hasColour(tty, { NO_COLOR: '1' })).toBe(false)
    expect(hasColour(tty, { NO_COLOR: '' })).toBe(true)
    expect(hasColour({}, { FORCE_COLOR: '1' })).toBe(true)
    expect(hasColour(tty, { FORCE_COLOR: '0' })).toBe(false)
    expect(hasColour(tty, { FORCE_COLOR: '1' }, false)).toBe(false)
  })
  it('has Unicode where its locale says so', () => {
    expect(hasUnicode({ LANG: 'de_DE.UTF-8' })).toBe(true)
    expect(hasUnicode({ LANG: 'C.utf8', TERM: 'xterm' })).toBe(true)
    expect(hasUnicode({ LANG: 'en_US.UTF-8', LC_ALL: 'C' })).toBe(false)
    expect(hasUnicode({ LANG: 'en_US.UTF-8', TERM: 'linux' })).toBe(false)
    expect(hasUnicode({})).toBe(false)
  })
  it('has a width within reason', () => {
    expect(widthOf(tty, {})).toBe(100)
    expect(widthOf({ columns: 300 }, {})).toBe(120)
    expect(widthOf({ columns: 5 }, {})).toBe(40)
    expect(widthOf({}, { COLUMNS: '90' })).toBe(90)
    expect(widthOf({}, { COLUMNS: 'wide' })).toBe(80)
  })
  it('is drawn on only where somebody looks', () => {
    expect(isInteractive(tty, { TERM: 'xterm' })).toBe(true)
    expect(isInteractive(tty, { TERM: 'xterm', CI: 'true' })).toBe(false)
    expect(isInteractive(tty, { TERM: 'dumb' })).toBe(false)
    expect(isInteractive({}, {})).toBe(false)
  })
})

it('exit statuses', () => {
  expect(exitCodeOf(healthy, 'fail')).toBe(0)
  expect(exitCodeOf(oneCause, 'fail')).toBe(1)
  expect(exitCodeOf(manyFailures, 'warn')).toBe(1)
  expect(exitCodeOf(ordinaryUser, 'fail')).toBe(3)
  const warned = { ...healthy, summary: { ...healthy.summary, warn: 1 } }
  expect(exitCodeOf(warned, 'fail')).toBe(0)
  expect(exitCodeOf(warned, 'warn')).toBe(1)
})
