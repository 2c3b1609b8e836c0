import { expect, it } from 'vitest'
import check from '../../../checks/engine/containers.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, judge, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answer, base64, bind, CREATED, ID, withContainer } from '../containers-host.ts'
import { api, host, refusedTo, root, statOf, stopped, tester } from '../engine-host.ts'

const NOT_A_FILE =
  'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/srv/f/app.conf" to rootfs at "/etc/app.conf": mount /srv/f/app.conf:/etc/app.conf (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type'
const NO_BASH =
  'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "bash": executable file not found in $PATH: unknown'
const PORT_TAKEN =
  'driver failed programming external connectivity on endpoint app: Bind for 0.0.0.0:8081 failed: port is already allocated'
const running = { state: 'running', status: 'Up 2 hours', State: { ExitCode: 0 } }
const published = { Ports: [{ IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8082, Type: 'tcp' }] }
const dayOld = { created: '2026-05-30T12:00:00Z' }
const unminded = { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } }
const better = withContainer(running)
const cured = { after: better }

const LOGS = api(`/containers/${ID}/logs?stdout=1&stderr=1&tail=20`)
const refused = (line: string, mode = 0o700, Config: Record<string, unknown> = { User: '1000' }) => ({
  ...withContainer({ Config, inspected: bind('/srv/data', '/data') }),
  'stat /srv/data': statOf('directory', mode),
  [LOGS]: { status: 200, headers: {}, body: `\u0002\0\0\0\0\0\0"${line}\n` },
})
const script = (text: string) => ({
  ...withContainer({
    inspected: { Path: '/run.sh', Args: [], ...bind('/srv/run.sh', '/run.sh', { RW: false }) },
  }),
  'stat /srv/run.sh': statOf('file', 0o755),
  'base64 /srv/run.sh': base64(text),
})
const LAYER = '/var/lib/docker/overlay2/5e26/diff'
const inImage = (Path: string, more: Record<string, unknown> = {}) => ({
  ...withContainer({
    inspected: {
      Path,
      GraphDriver: { Data: { UpperDir: '/var/lib/docker/overlay2/35e7/diff', LowerDir: LAYER } },
      ...more,
    },
  }),
})
const mountsFolder = (mtime: string, names: string[], more: Record<string, unknown> = { RW: false }) => ({
  ...withContainer({ ...running, inspected: bind('/srv/www', '/www', more) }),
  'stat /srv/www': statOf('directory', 0o755, 0, 0, { mtimeMs: Date.parse(mtime) }),
  '/srv/www/': names,
})

testCheck(check, {
  'all run': passes(host),
  'killed for lack of memory': finds(
    'oomKilled',
    withContainer({
      status: 'Exited (137) 3 seconds ago',
      State: { OOMKilled: true, ExitCode: 137 },
      HostConfig: { Memory: 8388608 },
    }),
    { says: '8 MiB' },
  ),
  'killed for lack of memory, without a limit': finds(
    'oomKilled',
    withContainer({ ...running, State: { OOMKilled: true } }),
    { says: 'no limit' },
  ),
  'killed three days ago': passes(
    withContainer({ status: 'Exited (137) 3 days ago', State: { OOMKilled: true } }),
  ),
  'a script from Windows': finds('crlf', script('#!/bin/sh\r\nexec httpd\r\n'), cured),
  'a script from Windows in the image': finds(
    'crlf',
    {
      ...inImage('docker-entrypoint.sh'),
      [`stat ${LAYER}/usr/local/bin/docker-entrypoint.sh`]: statOf('file', 0o755),
      [`base64 ${LAYER}/usr/local/bin/docker-entrypoint.sh`]: base64('#!/bin/bash\r\n'),
    },
    cured,
  ),
  'a script that failed for another reason': passes(script('#!/bin/sh\nexit 1\r\n')),
  'a link in the image that leads to the host’s files': passes({
    ...inImage('/run.sh'),
    [`stat ${LAYER}/run.sh`]: statOf('file', 0o755, 0, 0, { realPath: '/etc/crlf.sh' }),
    [`base64 ${LAYER}/run.sh`]: base64('#!/bin/sh\r\n'),
  }),
  'layers that this user may not see': passes({
    ...inImage('/run.sh'),
    [`stat ${LAYER}/run.sh`]: missing('denied', 'permission denied'),
  }),
  'a folder where a file was': finds(
    'notAFile',
    withContainer({
      State: { ExitCode: 127, Error: NOT_A_FILE },
      inspected: bind('/srv/f/app.conf', '/etc/app.conf'),
    }),
  ),
  'a mount whose folder is gone': finds('bindMissing', {
    ...withContainer({
      status: 'Exited (137) 1 second ago',
      inspected: bind('/srv/g', '/g'),
      HostConfig: { Mounts: [{ Type: 'bind', Source: '/srv/g', Target: '/g' }] },
    }),
    'stat /srv/g': null,
  }),
  'a volume whose folder is gone: the engine makes it anew': passes({
    ...withContainer({ status: 'Exited (137) 1 second ago', inspected: bind('/srv/g', '/g') }),
    'stat /srv/g': null,
  }),
  'a folder that its user may not write to': finds(
    'bindRefused',
    refused('touch: /data/x: Permission denied'),
    cured,
  ),
  'a folder that a user known by name may not write to': finds(
    'bindRefused',
    refused("EACCES: permission denied, open '/data/x'", 0o755, { User: 'node' }),
    { says: 'node' },
  ),
  'the folder is meant to be so, the container failed for another reason': passes(
    refused('config: no such key'),
  ),
  'refused something else': passes(refused('cat: /proc/kcore: Permission denied')),
  'a folder that it may use': passes(refused('touch: /data/x: Permission denied', 0o777)),
  'root is refused nothing by a mode': passes(
    refused('touch: /data/x: Permission denied', 0o700, { User: '' }),
  ),
  'logs that cannot be read': passes({ ...refused(''), [LOGS]: { status: 500, headers: {}, body: '{}' } }),
  'an empty folder that the engine made': finds('bindEmpty', mountsFolder(CREATED, [])),
  'an empty folder by the name of a file': finds('bindEmpty', {
    ...withContainer({ ...running, inspected: bind('/srv/app.conf', '/app.conf') }),
    'stat /srv/app.conf': statOf('directory', 0o755, 0, 0, { mtimeMs: Date.parse(CREATED) }),
    '/srv/app.conf/': [],
  }),
  'a folder with something in it': passes(mountsFolder(CREATED, ['index.html'])),
  'an older folder': passes(mountsFolder('2026-01-01T00:00:00Z', [])),
  'an empty folder that it may write to': passes(mountsFolder(CREATED, [], { RW: true })),
  'could not be started': finds(
    'cannotStart',
    withContainer({ state: 'created', status: 'Created', State: { ExitCode: 128, Error: PORT_TAKEN } }),
    { says: 'port is already allocated' },
  ),
  'could not be started, as its image has no such program': finds(
    'cannotStart',
    withContainer({ state: 'created', status: 'Created', State: { ExitCode: 127, Error: NO_BASH } }),
    { says: 'exec: "bash": executable file not found' },
  ),
  'could not be started, long ago': passes(
    withContainer({
      state: 'created',
      status: 'Created',
      created: '2026-03-01T00:00:00Z',
      State: { Error: PORT_TAKEN },
    }),
  ),
  'created, never started': passes(withContainer({ state: 'created', status: 'Created' })),
  'ends again and again': finds(
    'loops',
    withContainer({
      state: 'restarting',
      status: 'Restarting (3) 2 seconds ago',
      State: { ExitCode: 3 },
      inspected: { RestartCount: 6 },
    }),
    { says: 'status 3' },
  ),
  'just started once more': finds(
    'loops',
    withContainer({ ...running, status: 'Up 4 seconds', inspected: { RestartCount: 9 } }),
  ),
  'was restarted now and then': passes(withContainer({ ...running, inspected: { RestartCount: 9 } })),
  'ended since it was listed': passes(
    withContainer({
      ...running,
      listed: published,
      HostConfig: unminded,
      State: { Running: false, ExitCode: 1 },
    }),
  ),
  'a job that failed': passes(withContainer({})),
  'a job that ended': passes(withContainer({ status: 'Exited (0) 2 minutes ago' })),
  'publishes ports without a restart policy': finds(
    'noRestartPolicy',
    withContainer({ ...running, ...dayOld, listed: published, HostConfig: unminded }),
    { ...cured, says: 'app' },
  ),
  'tried out just now, or a service for a run of tests': passes(
    withContainer({ ...running, listed: published, HostConfig: unminded }),
  ),
  'of minikube, which starts it itself': passes(
    withContainer({
      ...running,
      ...dayOld,
      listed: { ...published, Labels: { 'created_by.minikube.sigs.k8s.io': 'true' } },
      HostConfig: unminded,
    }),
  ),
  'without a restart policy, and serves nobody': passes(
    withContainer({ ...running, ...dayOld, HostConfig: unminded }),
  ),
  'to be removed when it ends': passes(
    withContainer({
      ...running,
      ...dayOld,
      listed: published,
      HostConfig: { ...unminded, AutoRemove: true },
    }),
  ),
  'used by hand': passes(
    withContainer({ ...running, ...dayOld, listed: published, HostConfig: unminded, Config: { Tty: true } }),
  ),
  'of a swarm': passes(
    withContainer({
      ...running,
      ...dayOld,
      listed: { ...published, Labels: { 'com.docker.swarm.task.id': 'x' } },
      HostConfig: unminded,
    }),
  ),
  'removed in between': passes({
    ...withContainer({}),
    [api(`/containers/${ID}/json`)]: { ...answer({ message: 'No such container' }), status: 404 },
  }),
  'not running': skips(stopped),
  'not for this user': unknown(refusedTo(tester)),
  'inspection not recorded': unknown({
    ...withContainer({}),
    identity: root,
    [api(`/containers/${ID}/json`)]: missing('notRecorded', 'is not in the recording'),
  }),
  'nothing recorded': unknown({}),
})

it.each([
  ['/srv/data', 0, 'ownership'],
  ['/home/ann/app/data', 0, 'ownership'],
  ['/srv/data', 1001, 'manual'],
  ['/home/ann', 0, 'manual'],
  ['/var/log', 0, 'manual'],
  ['/etc/app', 0, 'manual'],
  ['/srv', 0, 'manual'],
])('gives %s, which is of %i, to the user of a container: %s', async (source, uid, kind) => {
  const outcome = await judge(check, {
    ...refused('touch: /data/x: Permission denied'),
    ...withContainer({ Config: { User: '1000' }, inspected: bind(source, '/data') }),
    [`stat ${source}`]: statOf('directory', 0o700, uid),
  })
  const [found] = Array.isArray(outcome) ? outcome : []
  expect(found?.fix?.steps[0]?.kind).toBe(kind)
})
