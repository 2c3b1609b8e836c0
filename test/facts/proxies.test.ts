import { describe, expect, it } from 'vitest'
import { registryOf } from '../../src/facts/image-names.ts'
import { proxyAddress } from '../../src/facts/proxy-address.ts'
import { bypassesProxy } from '../../src/facts/proxy-bypass.ts'

describe('NO_PROXY', () => {
  const bypassed: readonly (readonly [string, string])[] = [
    ['', 'localhost:5000'],
    ['', '127.0.0.1:5000'],
    ['*', 'reg.example'],
    ['example', 'reg.example:5443'],
    ['.example', 'reg.example'],
    ['*.example', 'reg.example'],
    ['REG.example', 'reg.example:5443'],
    ['a, reg.example:5443', 'reg.example:5443'],
    ['reg.example:443', 'reg.example'],
    ['10.9.0.0/16', '10.9.8.7:5000'],
    ['10.9.8.7', '10.9.8.7:5000'],
    ['10.9.8.7:5000', '10.9.8.7:5000'],
  ]
  const proxied: readonly (readonly [string, string])[] = [
    ['', 'reg.example'],
    ['.reg.example', 'reg.example'],
    ['g.example', 'reg.example'],
    ['reg.example:5000', 'reg.example:5443'],
    ['10.9.0.0/16', 'reg.example'],
    ['10.9.8.7:80', '10.9.8.7:5000'],
    ['0.9.8.7', '10.9.8.7'],
  ]
  it.each(bypassed)('%j goes round the proxy to %s', (noProxy, registry) => {
    expect(bypassesProxy(noProxy, registry)).toBe(true)
  })
  it.each(proxied)('%j does not go round the proxy to %s', (noProxy, registry) => {
    expect(bypassesProxy(noProxy, registry)).toBe(false)
  })
})

describe('a proxy as written', () => {
  it('may lack its scheme and its port', () => {
    expect(proxyAddress('p.example:3128')).toEqual({ scheme: 'http', host: 'p.example', port: 3128 })
    expect(proxyAddress('https://p.example')).toEqual({ scheme: 'https', host: 'p.example', port: 443 })
    expect(proxyAddress('http://***@p.example:80/')).toEqual({ scheme: 'http', host: 'p.example', port: 80 })
    expect(proxyAddress('socks5://p.example')?.scheme).toBe('socks')
  })
  it.each(['ftp://p.example', 'http://', 'http://p.example:99999', 'http://p example'])(
    '%j cannot be used',
    (text) => {
      expect(proxyAddress(text)).toBeNull()
    },
  )
})

describe('the registry of an image', () => {
  it.each([
    ['alpine:3', null],
    ['team/app', null],
    ['docker.io/library/alpine', null],
    ['index.docker.io/team/app', null],
    ['localhost/app', 'localhost'],
    ['reg.example:5443/app:1', 'reg.example:5443'],
    ['[::1]:5000/app', '[::1]:5000'],
    ['sha256:0123', null],
  ])('%s: %s', (image, registry) => {
    expect(registryOf(image)).toBe(registry)
  })
})
