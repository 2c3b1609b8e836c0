import { describe, expect, it } from 'vitest'
import check from '../../../checks/security/engine-cves.ts'
import { BUILT_IN } from '../../../src/data/dataset.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, judge, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { compareVersions } from '../../../src/versions.ts'
import { api, captured, host, refusedTo, stopped, tester } from '../engine-host.ts'

const json = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) })
const said = JSON.parse(captured('docker-version.json'))
const info = JSON.parse(captured('docker-info.json'))
const COMMUNITY = { Name: 'Docker Engine - Community' }

interface Versions {
  readonly engine: string
  readonly containerd?: string
  readonly runc?: string
  readonly platform?: { readonly Name: string }
}
/** An engine that answers, as Docker's own packages bring it. */
const engine = ({ engine, containerd = 'v2.2.5', runc = '1.4.3', platform = COMMUNITY }: Versions) => ({
  [api('/version')]: json({
    ...said,
    Version: engine,
    Platform: platform,
    Components: [
      { Name: 'Engine', Version: engine },
      { Name: 'containerd', Version: containerd },
      { Name: 'runc', Version: runc },
    ],
  }),
})
const packages = (rows: Readonly<Record<string, string>>): Readings => ({
  '$ dpkg-query**': {
    stdout: Object.entries(rows)
      .map(([name, version]) => `ii \t${name}\t${version}\n`)
      .join(''),
    stderr: '',
    exit: 0,
  },
})
const CE = { 'docker-ce': '5:29.7.2-1~debian.12~bookworm', 'containerd.io': '2.2.5-1~debian.12~bookworm' }
const dockers = (versions: Versions, rows: Readonly<Record<string, string>> = CE): Readings => ({
  ...host,
  ...packages(rows),
  ...engine(versions),
})
const current = { engine: '29.7.2' }
const withInfo = (changes: Record<string, unknown>): Readings => ({
  [api('/info')]: json({ ...info, ...changes }),
})
const update = { after: engine(current) }
const plugin = withInfo({ Plugins: { ...info.Plugins, Authorization: ['opa'] } })

testCheck(check, {
  'all current': passes(dockers(current), { says: /^engine 29\.7\.2, containerd 2\.2\.5, runc 1\.4\.3$/ }),
  'a newer line than is known': passes(dockers({ engine: '31.0.0', containerd: '3.0.0', runc: '2.0.0' })),
  'static binaries without packages': finds('severe', dockers({ engine: '27.5.1' }, {}), {
    says: /engine 27\.5\.1 .* 29\.5\.1 closes: .* \(CVE-2026-41567\)/,
  }),
  'the engine, fixed in its own line': finds('severe', dockers({ engine: '29.4.0' }), update),
  'runc before the holes of November 2025': finds('severe', dockers({ ...current, runc: '1.2.5' }), {
    ...update,
    says: /runc 1\.2\.5 .* 1\.2\.8 closes: .* \(CVE-2025-31133, and 2 more\)/,
  }),
  'a pre-release of runc': finds('severe', dockers({ ...current, runc: '1.4.0-rc.2' }), {
    ...update,
    says: /1\.4\.0-rc\.3 closes/,
  }),
  'only a medium one': finds('medium', dockers({ ...current, runc: '1.3.5' }), {
    ...update,
    says: /1\.3\.6 closes/,
  }),
  'only low ones': passes(dockers({ ...current, engine: '29.7.0' })),
  'a hole of authorization plugins, with one': finds(
    'severe',
    { ...dockers({ engine: '29.3.0' }), ...plugin },
    {
      says: /29\.5\.1 closes.*and 1 more/,
      after: { ...engine(current) },
    },
  ),
  'containerd 2.2.4, which Kubernetes does not use': passes(dockers({ ...current, containerd: 'v2.2.4' })),
  'containerd 2.2.4 under a kubelet': finds(
    'severe',
    {
      ...dockers({ ...current, containerd: 'v2.2.4' }),
      'stat /usr/bin/kubelet': {
        type: 'file',
        mode: 0o755,
        uid: 0,
        gid: 0,
        size: 1,
        mtimeMs: 0,
        ino: 1,
        dev: 1,
      },
      '$ kubelet --version': 'Kubernetes v1.34.1\n',
    },
    { ...update, says: /CVE-2026-53488/ },
  ),
  "the distribution's runc beside Docker's engine": passes(
    dockers({ ...current, runc: '1.1.5' }, { 'docker-ce': CE['docker-ce'], runc: '1.1.5+ds1-1+deb12u1' }),
    { says: /containerd, runc: the distribution's/ },
  ),
  "a distribution's builds": skips(host, { says: /not built by Docker/ }),
  'a part that was patched': passes(dockers({ ...current, runc: '1.0.0-rc8+dev' })),
  'a client with a hole that needs more': passes(
    dockers(current, { ...CE, 'docker-compose-plugin': '2.39.1-1~debian.12' }),
  ),
  "stopped, Docker's packages": finds('severe', {
    ...stopped,
    ...packages({ 'docker-ce': '5:28.5.2-1', 'containerd.io': '1.7.28-1' }),
    '$ dockerd --version': 'Docker version 28.5.2, build ecc6942\n',
    '$ /usr/bin/containerd --version':
      'containerd containerd.io v1.7.28 b98a3aace656320842a23f4a392a33f46af97866\n',
    '$ /usr/sbin/runc --version':
      'runc version 1.3.3\ncommit: v1.3.3-0-gd842d771\nspec: 1.2.1\ngo: go1.24.9\n',
  }),
  'not installed': skips({ ...stopped, '$ dockerd --version': null, 'stat /usr/bin/containerd': null }),
  "refused to this user, a distribution's": skips({
    ...refusedTo(tester),
    '$ dockerd --version': 'Docker version 20.10.24+dfsg1, build 297e128\n',
  }),
  'nothing recorded': unknown({}),
})

describe('the update', () => {
  const cureOf = async (version: string) => {
    const outcome = await judge(check, dockers({ engine: version }))
    return JSON.stringify(outcome)
  }
  it('reads the lists of packages first, which may be old', async () => {
    expect(await cureOf('29.4.0')).toMatch(/"packages":\["docker-ce"\],"refresh":true/)
  })
  it('stays in the line of the engine, where the repository may have a newer one', async () => {
    expect(await cureOf('25.0.12')).toContain('"within":"5:25."')
    expect(await cureOf('27.5.1')).not.toContain('"kind":"package"')
  })
})

describe('the data of a verdict', () => {
  it('names holes that only matter to those who do what cannot be seen', async () => {
    const outcome = await judge(
      check,
      dockers(current, { ...CE, 'docker-compose-plugin': '2.39.1-1~debian.12' }),
    )
    expect(outcome).toMatchObject({
      data: { open: [], dependent: [{ id: 'CVE-2025-62725', only: ['remote-compose-files'] }] },
    })
  })
})

describe('the table of holes', () => {
  const { holes } = BUILT_IN.vulnerabilities
  it('has each hole once, with an id and a title that ends no sentence', () => {
    expect(new Set(holes.map(({ id }) => id)).size).toBe(holes.length)
    expect(holes.filter(({ id }) => !/^(CVE-\d{4}-\d{4,}|GHSA-[\w-]+)$/.test(id))).toEqual([])
    expect(holes.filter(({ title }) => /[.A-Z]$|^[A-Z][a-z]/.test(title))).toEqual([])
  })
  it.each(holes.map((hole) => [hole.id, hole] as const))('%s has ranges in order', (_, { affected }) => {
    let last = '0'
    for (const { from = '0', before } of affected) {
      expect(compareVersions(from, last)).toBeGreaterThanOrEqual(0)
      expect(compareVersions(before, from)).toBeGreaterThan(0)
      last = before
    }
  })
})
