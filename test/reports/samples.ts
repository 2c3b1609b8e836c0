/** Reports made by hand, as small as shows what a format does with them. */
import type { FixReport, Report, Result, Status } from '../../src/model/report.ts'

const HOST: Report['host'] = {
  hostname: 'web-1',
  os: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
  kernel: '6.1.0-18-amd64',
  arch: 'x64',
  virtualization: 'kvm',
  cpus: 4,
  memoryBytes: 8_330_870_784,
  reached: 'live',
  collectedAs: { uid: 0, user: 'root' },
}

const result = (id: string, status: Status, message: string, more: Partial<Result> = {}): Result => ({
  id,
  area: id.slice(0, id.indexOf('/')),
  title: message,
  status,
  message,
  evidence: [],
  docs: `seaworthy explain ${id}`,
  durationMs: 0.4,
  ...more,
})

const passing = (...ids: string[]): Result[] =>
  ids.map((id) => result(id, 'pass', `${id} is as it should be`))

function report(results: readonly Result[], more: Partial<Report> = {}): Report {
  const summary = { pass: 0, warn: 0, fail: 0, skip: 0, unknown: 0, waived: 0 }
  for (const { status } of results) summary[status]++
  return {
    schemaVersion: 1,
    tool: { name: 'seaworthy', version: '1.2.3' },
    profile: 'docker',
    verdict: 'ready',
    startedAt: '2026-03-04T05:06:07.890Z',
    durationMs: 212,
    data: { distributions: '2026-02-03', removals: '2026-01-02' },
    host: HOST,
    summary,
    causes: [],
    results: [...results],
    ...more,
  }
}

const forwardingFix: FixReport = {
  summary: 'Turn IPv4 forwarding on, now and at boot',
  risk: 'safe',
  steps: [{ kind: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' }],
  shell: [
    'sysctl -w net.ipv4.ip_forward=1',
    'mkdir -p /etc/sysctl.d',
    "grep -qxF -- 'net.ipv4.ip_forward = 1' /etc/sysctl.d/99-zz-seaworthy.conf 2>/dev/null || printf '%s\\n' 'net.ipv4.ip_forward = 1' >>/etc/sysctl.d/99-zz-seaworthy.conf",
  ].join('\n'),
}

const forwardingOff = result(
  'network/ip-forward',
  'fail',
  'net.ipv4.ip_forward is 0: containers cannot reach beyond this host',
  {
    finding: 'off',
    why: 'Without it the host drops every packet between containers and the outside.',
    evidence: [
      { source: '/proc/sys/net/ipv4/ip_forward', state: 'ok', excerpt: '0' },
      {
        source: '/etc/sysctl.d/10-hardening.conf',
        state: 'ok',
        excerpt: '# hardening, ticket 4711\nnet.ipv4.ip_forward = 0',
      },
      { source: '/etc/sysctl.conf', state: 'absent', excerpt: 'does not exist' },
    ],
    fix: forwardingFix,
  },
)

const logRotation = result(
  'engine/log-rotation',
  'warn',
  'container logs grow without bound: 2 of 3 containers have no max-size',
  {
    finding: 'unbounded',
    why: 'A full disk stops the engine and everything else on this host.',
    evidence: [{ source: '/etc/docker/daemon.json', state: 'absent', excerpt: 'does not exist' }],
    fix: {
      summary: 'Rotate logs of new containers',
      risk: 'disruptive',
      steps: [{ kind: 'json', path: '/etc/docker/daemon.json' }],
      shell: [
        'mkdir -p /etc/docker',
        "printf '%s\\n' '{' \\",
        `  '  "log-opts": { "max-size": "10m", "max-file": "3" }' \\`,
        "  '}' >/etc/docker/daemon.json",
        'if [ -d /run/systemd/system ]; then systemctl restart docker; else service docker restart; fi',
        '# containers that exist keep their logs as they are: create them anew, one after the other, when it suits',
      ].join('\n'),
    },
  },
)

const calm = passing(
  'host/architecture',
  'host/clock',
  'kernel/version',
  'kernel/modules',
  'cgroup/hierarchy',
)

export const healthy = report([
  ...calm,
  ...passing('network/ip-forward', 'network/dns', 'storage/space', 'engine/running'),
  result('engine/version', 'pass', 'engine 28.5.2, client 28.5.2', { data: { version: '28.5.2' } }),
  result('registry/mirrors', 'skip', 'no mirror is configured'),
])

export const oneCause = report(
  [
    ...calm,
    forwardingOff,
    ...passing('network/dns', 'network/mtu'),
    result('firewall/forward-policy', 'fail', 'forwarded packets are dropped: policy of FORWARD is DROP', {
      causedBy: ['network/ip-forward'],
    }),
    result('registry/reachable', 'unknown', 'cannot tell whether containers reach registry-1.docker.io', {
      causedBy: ['firewall/forward-policy'],
    }),
    result('engine/warnings', 'warn', 'the engine itself warns: IPv4 forwarding is disabled', {
      causedBy: ['network/ip-forward'],
    }),
    logRotation,
  ],
  { verdict: 'not-ready', causes: ['network/ip-forward', 'engine/log-rotation'] },
)

const denied = (id: string, source: string): Result =>
  result(id, 'unknown', `cannot tell: ${source}: permission denied; run it as root (sudo)`, {
    evidence: [{ source, state: 'denied', excerpt: 'permission denied' }],
  })

export const ordinaryUser = report(
  [
    ...calm,
    ...passing('network/ip-forward'),
    denied('firewall/docker-chains', '$ iptables-save'),
    denied('firewall/forward-policy', '$ iptables-save'),
    denied('firewall/nftables', '$ nft -j list ruleset'),
    denied('security/selinux', '/etc/selinux/config'),
    denied('storage/data-root', 'stat /var/lib/docker/overlay2'),
    denied('engine/running', 'GET unix:///var/run/docker.sock /version'),
    result(
      'registry/docker-hub',
      'unknown',
      'cannot tell: probe https://registry-1.docker.io/v2/: no answer in 5 s; allow it more time with --timeout',
      {
        evidence: [
          { source: 'probe https://registry-1.docker.io/v2/', state: 'timeout', excerpt: 'no answer in 5 s' },
        ],
      },
    ),
    result('engine/units', 'unknown', 'the check itself failed: unexpected end of input'),
  ],
  { verdict: 'undetermined', host: { ...HOST, collectedAs: { uid: 1000, user: 'ada' } } },
)

export const manyFailures = report(
  [
    ...passing('host/architecture'),
    result(
      'host/limits',
      'warn',
      'fs.inotify.max_user_instances is 128: about 120 containers that watch files are too many',
      {
        finding: 'inotifyLow',
        why: 'Programs in containers then fail with "too many open files" though few are open.',
        fix: { ...forwardingFix, summary: 'Raise fs.inotify.max_user_instances to 1024, now and at boot' },
      },
    ),
    result(
      'kernel/modules-match',
      'fail',
      '/lib/modules/6.1.0-18-amd64 is gone: the kernel was upgraded and the host not rebooted',
      {
        finding: 'gone',
        why: 'No kernel module can be loaded any more, and the engine needs several.',
        evidence: [{ source: '/lib/modules/', state: 'ok', excerpt: '6.1.0-21-amd64/' }],
        fix: {
          summary: 'Boot the new kernel',
          risk: 'reboot',
          steps: [{ kind: 'reboot' }],
          shell: '# then reboot: systemctl reboot',
        },
      },
    ),
    forwardingOff,
    result(
      'network/dns',
      'fail',
      '/etc/resolv.conf 只有回环地址 127.0.0.53 的解析器，并且找不到上游服务器，容器因此无法解析任何名称',
      {
        finding: 'loopbackOnly',
        why: '容器有自己的网络命名空间，宿主机的回环地址在其中不可达，所以引擎会改用公共解析器。',
        evidence: [
          {
            source: '/etc/resolv.conf',
            state: 'ok',
            excerpt: '# 由 NetworkManager 生成\nnameserver 127.0.0.53',
          },
        ],
        fix: {
          summary: 'Name a resolver that containers can reach',
          risk: 'manual',
          steps: [{ kind: 'manual', text: 'Name a resolver that containers can reach' }],
          shell: '# Name a resolver that containers can reach',
        },
      },
    ),
    result('storage/space', 'fail', '/var/lib/docker is 97 % full: 1.2 GiB left', {
      finding: 'full',
      why: 'Pulling an image or writing a log fails when it is full.',
      data: { usedPercent: 97 },
      findings: [
        { finding: 'full', level: 'fail', message: '/var/lib/docker is 97 % full: 1.2 GiB left' },
        {
          finding: 'reclaimable',
          level: 'warn',
          message: '14 GiB of images are used by no container',
          fix: {
            summary: 'Remove images that no container uses',
            risk: 'disruptive',
            steps: [{ kind: 'command' }],
            shell: 'docker image prune --all --force',
          },
        },
      ],
    }),
    result(
      'engine/version',
      'waived',
      'Docker 20.10 is past its end of life (waived until 2026-06-30: migration planned)',
    ),
    denied('engine/units', '$ systemctl show docker'),
  ],
  {
    verdict: 'not-ready',
    profile: 'swarm',
    causes: ['kernel/modules-match', 'network/ip-forward', 'network/dns', 'storage/space', 'host/limits'],
  },
)

export const samples = {
  healthy,
  'one-cause': oneCause,
  'ordinary-user': ordinaryUser,
  'many-failures': manyFailures,
}
