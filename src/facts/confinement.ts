/** What this host may do: a container's init has less than a machine's. */
import { asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import { file } from '../model/source.ts'
import { mounts } from './mountinfo.ts'

export interface Confinement {
  /** Whether PID 1 may ever hold CAP_SYS_ADMIN; without it nothing here can start containers. */
  readonly mayAdminister: boolean
  /** The user ids here are all that there are: not a user namespace. */
  readonly allIds: boolean
  /** LXC's mounts for nesting are in place (https://linuxcontainers.org/incus/docs/main/reference/instance_options/#security-options). */
  readonly nesting: boolean
  /** This process's AppArmor profile, e.g. `unconfined`, `lxc-container-default-cgns (enforce)`; empty without AppArmor. */
  readonly appArmor: string
}

/** Bit of CAP_SYS_ADMIN. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/capability.h */
const CAP_SYS_ADMIN = 21n
/** Every id but the invalid one. */
const ALL_IDS = 4294967295

export const confinement: Fact<Confinement> = defineFact({
  name: 'confinement',
  about: 'What the host as a whole is allowed: capabilities, user ids, nesting.',
  needs: { mounts },
  reads: {
    status: asReading(file('/proc/1/status')),
    ids: asReading(file('/proc/self/uid_map')),
    profile: asReading(file('/proc/self/attr/current')),
  },
  parse: ({ status, ids, profile }, { mounts }) => {
    if (status.state !== 'ok') return unavailable('/proc/1/status', status)
    const bounding = /^CapBnd:\s*([0-9a-f]{1,16})$/m.exec(status.value)?.[1]
    const count = ids.state === 'ok' ? Number(ids.value.trim().split(/\s+/)[2]) : ALL_IDS
    return {
      mayAdminister: bounding === undefined || ((BigInt(`0x${bounding}`) >> CAP_SYS_ADMIN) & 1n) === 1n,
      allIds: count >= ALL_IDS,
      nesting: mounts.some(({ mountPoint }) => mountPoint === '/dev/.lxc/proc'),
      appArmor: profile.state === 'ok' ? profile.value.trim() : '',
    }
  },
})
