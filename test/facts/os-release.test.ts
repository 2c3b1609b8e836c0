import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { osRelease, parseOsRelease, parseRedhatRelease } from '../../src/facts/os-release.ts'
import { fixture } from '../net/fixture.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'
import { valueOn } from './fact.ts'

const OPENEULER =
  'NAME="openEuler"\nVERSION="24.03 (LTS-SP2)"\nID="openEuler"\nVERSION_ID="24.03"\nPRETTY_NAME="openEuler 24.03 (LTS-SP2)"\nANSI_COLOR="0;31"\n'
const TUMBLEWEED =
  'NAME="openSUSE Tumbleweed"\n# VERSION="20240823"\nID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\nVERSION_ID="20240823"\nPRETTY_NAME="openSUSE Tumbleweed"\n#CPE_NAME="cpe:/o:opensuse:tumbleweed:20240823"\n'
const MINT =
  'NAME="Linux Mint"\nVERSION="22 (Wilma)"\nID=linuxmint\nID_LIKE="ubuntu debian"\nPRETTY_NAME="Linux Mint 22"\nVERSION_ID="22"\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n'

describe('parseOsRelease', () => {
  it('reads Debian', () => {
    const { id, versionId, codename, idLike } = parseOsRelease(
      fixture('debian-12-docker-20.10/os-release.txt'),
    )
    expect({ id, versionId, codename, idLike }).toEqual({
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      idLike: [],
    })
  })

  it('reads openEuler, whose ID has a capital letter', () => {
    expect(parseOsRelease(OPENEULER)).toMatchObject({ id: 'openeuler', versionId: '24.03', codename: '' })
  })

  it('passes over comments', () => {
    const { idLike, variables } = parseOsRelease(TUMBLEWEED)
    expect(idLike).toEqual(['opensuse', 'suse'])
    expect(variables).not.toHaveProperty('CPE_NAME')
  })

  it('reads unquoted, single-quoted and escaped values, and CRLF', () => {
    expect(
      parseOsRelease('ID=alpine\r\nVERSION_ID=\'3.22.1\'\r\nPRETTY_NAME="A \\"B\\" \\$C"\r\n'),
    ).toMatchObject({
      id: 'alpine',
      versionId: '3.22.1',
      prettyName: 'A "B" $C',
    })
  })

  it('takes the code name of Mint, not that of the Ubuntu below', () => {
    expect(parseOsRelease(MINT).codename).toBe('wilma')
  })

  it('calls a file that says nothing linux', () => {
    expect(parseOsRelease('')).toMatchObject({ id: 'linux', versionId: '', prettyName: '' })
    expect(parseOsRelease('ID=""\n').id).toBe('linux')
  })

  it('never throws, and an ID is in lower case', () => {
    hostileRuns(
      fc.property(hostile(MINT), (text) => {
        const { id, variables } = parseOsRelease(text)
        return id === id.toLowerCase() && id !== '' && Object.getPrototypeOf(variables) === Object.prototype
      }),
    )
  })
})

describe('parseRedhatRelease', () => {
  it.each([
    ['CentOS release 6.10 (Final)\n', 'centos', '6.10'],
    ['Red Hat Enterprise Linux Server release 6.5 (Santiago)\n', 'rhel', '6.5'],
    ['Fedora release 12 (Constantine)\n', 'linux', '12'],
    ['', 'linux', ''],
  ])('%j', (text, id, versionId) => {
    expect(parseRedhatRelease(text)).toMatchObject({ id, versionId })
  })
})

describe('osRelease', () => {
  it('falls back to /usr/lib, then to redhat-release, then to null', async () => {
    const none = { '/etc/**': null, '/usr/**': null }
    expect(await valueOn(osRelease, { ...none, '/usr/lib/os-release': 'ID=arch\n' })).toMatchObject({
      id: 'arch',
    })
    expect(
      await valueOn(osRelease, { ...none, '/etc/redhat-release': 'CentOS release 6.9 (Final)\n' }),
    ).toMatchObject({ versionId: '6.9' })
    expect(await valueOn(osRelease, none)).toBeNull()
  })
})
