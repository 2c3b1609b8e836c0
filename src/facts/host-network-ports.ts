/** Ports that containers on the host's own network listen on. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { isLoopback } from '../net/cidr.ts'
import { type Container, containers } from './engine.ts'
import { type Listener, listeners } from './listeners.ts'

export interface HostNetworkPorts {
  readonly container: string
  /** Without those that only this host itself reaches. */
  readonly listeners: readonly Listener[]
}

/** An orchestrator's parts serve whom it says, and it keeps the packet filter for them. */
const isOrchestrated = ({ labels }: Container): boolean =>
  Object.keys(labels).some((label) => /^io\.(?:kubernetes|rancher)\b/.test(label))

const onHost = (containers: readonly Container[]): readonly Container[] =>
  containers.filter((one) => one.networkMode === 'host' && one.state === 'running' && !isOrchestrated(one))

/** TCP alone: a UDP socket may be a client's as well. */
const isOffered = ({ protocol, pid, address }: Listener): boolean =>
  protocol === 'tcp' && pid !== null && !isLoopback(address) && !address.includes(':')

/** Enough for any host; each costs a file. */
const AT_MOST = 60

export const hostNetworkPorts: Fact<readonly HostNetworkPorts[]> = defineFact({
  name: 'hostNetworkPorts',
  about: 'What each running container on the network of the host listens on, as far as this user may see it.',
  needs: { containers, listeners },
  reads: ({ containers, listeners }): Record<string, OrAbsent<FileSource>> =>
    onHost(containers).length === 0
      ? {}
      : Object.fromEntries(
          [...new Set(listeners.filter(isOffered).map(({ pid }) => pid))]
            .slice(0, AT_MOST)
            .map((pid) => [String(pid), orAbsent(file(`/proc/${pid}/cgroup`))]),
        ),
  reading: '/proc/PID/cgroup of what listens (where a container is on the network of the host)',
  parse: (groups, { containers, listeners }): readonly HostNetworkPorts[] =>
    onHost(containers).flatMap(({ id, name }) => {
      const own = listeners.filter((one) => isOffered(one) && groups[String(one.pid)]?.includes(id))
      return own.length > 0 ? [{ container: name, listeners: own }] : []
    }),
})
