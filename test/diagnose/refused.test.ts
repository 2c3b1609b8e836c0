import { describe, expect, it } from 'vitest'
import { refusedIn } from '../../src/diagnose/refused.ts'

const ports = (text: string) =>
  refusedIn(text).ports.map(({ protocol, port, address }) => `${address || '*'}:${port}/${protocol}`)

describe('the port that a text says was refused', () => {
  it.each([
    ['Bind for 0.0.0.0:8081 failed: port is already allocated', ['*:8081/tcp', '*:8081/udp']],
    ['Bind for :::8081 failed: port is already allocated', ['*:8081/tcp', '*:8081/udp']],
    ['listen tcp4 0.0.0.0:8088: bind: address already in use', ['*:8088/tcp']],
    ['listen tcp 127.0.0.1:53:\n  bind: address already in use', ['127.0.0.1:53/tcp']],
    ['listen udp [::1]:53: bind: address already in use', ['::1:53/udp']],
    ['failed to bind host port 10.0.0.2:80:172.17.0.2:80/tcp: address already in use', ['10.0.0.2:80/tcp']],
    ['failed to bind host port [::]:53/udp: address already in use', ['*:53/udp']],
    [
      'Ports are not available: exposing port TCP 0.0.0.0:80 -> 0.0.0.0:0: listen tcp 0.0.0.0:80: bind: address already in use',
      ['*:80/tcp'],
    ],
    ['listen tcp :8080: bind: address already in use', []],
    ['listen tcp4 10.9.9.9:80: bind: cannot assign requested address', []],
    ['the port 8080 is already in use', []],
  ])('%s', (text, wishes) => {
    expect(ports(text)).toEqual(wishes)
  })
})

it.each([
  ["docker: 'compose' is not a docker command.", ['compose']],
  ["docker: 'buildx' is not a docker command.", ['buildx']],
  ["unknown shorthand flag: 'd' in -d", ['compose']],
  ['docker: unknown command: docker compose', ['compose']],
  ["docker: 'pss' is not a docker command.", []],
])('the plugin: %s', (text, plugins) => {
  expect(refusedIn(text).plugins).toEqual(plugins)
})

it.each([
  ['path / is mounted on / but it is not a shared mount', [{ mountPoint: '/', slaveDoes: false }]],
  [
    'path /x/y is mounted on /x but it is not a shared or slave mount',
    [{ mountPoint: '/x', slaveDoes: true }],
  ],
])('the mount: %s', (text, mounts) => {
  expect(refusedIn(text).mounts).toEqual(mounts)
})

it('the registry, and whether it has TLS', () => {
  const plain = 'Get "https://10.0.0.15:5000/v2/": http: server gave HTTP response to HTTPS client'
  const other = 'Get "https://reg.example/v2/": x509: certificate signed by unknown authority'
  expect(refusedIn(`${plain}\n${other}`).registries).toEqual({
    plain: ['10.0.0.15:5000'],
    others: ['reg.example'],
  })
})
