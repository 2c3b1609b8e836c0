import { routes6 } from '../../src/facts/network.ts'
import { uplinks } from '../../src/facts/uplinks.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'
import { defaultRoutes } from '../../src/net/route.ts'

export default defineCheck({
  id: 'network/default-route',
  title: 'The host has a default route',
  why: 'Without one neither the host nor a container reaches anything beyond its own network.',
  profiles: ['docker', 'swarm'],
  needs: { uplinks, routes6: maybe(routes6) },
  symptoms: () => [
    shows(/network is unreachable|\bENETUNREACH\b/, 0.3, { unless: /dial tcp \[/ }),
    says(/\bno default (?:route|gateway)|没有默认(?:路由|网关)/, 0.85),
  ],
  findings: {
    none: warn('there is no default route: registries and all else beyond the own network cannot be reached'),
    onlyIpv6: warn(
      'there is a default route for IPv6 only: containers, which have IPv4 addresses, stay inside',
    ),
  },
  evaluate({ uplinks, routes6 }, report) {
    const names = uplinks.map(({ name }) => name).join(', ')
    if (names) return report.pass(`through ${names}`)
    const cure = manualFix(
      "Add the default route to the host's network configuration",
      'Until the next boot: ip route add default via GATEWAY, with the address of the router of this network.',
    )
    const by6 = routes6.known && defaultRoutes(routes6.value, 6).length > 0
    return by6 ? report('onlyIpv6', {}, cure) : report('none', {}, cure)
  },
})
