import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { meaningOf, startError } from '../../src/facts/engine-log.ts'

const healthy = readFileSync(
  new URL('../fixtures/debian-12-docker-20.10/docker.log', import.meta.url),
  'utf8',
)
const logrus = (level: string, rest: string): string => `time="2026-11-21T01:54:05.4Z" level=${level} ${rest}`

it('finds nothing wrong in a healthy log', () => expect(startError(healthy)).toBeNull())

it.each([
  'unable to configure the Docker daemon with file /etc/docker/daemon.json: EOF',
  'failed to start daemon: Error initializing network controller: invalid CIDR address: 172.26.0.1',
  'failed to start containerd: timeout waiting for containerd to start',
  'failed to create API server: Could not load X509 key pair (cert: "/etc/docker/cert.pem")',
  `can't create unix socket /var/run/docker.sock: is a directory`,
  'unknown flag: --disable-legacy-registry',
  "failed to start daemon: Devices cgroup isn't mounted",
  'docker.service: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services.',
  'panic: page 26 already freed',
])('repeats %j', (line) => {
  expect(startError(`${healthy}${line}\n`)).toBe(line)
  expect(startError(`${line}\n${healthy}`), 'of an older start').toBeNull()
})

it('reads what was logged as fatal', () =>
  expect(
    startError(logrus('fatal', 'msg="no sockets found via socket \\"activation\\"" error="make sure"')),
  ).toBe('no sockets found via socket "activation": make sure'))
it('passes over errors that stopped nothing', () =>
  expect(
    startError(
      logrus('error', 'msg="containerd did not exit successfully" error="signal: segmentation fault"'),
    ),
  ).toBeNull())
it('takes the last of several starts', () =>
  expect(
    startError('failed to start daemon: a\nfailed to start daemon: b\ndocker.service: Failed with result.'),
  ).toBe('failed to start daemon: b'))
it('knows what some of them mean', () => {
  expect(meaningOf('unknown flag: --graph')).toMatch(/no such flag/)
  expect(meaningOf('something else')).toBeNull()
})
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('level=fatal msg="', '\\', '"', '\n', 'panic: ', 'unknown flag: ', 'x'),
      }),
      (log) => {
        const said = startError(log)
        if (said !== null) expect(said).not.toContain('\n')
      },
    ),
    { numRuns: 10_000 },
  ))
