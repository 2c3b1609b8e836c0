import check from '../../../checks/engine/client-target.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { host, root, statOf, stopped } from '../engine-host.ts'

const CONFIG = '/root/.docker/config.json'
const META = '/root/.docker/contexts/meta/'
const context = (name: string, address: string): Readings => ({
  [META]: ['abc/'],
  [`${META}abc/meta.json`]: JSON.stringify({
    Name: name,
    Metadata: {},
    Endpoints: { docker: { Host: address } },
  }),
})
const env = (name: string, value: string): Readings => ({
  [`env ${name}`]: value,
  '/etc/environment': `PATH="/usr/bin"\n${name}=${value}\n`,
})
const unset = (name: string): { after: Readings } => ({ after: { [`env ${name}`]: null } })
const desktop = 'unix:///root/.docker/desktop/docker.sock'

testCheck(check, {
  'nothing set': passes(host),
  'the default socket, spelled out': passes({
    ...host,
    ...env('DOCKER_HOST', 'unix:///var/run/docker.sock'),
  }),
  'the default socket, by its other path': passes({
    ...host,
    ...env('DOCKER_HOST', 'unix:///run/docker.sock'),
  }),
  'an unused context that is dead': passes({
    ...host,
    [CONFIG]: '{"auths": {}}',
    ...context('staging', 'tcp://10.77.0.77:2376'),
  }),
  'a local port that nobody listens on': finds(
    'nowhere',
    { ...host, ...env('DOCKER_HOST', 'tcp://127.0.0.1:2375') },
    { ...unset('DOCKER_HOST'), says: /nothing listens on port 2375/ },
  ),
  'a port of another machine that does not answer': finds(
    'nowhere',
    {
      ...host,
      ...env('DOCKER_HOST', 'tcp://10.0.0.9:2375'),
      'probe tcp://10.0.0.9:2375': {
        ok: false,
        stage: 'tcp',
        code: 'ECONNREFUSED',
        message: 'connection refused',
        timings: {},
      },
    },
    unset('DOCKER_HOST'),
  ),
  'another machine': finds(
    'elsewhere',
    {
      ...host,
      ...env('DOCKER_HOST', 'tcp://10.0.0.9:2375'),
      'probe tcp://10.0.0.9:2375': { ok: true, timings: {} },
    },
    unset('DOCKER_HOST'),
  ),
  'another machine by ssh': finds(
    'elsewhere',
    { ...host, ...env('DOCKER_HOST', 'ssh://me@build') },
    unset('DOCKER_HOST'),
  ),
  'another machine, and no engine here': passes({
    ...stopped,
    'stat /usr/sbin/dockerd': null,
    ...env('DOCKER_HOST', 'ssh://me@build'),
  }),
  'a socket that is not there': finds(
    'nowhere',
    { ...host, 'env DOCKER_HOST': 'unix:///run/user/0/docker.sock' },
    { says: /no such socket/ },
  ),
  nonsense: finds('nowhere', { ...host, ...env('DOCKER_HOST', 'localhost') }, unset('DOCKER_HOST')),
  "Desktop's context, and Desktop is down": finds(
    'nowhere',
    { ...host, [CONFIG]: '{"currentContext": "desktop-linux"}', ...context('desktop-linux', desktop) },
    { after: {}, says: /the context desktop-linux/ },
  ),
  "Desktop's context, beside an engine": finds(
    'elsewhere',
    {
      ...host,
      [CONFIG]: '{"currentContext": "desktop-linux"}',
      ...context('desktop-linux', desktop),
      'stat /root/.docker/desktop/docker.sock': statOf('socket', 0o600),
    },
    { after: {} },
  ),
  'a context that is gone': finds(
    'noContext',
    { ...host, [CONFIG]: '{"currentContext": "gone"}' },
    { after: {} },
  ),
  'a context that is gone, by variable': finds(
    'noContext',
    { ...host, ...env('DOCKER_CONTEXT', 'gone') },
    unset('DOCKER_CONTEXT'),
  ),
  'the variable outweighs the context': passes({
    ...host,
    [CONFIG]: '{"currentContext": "gone"}',
    ...env('DOCKER_HOST', 'unix:///var/run/docker.sock'),
  }),
  'TLS without certificates': finds(
    'noCertificate',
    { ...host, ...env('DOCKER_TLS_VERIFY', '1') },
    { ...unset('DOCKER_TLS_VERIFY'), says: '/root/.docker/ca.pem' },
  ),
  'TLS with certificates': passes({
    ...host,
    ...env('DOCKER_TLS_VERIFY', '1'),
    'env DOCKER_CERT_PATH': '/srv/certs/',
    'stat /srv/certs/ca.pem': statOf('file', 0o644),
  }),
  'a config.json that its user may not read': passes({
    ...host,
    [CONFIG]: missing('denied', 'permission denied'),
  }),
  'behind sudo': passes(
    {
      ...host,
      identity: { ...root, sudo: { user: 'tester', uid: 4242, gid: 4242 } },
      'env DOCKER_HOST': 'tcp://127.0.0.1:2375',
    },
    { says: /own shell cannot be seen/ },
  ),
  'a probe that was not made': unknown({
    ...host,
    ...env('DOCKER_HOST', 'tcp://10.0.0.9:2375'),
    'probe tcp://10.0.0.9:2375': missing('notRecorded', 'not asked'),
  }),
  'nothing recorded': unknown({}),
})
