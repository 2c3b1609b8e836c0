import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveInside } from '../../src/hosts/root/resolve.ts'
import { rootHost } from '../../src/hosts/root.ts'
import { InputError } from '../../src/model/errors.ts'
import { clock, command, file, identity, probe, stat, unixHttp } from '../../src/model/source.ts'
import { conformance } from './conformance.ts'

const never = new AbortController().signal

conformance(async ({ folder }) => ({ host: rootHost(folder), at: (name) => `/${name}` }))

describe('links', () => {
  let outside: string
  let root: string
  beforeAll(() => {
    outside = mkdtempSync(join(tmpdir(), 'outside-'))
    root = join(outside, 'root')
    mkdirSync(join(root, 'etc/deep/er'), { recursive: true })
    mkdirSync(join(root, 'usr/lib'), { recursive: true })
    writeFileSync(join(outside, 'secret'), 'outside')
    writeFileSync(join(root, 'secret'), 'inside')
    writeFileSync(join(root, 'usr/lib/os-release'), 'ID=inside')
    const link = (target: string, name: string): void => symlinkSync(target, join(root, name))
    link('../usr/lib/os-release', 'etc/os-release')
    link(join(outside, 'secret'), 'absolute')
    link('../secret', 'up')
    link('../../../../../../../../secret', 'far-up')
    link('..', 'parent')
    link('/', 'slash')
    link('/parent/parent/secret', 'chain')
    link('etc/deep/er', 'er')
    link('/etc', 'usr/etc')
    link('self', 'self')
    link('/proc/self/root', 'proc-root')
    for (let i = 0; i < 50; i++) link(i === 49 ? 'secret' : `many-${i + 1}`, `many-${i}`)
  })
  afterAll(() => rmSync(outside, { recursive: true, force: true }))

  const text = async (path: string): Promise<string> => {
    const reading = await rootHost(root).read(file(path), never)
    return reading.state === 'ok' ? reading.value : reading.state
  }

  it('never lead out', async () => {
    expect(await text('/etc/os-release')).toBe('ID=inside')
    expect(await text('/usr/etc/os-release')).toBe('ID=inside')
    expect(await text('/absolute')).toBe('absent')
    for (const path of ['/up', '/far-up', '/parent/secret', '/slash/secret', '/chain', '/../../secret']) {
      expect(await text(path), path).toBe('inside')
    }
    expect(await text('/slash/slash/parent/slash/secret')).toBe('inside')
    expect(await text('/etc/../../secret')).toBe('inside')
    // `..` of a link is the parent of where it leads to.
    expect(await text('/er/../../os-release')).toBe('ID=inside')
    expect(await text('/proc-root/secret')).toBe('absent')
  })

  it('that never end are told', async () => {
    expect(await text('/self')).toBe('failed')
    expect(await text('/many-0')).toBe('failed')
    expect(await text('/many-10')).toBe('inside')
  })

  it('show where they lead to by the name that the host itself has for it', async () => {
    expect(await rootHost(root).read(stat('/etc/os-release'), never)).toMatchObject({
      value: { realPath: '/usr/lib/os-release' },
    })
    expect(await rootHost(root).read(stat('/parent'), never)).toMatchObject({ value: { realPath: '/' } })
  })

  it('of the folder itself are followed', async () => {
    symlinkSync(root, join(outside, 'alias'))
    expect(await rootHost(join(outside, 'alias')).read(file('/secret'), never)).toMatchObject({
      value: 'inside',
    })
  })

  it('resolve on / as the system does', () => {
    expect(resolveInside('/', '/usr/../tmp/.')).toBe('/tmp')
    expect(resolveInside('/', '/')).toBe('/')
  })
})

describe('what runs', () => {
  let root: string
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'root-'))
    mkdirSync(join(root, 'proc'))
    mkdirSync(join(root, 'var'))
    symlinkSync('/run', join(root, 'var/run'))
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it('is not known of a disk', async () => {
    const sources = [
      file('/proc/sys/net/ipv4/ip_forward'),
      stat('/sys/fs/cgroup'),
      stat('/var/run/docker.sock'),
      command(['true']),
      unixHttp('/run/docker.sock', '/info'),
      probe('tcp://127.0.0.1:1'),
      identity,
      clock,
    ]
    for (const source of sources) {
      expect(await rootHost(root).read(source, never)).toMatchObject({ state: 'notRecorded' })
    }
    expect(await rootHost(root).read(file('/etc/hosts'), never)).toMatchObject({ state: 'absent' })
  })

  it('is known where the system that runs is mounted with it', async () => {
    mkdirSync(join(root, 'proc/sys'), { recursive: true })
    writeFileSync(join(root, 'proc/sys/x'), '1\n')
    expect(await rootHost(root).read(file('/proc/sys/x'), never)).toMatchObject({ state: 'ok', value: '1\n' })
    expect(await rootHost(root).read(file('/proc/sys/y'), never)).toMatchObject({ state: 'absent' })
  })
})

it('refuses what is no folder', () => {
  expect(() => rootHost('/no/such/folder')).toThrow(new InputError('--root /no/such/folder: does not exist'))
  expect(() => rootHost('/etc/hostname')).toThrow(new InputError('--root /etc/hostname: is not a directory'))
})
