import { expect, it } from 'vitest'
import check from '../../../checks/engine/version.ts'
import { BUILT_IN } from '../../../src/data/dataset.ts'
import { clientApi, lineOf } from '../../../src/facts/engine-lines.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { api, captured, host, refusedTo, stopped, tester } from '../engine-host.ts'

const lines = BUILT_IN['engine-lines']

const version = (changes: Record<string, unknown>): Readings => ({
  ...host,
  [api('/version')]: {
    status: 200,
    headers: {},
    body: JSON.stringify({ ...JSON.parse(captured('docker-version.json')), ...changes }),
  },
})
const dockers = { Platform: { Name: 'Docker Engine - Community' } }
const pin = (value: string): Readings => ({
  'env DOCKER_API_VERSION': value,
  '/etc/environment': `DOCKER_API_VERSION=${value}\n`,
})
const unset = { after: { 'env DOCKER_API_VERSION': null } }

testCheck(check, {
  "a distribution's build of an old line": passes(host),
  "Docker's build of a maintained line": passes(version({ ...dockers, Version: '29.7.2' })),
  "Docker's build of a line that ended": finds('ended', version({ ...dockers, Version: '27.5.1' }), {
    says: /of 27 on 2025-05-03/,
  }),
  "Docker's build of a line newer than is known": passes(version({ ...dockers, Version: '31.0.0' })),
  'on the last day': passes({ ...version({ ...dockers, Version: '28.5.2' }), clock: '2026-05-13T09:00:00Z' }),
  'pinned too new': finds(
    'pinned',
    { ...host, ...pin('1.52') },
    { ...unset, says: /1\.52, and this engine speaks 1\.12 to 1\.41/ },
  ),
  'pinned too old': finds(
    'pinned',
    {
      ...version({ ApiVersion: '1.52', MinAPIVersion: '1.44' }),
      ...pin('1.43'),
      '$ docker --version': 'Docker version 29.0.0, build x',
    },
    unset,
  ),
  'pinned to no version': finds('notAVersion', { ...host, ...pin('latest') }, unset),
  'pinned, and it fits': passes({ ...host, ...pin('1.40') }),
  'pinned for another engine': passes({ ...host, ...pin('1.52'), 'env DOCKER_HOST': 'ssh://build' }),
  'a client that is too old': finds('clientTooOld', version({ ApiVersion: '1.52', MinAPIVersion: '1.44' }), {
    says: /1\.41 at most/,
  }),
  "Docker's own client, too old": finds(
    'clientTooOld',
    {
      ...version({ ApiVersion: '1.52', MinAPIVersion: '1.44' }),
      '$ dpkg-query**': { stdout: 'ii \tdocker-ce-cli\t5:20.10.24\n', stderr: '', exit: 0 },
    },
    { after: { '$ docker --version': 'Docker version 29.0.1, build eedd969\n' } },
  ),
  "stopped, Docker's package of a line that ended": finds('ended', {
    ...stopped,
    '$ dockerd --version': 'Docker version 20.10.27, build 81ebe71\n',
    '$ dpkg-query**': { stdout: 'ii \tdocker-ce\t5:20.10.27\n', stderr: '', exit: 0 },
  }),
  'not installed': skips({ ...stopped, '$ dockerd --version': null }),
  'refused to this user': unknown(refusedTo(tester)),
  'nothing recorded': unknown({}),
})

it.each([
  ['20.10.24+dfsg1', '1.41'],
  ['29.4.0', '1.54'],
  ['1.10.3', null],
  ['garbage', null],
])('knows the API of client %s', (client, level) => expect(clientApi(client, lines)).toBe(level))
it('knows lines', () =>
  expect([lineOf('26.1.5', lines)?.line, lineOf('26.0.2', lines)?.line, lineOf('2.0', lines)?.line]).toEqual([
    '26.1',
    '26.0',
    undefined,
  ]))
