/** IPv6 default routes that routers advertise, and whether the kernel goes on listening to them. */
import { defineFact, type Fact, maybe, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { defaultRoutes } from '../net/route.ts'
import { routes6 } from './network.ts'

const conf = (device: string, name: string): string => `/proc/sys/net/ipv6/conf/${device}/${name}`

/** Interfaces with a default route of a router's making. */
const advertised: Fact<readonly string[]> = defineFact({
  name: 'advertisedUplinks',
  about: 'The interfaces whose IPv6 default route a router has advertised.',
  needs: { routes6: maybe(routes6) },
  parse: (_, { routes6 }): readonly string[] => {
    const routes = routes6.known ? defaultRoutes(routes6.value, 6) : []
    const names = routes.filter(({ protocol }) => protocol === 'ra').flatMap(({ dev }) => dev ?? [])
    return [...new Set(names)]
  },
})

/**
 * With forwarding on the kernel listens to routers only where accept_ra is 2. Where it is 0, a program such as
 * NetworkManager or systemd-networkd listens in its place.
 * @see https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html
 */
export const deafUplinks: Fact<readonly string[]> = defineFact({
  name: 'deafUplinks',
  about:
    'Interfaces that forward IPv6, have their default route from a router, and do not listen to it any more.',
  needs: { advertised },
  reads: ({ advertised }): Record<string, OrAbsent<FileSource>> =>
    Object.fromEntries(
      advertised
        .flatMap((name) => [conf(name, 'accept_ra'), conf(name, 'forwarding')])
        .map((path) => [path, orAbsent(file(path))]),
    ),
  reading:
    '/proc/sys/net/ipv6/conf/NAME/accept_ra and forwarding of interfaces with an advertised default route',
  parse: (values, { advertised }): readonly string[] =>
    advertised.filter(
      (name) =>
        values[conf(name, 'accept_ra')]?.trim() === '1' && values[conf(name, 'forwarding')]?.trim() === '1',
    ),
})
