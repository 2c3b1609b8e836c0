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
