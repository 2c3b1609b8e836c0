import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRepositories } from '../../src/facts/package-repositories.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'

/** As https://docs.docker.com/engine/install/debian/ has it written, before and since deb822. */
const LIST =
  '# docker\ndeb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian   bookworm stable\ndeb-src https://download.docker.com/linux/debian bookworm stable\n'
const SOURCES = `Types: deb
URIs: https://download.docker.com/linux/debian
Suites: bookworm
Components: stable
Architectures: amd64
Signed-By: /etc/apt/keyrings/docker.asc

Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates
Enabled: no
`
/** https://download.docker.com/linux/centos/docker-ce.repo */
const REPO = `[docker-ce-stable]
name=Docker CE Stable - $basearch
baseurl=https://download.docker.com/linux/centos/$releasever/$basearch/stable
enabled=1
gpgcheck=1
gpgkey=https://download.docker.com/linux/centos/gpg

[docker-ce-stable-debuginfo]
name=Docker CE Stable - Debuginfo $basearch
baseurl=https://download.docker.com/linux/centos/$releasever/debug-$basearch/stable
enabled=0
gpgcheck=1
`
/** openEuler, with a mirror of Huawei's. */
const EULER = `[docker-ce-stable]
baseurl = https://repo.huaweicloud.com/docker-ce/linux/centos/8/x86_64/stable/
enabled = 1
`

describe('parseRepositories', () => {
  it('reads a line of apt', () => {
    expect(parseRepositories('/etc/apt/sources.list.d/docker.list', LIST)).toEqual([
      {
        url: 'https://download.docker.com/linux/debian',
        probeUrl: 'https://download.docker.com/linux/debian/dists/bookworm/InRelease',
        suite: 'bookworm',
        file: '/etc/apt/sources.list.d/docker.list',
        line: LIST.split('\n')[1],
      },
    ])
  })
  it('reads deb822, and passes over what is switched off', () => {
    expect(parseRepositories('/etc/apt/sources.list.d/docker.sources', SOURCES)).toMatchObject([
      { url: 'https://download.docker.com/linux/debian', suite: 'bookworm', line: SOURCES.split('\n')[1] },
    ])
  })
  it('reads a file of yum, up to its variables', () => {
    expect(parseRepositories('/etc/yum.repos.d/docker-ce.repo', REPO)).toMatchObject([
      {
        url: 'https://download.docker.com/linux/centos/$releasever/$basearch/stable',
        probeUrl: 'https://download.docker.com/linux/centos/',
      },
    ])
  })
  it('reads a mirror without variables', () => {
    expect(parseRepositories('/etc/yum.repos.d/docker.repo', EULER)).toMatchObject([
      { probeUrl: 'https://repo.huaweicloud.com/docker-ce/linux/centos/8/x86_64/stable/' },
    ])
  })
  it.each(['a.list', 'a.sources', 'a.repo'])('never throws, as %s', (path) =>
    hostileRuns(
      fc.property(hostile(`${LIST}\n${SOURCES}\n${REPO}`, ['baseurl=', 'URIs:', 'deb ', '$']), (text) => {
        for (const { url } of parseRepositories(path, text)) expect(url).toEqual(expect.any(String))
      }),
    ),
  )
})
