import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listedOptions } from '../../src/kernel-config/options.ts'
import { optionState, parseKernelConfig } from '../../src/kernel-config/parse.ts'

const stateOf = (text: string, name = 'VETH') => optionState(parseKernelConfig(text), name)

describe('the state of an option', () => {
  it.each([
    ['CONFIG_VETH=y', 'builtin'],
    ['CONFIG_VETH=m', 'module'],
    ['CONFIG_VETH=y\r\n', 'builtin'],
    ['# CONFIG_VETH is not set', 'missing'],
    ['CONFIG_VETH=n', 'missing'],
    ['CONFIG_VETH=1', 'missing'],
    ['CONFIG_VETH="y"', 'missing'],
    ['CONFIG_VETH =y', 'missing'],
    ['CONFIG_VETH_X=y', 'missing'],
    ['CONFIG_X_VETH=y', 'missing'],
    ['config_veth=y', 'missing'],
    ['', 'missing'],
  ])('%j is %s', (text, state) => {
    expect(stateOf(text)).toBe(state)
  })

  it.each([
    ['# CONFIG_VETH=y', 'builtin', 'even in a comment'],
    ['XCONFIG_VETH=m', 'module', 'even within another word'],
    ['CONFIG_X_CONFIG_VETH=m', 'module', 'even at the end of another name'],
    ['CONFIG_CMDLINE="CONFIG_VETH=m"', 'module', 'even within a string'],
    ['CONFIG_VETH=yes', 'builtin', 'whatever follows'],
    ['CONFIG_VETH=m\nCONFIG_VETH=y', 'builtin', 'built in wins'],
    ['CONFIG_VETH=y\nCONFIG_VETH=m', 'builtin', 'built in wins, in either order'],
  ])('%j is %s as for check-config.sh: %s', (text, state) => {
    expect(stateOf(text)).toBe(state)
  })
})

describe('the release in the header', () => {
  it.each([
    ['# Linux/x86_64 5.10.0-8-amd64 Kernel Configuration', '5.10.0-8-amd64'],
    ['# Linux/x86 6.18.44 Kernel Configuration', '6.18.44'],
    ['# Linux/arm64 6.19.0-rc3 Kernel Configuration\r', '6.19.0-rc3'],
    ['# Linux/x86_64 3.10.0-693.el7.x86_64 Kernel Configuration', '3.10.0-693.el7.x86_64'],
    ['# User Mode Linux/x86 6.1.0 Kernel Configuration', '6.1.0'],
    ['# Linux kernel version: 2.6.32', '2.6.32'],
    ['# Linux kernel version: 2.6.32-13-generic', '2.6.32-13-generic'],
  ])('%j is %s', (line, release) => {
    const text = `#\n# Automatically generated file; DO NOT EDIT.\n${line}\n#\nCONFIG_64BIT=y\n`
    expect(parseKernelConfig(text).release).toBe(release)
  })

  it('is absent from a defconfig', () => {
    expect(parseKernelConfig('CONFIG_VETH=y\n').release).toBeUndefined()
  })

  it('is not taken from far below the header', () => {
    const text = `${'CONFIG_A=y\n'.repeat(1000)}# Linux/x86 5.4.0 Kernel Configuration\n`
    expect(parseKernelConfig(text).release).toBeUndefined()
  })
})

describe('hostile input', () => {
  const names = listedOptions.map(({ name }) => name)
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    fc.constantFrom(
      'CONFIG_',
      '=',
      'y',
      'm',
      '\n',
      '# ',
      ' is not set',
      '"',
      '\0',
      '\r',
      '_',
      '=y',
      '=m\n',
      '1.2',
    ),
    fc.constantFrom('# Linux/x86 ', '5.4', ' Kernel Configuration\n', '\u2028', '\u00ff'),
  )

  it('never makes the parser throw, and it agrees with a plain search', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        for (const name of names.filter((each) => text.includes(each))) {
          const built = text.includes(`CONFIG_${name}=y`)
          const module = text.includes(`CONFIG_${name}=m`)
          expect(stateOf(text, name)).toBe(built ? 'builtin' : module ? 'module' : 'missing')
        }
      }),
      { numRuns: 5_000 },
    )
  })

  it('of arbitrary bytes never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseKernelConfig(Buffer.from(bytes).toString('latin1'))
      }),
      { numRuns: 10_000 },
    )
  })

  it.each([
    ['one endless name', 'CONFIG_'.repeat(300_000)],
    ['one endless name with a value', `${'CONFIG_'.repeat(300_000)}=y`],
    ['equals signs alone', '=y'.repeat(1_000_000)],
    ['an endless header', `# ${'1.'.repeat(1_000_000)} Kernel Configuration`],
    ['a header of digits', `# x ${'1'.repeat(4000)}.${'1'.repeat(4000)} Kernel`],
  ])('takes time in proportion to its size: %s', (_, text) => {
    const start = performance.now()
    parseKernelConfig(text)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
