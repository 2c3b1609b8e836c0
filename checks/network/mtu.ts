import { NO_OUTBOUND, TIMEOUT, TLS_STALLS } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { DEFAULT_NETWORK } from '../../src/facts/engine-bridges.ts'
import { type NetworkMtu, networkMtus } from '../../src/facts/network-mtu.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { uplinks } from '../../src/facts/uplinks.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { disruptive, type Fix, manual, manualFix, restartEngine, type Step } from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'

const OPTION = 'com.docker.network.driver.mtu'
/** What an overlay wraps around each packet, in bytes. */
const VXLAN = 50

const again = ({ network, driver }: NetworkMtu, mtu: number): string => {
  const size = driver === 'overlay' ? mtu - VXLAN : mtu
  return `Make the network ${network} anew: docker network create --opt ${OPTION}=${size}, and its containers with it.`
}

function shrink(wide: readonly NetworkMtu[], mtu: number, set: readonly Step[]): Fix {
  const others = wide.filter(({ network }) => network !== DEFAULT_NETWORK).map((one) => again(one, mtu))
  if (others.length === wide.length) return manualFix(`Let the networks send at most ${mtu} bytes`, ...others)
  return disruptive(`Let containers send at most ${mtu} bytes`, ...set, restartEngine, ...others.map(manual))
}

export default defineCheck({
  id: 'network/mtu',
  title: "Containers' packets fit through the uplink",
  why: 'What is too large is lost wherever path MTU discovery is filtered: small answers arrive, TLS and downloads hang.',
  profiles: ['docker', 'swarm'],
  needs: { networks: networkMtus, uplinks, settings: daemonSettings },
  causedBy: ['engine/running'],
  symptoms: () => [
    shows(/sideband packet|unexpected disconnect while reading/, 0.85),
    mentions(/\bmtu 1[0-4]\d\d\b/, 0.6),
    among(TLS_STALLS, 0.5, { unless: /docker\.io|registry|proxyconnect|pulling image|download failed/ }),
    says(/\bmtu\b/, 0.93),
    says(
      [
        /\bhttps\b(?!:)|\btls\b|\bssl\b|\blarge (?:files?|packets?|downloads?)|大包/,
        /\bhang|\bhung|\bstuck|\bstall|\btime|\bslow|卡住|超时/,
        CONTAINER,
      ],
      0.75,
      { unless: /docker\.io|registry/ },
    ),
    says(
      [
        /\bopenstack|\bgcp\b|google cloud|\bhetzner|\bvmware|\bvpn\b|\bwireguard|\bipsec|\bopenconnect|\bpppoe|\bgithub actions|\bkvm\b|\bvxlan/,
        CONTAINER,
        /\bdownload|\bhttps|\bclone|\bapt|\bnpm|\bhang|\bslow|\breset\b|下载/,
      ],
      0.65,
    ),
    says(
      [
        /\bpings?\b.{0,40}\b(?:works?|fine|respond)|\bsmall packets|can ping|能ping|ping 正常/,
        /\bcurl|\bwget|\bhttp|\bhang|\btls|\bdownload/,
      ],
      0.45,
    ),
    says([CONTAINER, /\bhttps\b(?!:)/, FAILS], 0.55, { unless: /docker\.io|registry/ }),
    says([/\bhttps requests?\b|\btls\b/, /\bhang|\btime|\bstuck/], 0.6, { unless: /docker\.io|registry/ }),
    among(NO_OUTBOUND, 0.06),
    says(
      [
        /\bstuck|\bhangs?\b|\bhung\b|\bstall|\bfreez|waiting for headers|卡住|卡在/,
        /\bapt|\bhttps?\b(?!:)|\bdownload|\bcurl|\bwget|\bgit\b|\bclone|\bnpm|\bpip\b|\bheaders|\bpull from|下载/,
      ],
      0.68,
      { unless: /docker\.io|docker hub|registry/ },
    ),
    shows(/\bWaiting for headers\b/, 0.6),
    says(
      [
        /\blarge\b|\bbig\b|\b1[45]\d\d bytes|大文件/,
        /\bpackets?|\bresponses?|\bpayload|\bfiles?\b|\btransfers?/,
        /\bdrop|\bhang|\blost|\bfail|\btime|丢/,
      ],
      0.7,
    ),
    among(TIMEOUT, 0.13),
    says([/\bslow\b|\bslowly\b|很慢/, CONTAINER, /\bnetwork|\bdownload|\binternet|\btransfer|\bspeed/], 0.4),
    says(
      [/\bsome (?:web)?sites?|\bcertain (?:web)?sites?|\bspecific (?:web)?sites?|部分网站/, CONTAINER],
      0.55,
    ),
    shows(/need to frag\b|\bfrag(?:mentation)? needed\b|message too long|\bEMSGSIZE\b/, 0.9),
    shows(/truncated-ip - \d+ bytes missing/, 0.7),
    shows(/gnutls_handshake\(\) failed: Error in the pull function|GnuTLS recv error \(-(?:9|54|110)\)/, 0.5),
    shows(/Operation too slow\. Less than \d+ bytes?\/sec/, 0.5, { unless: /docker-ce/ }),
    shows(/Read timed out\. \(read timeout/, 0.4),
    says(
      [
        /\bsmall(?:er)? (?:requests?|packets?|responses?|files?|payloads?)|\b(?:larger|bigger) (?:files?|requests?|packets?|responses?|payloads?|ones?|than)|\bfull (?:requests?|responses?|page)|\bpartial (?:html|content|responses?|page|data)|\b1[2-5]\d\d bytes/,
        /\brequests?\b|\bcurl|\bwget|\bpackets?|\bhttp|\bdownload|\bresponses?\b/,
        FAILS,
      ],
      0.65,
    ),
    says(
      [
        /\bdind\b|docker[- ]in[- ]docker|\b(?:ci|gitlab|pipeline|runner|agent|jenkins)\b.{0,80}\b(?:pods?|containers?|kubernetes)\b/,
        /\btim(?:e|es|ed|ing)[ -]?outs?\b|\bhang|\bhung\b|\bstuck\b|\bstall|stops dead|\bfreez/,
        /\brequests?\b|\bdownload|\bfetch|\bpip\b|\bnpm\b|\bapt|\bapk\b|\bgit\b|\bclone|\bnetwork|\bhttps?\b|\bcurl/,
      ],
      0.55,
      { unless: /docker\.io|registry|docker\.sock/ },
    ),
    mentions(/driver\.mtu|"mtu"\s*:\s*"?\d{4}|--mtu[= ]\d{4}/, 0.5),
    shows(
      /SSL connection timeout|handshake operation timed out|TCP Retransmission|previous segment(?: not captured| lost)/,
      0.5,
      { unless: /docker\.io|registry|proxyconnect/ },
    ),
  ],
  findings: {
    /** A warning, as where the way is clear the kernel asks for smaller packets and all is well. */
    larger: warn(
      'containers in {networks} send up to {size} bytes, and {uplink} carries {mtu}: large transfers may hang',
      { causedBy: [] },
    ),
  },
  evaluate({ networks, uplinks, settings }, report) {
    const narrow = uplinks.flatMap(({ name, mtu }) => (mtu === null ? [] : [{ name, mtu }]))
    const [first] = narrow.sort((a, b) => a.mtu - b.mtu)
    if (uplinks.length === 0) return report.skip('no default route: nothing leaves this host')
    if (!first) return report.unknown('no uplink tells its MTU')
    const { name: uplink, mtu } = first
    const wide = networks.filter((one) => one.mtu > mtu)
    if (wide.length === 0) return report.pass(`${uplink} carries ${mtu} bytes`, { uplink, mtu })
    const names = wide.map(({ network }) => network).join(', ')
    const size = Math.max(...wide.map((one) => one.mtu))
    const cure = shrink(wide, mtu, changeSetting(settings, 'mtu', mtu))
    return report('larger', { networks: names, size, uplink, mtu }, cure, { uplink, mtu, size })
  },
})
