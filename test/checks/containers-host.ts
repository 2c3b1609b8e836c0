/** The healthy host with containers in trouble: listed and inspected as a real engine does. */
import type { Readings } from '../../src/hosts/memory.ts'
import { api, captured, host } from './engine-host.ts'

const WEB = JSON.parse(captured('docker-inspect-web.json'))
const LISTED: readonly unknown[] = JSON.parse(captured('docker-containers.json'))
export const ID = 'a'.repeat(64)
export const CREATED = '2026-06-01T11:50:00.000Z'

export const answer = (body: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(body) })

/** What differs from the recorded container `web`. */
export interface Changes {
  readonly state?: string
  readonly status?: string
  readonly created?: string
  readonly listed?: Record<string, unknown>
  readonly inspected?: Record<string, unknown>
  readonly State?: Record<string, unknown>
  readonly Config?: Record<string, unknown>
  readonly HostConfig?: Record<string, unknown>
}

/** One container more, `app`, beside the two that run. */
export function withContainer(changes: Changes, on: Readings = host): Readings {
  const { state = 'exited', status = 'Exited (1) 2 minutes ago', created = CREATED } = changes
  const listed = {
    ...JSON.parse(captured('docker-containers.json'))[1],
    Id: ID,
    Names: ['/app'],
    State: state,
    Status: status,
    Ports: [],
    Created: Date.parse(created) / 1000,
    ...changes.listed,
  }
  const inspected = {
    ...WEB,
    Created: created,
    GraphDriver: { Data: null, Name: 'overlayfs' },
    ...changes.inspected,
    State: { ...WEB.State, Status: state, Running: state === 'running', ExitCode: 1, ...changes.State },
    Config: { ...WEB.Config, ...changes.Config },
    HostConfig: { ...WEB.HostConfig, ...changes.HostConfig },
  }
  return {
    ...on,
    [api('/containers/json?all=1')]: answer([...LISTED, listed]),
    [api(`/containers/${ID}/json`)]: answer(inspected),
  }
}

export const bind = (Source: string, Destination: string, more: Record<string, unknown> = {}) => ({
  Mounts: [{ Type: 'bind', Source, Destination, Mode: '', RW: true, ...more }],
})
export const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
