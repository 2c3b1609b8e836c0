/** What system call filters of containers rest on: the kernel, libseccomp, runc. */
import { defineFact, type Fact, maybe, orAbsent } from '../model/fact.ts'
import { file, stat } from '../model/source.ts'
import { compareVersions } from '../versions.ts'
import { kernelConfig } from './kernel-config.ts'

/** @see https://docs.kernel.org/userspace-api/seccomp_filter.html#sysctls (since 4.14) */
const ACTIONS = '/proc/sys/kernel/seccomp/actions_avail'

export const seccompFilter: Fact<boolean | null> = defineFact({
  name: 'seccompFilter',
  about: 'Whether the kernel filters system calls (CONFIG_SECCOMP_FILTER); null where nothing tells.',
  needs: { found: maybe(kernelConfig) },
  reads: { actions: orAbsent(file(ACTIONS)), status: file('/proc/self/status') },
  parse: ({ actions, status }, { found }) => {
    if (actions !== null) return true
    // The line is there since 3.8, of every kernel that has seccomp at all.
    if (!/^Seccomp:/m.test(status)) return false
    return found.known && found.value ? found.value.config.options.has('SECCOMP_FILTER') : null
  },
})

const FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib/arm-linux-gnueabihf',
  '/lib/x86_64-linux-gnu',
  '/lib/aarch64-linux-gnu',
  '/lib/arm-linux-gnueabihf',
  '/usr/lib64',
  '/lib64',
  '/usr/lib',
] as const

/** The link to the library leads to a file with its version in the name. */
export const libseccompVersion: Fact<string | null> = defineFact({
  name: 'libseccompVersion',
  about: 'The version of libseccomp; null where it is not in the usual places.',
  reads: Object.fromEntries(FOLDERS.map((folder) => [folder, orAbsent(stat(`${folder}/libseccomp.so.2`))])),
  parse: (links): string | null => {
    const real = Object.values(links).find((link) => link)?.realPath ?? ''
    return /libseccomp\.so\.(2\.\d{1,3}\.\d{1,3})$/.exec(real)?.[1] ?? null
  },
})

/**
 * Since 1.0.0-rc93 a system call that is newer than the filter gives ENOSYS, and programs fall back; before, EPERM, and they fail.
 * @see https://github.com/opencontainers/runc/releases/tag/v1.0.0-rc93
 */
export const refusesNewCalls = (runc: string): boolean =>
  /^v?\d/.test(runc) && compareVersions(runc, '1.0.0-rc93') < 0
