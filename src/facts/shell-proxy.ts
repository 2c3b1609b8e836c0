/** A proxy that this host's shells use, and that would help the engine. */
import { defineFact, type Fact, maybe, orAbsent } from '../model/fact.ts'
import { environment, file, type ProbeSource, probe } from '../model/source.ts'
import { engineProxies, proxiesInForce } from './engine-proxies.ts'
import { standInMirror } from './mirror-stands-in.ts'
import { isOwnAddress, type ProxyAddress, proxyAddress } from './proxy-address.ts'
import { HUB, hubAnswers } from './registries.ts'
import { parseAssignments } from './shell-words.ts'

/** For all logins. @see https://man7.org/linux/man-pages/man8/pam_env.8.html */
const FOR_ALL = '/etc/environment'
const NAMES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'] as const

export interface ShellProxy {
  /** As it is written; credentials are hidden. */
  readonly value: string
  /** `HTTPS_PROXY`, or the file that sets it. */
  readonly from: string
}

export const shellProxy: Fact<ShellProxy | null> = defineFact({
  name: 'shellProxy',
  about: `The proxy for HTTPS that the environment or ${FOR_ALL} sets; null where none does.`,
  reads: {
    ...Object.fromEntries(NAMES.map((name) => [name, orAbsent(environment(name))])),
    forAll: orAbsent(file(FOR_ALL)),
  },
  parse: (given): ShellProxy | null => {
    const values: Readonly<Record<string, string | null>> = given
    const name = NAMES.find((one) => values[one])
    if (name) return { value: values[name] ?? '', from: name }
    const assigned = parseAssignments(values.forAll ?? '')
    const written = NAMES.find((one) => assigned.get(one)?.value)
    return written ? { value: assigned.get(written)?.value ?? '', from: FOR_ALL } : null
  },
})

/** The engine has no proxy, Docker Hub cannot be connected to without, and no mirror stands in. */
const engineIsCutOff: Fact<boolean> = defineFact({
  name: 'engineIsCutOff',
  about: 'Docker Hub cannot be connected to directly, and the engine has neither proxy nor mirror for it.',
  needs: { proxies: engineProxies, hub: maybe(hubAnswers), mirror: maybe(standInMirror) },
  parse: (_, { proxies, hub, mirror }): boolean => {
    const stage = hub.known ? hub.value.get(HUB.registry)?.stage : undefined
    if (!mirror.known || mirror.value !== null || proxiesInForce(proxies).https !== '') return false
    return stage === 'dns' || stage === 'tcp'
  },
})

/** Asked only where the engine is cut off. One on this host itself may be for one user only, and is passed over. */
export const helpfulProxy: Fact<ShellProxy | null> = defineFact({
  name: 'helpfulProxy',
  about: "A shell's proxy that gets to Docker Hub, where the engine does not; else null.",
  needs: { cutOff: engineIsCutOff, proxy: shellProxy },
  reads: ({ cutOff, proxy }): Record<string, ProbeSource> => {
    const address = cutOff && proxy ? proxyAddress(proxy.value) : null
    return address?.scheme === 'http' && !isOwnAddress(address) ? { hub: hubThrough(address) } : {}
  },
  reading: "Docker Hub through the shell's proxy, where the engine has none and does not get there",
  parse: ({ hub }, { proxy }): ShellProxy | null => {
    const status = hub?.status ?? 0
    const withLogin = status === 407 && proxy?.value.includes('@')
    return withLogin || (status >= 200 && status < 300) ? proxy : null
  },
})

const hubThrough = ({ host, port }: ProxyAddress): ProbeSource =>
  probe(`proxy://${host}:${port}/${HUB.registry}`, { timeoutMs: 5_000 })
