import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configuredCommandLine, parseFlags, runningCommandLine } from '../../src/facts/dockerd-flags.ts'
import { dockerdProcess, parseStatus } from '../../src/facts/dockerd-process.ts'
import type { Readings } from '../../src/hosts/memory.ts'
import { factOn, valueOn } from './fact.ts'

const captured = (name: string): string =>
  readFileSync(new URL(`../fixtures/debian-12-docker-20.10/${name}`, import.meta.url), 'utf8')

/** docker-ce 28's unit, as the package ships it. */
const CE_UNIT = `[Unit]
Description=Docker Application Container Engine
Requires=docker.socket

[Service]
Type=notify
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
`
const bare: Readings = {
  '/etc/**': null,
  '/run/**': null,
  '/usr/**': null,
  '/lib/**': null,
  '/var/run/**': null,
}
const unitAt = (path: string, text: string): Readings => ({
  [path]: text,
  [`stat ${path}`]: {
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: text.length,
    mtimeMs: 0,
    ino: 1,
    dev: 1,
  },
})
const systemd: Readings = { ...bare, '/proc/1/comm': 'systemd\n' }

describe('flags', () => {
  it.each([
    ['-H fd:// --containerd=/run/c.sock', { host: 'fd://', containerd: '/run/c.sock' }],
    ['-Htcp://0.0.0.0:2375 -D', { host: 'tcp://0.0.0.0:2375', debug: 'true' }],
    [
      '-H=unix:///x -s overlay2 --tls=false',
      { host: 'unix:///x', 'storage-driver': 'overlay2', tls: 'false' },
    ],
    ['daemon --icc --unknown --iptables=false', { icc: 'true', unknown: 'true', iptables: 'false' }],
    ['--label', { label: 'true' }],
  ])('%s', (line, flags) =>
    expect(Object.fromEntries(parseFlags(line.split(' ')).map(({ name, value }) => [name, value]))).toEqual(
      flags,
    ),
  )

  it('never throws', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('-', 'H', 'a', '=', ' ', '/') })), (words) => {
        expect(parseFlags(words).length).toBeLessThanOrEqual(words.length)
      }),
      { numRuns: 10_000 },
    ))
})

describe('the running command line', () => {
  it('is what the process says', async () => {
    const host = {
      ...bare,
      '/var/run/docker.pid': '3800',
      '/proc/3800/cmdline': captured('dockerd-cmdline.bin'),
    }
    const line = await valueOn(runningCommandLine, host)
    expect(line?.flags).toEqual([{ name: 'pidfile', value: '/var/run/docker.pid' }])
  })
  it('is none where the pid is another program', async () => {
    const host = { ...bare, '/var/run/docker.pid': '77', '/proc/77/cmdline': 'sleep\x00100\x00' }
    expect(await valueOn(runningCommandLine, host)).toBeNull()
  })
  it('is none where the process is gone', async () =>
    expect(
      await valueOn(runningCommandLine, { ...bare, '/var/run/docker.pid': '77\n', '/proc/**': null }),
    ).toBeNull())
  it('is not known where nothing was recorded', async () =>
    expect((await factOn(runningCommandLine, {})).known).toBe(false))
})

describe('the configured command line', () => {
  it("is the packaged unit's", async () => {
    const line = await valueOn(configuredCommandLine, {
      ...systemd,
      ...unitAt('/lib/systemd/system/docker.service', CE_UNIT),
    })
    expect(line?.flags.map(({ name }) => name)).toEqual(['host', 'containerd'])
    expect(line).toMatchObject({ file: '/lib/systemd/system/docker.service', line: 7 })
  })
  it("is a drop-in's, after a reset", async () => {
    const folder = '/etc/systemd/system/docker.service.d'
    const line = await valueOn(configuredCommandLine, {
      ...systemd,
      ...unitAt('/lib/systemd/system/docker.service', CE_UNIT),
      [`${folder}/`]: ['override.conf', 'notes.txt'],
      [`${folder}/override.conf`]: '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --debug\n',
    })
    expect(line?.flags).toEqual([{ name: 'debug', value: 'true' }])
    expect(line?.line).toBe(3)
  })
  it('fills in the variables of environment files', async () => {
    const line = await valueOn(configuredCommandLine, {
      ...systemd,
      ...unitAt(
        '/lib/systemd/system/docker.service',
        '[Service]\nEnvironmentFile=-/etc/default/docker\nEnvironment="A=--icc=false" B=x\nExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS $A $MISSING\n',
      ),
      '/etc/default/docker': `${captured('default-docker.txt')}DOCKER_OPTS="--mtu 1400"\n`,
    })
    expect(line?.words).toEqual(['/usr/sbin/dockerd', '-H', 'fd://', '--mtu', '1400', '--icc=false'])
  })
  it('looks into a shell command', async () => {
    const unit = `[Service]\nExecStart=/bin/sh -c 'exec /usr/bin/dockerd -D'\n`
    const line = await valueOn(configuredCommandLine, {
      ...systemd,
      ...unitAt('/etc/systemd/system/docker.service', unit),
    })
    expect(line?.words).toEqual(['/usr/bin/dockerd', '-D'])
  })
  it("is the init script's options without systemd", async () => {
    const host = {
      ...bare,
      '/proc/1/comm': 'init\n',
      ...unitAt('/lib/systemd/system/docker.service', CE_UNIT),
      '/etc/default/docker': 'DOCKER_OPTS="-H unix:///var/run/docker.sock"\n',
    }
    expect(await valueOn(configuredCommandLine, host)).toMatchObject({ file: '/etc/default/docker', line: 1 })
  })
  it('is none where only comments stand', async () => {
    const host = { ...bare, '/proc/1/comm': 'init\n', '/etc/default/docker': captured('default-docker.txt') }
    expect(await valueOn(configuredCommandLine, host)).toBeNull()
  })
})

describe('the process', () => {
  const host = { ...bare, '/var/run/docker.pid': '3800' }
  it('lives', async () =>
    expect(
      await valueOn(dockerdProcess, { ...host, '/proc/3800/status': captured('dockerd-status.txt') }),
    ).toMatchObject({
      isEngine: true,
      process: { name: 'dockerd', state: 'S', ppid: 1, uid: 0, groups: [0] },
    }))
  it('is gone', async () =>
    expect(await valueOn(dockerdProcess, { ...host, '/proc/**': null })).toMatchObject({
      process: null,
      isEngine: false,
    }))
  it('is not named', async () => expect(await valueOn(dockerdProcess, bare)).toBeNull())
  it('never throws', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('Uid:', 'Gid:', 'Name:', '\t', '1', '\n', 'x', '-') }),
        (text) => {
          const status = parseStatus(text)
          for (const group of status?.groups ?? []) expect(Number.isInteger(group)).toBe(true)
        },
      ),
      { numRuns: 10_000 },
    ))
})
