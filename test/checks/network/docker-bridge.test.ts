import check from '../../../checks/network/docker-bridge.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import {
  asUser,
  bareHost,
  container,
  DOCKER0,
  daemonJson,
  dockerHost,
  ETH0,
  engine,
  LO,
  links,
  network,
  VETH,
} from './host.ts'

const id = '0123456789abcdef'.repeat(4)
const own = network({
  Name: 'shop',
  Id: id,
  IPAM: { Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] },
  Options: {},
})
const laid = { name: `br-${id.slice(0, 12)}`, kind: 'bridge', addresses: ['172.18.0.1/16'] }
const plain = links(LO, ETH0, DOCKER0, VETH)

testCheck(check, {
  'one container in docker0': passes(dockerHost, { says: 'docker0 172.17.0.1' }),
  'no container, so no carrier': passes({
    ...dockerHost,
    ...engine({ containers: [] }),
    ...links(LO, ETH0, DOCKER0),
  }),
  'no engine yet': skips(bareHost),
  'bridge none': skips({ ...dockerHost, ...daemonJson({ bridge: 'none' }), ...engine({ networks: [] }) }),
  'bip is a network address': finds(
    'badBip',
    { ...bareHost, ...daemonJson({ bip: '172.26.0.0/16' }) },
    { after: {}, says: "network's address" },
  ),
  'bip without a mask': finds(
    'badBip',
    { ...bareHost, ...daemonJson({ bip: '172.26.0.1' }) },
    { says: 'no mask' },
  ),
  'bip is no address': finds('badBip', { ...bareHost, ...daemonJson({ bip: 'docker0' }) }),
  'bip and bridge': finds('bothSet', { ...bareHost, ...daemonJson({ bip: '172.26.0.1/16', bridge: 'br9' }) }),
  'docker0 is gone': finds('missing', { ...dockerHost, ...links(LO, ETH0) }, { after: plain }),
  'the bridge of a network is gone': finds(
    'missing',
    {
      ...dockerHost,
      ...engine({ networks: [network(), own], containers: [] }),
    },
    { after: links(LO, ETH0, DOCKER0, VETH, laid) },
  ),
  'a network of a swarm is not laid out here': passes({
    ...dockerHost,
    ...engine({ networks: [network(), { ...own, Scope: 'swarm' }] }),
  }),
  'docker0 is a dummy interface': finds(
    'notABridge',
    {
      ...dockerHost,
      ...links(LO, ETH0, { ...DOCKER0, kind: 'dummy' }),
    },
    { after: plain },
  ),
  'docker0 lost its address': finds(
    'noAddress',
    { ...dockerHost, ...links(LO, ETH0, { name: 'docker0', kind: 'bridge' }, VETH) },
    { after: plain, says: '172.17.0.1/16' },
  ),
  'a network without an address of the host': passes({
    ...dockerHost,
    ...engine({
      networks: [
        network({
          Options: {
            'com.docker.network.bridge.inhibit_ipv4': 'true',
            'com.docker.network.bridge.name': 'docker0',
          },
        }),
      ],
    }),
    ...links(LO, ETH0, { name: 'docker0', kind: 'bridge' }, VETH),
  }),
  'docker0 has a stale address': finds(
    'otherAddress',
    { ...dockerHost, ...links(LO, ETH0, { ...DOCKER0, addresses: ['172.30.0.1/16'] }, VETH) },
    { after: plain },
  ),
  'docker0 is down': finds(
    'down',
    { ...dockerHost, ...links(LO, ETH0, { ...DOCKER0, up: false }, VETH) },
    { after: plain },
  ),
  "a container's cable is out": finds(
    'detached',
    { ...dockerHost, ...links(LO, ETH0, DOCKER0, { name: VETH.name, kind: 'veth', away: true }) },
    { after: plain, says: 'veth9bb77a5' },
  ),
  'two cables are out, of two networks': finds('detached', {
    ...dockerHost,
    ...engine({
      networks: [network(), own],
      containers: [
        container('a', '172.17.0.2'),
        container('b', '', { NetworkSettings: { Networks: { shop: { IPAddress: '172.18.0.2' } } } }),
      ],
    }),
    ...links(
      LO,
      ETH0,
      DOCKER0,
      laid,
      { name: 'veth0000001', kind: 'veth', away: true },
      { name: 'veth0000002', kind: 'veth', away: true },
    ),
  }),
  'a cable of somebody else hangs in the air': passes({
    ...dockerHost,
    ...links(LO, ETH0, DOCKER0, VETH, { name: 'veth1234567', kind: 'veth', away: true }),
  }),
  'bip changed, and the engine not restarted': finds(
    'notYetApplied',
    { ...dockerHost, ...daemonJson({ bip: '172.26.0.1/16' }) },
    { after: links(LO, ETH0, { ...DOCKER0, addresses: ['172.17.0.1/16', '172.26.0.1/16'] }, VETH) },
  ),
  'an ordinary user': unknown({ ...dockerHost, ...asUser }),
  'nothing recorded': unknown({}),
})
