import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/cli/nearest.ts'
import { select } from '../../src/cli/select.ts'
import { type Check, defineCheck } from '../../src/model/check.ts'

const check = (id: Check['id'], profiles: Check['profiles'] = ['docker', 'swarm']): Check =>
  defineCheck({
    id,
    title: id,
    why: 'so',
    profiles,
    needs: {},
    findings: {},
    evaluate: (_, report) => report.pass(),
  })

const all = [
  check('network/ip-forward'),
  check('network/dns'),
  check('firewall/ufw'),
  check('engine/running', ['rootless']),
  check('registry/mirrors', ['swarm']),
]

const ids = (asked: string[], skipped: string[] = [], profile: 'docker' | 'swarm' = 'docker') =>
  select(all, { asked, skipped, profile }).checks.map(({ id }) => id)

const refusal = (asked: string[], skipped: string[] = []): string => {
  try {
    ids(asked, skipped)
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

describe('select', () => {
  it('takes all checks of the profile', () => {
    expect(ids([])).toEqual(['network/ip-forward', 'network/dns', 'firewall/ufw'])
    expect(ids([], [], 'swarm')).toHaveLength(4)
  })
  it('takes areas and ids, in the order of the catalogue, each once', () => {
    expect(ids(['firewall/ufw', 'network', 'network/dns'])).toEqual([
      'network/ip-forward',
      'network/dns',
      'firewall/ufw',
    ])
  })
  it('takes the checks of a container where one is named, or where they are asked for', () => {
    const some = [...all, check('container/running')]
    const chosen = (asked: string[], aboutContainer: boolean) =>
      select(some, { asked, skipped: [], profile: 'docker', aboutContainer }).checks.map(({ id }) => id)
    expect(chosen([], false)).not.toContain('container/running')
    expect(chosen([], true)).toContain('container/running')
    expect(chosen(['container'], false)).toEqual(['container/running'])
  })
  it('leaves out areas and ids', () => {
    expect(ids([], ['network'])).toEqual(['firewall/ufw'])
    expect(ids(['network'], ['network/dns'])).toEqual(['network/ip-forward'])
  })
  it('runs a check that was asked for and is not of the profile, and tells so', () => {
    const { checks, notes } = select(all, {
      asked: ['network/dns', 'registry/mirrors'],
      skipped: [],
      profile: 'docker',
    })
    expect(checks.map(({ id }) => id)).toEqual(['network/dns', 'registry/mirrors'])
    expect(notes).toEqual(['registry/mirrors is not part of profile docker (it is of swarm); run as asked'])
  })
  it.each([
    [['network/ip-foward'], [], 'unknown check "network/ip-foward"; did you mean network/ip-forward?'],
    [['netwrok'], [], 'unknown check, area or command "netwrok"; did you mean network?'],
    [['ip-forward'], [], 'unknown check, area or command "ip-forward"; did you mean network/ip-forward?'],
    [['lst'], [], 'unknown check, area or command "lst"; did you mean list?'],
    [['something-else'], [], 'unknown check, area or command "something-else"; see seaworthy list'],
    [[], ['network/nds'], 'unknown check "network/nds"; did you mean network/dns?'],
    [['engine'], [], 'no check is left to run in profile docker (but in rootless): see seaworthy list'],
    [['cgroup'], [], 'no check of area cgroup is known to this version'],
    [['firewall'], ['firewall'], 'no check is left to run: see seaworthy list'],
  ])('refuses %j without %j', (asked, skipped, message) => {
    expect(refusal(asked, skipped)).toBe(message)
  })
})

describe('nearest', () => {
  it('forgives a swap, a slip, the case', () => {
    expect(nearest('--timout', ['--timeout', '--format'])).toBe('--timeout')
    expect(nearest('SWARM', ['docker', 'swarm'])).toBe('swarm')
    expect(nearest('podman', ['docker', 'rootless', 'swarm'])).toBeUndefined()
    expect(nearest('', ['docker'])).toBeUndefined()
    expect(nearest('--host', ['--root', '--user'])).toBeUndefined()
  })
})
