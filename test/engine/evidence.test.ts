import { describe, expect, it } from 'vitest'
import { evidenceFor } from '../../src/engine/evidence.ts'
import { missing, ok, type Reading } from '../../src/model/reading.ts'

const readings = new Map<string, Reading>([
  ['/etc/hosts', ok('127.0.0.1 localhost\n::1 ip6-localhost\nsome more of it, so that it is not short\n')],
  [
    '/etc/sysctl.conf',
    ok('# hardening, by the security team and its many remarks\nnet.ipv4.ip_forward = 0\n'),
  ],
  ['/etc/gone', missing('absent', 'does not exist')],
  ['/etc/shadow', missing('denied', 'permission denied')],
  ['/proc/sys/net/ipv4/ip_forward', ok('0\n')],
])
const all = [...readings.keys()]

describe('evidence', () => {
  it('shows the lines that name what the finding names, then what could not be read, then short values', () => {
    const shown = evidenceFor(all, readings, { key: 'net.ipv4.ip_forward' })
    expect(shown).toEqual([
      { source: '/etc/sysctl.conf', state: 'ok', excerpt: 'net.ipv4.ip_forward = 0' },
      { source: '/etc/shadow', state: 'denied', excerpt: 'permission denied' },
      { source: '/proc/sys/net/ipv4/ip_forward', state: 'ok', excerpt: '0' },
    ])
  })
  it('takes no name for a part of another one', () => {
    const groups = new Map([
      ['/etc/group', ok('docker-registry:x:105:\ndockerx:x:107:\ndocker:x:106:tester\n')],
    ])
    expect(evidenceFor(['/etc/group'], groups, { group: 'docker' })[0]?.excerpt).toBe('docker:x:106:tester')
    const hosts = new Map([['/etc/hosts', ok('10.0.0.10 b\n110.0.0.1 c\n10.0.0.1:80 a\n')]])
    expect(evidenceFor(['/etc/hosts'], hosts, { address: '10.0.0.1' })[0]?.excerpt).toBe('10.0.0.1:80 a')
  })
  it('shows what an answer of the engine says in quotes', () => {
    const error = `${'unable to start container process: '.repeat(4)}exec: "bash": not found`
    const body = JSON.stringify({
      Name: '/app',
      Config: 'x'.repeat(300),
      Error: error,
      More: 'y'.repeat(300),
    })
    const source = 'GET unix:///var/run/docker.sock /containers/1/json'
    const answers = new Map([[source, ok({ status: 200, headers: {}, body })]])
    const [shown] = evidenceFor([source], answers, { name: 'app', error })
    expect(shown?.excerpt).toContain('exec: \\"bash\\": not found')
  })
  it('shows the very line of a file that the finding names', () => {
    const shown = evidenceFor(all, readings, { file: '/etc/sysctl.conf', line: 2 })
    expect(shown[0]).toEqual({ source: '/etc/sysctl.conf', state: 'ok', excerpt: 'net.ipv4.ip_forward = 0' })
  })
  it('shows the metadata of what the finding names in words', () => {
    const meta = {
      type: 'socket',
      mode: 0o666,
      uid: 0,
      gid: 998,
      size: 0,
      mtimeMs: 0,
      ino: 1,
      dev: 1,
    } as const
    const shown = evidenceFor(['stat /run/x.sock'], new Map([['stat /run/x.sock', ok(meta)]]), {
      path: '/run/x.sock',
    })
    expect(shown[0]?.excerpt).toBe('socket, mode 0666, uid 0, gid 998')
  })
  it('shows that what the finding names is not there', () => {
    expect(evidenceFor(all, readings, { file: '/etc/gone' })[0]).toEqual({
      source: '/etc/gone',
      state: 'absent',
      excerpt: 'does not exist',
    })
  })
  it('falls back on whatever was read', () => {
    expect(
      evidenceFor(['/etc/hosts', '/etc/gone'], readings, { what: 'nothing' }).map(({ state }) => state),
    ).toEqual(['ok', 'absent'])
  })
  it('cuts long lines', () => {
    const long = new Map([['/x', ok('a'.repeat(500))]])
    expect(evidenceFor(['/x'], long, {})[0]?.excerpt).toHaveLength(200)
  })
  it('cuts them where what is named can be seen', () => {
    const long = new Map([['/info', ok(`{"${'a'.repeat(500)}":1,"Name":"web"${',"b":2'.repeat(90)}}`)]])
    const excerpt = evidenceFor(['/info'], long, { name: 'web' })[0]?.excerpt
    expect(excerpt).toHaveLength(200)
    expect(excerpt).toMatch(/^…a+":1,"Name":"web","b":2.*…$/)
  })
  it('shows first what a probe of the named found', () => {
    const probe = 'probe tcp://10.77.0.1:8080 inside 4711'
    const answer = {
      ok: false,
      stage: 'tcp',
      code: 'EHOSTUNREACH',
      message: 'No route to host',
      timings: {},
    } as const
    const both = new Map<string, Reading>([
      ['/etc/resolv.conf', ok('nameserver 10.77.0.1:8080\n')],
      [probe, ok(answer)],
    ])
    expect(evidenceFor(both.keys(), both, { target: '10.77.0.1:8080' })[0]).toEqual({
      source: probe,
      state: 'ok',
      excerpt: 'tcp: No route to host (EHOSTUNREACH)',
    })
  })
})
