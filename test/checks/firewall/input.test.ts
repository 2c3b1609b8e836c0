import { expect, it } from 'vitest'
import check from '../../../checks/firewall/input.ts'
import { toShell } from '../../../src/fix/shell.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, judge, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import {
  configuredWith,
  firewalldHost,
  hostnetIn,
  ordinaryUser,
  pidOf,
  recordedHost,
  stopped,
  ufwHost,
  withRules,
} from './host.ts'

const healthy = recordedHost()
const HOSTNET = 'd7ae26cbadfca06dcf1b367184bdc5e156a4d747904ec1745079c1c9727fb99a'
const WEB = 'cad48bc0ecc74cdfb894cffbf644269a0fc46679d116cca1e0a6cf348d667339'

/** The program on 8090 is the container's on the network of the host. */
const withHostnet: Readings = { '/proc/4001/cgroup': `4:memory:/docker/${HOSTNET}\n0::/\n` }

/** What INPUT holds, before the engine's chains. */
const input = (policy: string, ...rules: string[]) =>
  withRules((text) =>
    text
      .replace(':INPUT ACCEPT', `:INPUT ${policy}`)
      .replace('-A FORWARD', `${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}-A FORWARD`),
  )
const closed = (...more: string[]) =>
  input(
    'DROP',
    '-i lo -j ACCEPT',
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-p tcp -m tcp --dport 22 -j ACCEPT',
    ...more,
  )
const ss = String(healthy['$ ss -H -l -n -t -u -p'])
const opened = { '$ iptables-save': healthy['$ iptables-save'] ?? null }

/** The container `web` is given these variables, and knows host.docker.internal. */
const told = (...variables: string[]): Readings => ({
  [`GET unix:///var/run/docker.sock /containers/${WEB}/json`]: {
    status: 200,
    headers: {},
    body: JSON.stringify({
      HostConfig: { ExtraHosts: ['host.docker.internal:host-gateway'] },
      Config: { Env: ['PATH=/bin', ...variables] },
    }),
  },
})
const listening = (address: string): Readings => ({
  '$ ss -H -l -n -t -u -p': `tcp LISTEN 0 4096 ${address}:11434 0.0.0.0:* users:(("ollama",pid=901,fd=3))\n`,
})
const OLLAMA = told('OLLAMA_BASE_URL=***host.docker.internal:11434***')

/** A resolver on the bridge's own address, as a local dnsmasq or Pi-hole has it. */
const ownResolver = (host: Readings): Readings => configuredWith({ dns: ['172.17.0.1'] }, host)

/** The container publishes this port, and the engine has written the rule for it. */
const published = (port: number, host: Readings = healthy): Readings => ({
  ...withRules((rules) => rules.replace('--dport 8081', `--dport ${port}`), host),
  'GET unix:///var/run/docker.sock /containers/json?all=1': {
    status: 200,
    headers: {},
    body: JSON.stringify([
      {
        Id: WEB,
        Names: ['/db'],
        State: 'running',
        Ports: [{ IP: '0.0.0.0', PrivatePort: 80, PublicPort: port, Type: 'tcp' }],
        HostConfig: { NetworkMode: 'default' },
        NetworkSettings: { Networks: { bridge: { IPAddress: '172.17.0.2' } } },
      },
    ]),
  },
})
const gone = published(0)

testCheck(check, {
  'nothing is closed': passes({ ...healthy, ...withHostnet }),
  'closed, and no container needs it': passes(closed()),
  'ufw as it comes': passes(ufwHost()),
  'ufw, the port of a host-network container closed to all': finds(
    'hostPortsClosed',
    { ...ufwHost(), '/proc/11511/cgroup': `0::/system.slice/docker-${hostnetIn('ufw')}.scope\n` },
    { says: /8090\/tcp: the policy of filter INPUT/, after: opened },
  ),
  'firewalld, whose zone for the bridges lets containers in': passes({
    ...firewalldHost(),
    [`/proc/${pidOf('firewalld', 8090)}/cgroup`]: `0::/system.slice/docker-${hostnetIn('firewalld')}.scope\n`,
  }),
  'a host-network container closed to all': finds(
    'hostPortsClosed',
    { ...closed(), ...withHostnet },
    { says: 'hostnet', after: {} },
  ),
  'a container on the network of the host that only asks others, over UDP': passes({
    ...closed(),
    ...withHostnet,
    '$ ss -H -l -n -t -u -p': 'udp UNCONN 0 0 0.0.0.0:41234 0.0.0.0:* users:(("agent",pid=4001,fd=3))\n',
  }),
  'a host-network container behind a web server that others reach': passes({
    ...closed('-p tcp -m tcp --dport 443 -j ACCEPT'),
    ...withHostnet,
    '$ ss -H -l -n -t -u -p': `${ss}tcp LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=77,fd=6))\n`,
    '/proc/77/cgroup': '0::/system.slice/nginx.service\n',
  }),
  'open to some': passes({
    ...closed('-s 10.77.0.9/32 -p tcp -m tcp --dport 8090 -j ACCEPT'),
    ...withHostnet,
  }),
  'open to containers': passes({ ...closed('-i docker0 -j ACCEPT'), ...withHostnet }),
  'their name server is this host, and closed': finds('resolverBlocked', ownResolver(closed()), {
    says: /172\.17\.0\.1.* from docker0 are stopped by the policy/,
    after: {},
  }),
  'their name server is this host, and open': passes(
    ownResolver(closed('-i docker0 -p udp -m udp --dport 53 -j ACCEPT')),
  ),
  'another name server is left': passes(configuredWith({ dns: ['172.17.0.1', '10.77.0.1'] }, closed())),
  'told of a service of the host that is closed to it': finds(
    'serviceBlocked',
    { ...closed(), ...listening('*'), ...OLLAMA },
    { says: /OLLAMA_BASE_URL to use 172\.17\.0\.1:11434/, after: {} },
  ),
  'told of a service that is rejected': finds(
    'serviceBlocked',
    {
      ...input('ACCEPT', '-i docker0 -j REJECT --reject-with icmp-host-prohibited'),
      ...listening('172.17.0.1'),
      ...told('DB=***172.17.0.1:11434***'),
    },
    { says: 'icmp-host-prohibited', after: {} },
  ),
  'told of a service that it reaches': passes({ ...healthy, ...listening('*'), ...OLLAMA }),
  'told of a service that listens on loopback alone': finds(
    'onLoopback',
    { ...healthy, ...listening('127.0.0.1'), ...OLLAMA },
    { says: /ollama \(process 901\) listens on 127\.0\.0\.1/, after: listening('*') },
  ),
  'told of what does not run now': passes({ ...closed(), ...OLLAMA }),
  'told of the outer address, for browsers': passes({
    ...closed(),
    ...listening('*'),
    ...told('API=***10.77.0.2:11434***'),
  }),
  'a database past a policy': finds('bypassed', published(5432, closed()), { says: '5432', after: gone }),
  'a port past a rule of its own': finds(
    'bypassed',
    published(9000, input('ACCEPT', '-i eth0 -p tcp -m tcp --dport 9000 -j DROP')),
    { says: '--dport 9000 -j DROP', after: gone },
  ),
  'any other port past a policy': passes(published(9000, closed())),
  'closed in DOCKER-USER as well': passes(
    withRules(
      (text) =>
        text.replace(
          '-A DOCKER-USER',
          '-A DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 5432 -j DROP\n-A DOCKER-USER',
        ),
      published(5432, closed()),
    ),
  ),
  'no engine runs': skips(stopped),
  'an ordinary user': unknown(ordinaryUser),
})

it('opens a port of firewalld to the bridge alone, in the zone that the bridge is in', async () => {
  const outcome = await judge(check, ownResolver(firewalldHost('firewalld-zone-public')))
  const found = Array.isArray(outcome) ? outcome : [outcome]
  expect(found.map((one) => ('finding' in one ? one.finding : one.status))).toContain('resolverBlocked')
  const shell = found.map((one) => ('fix' in one && one.fix ? toShell(one.fix) : '')).join('\n')
  expect(shell).toContain(
    `firewall-cmd --zone=public '--add-rich-rule=rule family="ipv4" source address="172.17.0.0/16" port port="53" protocol="udp" accept'`,
  )
  expect(shell).not.toContain('--add-port=53')
})
