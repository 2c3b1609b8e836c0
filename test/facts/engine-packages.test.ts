import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  enginePackages,
  parseApk,
  parseDpkgStatus,
  parseList,
  parsePacman,
} from '../../src/facts/engine-packages.ts'
import { missing } from '../../src/model/reading.ts'
import { valueOn } from './fact.ts'

/** As dpkg-query prints it on Debian 12. */
const LIST = `ii \tcontainerd\t1.6.20~ds1-1+deb12u3\nun \tdocker-ce\t\nrc \tdocker-compose\t1.29.2-3\nii \tdocker.io\t20.10.24+dfsg1-1+deb12u1+b6\n`
const STATUS = `Package: docker.io
Status: install ok installed
Priority: optional
Version: 20.10.24+dfsg1-1+deb12u1
Description: Linux container runtime
 Package: not a field

Package: docker-ce
Status: deinstall ok config-files
Version: 5:26.1.4-1~debian.12~bookworm

Package: bash
Status: install ok installed
Version: 5.2
`

it('reads what dpkg-query prints', () =>
  expect(Object.fromEntries(parseList(LIST, true))).toEqual({
    containerd: '1.6.20~ds1-1+deb12u3',
    'docker.io': '20.10.24+dfsg1-1+deb12u1+b6',
  }))
it('reads what rpm prints', () =>
  expect(
    Object.fromEntries(parseList('docker-ce\t26.1.4-1.el9\npodman-docker\t4.9.4-1.el9\n', false)),
  ).toEqual({
    'docker-ce': '26.1.4-1.el9',
    'podman-docker': '4.9.4-1.el9',
  }))
it("reads dpkg's database", () =>
  expect(Object.fromEntries(parseDpkgStatus(STATUS))).toEqual({ 'docker.io': '20.10.24+dfsg1-1+deb12u1' }))
it("reads apk's database", () =>
  expect(
    Object.fromEntries(parseApk('C:Q1\nP:docker-engine\nV:28.3.3-r1\nA:x86_64\n\nP:musl\nV:1.2\n')),
  ).toEqual({
    'docker-engine': '28.3.3-r1',
  }))
it("reads pacman's database", () =>
  expect(
    Object.fromEntries(
      parsePacman(['docker-1:27.3.1-1/', 'docker-compose-2.30-1/', 'bash-5.2-1/', 'ALPM_DB_VERSION']),
    ),
  ).toEqual({
    docker: '1:27.3.1-1',
    'docker-compose': '2.30-1',
  }))
const PROGRAM = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const

it("falls back on dpkg's database where it cannot be asked", async () => {
  const packages = await valueOn(enginePackages, {
    'stat **': null,
    'stat /usr/sbin/dockerd': PROGRAM,
    'stat /usr/bin/apt-get': PROGRAM,
    '$ dpkg-query**': missing('absent', 'is not installed'),
    '/var/lib/dpkg/status': STATUS,
  })
  expect([...packages.keys()]).toEqual(['docker.io'])
})
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          'ii ',
          '\t',
          'docker',
          '\n',
          'P:',
          'V:',
          'Package: ',
          'Status: ',
          ' installed',
          '-',
          '1',
        ),
      }),
      (text) => {
        for (const parse of [
          parseApk,
          parseDpkgStatus,
          (all: string) => parseList(all, true),
          (all: string) => parseList(all, false),
        ])
          for (const name of parse(text).keys()) expect(name).toMatch(/^docker/)
        expect(parsePacman(text.split('\n')).size).toBeLessThan(1_000)
      },
    ),
    { numRuns: 10_000 },
  ))
