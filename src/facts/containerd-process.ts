/** The containerd that the engine uses: its process and its socket. */
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { type CommandSource, command, type FileSource, file, type StatSource, stat } from '../model/source.ts'
import { outputOf } from './accounts.ts'
import { configuredCommandLine, runningCommandLine } from './dockerd-flags.ts'
import { type ProcessStatus, parseStatus } from './dockerd-process.ts'
import { serviceManager } from './service-manager.ts'

/** Of the containerd that dockerd starts by itself. */
const OWN_PID_FILES = [
  '/run/docker/containerd/containerd.pid',
  '/var/run/docker/containerd/docker-containerd.pid',
] as const
const MAIN_PID = command(['systemctl', 'show', '-p', 'MainPID', 'containerd.service'])

/** The socket of a containerd that runs by itself; null where dockerd starts its own. */
const separateSocket: Fact<string | null> = defineFact({
  name: 'separateContainerd',
  about: 'The socket of the containerd that dockerd is told to use; null where it starts its own.',
  needs: { running: runningCommandLine, configured: configuredCommandLine },
  parse: (_, { running, configured }) =>
    (running ?? configured)?.flags.find(({ name, value }) => name === 'containerd' && value.startsWith('/'))
      ?.value ?? null,
})

const containerdPid: Fact<number | null> = defineFact({
  name: 'containerdPid',
  about: "The process id of the engine's containerd; null where none can be told.",
  needs: { socket: separateSocket, services: serviceManager },
  reads: ({ socket, services }): Record<string, AsReading<CommandSource | FileSource>> =>
    socket === null
      ? Object.fromEntries(OWN_PID_FILES.map((path) => [path, asReading(file(path))]))
      : services.kind === 'systemd'
        ? { main: asReading(MAIN_PID) }
        : {},
  reading: `${OWN_PID_FILES[0]}, or $ systemctl show -p MainPID containerd.service`,
  parse: (readings): number | null => {
    const texts = Object.values(readings).map((reading) =>
      reading.state === 'ok' && typeof reading.value === 'string'
        ? reading.value
        : outputOf(reading as never),
    )
    const found = texts.map((text) => Number(/^\s*(?:MainPID=)?([1-9]\d{0,8})\s*$/.exec(text)?.[1] ?? 0))
    return found.find((pid) => pid > 0) ?? null
  },
})

export interface Containerd {
  /** null where dockerd starts its own. */
  readonly socket: string | null
  /** null where it cannot be seen. */
  readonly socketExists: boolean | null
  readonly pid: number | null
  readonly process: ProcessStatus | null
}

export const containerd: Fact<Containerd> = defineFact({
  name: 'containerd',
  about: "The engine's containerd: its socket and its process, as far as they can be seen.",
  needs: { socket: separateSocket, pid: containerdPid },
  reads: ({ socket, pid }): Record<string, AsReading<StatSource | FileSource>> => ({
    ...(socket ? { socket: asReading(stat(socket)) } : {}),
    ...(pid ? { status: asReading(file(`/proc/${pid}/status`)) } : {}),
  }),
  reading: "containerd's socket and /proc/PID/status",
  parse: ({ socket: found, status }, { socket, pid }): Containerd => ({
    socket,
    socketExists: found?.state === 'ok' ? true : found?.state === 'absent' ? false : null,
    pid,
    process: status?.state === 'ok' && typeof status.value === 'string' ? parseStatus(status.value) : null,
  }),
})
