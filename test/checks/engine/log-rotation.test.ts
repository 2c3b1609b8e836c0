import check from '../../../checks/engine/log-rotation.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { ID, withContainer } from '../containers-host.ts'
import { host, refusedTo, statOf, stopped, tester } from '../engine-host.ts'

const config = (value: unknown, on: Readings = host): Readings => ({
  ...on,
  '/etc/docker/daemon.json': JSON.stringify(value),
})
const running = { state: 'running', status: 'Up 2 hours', State: { ExitCode: 0 } }
const withLog = (LogConfig: unknown): Readings => withContainer({ ...running, HostConfig: { LogConfig } })
const unbounded = { Type: 'json-file', Config: {} }
const older = withLog(unbounded)
const down = { ...stopped, '/etc/docker/daemon.json': null }
const FOLDER = `/var/lib/docker/containers/${ID}`
const large = (LogConfig: unknown, size: number): Readings => ({
  ...withLog(LogConfig),
  [`stat ${FOLDER}/${ID}-json.log`]: statOf('file', 0o640, 0, 0, { size }),
  [`${FOLDER}/hostconfig.json`]: JSON.stringify({ LogConfig }),
})
const logrotate = (text: string): Readings => ({
  ...config({}, older),
  '/etc/logrotate.d/': ['apt', 'docker-container'],
  '/etc/logrotate.d/docker-container': text,
})

testCheck(check, {
  'as recorded': passes(host, { says: 'json-file' }),
  'not configured, no container': finds('unbounded', down),
  'not configured, and a container without bounds': finds('unbounded', config({}, older), { after: host }),
  'only the number of files is set': finds('unbounded', config({ 'log-opts': { 'max-file': '3' } }, down)),
  'other options stay': finds('unbounded', config({ 'log-opts': { tag: '{{.Name}}' } }, down)),
  'each container bounds its own': passes(config({}), { says: 'its own' }),
  local: passes(config({ 'log-driver': 'local' })),
  journald: passes(config({ 'log-driver': 'journald' })),
  'bounded by flags': passes({ ...down, '/etc/default/docker': 'DOCKER_OPTS="--log-opt max-size=10m"\n' }),
  'flags without a bound': finds('unbounded', {
    ...down,
    '/etc/default/docker': 'DOCKER_OPTS="--log-opt tag=x"\n',
  }),
  'a container from before': finds('older', older, { says: 'app' }),
  'a container with a driver of its own': passes(withLog({ Type: 'local', Config: {} })),
  'a container from before, stopped': passes(withContainer({ HostConfig: { LogConfig: unbounded } })),
  'a large log': finds('large', large(unbounded, 3 * 1024 ** 3), { says: '3 GiB' }),
  'a large log that is bounded': passes(
    large({ Type: 'json-file', Config: { 'max-size': '1g' } }, 900 * 1024 ** 2),
  ),
  'a log of usual size': finds('older', large(unbounded, 1024 ** 2)),
  'rotated by logrotate': passes(logrotate('/var/lib/docker/containers/*/*.log {\n  copytruncate\n}\n')),
  'logrotate for something else': finds(
    'unbounded',
    logrotate('# /var/lib/docker/containers/*/*.log\n/var/log/docker.log {\n}\n'),
    { after: host },
  ),
  'an ordinary user': passes(refusedTo(tester)),
  'not installed': skips({ ...down, 'stat /usr/sbin/dockerd': null }),
  'daemon.json may not be read': unknown({
    ...host,
    '/etc/docker/daemon.json': missing('denied', 'permission denied'),
  }),
  'nothing recorded': unknown({}),
})
