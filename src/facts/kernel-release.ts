/** The running kernel: its version, and whose it is. */
import { defineFact, type Fact } from '../model/fact.ts'
import { file } from '../model/source.ts'
import type { VersionRange } from '../versions.ts'
import { osRelease } from './os-release.ts'

/** Who builds a kernel. `upstream` where nothing tells. */
export type KernelVendor =
  | 'alinux'
  | 'alpine'
  | 'amazon'
  | 'anolis'
  | 'arch'
  | 'debian'
  | 'euleros'
  | 'fedora'
  | 'hce'
  | 'kylin'
  | 'linuxkit'
  | 'openeuler'
  | 'opencloudos'
  | 'openvz'
  | 'oracle'
  | 'proxmox'
  | 'raspberrypi'
  | 'rhel'
  | 'suse'
  | 'tencent'
  | 'ubuntu'
  | 'uos'
  | 'upstream'
  | 'wsl1'
  | 'wsl2'

export interface Kernel {
  /** What `uname -r` prints. */
  readonly release: string
  readonly major: number
  readonly minor: number
  readonly patch: number
  /** The first number behind the version: `1160` of `3.10.0-1160.el7`, `91` of `5.15.0-91-generic`; null where there is none. */
  readonly build: number | null
  readonly vendor: KernelVendor
  /** The major release of Enterprise Linux that it belongs to, `7` of `.el7`; null elsewhere. */
  readonly enterprise: number | null
}

export const kernelRelease: Fact<string> = defineFact({
  name: 'kernelRelease',
  about: 'What uname -r prints.',
  reads: { release: file('/proc/sys/kernel/osrelease') },
  parse: ({ release }) => release.trim(),
})

export const kernel: Fact<Kernel | null> = defineFact({
  name: 'kernel',
  about: "The running kernel's version and vendor; null where its release is not a version.",
  needs: { release: kernelRelease, os: osRelease },
  parse: (_, { release, os }) => parseKernelRelease(release, os?.id),
})

/** Marks that vendors put into a release, the telling first. */
const MARKS: readonly (readonly [RegExp, KernelVendor])[] = [
  [/-microsoft-standard/, 'wsl2'],
  [/-Microsoft$/, 'wsl1'],
  [/stab\d|\.vz\d|ovz/, 'openvz'],
  [/uek/, 'oracle'],
  [/\.oe\d|\.oe$|openeuler/i, 'openeuler'],
  [/\.ky\d|kylin/, 'kylin'],
  [/\.an\d/, 'anolis'],
  [/\.al\d/, 'alinux'],
  [/\.uel|\.uelc|uniontech/, 'uos'],
  [/\.hce\d/, 'hce'],
  [/eulerosv/, 'euleros'],
  [/\.tl\d|tlinux/, 'tencent'],
  [/\.oc\d/, 'opencloudos'],
  [/\.amzn/, 'amazon'],
  [/\.el\d/, 'rhel'],
  [/\.fc\d/, 'fedora'],
  [/-pve$/, 'proxmox'],
  [/-linuxkit/, 'linuxkit'],
  [/rpi|-v[678]l?\+$|^[\d.]+\+$/, 'raspberrypi'],
  [/-arch\d|-ARCH$/, 'arch'],
  [/-(generic|lowlatency|aws|azure|gcp|gke|kvm|oem|oracle|raspi|nvidia|ibm|realtime)\b/, 'ubuntu'],
  [/-(amd64|arm64|armmp|686|686-pae|s390x|powerpc64le|riscv64)$|\+deb\d|~bpo/, 'debian'],
  [/-(default|preempt|vanilla)$/, 'suse'],
]

/** Kernels without a mark of their own, on distributions that leave none. */
const BY_DISTRIBUTION: ReadonlyMap<string, KernelVendor> = new Map([
  ['alpine', 'alpine'],
  ['arch', 'arch'],
  ['openeuler', 'openeuler'],
  ['kylin', 'kylin'],
  ['uos', 'uos'],
  ['anolis', 'anolis'],
  ['euleros', 'euleros'],
])

/**
 * Parses a release as `uname -r` prints it; null where it is none.
 * @param distribution the `ID` of os-release, which tells the vendor where the release does not
 */
export function parseKernelRelease(release: string, distribution?: string): Kernel | null {
  const match = /^(\d{1,3})\.(\d{1,4})(?:\.(\d{1,5}))?(?:-(\d{1,9}))?/.exec(release)
  if (!match) return null
  const [, major, minor, patch, build] = match
  const enterprise = /\.el(\d{1,2})/.exec(release)?.[1]
  return {
    release,
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch ?? 0),
    build: build === undefined ? null : Number(build),
    vendor:
      MARKS.find(([mark]) => mark.test(release))?.[1] ??
      BY_DISTRIBUTION.get(distribution ?? '') ??
      'upstream',
    enterprise: enterprise === undefined ? null : Number(enterprise),
  }
}

/** Whether a kernel's version is at least this, e.g. `atLeast(kernel, 5, 11)`. */
export const atLeast = ({ major, minor }: Kernel, wantedMajor: number, wantedMinor: number): boolean =>
  major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)

/** The numbers that a release begins with, the builder's included: 3, 10, 0, 1062, 4, 1 of `3.10.0-1062.4.1.el7.x86_64`. */
const numbersOf = (release: string): readonly number[] =>
  /^\d{1,9}(?:[.-]\d{1,9})*/.exec(release)?.[0].split(/[.-]/).map(Number) ?? []

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`, by all of their numbers. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const length = Math.max(left.length, right.length)
  const differences = Array.from({ length }, (_, at) => (left[at] ?? 0) - (right[at] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}

/** Whether a release lies in a range of one builder's releases, such as 4.15.0-60 to 4.15.0-62. */
export const inReleases = (release: string, { from = '', before }: VersionRange): boolean =>
  compareReleases(release, from) >= 0 && (before === undefined || compareReleases(release, before) < 0)
