import check from '../../../checks/engine/log-driver.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { host, statOf, stopped } from '../engine-host.ts'

const config = (value: Record<string, unknown>, on: Readings = host): Readings => ({
  ...on,
  '/etc/docker/daemon.json': JSON.stringify(value),
})
const cured = { after: {} }
const down: Readings = { ...stopped, '$ dockerd --version': host['$ dockerd --version'] ?? null }

testCheck(check, {
  'as recorded': passes(host, { says: 'json-file' }),
  'not configured': passes({ ...host, '/etc/docker/daemon.json': null }),
  local: passes(config({ 'log-driver': 'local' })),
  none: finds('unreadable', config({ 'log-driver': 'none' }), cured),
  'journald without journald': finds(
    'serviceMissing',
    { ...config({ 'log-driver': 'journald' }), '/run/systemd/**': null },
    { ...cured, says: '/run/systemd/journal/socket' },
  ),
  'journald with journald': passes({
    ...config({ 'log-driver': 'journald' }),
    'stat /run/systemd/journal/socket': statOf('socket', 0o666),
  }),
  'syslog without a syslog': finds(
    'serviceMissing',
    { ...config({ 'log-driver': 'syslog' }), 'stat /dev/log': null },
    cured,
  ),
  'syslog elsewhere': passes(
    config({ 'log-driver': 'syslog', 'log-opts': { 'syslog-address': 'udp://10.0.0.1:514' } }),
  ),
  'journald that cannot be seen': passes({
    ...config({ 'log-driver': 'journald' }),
    'stat /run/systemd/journal/socket': missing('denied', 'permission denied'),
  }),
  'no such driver': finds('noSuchDriver', config({ 'log-driver': 'nope' }), cured),
  'by flag': finds('noSuchDriver', {
    ...host,
    '/etc/docker/daemon.json': null,
    '/etc/default/docker': 'DOCKER_OPTS=--log-driver=nope\n',
  }),
  'a plugin': unknown(config({ 'log-driver': 'grafana/loki-docker-driver:latest' }, down)),
  'an unknown option': finds(
    'badOption',
    config({ 'log-driver': 'json-file', 'log-opts': { 'max-sise': '10m' } }, down),
    { says: /max-sise/ },
  ),
  'a size that is none': finds('badOption', config({ 'log-opts': { 'max-size': '10 cats' } })),
  'nothing recorded': unknown({}),
})
