import { parseAddress } from '../../net/cidr.ts'
import type { ConfigFile, NumberAt, TextAt } from '../config-file.ts'
import { isAddress, isUnsigned32 } from '../go-text.ts'
import { fail, type Issue, show, warn } from '../problem.ts'

/* Network settings other than the default bridge's addresses: MTU, DNS, host gateway, firewall. */

export function* networkRules(file: ConfigFile): Generator<Issue> {
  yield* mtu(file)
  yield* controlPlaneMtu(file)
  yield* diagnosticPort(file)
  yield* dns(file)
  yield* dnsSearch(file)
  yield* hostGateway(file)
  yield* firewall(file)
}

/** From 25.0 the MTU is set on docker0, and the kernel has the last word (https://github.com/moby/moby/pull/46487). */
function* mtu(file: ConfigFile): Generator<Issue> {
  const value = file.integer('mtu')
  if (value === undefined || value.value === 0) return
  const suggestion = 'write a number from 68 to 65535, such as 1450'
  if (value.value < 0)
    yield fail(value, 'mtu', 'bad-mtu', `an MTU of ${value.value} is not possible`, suggestion)
  else if (value.value < 68 || value.value > 65_535) {
    const message = `no bridge can have an MTU of ${value.value}`
    const refused = file.from('25.0') && file.text('bridge') === undefined
    yield refused
      ? fail(value, 'mtu', 'bad-mtu', message, suggestion)
      : warn(value, 'mtu', 'bad-mtu', message, suggestion)
  } else if (file.from('27.0') && file.isOn('ipv6') && value.value < 1280) {
    yield warn(
      value,
      'mtu',
      'mtu-too-small-for-ipv6',
      `IPv6 needs an MTU of 1280 or more, not ${value.value}`,
      'write 1280 or more',
    )
  }
}

function* controlPlaneMtu(file: ConfigFile): Generator<Issue> {
  const value = file.integer('network-control-plane-mtu')
  if (value === undefined || value.value === 0 || value.value >= 500) return
  const message = `${value.value} is less than the smallest that the engine uses, 500`
  yield warn(value, 'network-control-plane-mtu', 'bad-mtu', message, 'write 500 or more')
}

function* diagnosticPort(file: ConfigFile): Generator<Issue> {
  const value: NumberAt | undefined = file.integer('network-diagnostic-port')
  if (value === undefined || (value.value >= 0 && value.value <= 65_535)) return
  const level = file.from('28.0') ? fail : warn
  yield level(
    value,
    'network-diagnostic-port',
    'bad-port',
    `${value.value} is no port`,
    'write a number from 1 to 65535',
  )
}

/** Before 25.0 `dns` is a list of texts, trimmed and then checked; from 25.0 the type itself checks. */
function* dns(file: ConfigFile): Generator<Issue> {
  for (const [index, value] of file.texts('dns').entries()) {
    const key = `dns.${index}`
    const trimmed = value.text.trim()
    if (!file.from('25.0') && (trimmed.includes('%') || !isAddress(trimmed))) {
      const message = `${show(value.text)} is not an IP address`
      yield fail(value, key, 'not-an-ip-address', message, 'write the address alone, without a port')
    } else if (trimmed === '') {
      yield warn(value, key, 'empty-value', 'the address is empty', 'remove the entry')
    }
  }
}

const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*\\.?\\s*$`)

/** ValidateDNSSearch in https://github.com/moby/moby/blob/master/daemon/pkg/opts/opts.go. */
function* dnsSearch(file: ConfigFile): Generator<Issue> {
  for (const [index, value] of file.texts('dns-search').entries()) {
    const name = value.text.replaceAll(/^ +| +$/g, '')
    if (name === '.' || (/[a-zA-Z]/.test(name) && DOMAIN.test(name) && name.length < 255)) continue
    const message = `${show(value.text)} is not a domain`
    const suggestion =
      'write a domain such as "example.com": letters, digits and hyphens, with a letter in it'
    yield fail(value, `dns-search.${index}`, 'bad-domain', message, suggestion)
  }
}

function* hostGateway(file: ConfigFile): Generator<Issue> {
  const single = file.member('host-gateway-ip')
  const several = file.member('host-gateway-ips')
  if (single !== undefined && several !== undefined) {
    const message = 'host-gateway-ip and host-gateway-ips exclude each other'
    yield fail(single, 'host-gateway-ip', 'host-gateway-twice', message, 'keep host-gateway-ips only')
  }
  const families = new Set<number>()
  for (const [index, value] of file.texts('host-gateway-ips').entries()) {
    const family = parseAddress(value.text)?.family
    if (family === undefined) continue
    if (families.has(family)) {
      const message = `${show(value.text)} is a second IPv${family} address; there can be one of each version`
      yield fail(value, `host-gateway-ips.${index}`, 'host-gateway-twice', message, 'remove it')
    }
    families.add(family)
  }
}

function* firewall(file: ConfigFile): Generator<Issue> {
  const backend = file.text('firewall-backend')
  if (backend !== undefined && backend.text !== 'iptables' && backend.text !== 'nftables') {
    const message = `${show(backend.text)} is no firewall backend`
    yield fail(backend, 'firewall-backend', 'bad-firewall-backend', message, 'write "iptables" or "nftables"')
  }
  if (backend?.text === 'nftables' && file.isOn('iptables')) yield* nftables(file, backend)
  const mark = file.text('bridge-accept-fwmark')
  if (mark === undefined) return
  const [value = '', mask, ...rest] = mark.text.split('/')
  if (isUnsigned32(value) && (mask === undefined || isUnsigned32(mask)) && rest.length === 0) return
  const message = `${show(mark.text)} is not a firewall mark`
  yield fail(
    mark,
    'bridge-accept-fwmark',
    'bad-firewall-mark',
    message,
    'write mark or mark/mask, such as "0x1/0x3"',
  )
}

/** With nftables the engine leaves the forwarding switches alone, and insists on them. */
function* nftables(file: ConfigFile, backend: TextAt): Generator<Issue> {
  if (file.host.commandExists?.('nft') === false) {
    const message = 'the program nft is not installed on this host'
    yield fail(backend, 'firewall-backend', 'no-nft', message, 'install nftables, or write "iptables"')
  }
  if (!file.isOn('ip-forward')) return
  const needed = ['net.ipv4.ip_forward', ...(file.isOn('ipv6') ? ['net.ipv6.conf.all.forwarding'] : [])]
  const off = needed.find((name) => file.host.sysctl?.(name) === '0')
  if (off === undefined || file.text('bridge')?.text === 'none') return
  const message = `with nftables the engine does not switch on forwarding itself, and ${off} is 0`
  yield fail(
    backend,
    'firewall-backend',
    'forwarding-is-off',
    message,
    `set ${off}=1 by a file in /etc/sysctl.d`,
  )
}
