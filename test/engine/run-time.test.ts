import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/engine/run.ts'
import { liveHost } from '../../src/hosts/live.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { defineFact } from '../../src/model/fact.ts'
import { command, probe, type Source } from '../../src/model/source.ts'

const hanging = (id: string, source: Source) =>
  defineCheck({
    id: `host/${id}`,
    title: 'It answers',
    why: 'A test.',
    profiles: ['docker'],
    needs: { it: defineFact({ name: id, about: 'It.', reads: { it: source }, parse: () => true }) },
    symptoms: () => [],
    findings: { no: fail('no') },
    unfixable: { no: 'a test' },
    evaluate: (_, report) => report.pass(),
  })

async function hangingChecks() {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const checks = [
    // More than are run at once: the rest waits.
    ...Array.from({ length: 12 }, (_, i) =>
      hanging(`command-${i}`, command(['sleep', `3${i}`], { timeoutMs: 60_000 })),
    ),
    hanging('probe', probe(`http://127.0.0.1:${port}/`, { timeoutMs: 60_000 })),
  ]
  return { checks, close: () => server.close() }
}
const options = { settings: { profile: 'docker' }, offline: false, version: '0' } as const

describe('a run in which everything hangs', () => {
  it('ends when its time is up, undetermined', async () => {
    const { checks, close } = await hangingChecks()
    const started = performance.now()
    const report = await run(liveHost, { ...options, checks, timeoutS: 0.5 })
    close()
    expect(performance.now() - started).toBeLessThan(3_000)
    expect(report.verdict).toBe('undetermined')
    expect(report.results.filter(({ status }) => status === 'unknown').length).toBeGreaterThanOrEqual(12)
  })

  it('ends when it is interrupted', async () => {
    const { checks, close } = await hangingChecks()
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 300)
    const started = performance.now()
    const report = await run(liveHost, { ...options, checks, timeoutS: 60, signal: stop.signal })
    close()
    expect(performance.now() - started).toBeLessThan(3_000)
    expect(report.verdict).toBe('undetermined')
  })
})
