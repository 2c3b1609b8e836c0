/** Whom the named container is to reach: who is asked for, or whom the engine itself would ask. */
import { defineFact, type Fact } from '../model/fact.ts'
import { isLoopback, parseAddress } from '../net/cidr.ts'
import { engineProxies, proxiesInForce } from './engine-proxies.ts'
import { bypassesProxy } from './proxy-bypass.ts'
import { registryMirrors } from './registries.ts'
import { registriesInUse, urlsOf } from './registries-in-use.ts'
import { settings } from './settings.ts'

export interface NamedTarget {
  /** A name or an address. */
  readonly host: string
  readonly port: number
  /** The user named it; else it is whom the engine would ask for images. */
  readonly isAsked: boolean
}

const HTTPS = 443
/** Where the engine gets images from when nothing else is said. @see https://docs.docker.com/docker-hub/ */
export const HUB_HOST = 'registry-1.docker.io'

function targetIn(url: string): Pick<NamedTarget, 'host' | 'port'> | null {
  if (!URL.canParse(url)) return null
  const { hostname, port, protocol } = new URL(url)
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (protocol === 'http:' ? 80 : HTTPS),
  }
}

const isOutside = (host: string): boolean =>
  host !== 'localhost' && !isLoopback(host) && parseAddress(host)?.family !== 6

/** Null where the engine asks only through a proxy, or its registry has no IPv4: then nobody but the user can say whom to ask. */
export const namedTarget: Fact<NamedTarget | null> = defineFact({
  name: 'namedTarget',
  about: 'Whom the named container is to reach: who is asked for, or a mirror or registry of the engine.',
  needs: { settings, mirrors: registryMirrors, registries: registriesInUse, proxies: engineProxies },
  parse: (_, { settings: { way }, mirrors, registries, proxies }): NamedTarget | null => {
    if (way?.to) return { host: way.to.host, port: way.to.port ?? HTTPS, isAsked: true }
    const { https, noProxy } = proxiesInForce(proxies)
    const urls = [
      ...mirrors,
      ...registries.filter(({ direct }) => direct).flatMap(urlsOf),
      `https://${HUB_HOST}/`,
    ]
    const direct = urls
      .flatMap((url) => targetIn(url) ?? [])
      .find(({ host }) => isOutside(host) && (https === '' || bypassesProxy(noProxy, host)))
    return direct ? { ...direct, isAsked: false } : null
  },
})
