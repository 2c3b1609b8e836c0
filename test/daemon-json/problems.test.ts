import { describe, expect, it } from 'vitest'
import { type HostContext, lintDaemonJson } from '../../src/daemon-json/index.ts'

function problems(value: unknown, engineVersion = '29.7.2', host: HostContext = { flags: {} }) {
  const file = typeof value === 'string' ? value : JSON.stringify(value)
  return lintDaemonJson(file, { engineVersion, host }).problems
}

/** Every problem as `level key finding`. */
function findings(value: unknown, engineVersion?: string, host?: HostContext): string[] {
  return problems(value, engineVersion, host).map(({ level, key, finding }) => `${level} ${key} ${finding}`)
}

describe('names', () => {
  it.each([
    ['registry-mirros', 'registry-mirrors'],
    ['registryMirrors', 'registry-mirrors'],
    ['log_level', 'log-level'],
    ['Debug', 'debug'],
    ['insecure-registeries', 'insecure-registries'],
    ['data_root', 'data-root'],
    ['exec-options', 'exec-opts'],
  ])('%s is meant to be %s', (name, meant) => {
    const [problem] = problems({ [name]: [] })
    expect(problem).toMatchObject({ level: 'fail', finding: 'unknown-key', key: name })
    expect(problem?.suggestion).toContain(`"${meant}"`)
  })

  it('of an unknown object only the inner names count', () => {
    expect(findings({ foo: { bar: 1 } })).toEqual(['fail foo.bar unknown-key'])
    expect(findings({ foo: { debug: true } })).toEqual(['warn foo ignored-object'])
    expect(findings({ foo: {} })).toEqual(['warn foo ignored-object'])
    expect(findings({ foo: null })).toEqual(['fail foo unknown-key'])
  })

  it('a switch inside an unknown object does count', () => {
    expect(findings({ foo: { iptables: false }, icc: false })).toContain('fail icc icc-without-iptables')
  })

  it.each([
    ['proxies', { 'http-proxy': 'http://p:1' }, '20.10', 'fail proxies.http-proxy key-too-new'],
    ['min-api-version', '1.44', '28.5', 'fail min-api-version key-too-new'],
    ['firewall-backend', 'nftables', '28.5', 'fail firewall-backend key-too-new'],
    ['graph', '/x', '23.0', 'fail graph removed-key'],
    ['cluster-store', 'etcd://x', '24.0', 'fail cluster-store removed-key'],
    ['api-cors-header', '*', '29.0', 'fail api-cors-header removed-key'],
    ['disable-legacy-registry', true, '20.10', 'fail disable-legacy-registry removed-key'],
    ['containerd-plugin-namespace', 'x', '29.0', 'fail containerd-plugin-namespace unusable-key'],
    ['nri-opts', { enable: true }, '29.0', 'fail nri-opts.enable key-too-new'],
    ['nri-opts', { foo: true }, '29.7', 'fail nri-opts.foo unknown-inner-key'],
  ])('%s on another engine', (key, value, version, expected) => {
    expect(findings({ [key]: value }, version)).toContain(expected)
  })

  it.each([
    ['registry-mirror', 'registry-mirrors'],
    ['insecure-registry', 'insecure-registries'],
    ['host', 'hosts'],
    ['label', 'labels'],
    ['storage-opt', 'storage-opts'],
    ['add-runtime', 'runtimes'],
    ['http-proxy', 'proxies'],
    ['containerd-plugins-namespace', 'flag'],
  ])('%s is swallowed', (name, instead) => {
    const [problem] = problems({ [name]: ['x'] })
    expect(problem?.level).toBe('warn')
    expect(problem?.suggestion).toContain(instead)
  })
})

describe('what is swallowed without a word', () => {
  it.each([
    ['{"debug": true, "debug": false}', 'warn debug duplicate-key'],
    ['{"log-opts": {"max-size": "1m", "max-size": "2m"}}', 'warn log-opts.max-size duplicate-key'],
    ['{"iptables": null}', 'warn iptables null-value'],
    ['{"bip": "192.168.1.1/24", "fixed-cidr": "10.0.0.0/24"}', 'warn fixed-cidr outside-bip'],
    ['{"bip": "192.168.1.1/24", "fixed-cidr": "192.168.0.0/16"}', 'warn fixed-cidr outside-bip'],
    ['{"log-driver": "nope"}', 'warn log-driver unknown-log-driver'],
    ['{"log-driver": " json-file"}', 'warn log-driver unknown-log-driver'],
    ['{"log-opts": {"max-size": "10 cats"}}', 'warn log-opts.max-size bad-log-option'],
    ['{"log-opts": {"max-size": "10m", "max-file": "0"}}', 'warn log-opts.max-file bad-log-option'],
    ['{"log-opts": {"max-file": "3"}}', 'warn log-opts.max-file log-never-rotated'],
    ['{"log-opts": {"compress": "true"}}', 'warn log-opts.compress bad-log-option'],
    ['{"log-driver": "gelf"}', 'warn log-driver log-option-missing'],
    ['{"features": {"buildkitt": true}}', 'warn features.buildkitt unknown-feature'],
    [
      '{"default-ulimits": {"foo": {"Name": "foo", "Hard": 1, "Soft": 1}}}',
      'warn default-ulimits.foo unknown-ulimit',
    ],
    [
      '{"default-ulimits": {"nofile": {"Name": "nofile", "Hard": 1, "Soft": 2}}}',
      'warn default-ulimits.nofile soft-above-hard',
    ],
    ['{"runtimes": {"x": {"path": "/x", "args": []}}}', 'warn runtimes.x.args ignored-inner-key'],
    ['{"builder": {"gcc": {}}}', 'warn builder.gcc ignored-inner-key'],
    ['{"max-concurrent-downloads": 0}', 'warn max-concurrent-downloads zero-is-default'],
    ['{"hosts": ["tcp://0.0.0.0:2375"]}', 'warn hosts.0 tcp-without-tls'],
    ['{"tlscert": "/x"}', 'warn tlscert tls-is-off'],
    ['{"ipv6": false, "fixed-cidr-v6": "fd00::/64"}', 'warn fixed-cidr-v6 no-effect'],
    ['{"storage-opts": ["overlay2.size=1G"]}', 'warn storage-opts no-effect'],
    ['{"insecure-registries": ["http://a:5000"]}', 'warn insecure-registries.0 registry-with-scheme'],
    [
      '{"default-address-pools": [{"base": "10.1.0.0/16", "size": 16}]}',
      'warn default-address-pools single-network',
    ],
  ])('%s', (file, expected) => {
    expect(findings(file)).toContain(expected)
    expect(lintDaemonJson(file, { host: { flags: {} } }).accepted).toBe(true)
  })
})

describe('clean files have no problems', () => {
  it.each([
    {},
    {
      'registry-mirrors': ['https://mirror.example.com'],
      'insecure-registries': ['registry.lan:5000', '10.0.0.0/8'],
    },
    { 'log-driver': 'json-file', 'log-opts': { 'max-size': '10m', 'max-file': '3', compress: 'true' } },
    { 'exec-opts': ['native.cgroupdriver=systemd'], 'storage-driver': 'overlay2', 'live-restore': true },
    {
      bip: '172.26.0.1/24',
      'fixed-cidr': '172.26.0.128/25',
      mtu: 1450,
      dns: ['8.8.8.8', '2001:4860:4860::8888'],
    },
    { 'default-address-pools': [{ base: '10.200.0.0/16', size: 24 }], 'data-root': '/data/docker' },
    {
      runtimes: { nvidia: { path: 'nvidia-container-runtime', runtimeArgs: [] } },
      'default-runtime': 'nvidia',
    },
    { proxies: { 'http-proxy': 'http://proxy:3128', 'no-proxy': 'localhost' }, labels: ['a=b'] },
    {
      features: { 'containerd-snapshotter': true },
      builder: { gc: { enabled: true, defaultReservedSpace: '10GB' } },
    },
    {
      'default-ulimits': { nofile: { Name: 'nofile', Hard: 64000, Soft: 64000 } },
      'default-shm-size': '128M',
    },
    {
      'userns-remap': 'default',
      ipv6: true,
      'fixed-cidr-v6': 'fd00:1::/64',
      'metrics-addr': '127.0.0.1:9323',
    },
    {
      hosts: ['unix:///var/run/docker.sock'],
      'log-level': 'warn',
      'seccomp-profile': 'unconfined',
      icc: false,
    },
  ])('%j', (value) => {
    expect(problems(value)).toEqual([])
  })
})

describe('what only the host can tell', () => {
  const nothing: HostContext = {
    pathExists: () => false,
    userExists: () => false,
    groupExists: () => false,
    interfaceKind: () => 'absent',
    commandExists: () => false,
    hasAddress: () => false,
    filesystemOf: () => 'ext',
    kernelFilesystems: ['overlay'],
    socketActivated: false,
    cgroupDriver: 'systemd',
    swarm: true,
    flags: { host: '[fd://]', containerd: '/run/containerd/containerd.sock' },
  }

  it.each([
    [{ 'seccomp-profile': '/x.json' }, 'seccomp-profile no-such-file'],
    [{ tlsverify: true, tlscert: '/a', tlskey: '/b' }, 'tlscert no-such-file'],
    [{ bridge: 'br0' }, 'bridge no-such-bridge'],
    [{ group: 'x' }, 'group no-such-group'],
    [{ 'userns-remap': 'x' }, 'userns-remap no-such-user'],
    [{ 'metrics-addr': '192.0.2.1:9323' }, 'metrics-addr no-such-address'],
    [{ hosts: ['tcp://192.0.2.1:2376'] }, 'hosts.0 no-such-address'],
    [{ hosts: ['unix:///x/y.sock'] }, 'hosts.0 no-such-folder'],
    [{ hosts: ['fd://'] }, 'hosts.0 no-socket-activation'],
    [{ hosts: ['unix://'] }, 'hosts set-twice'],
    [{ containerd: '/run/containerd/containerd.sock' }, 'containerd set-twice'],
    [{ 'storage-driver': 'btrfs' }, 'storage-driver driver-needs-filesystem'],
    [{ 'storage-driver': 'fuse-overlayfs' }, 'storage-driver driver-needs-program'],
    [
      { 'storage-driver': 'overlay2', 'storage-opts': ['overlay2.size=1G'] },
      'storage-opts.0 option-needs-xfs',
    ],
    [{ 'cgroup-parent': '/docker' }, 'cgroup-parent bad-cgroup-parent'],
    [{ 'live-restore': true }, 'live-restore live-restore-and-swarm'],
    [{ 'authorization-plugins': ['x'] }, 'authorization-plugins.0 no-such-plugin'],
    [{ 'userland-proxy-path': '/x' }, 'userland-proxy-path no-such-file'],
  ])('%j', (value, expected) => {
    expect(findings(value, '29.7.2', nothing)).toContain(`fail ${expected}`)
    const { accepted } = lintDaemonJson(JSON.stringify(value))
    expect(accepted).toBe(true)
  })

  it('hosts and containerd clash with the packaged unit, as far as is known', () => {
    const value = { hosts: ['unix://'], containerd: '/run/containerd/containerd.sock' }
    expect(findings(value, '29.7.2', {})).toEqual([
      'warn hosts clashes-with-unit',
      'warn containerd clashes-with-unit',
    ])
  })
})

it('a problem says where, what, and what to write instead', () => {
  const { engineVersion, accepted, problems: all } = lintDaemonJson('{\n  "bip": "172.26.0.1"\n}')
  expect({ engineVersion, accepted, all }).toEqual({
    engineVersion: '29.7.2',
    accepted: false,
    all: [
      {
        level: 'fail',
        line: 2,
        column: 10,
        key: 'bip',
        finding: 'prefix-length-missing',
        message: expect.stringContaining('"172.26.0.1"'),
        suggestion: expect.stringContaining('"172.26.0.1/24"'),
      },
    ],
  })
})
