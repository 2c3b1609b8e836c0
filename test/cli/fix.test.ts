import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { buildProgram, type Ended, type Program } from './program.ts'

const CENTOS = fileURLToPath(new URL('../hosts/centos-7.json', import.meta.url))

let program: Program
beforeAll(async () => {
  program = await buildProgram()
}, 120_000)
afterAll(() => program.remove())

const fix = (...args: readonly string[]): Promise<Ended> => program.run(['fix', ...args])
const said = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await fix(...args)
  expect(stdout).toBe('')
  expect(code).toBe(2)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  return stderr
}

describe('a plan for a recorded host', () => {
  it('says what is to be mended, what is done for it, and what is left to a person', async () => {
    const { code, stdout } = await fix('--snapshot', CENTOS)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^To be mended: \d+ findings?$/m)
    expect(stdout).toMatch(/^What is done, in this order$/m)
    expect(stdout).toMatch(/^By hand$/m)
    expect(stdout.split('\n').filter((line) => line.includes('restart docker'))).toHaveLength(1)
  })
  it('is data, too', async () => {
    const { stdout } = await fix('--snapshot', CENTOS, '--format', 'json')
    const { schemaVersion, plan } = JSON.parse(stdout)
    expect(schemaVersion).toBe(1)
    expect(plan.fixes.length).toBeGreaterThan(0)
    const named = new Set(plan.fixes.map(({ finding }: { finding: string }) => finding))
    for (const { for: findings } of plan.steps)
      for (const finding of findings) expect(named).toContain(finding)
  })
  it('is a script, and a playbook', async () => {
    const script = await fix('--snapshot', CENTOS, '--format', 'shell')
    expect(script.stdout).toMatch(/^#!\/bin\/sh\n/)
    const playbook = await fix('--snapshot', CENTOS, '--format', 'ansible')
    expect(parse(playbook.stdout, { logLevel: 'error' })[0]).toHaveProperty('tasks')
  })
  it('is of the checks that are named', async () => {
    const { stdout } = await fix('--snapshot', CENTOS, '--format', 'json', 'engine/log-rotation')
    const { fixes, manual, leftOut } = JSON.parse(stdout).plan
    for (const { finding } of [...fixes, ...manual, ...leftOut])
      expect(finding).toMatch(/^engine\/log-rotation#/)
    expect(fixes).toHaveLength(1)
  })
  it('is the same each time', async () => {
    const [one, other] = await Promise.all([fix('--snapshot', CENTOS), fix('--snapshot', CENTOS)])
    expect(one.stdout).toBe(other.stdout)
  })
})

describe('what cannot be is said in one line, and nothing is touched', () => {
  it('changing a recorded host', async () => {
    expect(await said('--apply', '--yes', '--snapshot', CENTOS)).toMatch(
      /--apply changes this host; .* --snapshot/,
    )
  })
  it('printing a script and carrying it out', async () => {
    expect(await said('--apply', '--yes', '--format', 'shell')).toMatch(/prints text or json, not shell/)
  })
  it('applying and undoing at once', async () => {
    expect(await said('--apply', '--undo')).toMatch(/exclude each other/)
  })
  it.runIf(process.getuid?.() === 0)('taking back a part of a run', async () => {
    expect(await said('firewall', '--undo')).toMatch(/takes a whole run back.*got firewall/)
  })
  it('allowing what is no risk', async () => {
    expect(await said('--allow', 'everything')).toMatch(/"everything"/)
  })
  it('a check that there is not', async () => {
    expect(await said('--snapshot', CENTOS, 'engine/confg')).toMatch(/engine\/config/)
  })
  it('changing anything without a terminal to ask on, or without root', async () => {
    expect(await said('--apply')).toMatch(
      process.getuid?.() === 0 ? /add --yes/ : /needs root: run it with sudo/,
    )
  })
})
