/** What this host uses, where a hole or a bug matters only to those who use it. */
import { asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import { file } from '../model/source.ts'
import { atLeast } from '../versions.ts'
import { daemonSettings } from './daemon-config.ts'
import { networks, runningEngine } from './engine.ts'
import { firewalldRuns } from './firewalld.ts'
import { listOf, recordOf, textOf } from './json.ts'
import { type Kubelet, kubelet } from './kubelet.ts'

/** From here on the kubelet speaks to nothing but a CRI. @see https://kubernetes.io/blog/2022/02/17/dockershim-faq/ */
const CRI_ONLY = '1.24.0'

const usesContainerd = ({ runtimeEndpoint, version }: Kubelet): boolean =>
  runtimeEndpoint === '' ? atLeast(version, CRI_ONLY) : runtimeEndpoint.includes('containerd.sock')

/** A table may name others: what cannot be told of a host is not in the set. */
export type Circumstances = ReadonlySet<string>

export const circumstances: Fact<Circumstances> = defineFact({
  name: 'circumstances',
  about:
    'What this host is known to use of what holes and bugs depend on, such as `swarm` or `userns-remap`.',
  needs: {
    engine: maybe(runningEngine),
    settings: maybe(daemonSettings),
    networks: maybe(networks),
    kubelet: maybe(kubelet),
    firewalld: maybe(firewalldRuns),
  },
  reads: { ipv6: asReading(file('/proc/net/if_inet6')) },
  parse: ({ ipv6 }, { engine, settings, networks, kubelet, firewalld }): Circumstances => {
    const info = engine.known ? engine.value?.info : undefined
    const set = settings.known ? settings.value : null
    const secured = (name: string): boolean =>
      info?.securityOptions.some((option) => option.split(',').includes(`name=${name}`)) === true
    const plugins = listOf(recordOf(info?.raw.Plugins).Authorization)
    const uses: Readonly<Record<string, boolean>> = {
      apparmor: secured('apparmor'),
      'authorization-plugins': plugins.length > 0 || (set?.list('authorization-plugins').length ?? 0) > 0,
      cri: kubelet.known && kubelet.value !== null && usesContainerd(kubelet.value),
      'encrypted-overlay':
        networks.known &&
        networks.value.some(({ driver, options }) => driver === 'overlay' && 'encrypted' in options),
      firewalld: firewalld.known && firewalld.value,
      'fixed-cidr-without-bip': textOf(set?.get('fixed-cidr')) !== '' && textOf(set?.get('bip')) === '',
      'no-ipv6': ipv6.state === 'absent',
      rootless: info?.rootless === true,
      selinux: secured('selinux'),
      swarm: info?.swarm === 'active',
      'time-namespaces': recordOf(set?.get('features'))['time-namespaces'] !== false,
      'userns-remap': secured('userns') || textOf(set?.get('userns-remap')) !== '',
    }
    return new Set(Object.keys(uses).filter((name) => uses[name]))
  },
})
