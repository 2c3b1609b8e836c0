/** Namespaces that the kernel has, and how many of each may be made. */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { directory, file } from '../model/source.ts'

/** As under /proc/self/ns. */
export const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const
export type NamespaceKind = (typeof NAMESPACES)[number]

export interface Namespaces {
  readonly present: ReadonlySet<string>
  /** The most that may be made, by kind; kinds without a limit (before Linux 4.9) have no entry. */
  readonly most: ReadonlyMap<NamespaceKind, number>
  /** Ordinary users may make user namespaces (Debian's and Arch's switch); true where there is no such switch. */
  readonly usersMay: boolean
}

/** @see https://man7.org/linux/man-pages/man7/namespaces.7.html */
const LIMITS = Object.fromEntries(
  NAMESPACES.map((kind) => [kind, orAbsent(file(`/proc/sys/user/max_${kind}_namespaces`))]),
)

export const namespaces: Fact<Namespaces> = defineFact({
  name: 'namespaces',
  about: 'The kinds of namespaces that exist, and how many of each may be made.',
  reads: {
    present: directory('/proc/self/ns'),
    switch: orAbsent(file('/proc/sys/kernel/unprivileged_userns_clone')),
    ...LIMITS,
  },
  parse: ({ present, switch: users, ...limits }): Namespaces => ({
    present: new Set(present),
    most: new Map(
      NAMESPACES.flatMap((kind) => {
        const text = (limits as Readonly<Record<string, string | null>>)[kind]?.trim() ?? ''
        return /^\d+$/.test(text) ? [[kind, Number(text)] as const] : []
      }),
    ),
    usersMay: users?.trim() !== '0',
  }),
})
