import { PORT_DEAD } from '../../src/diagnose/phenomena.ts'
import { inOrder } from '../../src/diagnose/question.ts'
import { fromHost, toPort } from '../../src/diagnose/reach/from-host.ts'
import { names, outside } from '../../src/diagnose/reach/from-inside.ts'
import { defineCheck } from '../../src/model/check.ts'
import { among } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'container/reachable',
  title: 'It is reached, and reaches the outside',
  why: 'What no rule explains a real connection shows: to the container, to its port, and out of it.',
  profiles: ['docker', 'swarm'],
  causedBy: [
    'container/running',
    'container/listening',
    'container/attached',
    'container/published',
    'network/docker-bridge',
    'network/policy-routing',
    'network/ip-forward',
    'network/conntrack',
    'network/dns',
    'firewall/forward-policy',
    'firewall/nftables',
    'firewall/docker-chains',
    'firewall/engine-rules',
  ],
  needsRoot: true,
  symptoms: () => [among(PORT_DEAD, 0.05)],
  ...inOrder(fromHost, toPort, names, outside),
})
