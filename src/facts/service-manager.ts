/** What starts services on this host. */
import { asReading, defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file, stat } from '../model/source.ts'

export interface ServiceManager {
  /** `other` is any init without a state folder of its own: sysvinit, runit, a container's entry point. */
  readonly kind: 'systemd' | 'openrc' | 's6' | 'runit' | 'other'
  /** The name of PID 1, e.g. `systemd`, `init`, `bash`; empty where it cannot be seen. */
  readonly init: string
}

/** Present when the manager is the running one, whatever is installed. @see https://www.freedesktop.org/software/systemd/man/sd_booted.html */
const FOLDERS = {
  systemd: '/run/systemd/system',
  openrc: '/run/openrc',
  s6: '/run/s6',
  runit: '/run/runit',
} as const
const KINDS = ['systemd', 'openrc', 's6', 'runit'] as const

export const serviceManager: Fact<ServiceManager> = defineFact({
  name: 'serviceManager',
  about: 'The running service manager and the name of PID 1.',
  reads: {
    systemd: orAbsent(stat(FOLDERS.systemd)),
    openrc: orAbsent(stat(FOLDERS.openrc)),
    s6: orAbsent(stat(FOLDERS.s6)),
    runit: orAbsent(stat(FOLDERS.runit)),
    init: asReading(file('/proc/1/comm')),
  },
  parse: ({ init, ...folders }): ServiceManager => ({
    kind: KINDS.find((kind) => folders[kind] !== null) ?? 'other',
    init: init.state === 'ok' ? init.value.trim() : '',
  }),
})
