/** What people see of a container that cannot be reached: its checks run only where a container is named, but any text may speak of them. */
import type { Symptom } from '../model/symptom.ts'
import { among, says, shows } from '../model/symptom.ts'
import { NETWORK_LOST, PORT_DEAD, REFUSED, TIMEOUT } from './phenomena.ts'
import { CONTAINER, FAILS } from './words.ts'

export const CONTAINER_SYMPTOMS = {
  'container/listening': [
    shows(/Connection reset by peer|Empty reply from server|ECONNRESET|\(56\) Recv fail|\(52\) Empty/, 0.78, {
      unless: /docker\.io|registry|proxyconnect|x509/,
    }),
    says([/\b(?:listen|bind|bound|listening)/, /127\.0\.0\.1|\blocalhost\b|\bloopback|0\.0\.0\.0/], 0.85),
    says(
      [
        /connection refused|connection reset|empty reply|refused to connect|拒绝/,
        /\bcontainer|\bdocker\b|\bendpoint|容器/,
        /\boutside|\bhost|\bbrowser|\blocalhost|\bcurl|\baccess|\breach|宿主|浏览器|访问/,
      ],
      0.75,
      { unless: /iptables|firewall/ },
    ),
    among(PORT_DEAD, 0.25),
    says(
      [
        /\bapp\b|\bserver\b|\bwebsite|\bservice|服务/,
        /\bworks? (?:inside|in the container|in container)|inside (?:the )?container works|容器内(?:可以|正常)/,
      ],
      0.75,
    ),
    among(TIMEOUT, 0.05),
    among(REFUSED, 0.45),
    says([/\b127\.0\.0\.1:\d+|\blocalhost:\d+/, /\breach|\baccess|\bconnect|\bbrowser|访问/, FAILS], 0.65, {
      unless: /237[56]|docker\.sock|during connect|proxy|iptables|firewall/,
    }),
  ],
  'container/published': [
    says([/\bport\b|端口/, /\bnot (?:published|exposed|mapped)|\bforgot|-p flag|\bEXPOSE\b|没有映射/], 0.6),
    among(PORT_DEAD, 0.08),
    shows(/\d+\/(?:tcp|udp) -> 127\.0\.0\.1:\d+/, 0.85),
    among(REFUSED, 0.2),
  ],
  'container/running': [says([CONTAINER, /\bnot running|\bexited|\bstopped\b|\bunhealthy/], 0.3)],
  'container/attached': [among(NETWORK_LOST, 0.05)],
  'container/reachable': [among(PORT_DEAD, 0.05)],
} as const satisfies Record<string, readonly Symptom[]>
