import { describe, expect, it } from 'vitest'
import { PLAIN_LOOK } from '../../reports/look.ts'
import { renderTrace } from '../../reports/trace.ts'
import { trace } from '../../src/diagnose/trace/trace.ts'
import type { WayAsked } from '../../src/facts/settings.ts'
import { memoryHost, type Readings } from '../../src/hosts/memory.ts'
import { edited, stopped, web } from '../checks/container/web.ts'

const follow = (changes: Readings = {}, way: WayAsked = { to: { host: '10.77.0.1', port: 8080 } }) =>
  trace(memoryHost({ ...web, ...changes }), {
    settings: { profile: 'docker', container: 'web', way },
    timeoutS: 10,
    version: '0.0.0',
    signal: new AbortController().signal,
  })
const drawn = async (changes?: Readings, way?: WayAsked, look = PLAIN_LOOK): Promise<string> =>
  renderTrace(await follow(changes, way), look)
const ruleOfSomebody = edited(
  '$ iptables-save',
  /^(-A DOCKER-USER -j RETURN)$/m,
  '-A DOCKER-USER -j DROP\n$1',
)
const denied = { state: 'denied', reason: 'permission denied', durationMs: 0 } as const
const ESCAPE = '\u001b'

describe('a trace for people', () => {
  it('draws a whole way', async () => {
    expect(await drawn()).toBe(`web port 80/tcp · 172.17.0.2 on bridge · published as 0.0.0.0:8081 · to
10.77.0.1:8080

in   ✔ running ─ ✔ listening ─ ✔ bridge ─ ✔ attached ─ ✔ route ─ ✔ conntrack
     ─ ✔ address ─ ✔ published ─ ✔ nat ─ ✔ forwarding ─ ✔ filter-in ─ ✔ port
out  ✔ route-out ─ ✔ filter-out ─ ✔ nat-out ─ ✔ dns ─ ✔ outside ─ ✔ mtu

✔ the way is whole: 18 hops hold
`)
  })
  it('names the rule that breaks it, and how it is taken out', async () => {
    const text = await drawn(ruleOfSomebody)
    expect(text).toContain('✖ filter-in ─ – port')
    expect(text).toContain('✖ from the outside to port 8081 of web: dropped by -A DOCKER-USER -j DROP')
    expect(text).toContain('$ iptables-save: -A DOCKER-USER -j DROP')
    expect(text).toContain('iptables -w -t filter -D DOCKER-USER -j DROP')
    expect(text).toMatch(/✖ broken at filter-in; what comes behind it \(7 hops\) was not looked at\n$/)
  })
  it('says what each hop says, where that is asked for', async () => {
    const text = await drawn({}, {}, { ...PLAIN_LOOK, detail: 'verbose' })
    expect(text).toContain('✔ listening   its program listens: [::]:80/tcp')
  })
  it('gathers what only root may see', async () => {
    const text = await drawn({ '$ iptables-save': denied })
    expect(text).toContain('run with sudo: nat, filter-in, filter-out, nat-out')
    expect(text).toContain('? undetermined')
  })
  it('keeps within the width, whatever it is', async () => {
    for (const width of [40, 60, 80, 120]) {
      const lines = (
        await drawn(
          stopped('Exited (3) 1 minute ago', { Status: 'exited', ExitCode: 3 }),
          {},
          { ...PLAIN_LOOK, width },
        )
      )
        .split('\n')
        .filter((line) => !line.includes('docker'))
      expect(lines.filter((line) => line.length > width)).toEqual([])
    }
  })
  it('breaks within no word where the terminal is narrow', async () => {
    const text = await drawn({ '$ iptables-save': denied }, {}, { ...PLAIN_LOOK, width: 40 })
    expect(text).toContain('  run with sudo: nat, filter-in,\n')
    expect(text.split('\n').filter((line) => line.length > 40)).toEqual([])
  })
  it('is plain ASCII where nothing else can be shown', async () => {
    const text = await drawn(ruleOfSomebody, {}, { ...PLAIN_LOOK, unicode: false })
    expect(text).toMatch(/^[\n -~]*$/)
    expect(text).toContain('+ running - + listening')
    expect(text).toContain('x filter-in')
  })
  it('prints no escape sequence of a host', async () => {
    const text = await drawn(
      stopped('Exited (3)', {
        Status: 'exited',
        ExitCode: 3,
        Error: `${ESCAPE}[31mred${ESCAPE}]0;title\u0007`,
      }),
    )
    expect(text).toContain('could not be started')
    expect(text).not.toContain(ESCAPE)
  })
})
