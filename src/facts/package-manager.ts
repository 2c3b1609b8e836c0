/** Which family of packages a host has, and how to install from it. */
import { asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import { installPackages, manual, type PackageFamily, type Step } from '../model/fix.ts'
import { sourceKey, stat } from '../model/source.ts'

/** A package manager's program, most telling first: EL8 has `yum` beside `dnf`, and SUSE may have `apt` or `dnf` as guests. */
const PROGRAMS: readonly (readonly [string, PackageFamily])[] = [
  ['/usr/bin/zypper', 'zypper'],
  ['/usr/bin/dnf', 'dnf'],
  ['/usr/bin/dnf5', 'dnf'],
  ['/usr/bin/microdnf', 'dnf'],
  ['/usr/bin/yum', 'yum'],
  ['/usr/bin/apt-get', 'apt'],
  ['/sbin/apk', 'apk'],
  ['/usr/bin/pacman', 'pacman'],
]

/** Tells the family apart where one ID is used for rpm and deb editions (Kylin, UOS): what is installed decides. */
export const packageFamily: Fact<PackageFamily | null> = defineFact({
  name: 'packageFamily',
  about: 'The package manager present; null where none that we know of is.',
  reads: Object.fromEntries(
    [...PROGRAMS.map(([path]) => path), '/etc/debian_version'].map((path) => [path, asReading(stat(path))]),
  ),
  parse: (readings): PackageFamily | null => {
    const present = PROGRAMS.filter(([path]) => readings[path]?.state === 'ok')
    const deb = readings['/etc/debian_version']?.state === 'ok'
    const native = deb ? present.find(([, family]) => family === 'apt') : present[0]
    if (native ?? present[0]) return (native ?? present[0])?.[1] ?? null
    for (const [path] of PROGRAMS) {
      const reading = readings[path]
      if (reading && reading.state !== 'ok' && reading.state !== 'absent')
        return unavailable(sourceKey(stat(path)), reading)
    }
    return null
  },
})

/** Package names by family; `default` for every family that is not named. An empty list: not packaged there. */
export type PackageNames = Readonly<Partial<Record<PackageFamily | 'default', readonly string[]>>>

/** Installs what goes by different names; asks a person where the family has no such package, or is unknown. */
export function install(family: PackageFamily | null, names: PackageNames): Step {
  const packages = family === null ? [] : (names[family] ?? nearest(family, names) ?? names.default ?? [])
  const [first] = packages
  if (family !== null && first !== undefined) return installPackages(family, ...packages)
  const known = Object.values(names).find((list) => list.length > 0) ?? []
  return manual(`Install ${known.join(' and ')} by the means of this distribution.`)
}

/** yum and dnf install from the same repositories. */
const nearest = (family: PackageFamily, names: PackageNames): readonly string[] | undefined =>
  family === 'yum' ? names.dnf : family === 'dnf' ? names.yum : undefined
