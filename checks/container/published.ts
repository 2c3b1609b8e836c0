import { PORT_DEAD, REFUSED } from '../../src/diagnose/phenomena.ts'
import { inOrder } from '../../src/diagnose/question.ts'
import { isHeld, isPublished } from '../../src/diagnose/reach/published.ts'
import { defineCheck } from '../../src/model/check.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

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
  symptoms: () => [
    says([/\bport\b|端口/, /\bnot (?:published|exposed|mapped)|\bforgot|-p flag|\bEXPOSE\b|没有映射/], 0.6),
    among(PORT_DEAD, 0.08),
    shows(/\b\d{1,5}\/(?:tcp|udp) -> 127\.0\.0\.1:\d+/, 0.85),
    among(REFUSED, 0.2),
    shows(
      [
        /\bUp [^\n]{0,60} {2,40}\d+\/(?:tcp|udp)(?:, \d+\/(?:tcp|udp)){0,8} {2,40}\w/,
        /refused|can(?:no|')?t connect|could not connect|unable to connect/,
      ],
      0.5,
      { unless: /->\d+\/(?:tcp|udp)/ },
    ),
    shows(/listen (?:tcp|udp)\d? \S+: bind: cannot assign requested address/, 0.6),
  ],
  ...inOrder(isPublished, isHeld),
})
