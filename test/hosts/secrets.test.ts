/** Whatever stands around it, a secret in one of its places is taken out; and what is taken out once stays as it is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean } from '../../src/hosts/redact.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'

const SECRET = 'S3cretPw42'
const LINES = [
  `curl -u bob:${SECRET} https://registry.example/v2/`,
  `docker login -u bob -p ${SECRET} registry.example`,
  `mysql -uroot -p${SECRET} -h db`,
  `echo ${SECRET} | docker login --password-stdin`,
  `proxyconnect tcp: dial tcp: lookup user:${SECRET}@proxy.corp: no such host`,
  `invalid proxy URL port ":${SECRET}@proxy.corp:3128"`,
  `glpat-${SECRET}-0123456789`,
  `db_password: ${SECRET}`,
  `token=${SECRET}`,
  `密码: ${SECRET} 登录失败`,
  `Cookie: session=${SECRET}`,
  `Environment="HTTP_PROXY=http://bob:${SECRET}@proxy:3128"`,
] as const
const REAL = LINES.join('\n').replaceAll(SECRET, 'Other1Pw')
const PIECES = [
  'password',
  'token',
  ':',
  '=',
  '：',
  '密码',
  '@',
  '://',
  ' -p ',
  ' -u ',
  '--',
  "'",
  'curl ',
  'login',
  '***',
  'a:b@c.de',
]

describe('hostile texts', () => {
  it('are cleaned once and for all', () => {
    hostileRuns(
      fc.property(hostile(REAL, PIECES), (text) => {
        const once = clean(text)
        expect(clean(once)).toBe(once)
      }),
    )
  })
  it.each(LINES)('hide nothing behind them: %s', (line) => {
    const around = hostile(REAL, PIECES)
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(clean(`${before}\n${line}\n${after}`)).not.toContain(SECRET)
      }),
      { numRuns: 1_000 },
    )
  })
})
