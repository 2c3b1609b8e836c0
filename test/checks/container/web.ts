/** The container `web` of a real host, which is reached and reaches the outside, and what may be otherwise about it. */
import type { Readings } from '../../../src/hosts/memory.ts'
import { loadSnapshot } from '../../../src/hosts/snapshot/load.ts'
import type { ProbeAnswer } from '../../../src/model/source.ts'

export const web: Readings = (await loadSnapshot('test/fixtures/trace/web.json')).readings

/** Its first process. */
export const PID = 383
/** `80/tcp`, published as 8081 on all addresses. */
export const ADDRESS = '172.17.0.2'

export const about = { container: 'web' } as const

const keyOf = (part: string): string => Object.keys(web).find((key) => key.includes(part)) ?? part
export const LIST: string = keyOf('/containers/json?all=1')
export const NETWORKS: string = keyOf('docker.sock /networks')

function payloadOf(key: string): unknown {
  const reading = web[key]
  return typeof reading === 'object' && reading !== null && 'value' in reading ? reading.value : reading
}

export const bodyOf = (key: string): string => {
  const value = payloadOf(key)
  return typeof value === 'object' && value !== null && 'body' in value ? String(value.body) : ''
}
export const answerWith = (body: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(body) })

/** Text that a program printed, or that a file holds. */
export function textOf(key: string): string {
  const value = payloadOf(key)
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null && 'stdout' in value ? String(value.stdout) : ''
}

/** A reading with a part of its text replaced, which must be there. */
export function edited(key: string, from: string | RegExp, to: string): Readings {
  const text = textOf(key)
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`${key} has no ${from}`)
  return { [key]: changed }
}

type Json = Record<string, unknown>
const containersOf = (body: string): Json[] => JSON.parse(body) as Json[]
const isWeb = ({ Names }: Json): boolean => Array.isArray(Names) && Names[0] === '/web'
const entry = containersOf(bodyOf(LIST)).find(isWeb) ?? {}
export const INSPECTION: string = keyOf(`/containers/${String(entry.Id)}/json`)

/** The list of containers with changes to this one, and others beside it. */
export const listed = (changes: Json, ...others: readonly Json[]): Readings => ({
  [LIST]: answerWith([
    ...containersOf(bodyOf(LIST)).map((one) => (isWeb(one) ? { ...one, ...changes } : one)),
    ...others,
  ]),
})

/** Its inspection with changes to its state, and to the rest. */
export function inspected(state: Json, rest: Json = {}): Readings {
  const json = JSON.parse(bodyOf(INSPECTION)) as Json
  return { [INSPECTION]: answerWith({ ...json, ...rest, State: { ...(json.State as Json), ...state } }) }
}

/** It does not run, and why. */
export const stopped = (status: string, state: Json, rest: Json = {}): Readings => ({
  ...listed({ State: state.Status, Status: status }),
  ...inspected({ Running: false, Pid: 0, ...state }, rest),
})

export const networksWith = (change: (one: Json) => Json, ...more: readonly Json[]): Readings => ({
  [NETWORKS]: answerWith([...containersOf(bodyOf(NETWORKS)).map(change), ...more]),
})

export const proc = (path: string): string => `/proc/${PID}/${path}`

export const silent: ProbeAnswer = {
  ok: false,
  stage: 'tcp',
  code: 'TIMEOUT',
  message: 'no answer',
  timings: { tcp: 4000 },
}
export const failing = (code: string, ms = 1): ProbeAnswer => ({
  ok: false,
  stage: 'tcp',
  code,
  message: code,
  timings: { tcp: ms },
})
export const answering: ProbeAnswer = { ok: true, timings: { tcp: 1 } }

/** A table of listening sockets as the kernel prints it. */
export const listens = (...sockets: readonly string[]): string =>
  [
    '  sl  local_address rem_address   st',
    ...sockets.map((local, at) => `   ${at}: ${local} 00000000:0000 0A 0 0 0 0 0 1 1`),
  ].join('\n')
