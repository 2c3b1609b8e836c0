import { expect, it } from 'vitest'
import { renderFixes } from '../../src/engine/fixes.ts'
import { type Fix, fix, setJson } from '../../src/model/fix.ts'
import type { Result } from '../../src/model/report.ts'

const PATH = '/etc/docker/daemon.json'
const result = (id: string, cure: Fix): Result => ({
  id,
  area: 'engine',
  title: id,
  status: 'fail',
  finding: 'broken',
  message: '',
  evidence: [],
  docs: '',
  durationMs: 0,
  fix: { summary: cure.summary, risk: cure.risk, steps: cure.steps.map((step) => ({ ...step })), shell: '' },
})

it('fixes for one file build on each other in the order of causes, so that none undoes another', () => {
  const mtu = result('network/mtu', fix('Mend the MTU', setJson(PATH, ['mtu'], 1400)))
  const bip = result('engine/config', fix('Mend bip', setJson(PATH, ['bip'], '172.17.0.1/16')))
  const before = () => '{\n  "bip": "172.17.0.0/16"\n}\n'
  const [second, first] = renderFixes([mtu, bip], ['engine/config', 'network/mtu'], before)
  expect(first?.fix?.shell).toContain('172.17.0.1/16')
  expect(first?.fix?.shell).not.toContain('mtu')
  expect(second?.fix?.shell).toContain('172.17.0.1/16')
  expect(second?.fix?.shell).toContain('"mtu": 1400')
})
