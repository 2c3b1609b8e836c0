import check from '../../../checks/container/listening.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { about, inspected, listed, listens, proc, stopped, web } from './web.ts'

const settings = about
const NONE = { [proc('net/tcp6')]: null, [proc('net/tcp')]: listens() }
const PORT = '0050'

testCheck(check, {
  'on all addresses': passes(web, { settings, says: '[::]:80/tcp' }),
  'on its own address': passes(
    { ...web, ...NONE, [proc('net/tcp')]: listens(`020011AC:${PORT}`) },
    { settings },
  ),
  'asked for as the host has it': passes(web, { settings: { ...settings, way: { port: 8081 } } }),
  'on its loopback alone': finds(
    'loopback',
    { ...web, ...NONE, [proc('net/tcp')]: listens(`0100007F:${PORT}`) },
    { settings, says: '127.0.0.1:80/tcp' },
  ),
  'on another port': finds(
    'nothing',
    { ...web, ...NONE, [proc('net/tcp')]: listens('00000000:1F40') },
    { settings, says: '0.0.0.0:8000/tcp' },
  ),
  'nowhere, beside the name server of the engine': finds(
    'silent',
    { ...web, ...NONE, [proc('net/tcp')]: listens('0B00007F:A001') },
    { settings },
  ),
  'on an address that is not its own': finds(
    'elsewhere',
    { ...web, ...NONE, [proc('net/tcp')]: listens(`0500A8C0:${PORT}`) },
    { settings, says: '192.168.0.5:80/tcp' },
  ),
  'a UDP port': passes(
    {
      ...web,
      ...listed({ Ports: [{ IP: '0.0.0.0', PrivatePort: 53, PublicPort: 5353, Type: 'udp' }] }),
      [proc('net/udp')]: '   0: 00000000:0035 00000000:0000 07 0 0 0 0 0 1 1',
    },
    { settings, says: '0.0.0.0:53/udp' },
  ),
  'on the network of the host, whose loopback the host does reach': passes(
    {
      ...web,
      ...NONE,
      ...listed({ HostConfig: { NetworkMode: 'host' } }),
      [proc('net/tcp')]: listens(`0100007F:${PORT}`),
    },
    { settings: { ...settings, way: { port: 80, from: 'localhost' } } },
  ),
  'no port is published, and none asked for': skips(
    { ...web, ...listed({ Ports: [] }), ...stopped('Created', { Status: 'created' }) },
    { settings },
  ),
  'it does not run': skips(
    { ...web, ...stopped('Exited (0) 1 hour ago', { Status: 'exited' }) },
    { settings },
  ),
  'no container is named': skips(web),
  'a port that is neither TCP nor UDP': unknown(
    {
      ...web,
      ...listed({ Ports: [{ IP: '0.0.0.0', PrivatePort: 36412, PublicPort: 36412, Type: 'sctp' }] }),
    },
    { settings },
  ),
  'a runtime with a network stack of its own': unknown(
    { ...web, ...inspected({}, { HostConfig: { Runtime: 'runsc' } }) },
    { settings, says: 'runsc' },
  ),
  'seen from a container, where the number means another process': unknown(
    { ...web, [proc('cgroup')]: '0::/user.slice/session-1.scope\n' },
    { settings, says: 'process 383 is not one of web' },
  ),
  'seen from a container, where the number means none': unknown(
    { ...web, [proc('cgroup')]: null },
    { settings },
  ),
  'its sockets may not be read': unknown(
    { ...web, [proc('net/tcp')]: { state: 'denied', reason: 'permission denied', durationMs: 0 } },
    { settings },
  ),
})
