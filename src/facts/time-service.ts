/** What sets the clock of this host, as far as files tell. */
import { type AsReading, asReading, defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type DirectorySource, directory, type StatSource, stat } from '../model/source.ts'
import { serviceManager } from './service-manager.ts'

/** Units and scripts of NTP, PTP and time by HTTP, by the names that distributions give them; a slice holds the units of a template. */
const SERVICE =
  /^(?:system-)?(?:chronyd?(?:-restricted)?|ntpd?|ntpd-rs|ntpsec|openntpd|busybox-ntpd|sntp|systemd-timesyncd|timesyncd|ntp-client|ptp4l|phc2sys|timemaster|htpdate|tlsdated?|sdwdate)(?:\.service|\.slice)?\/?$/
const STARTED = [
  '/sys/fs/cgroup/system.slice',
  '/sys/fs/cgroup/systemd/system.slice',
  '/run/openrc/started',
] as const
/** Kept by systemd-timesyncd from the first answer of a server on. @see https://www.freedesktop.org/software/systemd/man/systemd-timesyncd.service.html */
const SYNCHRONIZED = '/run/systemd/timesync/synchronized'

export interface TimeService {
  readonly name: string
  /** null where it leaves no trace of it. */
  readonly synchronized: boolean | null
}

/** `unseen` where the init system keeps no list of what runs. */
export const timeService: Fact<TimeService | 'none' | 'unseen'> = defineFact({
  name: 'timeService',
  about: 'The service that sets the clock, and whether it has done so since the boot.',
  needs: { manager: serviceManager },
  reads: (): Record<string, OrAbsent<DirectorySource> | AsReading<StatSource>> => ({
    ...Object.fromEntries(STARTED.map((path) => [path, orAbsent(directory(path))])),
    synchronized: asReading(stat(SYNCHRONIZED)),
    folder: asReading(stat('/run/systemd/timesync')),
  }),
  reading: 'the services that run, and /run/systemd/timesync',
  parse: (readings, { manager }): TimeService | 'none' | 'unseen' => {
    const names = Object.values(readings).flatMap((each) => (Array.isArray(each) ? each : []))
    const found = names.find((name) => typeof name === 'string' && SERVICE.test(name))
    if (typeof found !== 'string') {
      const lists = manager.kind === 'systemd' || manager.kind === 'openrc'
      return lists && names.length > 0 ? 'none' : 'unseen'
    }
    const name = found.replace(/^system-(?=.*\.slice)|(?:\.service|\.slice)?\/?$/g, '')
    const isThere = (reading: (typeof readings)[string] | undefined): boolean =>
      reading !== null && reading !== undefined && 'state' in reading && reading.state === 'ok'
    const tells = name === 'systemd-timesyncd' && isThere(readings.folder)
    return { name, synchronized: tells ? isThere(readings.synchronized) : null }
  },
})
