import check from '../../../checks/container/published.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { about, edited, listed, networksWith, web } from './web.ts'

const settings = about
const after = web
const SAVED = '$ iptables-save'
const SS = '$ ss -H -l -n -t -u -p'
const DNAT = /^-A DOCKER .*DNAT.*\n/m
const LOOPBACK = listed({ Ports: [{ IP: '127.0.0.1', PrivatePort: 80, PublicPort: 8081, Type: 'tcp' }] })
const UNPUBLISHED = listed({ Ports: [{ PrivatePort: 80, Type: 'tcp' }] })
const nobody = edited(SS, /^.*:8081 .*\n/gm, '')

const macvlan = networksWith((one) => (one.Name === 'bridge' ? { ...one, Driver: 'macvlan' } : one))
const internal = networksWith((one) => (one.Name === 'bridge' ? { ...one, Internal: true } : one))
const on = (ip: string) => listed({ Ports: [{ IP: ip, PrivatePort: 80, PublicPort: 8081, Type: 'tcp' }] })

testCheck(check, {
  'an address of its own on the LAN: there is nothing to publish': skips(
    { ...web, ...UNPUBLISHED, ...macvlan },
    { settings: { ...settings, way: { port: 80, from: '10.77.0.1' } } },
  ),
  'an address of its own on the LAN, for this host itself': finds(
    'barred',
    { ...web, ...UNPUBLISHED, ...macvlan },
    { settings: { ...settings, way: { port: 80, from: 'localhost' } }, says: 'macvlan' },
  ),
  'in an internal network': finds(
    'internal',
    { ...web, ...UNPUBLISHED, ...internal },
    { settings: { ...settings, way: { port: 80 } }, says: 'publishes nothing' },
  ),
  'on an address of this host': passes({ ...web, ...on('10.77.0.2') }, { settings }),
  'on an address that this host has no more': finds(
    'noSuchAddress',
    { ...web, ...on('10.77.0.3') },
    { settings, says: '10.77.0.3' },
  ),
  'published, and led to it by a rule': passes(web, { settings, says: '8081 of all addresses, to 80/tcp' }),
  'no rule, and docker-proxy passes it on': passes({ ...web, ...edited(SAVED, DNAT, '') }, { settings }),
  'no rule, as an ordinary user sees who listens': passes(
    { ...web, ...edited(SAVED, DNAT, ''), ...edited(SS, /users:.*/g, '') },
    { settings },
  ),
  'without docker-proxy': passes({ ...web, ...nobody }, { settings }),
  'not published, and asked for': finds(
    'notPublished',
    { ...web, ...UNPUBLISHED },
    { settings: { ...settings, way: { port: 80 } }, says: '80/tcp of web' },
  ),
  'on loopback alone': finds('onLoopback', { ...web, ...LOOPBACK }, { settings, says: '127.0.0.1' }),
  'on loopback, for whoever is on this host': passes(
    { ...web, ...LOOPBACK },
    { settings: { ...settings, way: { from: 'localhost' } } },
  ),
  'on loopback and on all addresses': passes(
    {
      ...web,
      ...listed({
        Ports: [
          { IP: '127.0.0.1', PrivatePort: 80, PublicPort: 9000, Type: 'tcp' },
          { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8081, Type: 'tcp' },
        ],
      }),
    },
    { settings },
  ),
  'neither a rule nor a listener': finds(
    'lost',
    { ...web, ...edited(SAVED, DNAT, ''), ...nobody },
    { settings, after },
  ),
  'another program in its place': finds(
    'taken',
    { ...web, ...edited(SAVED, DNAT, ''), ...edited(SS, /docker-proxy/g, 'nginx') },
    { settings, says: 'nginx (process' },
  ),
  'led to an address of the past': finds(
    'elsewhere',
    { ...web, ...edited(SAVED, '--to-destination 172.17.0.2:80', '--to-destination 172.17.0.7:80') },
    { settings, after: {}, says: '172.17.0.7:80' },
  ),
  'none is published, and none is asked for': skips({ ...web, ...UNPUBLISHED }, { settings }),
  'a neighbour needs none': skips(
    { ...web, ...UNPUBLISHED },
    { settings: { ...settings, way: { port: 80, from: '172.17.0.9' } } },
  ),
  'on the network of the host': skips(
    { ...web, ...listed({ HostConfig: { NetworkMode: 'host' } }) },
    { settings },
  ),
  'no container is named': skips(web),
  'an ordinary user may not read the rules': unknown(
    { ...web, [SAVED]: { state: 'denied', reason: 'permission denied', durationMs: 0 } },
    { settings },
  ),
})
