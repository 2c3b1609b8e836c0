/** A host with a configured engine that does not run, and registries that answer as told. */
import type { Entry, Readings } from '../../../src/hosts/memory.ts'
import type { ProbeAnswer } from '../../../src/model/source.ts'

const timings = { dns: 1, tcp: 2, http: 5 }

export const answers = (status: number, body = '{}', headers: Record<string, string> = {}): ProbeAnswer => ({
  ok: true,
  status,
  headers,
  body,
  timings,
})
export const silent = (stage: 'dns' | 'tcp' | 'tls', code: string, message = ''): ProbeAnswer => ({
  ok: false,
  stage,
  code,
  message,
  timings: {},
})

export const refused: ProbeAnswer = silent('tcp', 'ECONNREFUSED')
const HUB = 'probe https://registry-1.docker.io/v2/ trusting /etc/docker/certs.d/registry-1.docker.io'
const AUTH =
  'probe https://auth.docker.io/token?service=registry.docker.io trusting /etc/docker/certs.d/auth.docker.io'

export const hub = (registry: ProbeAnswer, auth: ProbeAnswer = registry): Readings => ({
  [HUB]: registry,
  [AUTH]: auth,
})

/** How a registry answers at `/v2/` and lists its repositories. */
export function registry(url: string, api: ProbeAnswer, repositories?: readonly string[]): Readings {
  const trusting = url.startsWith('https:') ? ` trusting /etc/docker/certs.d/${new URL(url).host}` : ''
  const catalog = repositories ? answers(200, JSON.stringify({ repositories })) : answers(404)
  return {
    [`probe ${url}/v2/${trusting}`]: api,
    [`probe ${url}/v2/_catalog?n=1000${trusting}`]: api.ok ? catalog : api,
  }
}

/** daemon.json as given; Docker Hub answers. */
export function configured(config: object | null, version = '28.5.2'): Readings {
  const file: Entry = config === null ? null : `${JSON.stringify(config, null, 2)}\n`
  return {
    '/etc/docker/daemon.json': file,
    '/etc/**': null,
    '/run/**': null,
    '/var/run/**': null,
    '/usr/**': null,
    '/lib/**': null,
    '/proc/1/comm': 'systemd\n',
    'GET unix:///var/run/docker.sock /version': null,
    'GET unix:///var/run/docker.sock /info': null,
    '$ dockerd --version': `Docker version ${version}, build 5d6db84\n`,
    ...hub(answers(401)),
  }
}

/** A host on whose registries certs.d, images and logins tell; root is judged. */
export const inUse: Readings = {
  ...configured(null),
  identity: { uid: 0, gid: 0, user: 'root', groups: [0], pid: 1 },
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
  '/etc/group': 'root:x:0:\n',
  '/root/**': null,
  'env **': null,
  'env HOME': '/root',
  clock: '2026-06-01T12:00:00.000Z',
}
/** The login file of {@link inUse}'s root. */
export const CLIENT_CONFIG = '/root/.docker/config.json'

/** certs.d as given: files by the registry's name. */
export const certs = (folders: Readonly<Record<string, readonly string[]>>): Readings => ({
  '/etc/docker/certs.d/': Object.keys(folders).map((name) => `${name}/`),
  ...Object.fromEntries(
    Object.entries(folders).map(([name, files]) => [`/etc/docker/certs.d/${name}/`, files]),
  ),
})

const json = (value: unknown): Entry => ({ status: 200, headers: {}, body: JSON.stringify(value) })

/** An engine that runs, with images of these names. */
export const engine = (images: readonly string[], info: object = {}): Readings => ({
  'GET unix:///var/run/docker.sock /version': json({ Version: '28.5.2' }),
  'GET unix:///var/run/docker.sock /info': json(info),
  'GET unix:///var/run/docker.sock /containers/json?all=1': json([]),
  'GET unix:///var/run/docker.sock /images/json': json([{ RepoTags: images }]),
})
