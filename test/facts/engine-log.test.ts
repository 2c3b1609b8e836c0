import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { databaseError, meaningOf, startError } from '../../src/facts/engine-log.ts'

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

describe('under systemd, whose own words come last', () => {
  const starting = 'Starting docker.service - Docker Application Container Engine...\n'
  const ended = `docker.service: Main process exited, code=exited, status=1/FAILURE
docker.service: Failed with result 'exit-code'.
Failed to start docker.service - Docker Application Container Engine.
docker.service: Scheduled restart job, restart counter is at 3.
Stopped docker.service - Docker Application Container Engine.
docker.service: Start request repeated too quickly.
docker.service: Failed with result 'exit-code'.
Failed to start docker.service - Docker Application Container Engine.
`
  const began = `${starting}${logrus('info', 'msg="Starting up"')}\n`
  const older = `${began}failed to start daemon: something else\n${ended}`
  it.each([
    'failed to start daemon: Error loading key file /etc/docker/key.json: unable to decode private key JWK',
    'failed to create API server: Could not load X509 key pair (cert: "", key: ""): open : no such file or directory',
    'chmod /var/lib/docker: read-only file system',
  ])('repeats what the engine said before: %j', (line) =>
    expect(startError(`${older}${began}${line}\n${ended}`)).toBe(line),
  )
  it('knows of nothing else than its words', () =>
    expect(startError(`${older}${starting}${ended}`)).toMatch(/^Failed to start docker\.service/))
  it('repeats what the start before said, while another one goes on', () => {
    expect(startError(`${older}${starting}`)).toContain('something else')
    expect(startError(`${older}${began}${logrus('info', 'msg="Loading containers: start."')}\n`)).toContain(
      'something else',
    )
  })
  it('tells a start that took too long', () =>
    expect(
      startError(
        `${began}docker.service: start operation timed out. Terminating.\nFailed to start Docker Application Container Engine.\n`,
      ),
    ).toMatch(/timed out/))
  it('finds nothing wrong in a start that someone stopped, nor in one that was killed', () => {
    expect(
      startError(
        `${began}${logrus('info', 'msg="Processing signal"')}\nStopped docker.service - Docker Application Container Engine.\n`,
      ),
    ).toBeNull()
    expect(
      startError(`${healthy}docker.service: Main process exited, code=killed, status=9/KILL\n`),
    ).toBeNull()
  })
})
it('hears the bare error that ends a log, of a start that did not succeed', () => {
  const starting = `${logrus('info', 'msg="Starting up"')}\n`
  const line = 'chmod /var/lib/docker: read-only file system'
  expect(startError(`${starting}${line}\n`)).toBe(line)
  expect(
    startError(`${healthy}2026/11/22 01:00:00 http: TLS handshake error from 10.0.0.9:2: EOF\n`),
  ).toBeNull()
})
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

describe('a database that stopped the start', () => {
  // As Docker 20.10 said it of databases that were damaged for the purpose.
  it.each([
    ['panic: invalid page type: 0: 4\n\ngoroutine 34 [running]:', 'panic: invalid page type: 0: 4'],
    [
      'failed to start daemon: error while opening volume store metadata database: invalid database',
      'error while opening volume store metadata database: invalid database',
    ],
    [
      'panic: invalid freelist page: 13651054856908329182, page type is branch',
      'panic: invalid freelist page: 13651054856908329182, page type is branch',
    ],
    [
      'unexpected fault address 0x7f3b1a215008\nfatal error: fault\ngo.etcd.io/bbolt.(*freelist).read(0x1)',
      'unexpected fault address 0x7f3b1a215008',
    ],
  ])('%j', (text, said) => {
    expect(databaseError(`${healthy}${text}\n`)).toContain(said)
    expect(databaseError(`${text}\n${healthy}`), 'of an older start').toBeNull()
  })
  it.each([
    '',
    healthy,
    'panic: runtime error: invalid memory address or nil pointer dereference',
    'unexpected fault address 0x7f3b1a215008\nmain.main()',
    'failed to start daemon: error initializing graphdriver: driver not supported',
  ])('is not to blame for %j', (text) => expect(databaseError(text)).toBeNull())
})
