import { inOrder } from '../../src/diagnose/question.ts'
import { isHeld, isPublished } from '../../src/diagnose/reach/published.ts'
import { defineCheck } from '../../src/model/check.ts'

export default defineCheck({
  id: 'container/published',
  title: 'Its port is published, and leads to it',
  why: 'Others reach a container only by a port of this host that the engine leads to it.',
  profiles: ['docker', 'swarm'],
  causedBy: [
    'container/running',
    'network/ports',
    'firewall/backends',
    'firewall/docker-chains',
    'firewall/engine-rules',
  ],
  ...inOrder(isPublished, isHeld),
})
