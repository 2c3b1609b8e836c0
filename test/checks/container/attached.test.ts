import check from '../../../checks/container/attached.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { about, edited, LIST, listed, networksWith, proc, web } from './web.ts'

const settings = about
const after = web
const LINKS = '$ ip -j -d addr show'
const FLAGS = proc('root/sys/class/net/eth0/flags')
const TRIE = proc('net/fib_trie')
const ROUTES = proc('net/route')
const NET1 = {
  Name: 'net1',
  Id: 'f'.repeat(64),
  Driver: 'bridge',
  Scope: 'local',
  IPAM: { Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] },
}
/** Its other end is a port of docker0. */
const PORT_OF_BRIDGE = /"master":"docker0",/

testCheck(check, {
  'plugged in': passes(web, { settings, says: '172.17.0.2 on docker0' }),
  'on no network': finds(
    'noNetwork',
    {
      ...web,
      ...listed({ HostConfig: { NetworkMode: 'none' }, NetworkSettings: { Networks: { none: {} } } }),
    },
    { settings, after },
  ),
  'the bridge is gone': finds(
    'bridgeGone',
    { ...web, ...edited(LINKS, /"ifname":"docker0"/, '"ifname":"gone0"') },
    { settings, after },
  ),
  'in no bridge': finds(
    'unplugged',
    { ...web, ...edited(LINKS, PORT_OF_BRIDGE, '') },
    { settings, after, says: 'docker0 but into nothing' },
  ),
  'in a bridge of somebody else': finds(
    'unplugged',
    { ...web, ...edited(LINKS, PORT_OF_BRIDGE, '"master":"virbr0",') },
    { settings, after, says: 'virbr0' },
  ),
  'without a cable': finds(
    'cableGone',
    { ...web, [proc('root/sys/class/net/')]: ['lo'] },
    { settings, after },
  ),
  'switched off': finds(
    'down',
    { ...web, ...edited(LINKS, /("ifname":"veth[^"]*","flags":\[[^\]]*?)"UP",/, '$1') },
    { settings, after },
  ),
  'switched off inside': finds('downInside', { ...web, [FLAGS]: '0x1002\n' }, { settings, after }),
  'another address inside': finds(
    'otherAddress',
    { ...web, ...edited(TRIE, /172\.17\.0\.2\b/g, '172.17.0.9') },
    { settings, after, says: '172.17.0.9' },
  ),
  'no default route inside': finds(
    'noGateway',
    { ...web, ...edited(ROUTES, /^eth0\s+00000000.*\n/m, '') },
    { settings, after },
  ),
  'an internal network needs none': passes(
    {
      ...web,
      ...edited(ROUTES, /^eth0\s+00000000.*\n/m, ''),
      ...networksWith((one) => (one.Name === 'bridge' ? { ...one, Internal: true } : one)),
    },
    { settings },
  ),
  'another gateway inside': finds(
    'otherGateway',
    { ...web, ...edited(ROUTES, '010011AC', 'FE0011AC') },
    { settings, after, says: '172.17.0.254' },
  ),
  'a peer in another network, and no port': finds(
    'noCommonNetwork',
    { ...web, ...listed({ Ports: [] }), ...networksWith((one) => one, NET1) },
    {
      settings: { ...settings, way: { port: 80, from: '172.18.0.5' } },
      after: networksWith((one) => one),
      says: 'net1',
    },
  ),
  'on the network of the host': skips(
    { ...web, ...listed({ HostConfig: { NetworkMode: 'host' } }) },
    { settings },
  ),
  'of a driver that uses no bridge': skips(
    {
      ...web,
      ...listed({
        HostConfig: { NetworkMode: 'lan' },
        NetworkSettings: { Networks: { lan: { IPAddress: '10.77.0.50' } } },
      }),
      ...networksWith((one) => one, { ...NET1, Name: 'lan', Driver: 'macvlan' }),
    },
    { settings, says: 'macvlan' },
  ),
  'no container is named': skips(web),
  'an ordinary user may not look inside': unknown(
    {
      ...web,
      [proc('root/sys/class/net/')]: { state: 'denied', reason: 'permission denied', durationMs: 0 },
    },
    { settings },
  ),
  'its addresses are not told': unknown(
    { ...web, [TRIE]: { state: 'failed', reason: 'input/output error', durationMs: 0 } },
    { settings },
  ),
  'the engine does not list containers': unknown(
    { ...web, [LIST]: { state: 'timeout', reason: 'no answer', durationMs: 0 } },
    { settings },
  ),
})
