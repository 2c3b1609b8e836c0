import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseIpRoutesJson } from '../../src/net/ip-json.ts'
import { parseProcNetRoute } from '../../src/net/proc-net-route.ts'
import { defaultRoutes } from '../../src/net/route.ts'
import { fixture } from './fixture.ts'
import { hostile, hostileRuns } from './hostile.ts'

const TEXT = fixture('net/proc-net-route.txt')

test('has the routes of table main that `ip route` has', () => {
  const brief = (route: { dst: string; gateway?: string; dev?: string }) => [
    route.dst,
    route.gateway,
    route.dev,
  ]
  const main = parseIpRoutesJson(fixture('net/ip-route.json')).filter(
    (route) => route.table === 'main' && route.family === 4,
  )
  expect(parseProcNetRoute(TEXT).map(brief)).toEqual(main.map(brief))
})

test('has the default route with its metric', () => {
  expect(defaultRoutes(parseProcNetRoute(TEXT))).toMatchObject([
    { gateway: '10.77.0.1', dev: 'eth0', metric: 100 },
  ])
})

test('a route that rejects leads nowhere', () => {
  expect(
    parseProcNetRoute(TEXT)
      .filter((route) => route.type === 'unreachable')
      .map((route) => route.dst),
  ).toEqual(['10.66.0.0/16', '10.67.1.1/32'])
})

test('reads the file of a recorded docker host', () => {
  expect(
    parseProcNetRoute(fixture('debian-12-docker-20.10/proc-net-route.txt')).map((route) => route.dst),
  ).toContain('172.17.0.0/16')
})

test('never throws', () => {
  hostileRuns(
    fc.property(hostile(TEXT), (text) => {
      parseProcNetRoute(text)
    }),
  )
})
