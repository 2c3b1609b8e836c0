import { describe, expect, it } from 'vitest'
import { planOf, type Wanted } from '../../src/fix/plan.ts'
import {
  addMember,
  disruptive,
  type Fix,
  fix,
  installPackages,
  kernelArgument,
  manual,
  manualFix,
  reboot,
  relogin,
  removePath,
  restartEngine,
  runCommand,
  type Step,
  service,
  setJson,
  setSysctl,
  writeFile,
} from '../../src/model/fix.ts'

const FILE = '/etc/docker/daemon.json'
const wanted = (finding: string, cure: Fix | null, more: Partial<Wanted> = {}): Wanted => ({
  finding,
  level: 'fail',
  message: `${finding} is wrong`,
  fix: cure,
  ...more,
})
const inWords = (step: Step): string =>
  step.kind === 'service'
    ? `${step.action} ${step.name}`
    : step.kind === 'json'
      ? `json ${step.key}`
      : step.kind
const stepsOf = (...all: readonly Wanted[]): string[] => planOf(all).steps.map(({ step }) => inWords(step))

describe('the order', () => {
  it('puts all configuration before the one restart that it needs', () => {
    const steps = stepsOf(
      wanted('a', disruptive('A', setJson(FILE, ['mtu'], 1400), restartEngine)),
      wanted('b', disruptive('B', setJson(FILE, ['dns'], ['10.0.0.1']), restartEngine)),
      wanted('c', fix('C', setSysctl('net.ipv4.ip_forward', 1))),
    )
    expect(steps).toEqual(['json mtu', 'json dns', 'sysctl', 'restart docker'])
  })
  it('does once the engine runs again what a fix does after its restart', () => {
    const steps = stepsOf(
      wanted('a', disruptive('A', restartEngine, runCommand(['docker', 'start', 'web']))),
      wanted('b', disruptive('B', setJson(FILE, ['mtu'], 1400), restartEngine)),
    )
    expect(steps).toEqual(['json mtu', 'restart docker', 'command'])
  })
  it('leaves between stop and start what must be done while the engine is stopped', () => {
    const steps = stepsOf(
      wanted('a', disruptive('A', setJson(FILE, ['mtu'], 1400), restartEngine)),
      wanted('b', fix('B', service('docker', 'stop'), removePath('/x'), service('docker', 'start'))),
    )
    expect(steps).toEqual(['json mtu', 'stop docker', 'remove', 'start docker'])
  })
  it('restarts where one fix would only start, and starts no engine twice', () => {
    expect(
      stepsOf(
        wanted('a', fix('A', service('docker', 'start'))),
        wanted('b', disruptive('B', setJson(FILE, ['mtu'], 1400), restartEngine)),
      ),
    ).toEqual(['json mtu', 'restart docker'])
  })
  it('writes a file as a whole before others edit it', () => {
    const steps = stepsOf(
      wanted('a', disruptive('A', setJson(FILE, ['mtu'], 1400), restartEngine)),
      wanted('b', disruptive('B', writeFile(FILE, '{}\n'), restartEngine)),
    )
    expect(steps).toEqual(['file', 'json mtu', 'restart docker'])
  })
  it('reloads where it is wanted last', () => {
    const reload = runCommand(['ufw', 'reload'], { undo: ['ufw', 'reload'] })
    const steps = stepsOf(
      wanted('a', fix('A', setJson(FILE, ['mtu'], 1400), reload)),
      wanted('b', fix('B', setJson(FILE, ['dns'], ['10.0.0.1']), reload)),
    )
    expect(steps).toEqual(['json mtu', 'json dns', 'command'])
  })
  it('stops and unmasks a service where it is wanted first, and starts it where it is wanted last', () => {
    const [unmask, stop, start] = (['unmask', 'stop', 'start'] as const).map((action) => service('x', action))
    if (!unmask || !stop || !start) throw new Error('none')
    const steps = stepsOf(
      wanted('a', fix('A', unmask, stop, removePath('/a'), start)),
      wanted('b', fix('B', unmask, stop, setSysctl('b', 1), start)),
      wanted('c', fix('C', unmask)),
    )
    expect(steps).toEqual(['unmask x', 'stop x', 'remove', 'sysctl', 'start x'])
  })
  it('restarts another service where it is wanted last', () => {
    const restart = service('containerd', 'restart')
    const steps = stepsOf(
      wanted('a', disruptive('A', writeFile('/a', ''), restart)),
      wanted('b', disruptive('B', writeFile('/b', ''), restart)),
    )
    expect(steps).toEqual(['file', 'file', 'restart containerd'])
  })
})

describe('several findings', () => {
  it('share an equal step', () => {
    const install = installPackages('apt', 'iptables')
    const { steps } = planOf([wanted('a', fix('A', install)), wanted('b', fix('B', install))])
    expect(steps).toEqual([{ step: install, for: ['a', 'b'] }])
  })
  it('that want different things of one target are refused, both by name', () => {
    const plan = planOf([
      wanted('a', fix('A', setSysctl('vm.max_map_count', 1))),
      wanted('b', fix('B', setSysctl('vm.max_map_count', 2))),
      wanted('c', fix('C', setSysctl('net.ipv4.ip_forward', 1))),
    ])
    expect(plan.conflicts.map(({ between }) => between)).toContainEqual(['a', 'b'])
    expect(plan.steps.map(({ for: findings }) => findings)).toEqual([['c']])
  })
  it('clash where one leaves a service stopped that the other starts', () => {
    const { conflicts, steps } = planOf([
      wanted('a', fix('A', service('firewalld', 'stop'))),
      wanted('b', fix('B', service('firewalld', 'restart'))),
    ])
    expect(steps).toEqual([])
    expect(conflicts).toEqual([{ target: 'service firewalld', between: ['a', 'b'] }])
  })
  it('do not clash where one names more packages than the other', () => {
    const plan = planOf([
      wanted('a', fix('A', installPackages('apt', 'iptables'))),
      wanted('b', fix('B', installPackages('apt', 'iptables', 'nftables'))),
    ])
    expect(plan.conflicts).toEqual([])
  })
  it('do not clash with themselves: the last wish of a fix is its wish', () => {
    const plan = planOf([wanted('a', fix('A', setJson(FILE, ['mtu'], 1), setJson(FILE, ['mtu'], 2)))])
    expect(plan.conflicts).toEqual([])
  })
})

describe('what is not carried out', () => {
  it('is what follows from a cause: the cure of the cause is its cure', () => {
    const plan = planOf([
      wanted('a/a#x', fix('A', restartEngine)),
      wanted('b/b#y', fix('B', removePath('/x')), { causedBy: ['a/a'] }),
    ])
    expect(plan.fixes.map(({ finding }) => finding)).toEqual(['a/a#x'])
    expect(plan.leftOut).toEqual([{ finding: 'b/b#y', message: 'b/b#y is wrong', why: 'follows from a/a' }])
  })
  it('is what has no fix, with the reason', () => {
    expect(planOf([wanted('a', null, { unfixable: 'nobody can' })]).leftOut[0]?.why).toBe('nobody can')
  })
  it('is what a person does, told beside what is carried out', () => {
    const note = manual('Tell the others.')
    const plan = planOf([
      wanted('a', fix('A', addMember('ann', 'docker'), relogin('ann'))),
      wanted('b', fix('B', kernelArgument('x=1'), reboot, note)),
      wanted('c', manualFix('Buy a disk')),
    ])
    expect(plan.steps.map(({ step }) => step.kind)).toEqual(['membership', 'kernelArgument'])
    expect(plan.fixes.map(({ byHand }) => byHand)).toEqual([[relogin('ann')], [reboot, note]])
    expect(plan.manual.map(({ finding }) => finding)).toEqual(['c'])
  })
  it('is a whole fix whose steps rest on what a person does first', () => {
    const plan = planOf([wanted('a', disruptive('A', manual('Find the flag.'), restartEngine))])
    expect(plan.steps).toEqual([])
    expect(plan.manual).toHaveLength(1)
  })
  it('is what would write back a credential that was taken out of what was read', () => {
    const plan = planOf([wanted('a', fix('A', writeFile(FILE, '{"proxy":"http://***@p"}')))])
    expect(plan.steps).toEqual([])
  })
})

describe('permission', () => {
  it('is needed where the engine restarts or the next boot is another, also behind a note', () => {
    const needs = (cure: Fix) => planOf([wanted('a', cure)]).fixes[0]?.needs
    expect(needs(fix('A', setSysctl('net.ipv4.ip_forward', 1)))).toBe('safe')
    expect(needs(fix('A', addMember('ann', 'docker'), relogin('ann')))).toBe('safe')
    expect(needs(fix('A', restartEngine, manual('Note.')))).toBe('disruptive')
    expect(needs(fix('A', kernelArgument('x=1'), reboot))).toBe('disruptive')
    expect(needs(disruptive('A', runCommand(['ip', 'link', 'del', 'x'])))).toBe('disruptive')
  })
})
