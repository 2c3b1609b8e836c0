import { describe, expect, it } from 'vitest'
import { expectContainer, meantIn } from '../../src/diagnose/meant.ts'
import type { Container } from '../../src/facts/engine.ts'
import { memoryHost, type Readings } from '../../src/hosts/memory.ts'
import { web } from '../checks/container/web.ts'

const container = (name: string, publicPort: number | null, address: string): Container => ({
  id: '0123456789abcdef',
  name,
  image: 'bb:1',
  command: 'httpd',
  state: 'running',
  status: 'Up 2 minutes',
  createdMs: 0,
  ports: [{ ip: '0.0.0.0', publicPort, privatePort: 80, protocol: 'tcp' }],
  networkMode: 'default',
  addresses: new Map([['bridge', address]]),
  mounts: [],
  binds: [],
  labels: {},
})
const ALL = [
  container('web', 8081, '172.17.0.2'),
  container('db', 5432, '172.17.0.3'),
  container('app', null, ''),
  container('names', 53, '172.17.0.4'),
]
const meant = (text: string) => meantIn(text, ALL)?.name ?? null

describe('the container that a text means', () => {
  it.each([
    ['docker exec -it web sh', 'web'],
    ['docker logs --tail 5 db 2>&1', 'db'],
    ['Error response from daemon: container "app" is not running', 'app'],
    ['0123456789ab   bb:1   "httpd"   2 minutes ago   Exited (3)   app', 'app'],
    ['curl: (56) Recv failure: http://192.168.1.5:8081/', 'web'],
    ['localhost:5432 - no response', 'db'],
    ['the port 8081 does not answer', 'web'],
    ['浏览器访问端口 8081 超时', 'web'],
    ['ping 172.17.0.3 works', 'db'],
    ['docker logs web; curl localhost:5432', 'web'],
    ['dial tcp 192.168.1.10:53: i/o timeout', 'names'],
  ])('%s: %s', (text, name) => {
    expect(meant(text)).toBe(name)
  })
  it.each([
    'my app cannot reach the web',
    'curl localhost:9999',
    'docker exec web ping db',
    'localhost:8081 and localhost:5432 time out',
    'Jan 12 10:53:07 host dockerd: time="2026-01-12T10:53:07Z" level=error',
    '',
  ])('is nobody’s guess: %s', (text) => {
    expect(meant(text)).toBeNull()
  })
})

describe('a container that the user names', () => {
  const named = (container: string, readings: Readings) =>
    expectContainer(memoryHost(readings), {
      checks: [],
      host: null,
      settings: { profile: 'docker', container },
      offline: true,
      timeoutS: 10,
      version: '0',
    })
  it('and the engine does not know is an error, with the names that it has', () =>
    expect(named('nosuch', web)).rejects.toMatchObject({ asked: 'nosuch', known: ['hostnet', 'web'] }))
  it('may be known by its name', () => expect(named('web', web)).resolves.toBeUndefined())
  it('is taken as it is where no engine answers', () => expect(named('nosuch', {})).resolves.toBeUndefined())
})
