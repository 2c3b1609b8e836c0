/** Whether this host is enrolled in its vendor's extended support: the repositories of it are switched on. */
import { asReading, defineFact, type Fact } from '../model/fact.ts'
import { file } from '../model/source.ts'

/** @see https://documentation.ubuntu.com/pro-client/en/latest/explanations/how_to_interpret_the_security_status_command/ */
const UBUNTU = [
  '/etc/apt/sources.list.d/ubuntu-esm-infra.sources',
  '/etc/apt/sources.list.d/ubuntu-esm-infra.list',
] as const
/** subscription-manager writes every repository of the subscription here, switched on or not. */
const REDHAT = '/etc/yum.repos.d/redhat.repo'

export const extendedSupport: Fact<boolean> = defineFact({
  name: 'extendedSupport',
  about: "Whether the repositories of the vendor's extended support (Ubuntu Pro, RHEL ELS) are switched on.",
  reads: Object.fromEntries([...UBUNTU, REDHAT].map((path) => [path, asReading(file(path))])),
  parse: (readings) => {
    const textOf = (path: string): string => {
      const reading = readings[path]
      return reading?.state === 'ok' ? reading.value : ''
    }
    return UBUNTU.some((path) => /^(?:deb|Types:)\s/m.test(textOf(path))) || hasEnabledEls(textOf(REDHAT))
  },
})

/** Whether a repository whose id names ELS is enabled in a yum repository file. */
export const hasEnabledEls = (text: string): boolean =>
  text
    .split(/^(?=\[)/m)
    .some((section) => /^\[[^\]\n]*-els-/.test(section) && /^enabled\s*=\s*1\s*$/m.test(section))
