import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageDeeds, parsePackages } from '../../../src/fix/apply/packages.ts'
import { toShell } from '../../../src/fix/shell.ts'
import { fix, installPackages, removePackages } from '../../../src/model/fix.ts'

const versions = (output: string): Record<string, string> =>
  Object.fromEntries([...parsePackages(output)].map(([name, { version }]) => [name, version]))

describe('what is installed', () => {
  it.each([
    [
      'dpkg-query, without what is gone but for its configuration',
      'adduser 3.134 installed\nlibc6 2.36-9+deb12u13 installed\ncron 3.0pl1-162 config-files\nnever  not-installed\n',
      { adduser: '3.134', libc6: '2.36-9+deb12u13' },
    ],
    [
      'rpm, without the keys of its repositories',
      'bash 4.2.46-35.el7_9\ngpg-pubkey 621e9f35-58adea78\ncontainerd.io 1.6.33-3.1.el7\n',
      { bash: '4.2.46-35.el7_9', 'containerd.io': '1.6.33-3.1.el7' },
    ],
    ['apk', 'musl-1.2.5-r0\nlibcrypto3-3.3.2-r4\n', { musl: '1.2.5-r0', libcrypto3: '3.3.2-r4' }],
    ['pacman', 'acl 2.3.2-1\nlinux-lts 6.6.63-1\n', { acl: '2.3.2-1', 'linux-lts': '6.6.63-1' }],
    ['nothing', '', {}],
  ])('is read from %s', (_, text, packages) => {
    expect(versions(text)).toEqual(packages)
  })
  it('is not whole where dpkg broke off', () => {
    const packages = parsePackages('a 1 half-configured\nb 1 unpacked\nc 1 triggers-pending\nd 1 installed\n')
    expect([...packages].map(([name, { isWhole }]) => [name, isWhole])).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
      ['d', true],
    ])
  })
})

it.runIf(existsSync('/usr/bin/dpkg-query'))('installs nothing that is there', async () => {
  expect(await packageDeeds(installPackages('apt', 'dpkg'))).toEqual([])
})

it.runIf(existsSync('/usr/bin/dpkg-query'))(
  'removes packages by the command that the plan shows',
  async () => {
    const step = removePackages('apt', 'dpkg', 'no-such-package')
    const [prepared] = await packageDeeds(step)
    expect(prepared?.deed).toMatchObject({ argv: ['apt-get', 'remove', '-y', 'dpkg'] })
    expect(toShell(fix('', step))).toBe('apt-get remove -y dpkg no-such-package')
  },
)
