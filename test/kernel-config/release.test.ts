import { describe, expect, it } from 'vitest'
import { inRange, parseRelease, requireRelease } from '../../src/kernel-config/release.ts'

describe('a kernel release', () => {
  it.each([
    ['2.6.32', [2, 6, 32]],
    ['2.6.32-754.el6.x86_64', [2, 6, 32]],
    ['3.10.0-1160.el7.x86_64', [3, 10, 0]],
    ['3.13-1-amd64', [3, 13, 0]],
    ['4.19.90-2003.4.0.0036.oe1.aarch64', [4, 19, 90]],
    ['5.10.0-8-amd64', [5, 10, 0]],
    ['5.10.0-rc1', [5, 10, 0]],
    ['5.15.153.1-microsoft-standard-WSL2', [5, 15, 153]],
    ['5.4.0-1045+', [5, 4, 0]],
    ['6.1.0-rpi7-rpi-v8', [6, 1, 0]],
    ['6.19-rc1', [6, 19, 0]],
    ['6.19-rc1-amd64', [6, 19, 0]],
    ['7.0.0', [7, 0, 0]],
  ])('%s is version %j', (release, version) => {
    expect(parseRelease(release)).toEqual(version)
  })

  it.each([
    '',
    '6',
    'abc',
    'v6.1',
    '6.',
    '.6',
    '6.x',
    ' 6.1',
    '6.1\n',
    '6.1 #1 SMP',
    '6.1\u001b[31m',
    '99999.1',
    '6.1' + 'x'.repeat(300),
  ])('%j is none', (text) => {
    expect(parseRelease(text)).toBeUndefined()
  })

  it('that is malformed is refused with an example, on one printable line', () => {
    expect(() => requireRelease('six\n\u001b[31m')).toThrow(
      'not a kernel release: "six??[31m" (expected the form of uname -r, such as 5.10.0-8-amd64)',
    )
  })
})

describe('a version range', () => {
  it('includes its start and excludes its end', () => {
    const range = { since: [4, 15], before: [5, 2] } as const
    expect(inRange([4, 14, 336], range)).toBe(false)
    expect(inRange([4, 15, 0], range)).toBe(true)
    expect(inRange([5, 1, 21], range)).toBe(true)
    expect(inRange([5, 2, 0], range)).toBe(false)
  })

  it('may end at a patch level: 2.6.35', () => {
    expect(inRange([2, 6, 34], { before: [2, 6, 35] })).toBe(true)
    expect(inRange([2, 6, 35], { before: [2, 6, 35] })).toBe(false)
  })
})
