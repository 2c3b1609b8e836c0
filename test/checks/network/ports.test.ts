import check from '../../../checks/network/ports.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { asUser, bareHost, container, DENIED, daemonJson, dockerHost, engine } from './host.ts'

const SS = '$ ss -H -l -n -t -u -p'
const line = (address: string, program: string, pid = 812) =>
  `tcp LISTEN 0 4096 ${address} 0.0.0.0:* users:(("${program}",pid=${pid},fd=4))\n`
const listening = (...lines: readonly string[]) => ({ [SS]: lines.join('') })

const web = container('web', '172.17.0.2', {
  Ports: [{ IP: '0.0.0.0', PublicPort: 8081, PrivatePort: 80, Type: 'tcp' }],
})
const PROXY = line('0.0.0.0:8081', 'docker-proxy')

/** A container that does not run, and publishes a port when it does. */
const stopped = (
  more: { error?: string; policy?: string; ip?: string; running?: readonly unknown[] } = {},
) => ({
  ...dockerHost,
  ...engine({ containers: [...(more.running ?? []), container('shop', '', { State: 'exited' })] }),
  'GET unix:///var/run/docker.sock /containers/id-of-shop/json': {
    status: 200,
    headers: {},
    body: JSON.stringify({
      Name: '/shop',
      State: { Error: more.error ?? '' },
      HostConfig: {
        RestartPolicy: { Name: more.policy ?? 'always' },
        PortBindings: { '80/tcp': [{ HostIp: more.ip ?? '', HostPort: '8081' }], '81/tcp': null },
      },
    }),
  },
})
const TAKEN =
  'driver failed: Error starting userland proxy: listen tcp4 0.0.0.0:8081: bind: address already in use'
const ALLOCATED = 'driver failed: Bind for 0.0.0.0:8081 failed: port is already allocated'

const INSTALLED = {
  '$ dockerd --version': 'Docker version 28.5.2, build ecc6942\n',
  'stat /usr/bin/dockerd': {
    type: 'file',
    mode: 0o755,
    uid: 0,
    gid: 0,
    size: 9e7,
    mtimeMs: 0,
    ino: 7,
    dev: 1,
  },
} as const

/** What a text says was refused. */
const refused = (port: number, protocol = 'tcp', address = '') => ({
  settings: {
    refused: {
      ports: [{ port, protocol, address }],
      plugins: [],
      mounts: [],
      registries: { plain: [], others: [] },
    },
  },
})
const serving = { ...dockerHost, ...engine({ containers: [web] }) }

testCheck(check, {
  'a text names a port that a container publishes': finds(
    'held',
    { ...serving, ...listening(PROXY) },
    { ...refused(8081), says: 'port 8081/tcp, which the command asked for, is held by the container web' },
  ),
  'the same without docker-proxy': finds('held', { ...serving, ...listening() }, refused(8081)),
  'a text names a port that a program holds': finds(
    'held',
    { ...serving, ...listening(line('0.0.0.0:8088', 'busybox', 107)) },
    { ...refused(8088), says: 'is held by busybox (process 107)' },
  ),
  'a text names a port, and the container that was left behind wants it, too': finds(
    'held',
    { ...stopped({ policy: 'no', error: TAKEN }), ...listening(line('*:8081', 'httpd', 99)) },
    { ...refused(8081), says: 'httpd (process 99)' },
  ),
  'the port that a text names is free by now': passes(
    { ...serving, ...listening(PROXY) },
    { ...refused(8089), says: 'by now nothing holds port 8089' },
  ),
  'another protocol': passes({ ...serving, ...listening(PROXY) }, refused(8081, 'udp')),
  'another address': passes(
    { ...serving, ...listening(line('127.0.0.1:53', 'dnsmasq')) },
    refused(53, 'tcp', '10.0.0.2'),
  ),
  'docker-proxy holds it for its container': passes({
    ...dockerHost,
    ...engine({ containers: [web] }),
    ...listening(PROXY),
  }),
  'a stopped job, whose port serves another program now': passes({
    ...stopped({ policy: 'no' }),
    ...listening(line('*:8081', 'nginx')),
  }),
  'a stopped container, and its port is free': passes({ ...stopped(), ...listening(line('*:80', 'nginx')) }),
  'its successor runs': passes({ ...stopped({ running: [web], error: ALLOCATED }), ...listening(PROXY) }),
  'another address of the same port': passes({
    ...stopped({ ip: '10.77.0.2' }),
    ...listening(line('127.0.0.1:8081', 'nginx')),
  }),
  'no engine': skips({ ...bareHost, ...listening(PROXY) }),
  'another program holds it': finds(
    'inUse',
    { ...stopped(), ...listening(line('*:8081', 'httpd', 99)) },
    { says: 'port 8081/tcp that the container shop publishes is taken by httpd (process 99)' },
  ),
  'another program held it when the container was started': finds('inUse', {
    ...stopped({ policy: 'no', error: TAKEN }),
    ...listening(line('127.0.0.53%lo:8081', '')),
  }),
  'the engine alone holds it': finds(
    'ghost',
    { ...stopped({ error: ALLOCATED }), ...listening() },
    { after: { ...dockerHost, ...listening() } },
  ),
  'a proxy is left over': finds(
    'staleProxy',
    { ...dockerHost, ...engine({ containers: [] }), ...listening(PROXY, line('[::]:8081', 'docker-proxy')) },
    { after: listening() },
  ),
  'the port of the API is taken': finds('engineBarred', {
    ...bareHost,
    ...INSTALLED,
    ...daemonJson({ hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2375'] }),
    ...listening(line('127.0.0.1:2375', 'socat')),
  }),
  'the port of the API is taken, and a text says so': finds(
    'engineBarred',
    {
      ...bareHost,
      ...INSTALLED,
      ...daemonJson({ hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2375'] }),
      ...listening(line('127.0.0.1:2375', 'socat')),
    },
    refused(2375),
  ),
  'the port of the metrics is taken': finds('engineBarred', {
    ...bareHost,
    ...INSTALLED,
    ...daemonJson({ 'metrics-addr': '127.0.0.1:9323' }),
    ...listening(line('*:9323', 'node_exporter')),
  }),
  'an ordinary user': unknown({ ...dockerHost, ...asUser, ...listening() }),
  'no ss': unknown({ ...dockerHost, [SS]: DENIED }),
})
