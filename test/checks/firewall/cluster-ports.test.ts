import check from '../../../checks/firewall/cluster-ports.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { firewalldHost, ordinaryUser, recordedHost, stopped, ufwHost, withRules } from './host.ts'

const INFO = 'GET unix:///var/run/docker.sock /info'
const NETWORKS = 'GET unix:///var/run/docker.sock /networks'
const answer = (body: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(body) })

/** The host in a swarm, as /info tells it. */
const inSwarm = (host: Readings, more: object = {}): Readings => ({
  ...host,
  [INFO]: answer({
    Swarm: {
      LocalNodeState: 'active',
      ControlAvailable: true,
      NodeAddr: '10.77.0.2',
      Nodes: 3,
      RemoteManagers: [
        { NodeID: 'a', Addr: '10.77.0.2:2377' },
        { NodeID: 'b', Addr: '10.77.0.3:2377' },
      ],
      Cluster: { DataPathPort: 0 },
      ...more,
    },
  }),
})
const encrypted = (host: Readings): Readings => ({
  ...host,
  [NETWORKS]: answer([
    ...JSON.parse((recordedHost()[NETWORKS] as { body: string }).body),
    {
      Name: 'secret',
      Id: 'x',
      Driver: 'overlay',
      Scope: 'swarm',
      Options: { encrypted: '' },
      IPAM: { Config: [] },
    },
  ]),
})

const open = recordedHost()
/** INPUT closed but for these. */
const closed = (...rules: string[]): Readings =>
  withRules((text) =>
    text
      .replace(':INPUT ACCEPT', ':INPUT DROP')
      .replace('-A FORWARD', `${rules.map((rule) => `-A INPUT ${rule} -j ACCEPT\n`).join('')}-A FORWARD`),
  )
const TCP = '-p tcp -m multiport --dports 2377,7946'
const UDP = '-p udp -m multiport --dports 4789,7946'
const rules = { '$ iptables-save': open['$ iptables-save'] ?? null }
const anyNft = { '$ nft -j list ruleset': open['$ nft -j list ruleset'] ?? null }

testCheck(check, {
  'in no swarm': skips(closed()),
  'the only node': skips(inSwarm(closed(), { Nodes: 1, RemoteManagers: [] })),
  'all open': passes(inSwarm(open)),
  'those ports open': passes(inSwarm(closed(TCP, UDP)), { says: 'eth0' }),
  'open to the other nodes': passes(inSwarm(closed('-s 10.77.0.0/24'))),
  'closed to all': finds('blocked', inSwarm(closed()), {
    says: /2377\/tcp.*policy of filter INPUT/,
    after: {},
  }),
  'closed to a manager that is known': finds('blocked', inSwarm(closed('-s 10.77.0.4/32')), { after: {} }),
  'ufw as it comes': finds('blocked', inSwarm(ufwHost()), { says: '2377/tcp', after: rules }),
  'firewalld as it comes': finds('blocked', inSwarm(firewalldHost()), {
    says: 'admin-prohibited',
    after: anyNft,
  }),
  'a worker manages nothing': passes(
    inSwarm(closed('-p tcp -m tcp --dport 7946', UDP), { ControlAvailable: false, Cluster: null }),
  ),
  'the data port closed': finds('dataBlocked', inSwarm(closed(TCP, '-p udp -m udp --dport 7946')), {
    says: '4789/udp',
    after: {},
  }),
  'another data port': finds('dataBlocked', inSwarm(closed(TCP, UDP), { Cluster: { DataPathPort: 7789 } }), {
    says: '7789/udp',
    after: {},
  }),
  'encrypted, and ESP closed': finds('encryptionBlocked', encrypted(inSwarm(closed(TCP, UDP))), {
    after: {},
  }),
  'encrypted, and ESP open': passes(encrypted(inSwarm(closed(TCP, UDP, '-p esp')))),
  'before it joins': finds('blocked', closed(), { settings: { profile: 'swarm' }, after: {} }),
  'no engine runs': skips(stopped),
  'an ordinary user': unknown(inSwarm(ordinaryUser)),
})
