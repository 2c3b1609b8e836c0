import { type Cidr, contains, encloses, formatCidr, parseAddress, parseCidr } from '../../net/cidr.ts'
import type { ConfigFile, TextAt } from '../config-file.ts'
import { goCidr, goPrefix, isIp } from '../go-text.ts'
import { fail, type Issue, show, warn } from '../problem.ts'
import { numberField, textField } from './fields.ts'

/*
 * The default bridge: its address, its range, its gateway.
 * Rules: verifyDaemonSettings and initBridgeDriver in https://github.com/moby/moby/blob/master/daemon/daemon_unix.go,
 * libnetwork's IPAM for what can be allocated.
 */

export function* bridgeRules(file: ConfigFile): Generator<Issue> {
  yield* bridgeName(file)
  yield* bip(file)
  yield* bip6(file)
  yield* fixedCidr(file)
  yield* fixedCidrV6(file)
  yield* ipv6NeedsSubnet(file)
  yield* gateway(file)
  yield* gatewayV6(file)
  yield* firewallSwitches(file)
}

/** The engine sets up its own bridge: neither switched off nor replaced by one of the administrator's. */
function ownBridge(file: ConfigFile): boolean {
  const name = file.text('bridge')?.text ?? 'docker0'
  return name === 'docker0'
}

function bridgeOff(file: ConfigFile): boolean {
  return file.text('bridge')?.text === 'none'
}

function* bridgeName(file: ConfigFile): Generator<Issue> {
  const name = file.text('bridge')
  if (name === undefined) return
  for (const other of ['bip', 'bip6']) {
    const address = file.text(other)
    if (address === undefined) continue
    const message = `bridge (${show(name.text)}) and ${other} (${show(address.text)}) exclude each other`
    yield fail(name, 'bridge', 'bridge-and-bip', message, `remove bridge, or remove ${other}`)
  }
  if (name.text !== 'none' && name.text !== 'docker0') yield* foreignBridge(file, name)
}

function* foreignBridge(file: ConfigFile, name: TextAt): Generator<Issue> {
  if (name.text.length > 15 || /[\s/]/.test(name.text)) {
    const message = `${show(name.text)} cannot be the name of an interface (15 characters at most, no blanks, no slash)`
    yield fail(
      name,
      'bridge',
      'bad-interface-name',
      message,
      'name an existing bridge, or "none" for no default bridge',
    )
    return
  }
  const kind = file.host.interfaceKind?.(name.text)
  const create = `create it before the engine starts (ip link add ${name.text} type bridge), or remove the key`
  if (kind === 'absent') {
    yield fail(
      name,
      'bridge',
      'no-such-bridge',
      `there is no interface ${show(name.text)} on this host`,
      create,
    )
  } else if (kind === 'other') {
    yield fail(name, 'bridge', 'not-a-bridge', `the interface ${show(name.text)} is not a bridge`, create)
  } else if (kind === undefined) {
    const message = `the bridge ${show(name.text)} must exist already; the engine creates none but docker0`
    yield warn(name, 'bridge', 'bridge-must-exist', message, create)
  }
}

function* bip(file: ConfigFile): Generator<Issue> {
  const value = file.text('bip')
  if (value === undefined) return
  const block = goCidr(value.text)
  if (block === undefined)
    yield notCidr(value, 'bip', '172.26.0.1/24', 'the address of docker0 with its prefix length')
  else if (block.family === 6) {
    const message = `${show(value.text)} is an IPv6 address; bip is the bridge's IPv4 address`
    const instead = file.from('28.0') ? 'bip6' : 'fixed-cidr-v6 (with ipv6: true)'
    yield fail(value, 'bip', 'not-ipv4', message, `write an IPv4 address, and put IPv6 into ${instead}`)
  } else yield* bipHost(file, value, block)
}

function* bipHost(file: ConfigFile, value: TextAt, block: Cidr & { address: bigint }): Generator<Issue> {
  const host = `write an address of a host in it, such as ${addressAt(block.first + 1n)}/${block.prefix}`
  if (block.prefix >= 31) {
    const message = `${show(value.text)} leaves no address for containers`
    const finding = 'no-room'
    if (file.from('23.0')) yield warn(value, 'bip', finding, message, 'write a shorter prefix, such as /24')
    else yield fail(value, 'bip', finding, message, 'write a shorter prefix, such as /24')
  } else if (block.address === block.first) {
    const message = `${show(value.text)} is the address of the network itself; the bridge needs one of its hosts'`
    yield fail(value, 'bip', 'network-address', message, host)
  } else if (block.address === block.last) {
    yield fail(
      value,
      'bip',
      'broadcast-address',
      `${show(value.text)} is the broadcast address of its network`,
      host,
    )
  }
}

function* bip6(file: ConfigFile): Generator<Issue> {
  const value = file.text('bip6')
  if (value === undefined) return
  if (!file.isOn('ipv6')) {
    yield warn(value, 'bip6', 'no-effect', 'bip6 has no effect without "ipv6": true', 'add "ipv6": true')
    return
  }
  const block = goCidr(value.text)
  if (block === undefined)
    yield notCidr(value, 'bip6', 'fd00:1::1/64', 'the address of docker0 with its prefix length')
  else if (block.family === 4) {
    yield fail(
      value,
      'bip6',
      'not-ipv6',
      `${show(value.text)} is not an IPv6 address`,
      'write an IPv6 address with its prefix length',
    )
  } else if (block.address === block.first) {
    const message = `${show(value.text)} is the address of the network itself; the bridge needs one of its hosts'`
    yield fail(
      value,
      'bip6',
      'network-address',
      message,
      'write the address of a host in it, such as the one that ends in ::1',
    )
  }
}

function* fixedCidr(file: ConfigFile): Generator<Issue> {
  const value = file.text('fixed-cidr')
  if (value === undefined || bridgeOff(file)) return
  const range = goCidr(value.text)
  if (range === undefined) {
    yield notCidr(
      value,
      'fixed-cidr',
      '172.26.0.128/25',
      'a part of the bridge network with its prefix length',
    )
  } else if (range.family === 6) {
    const message = `${show(value.text)} is IPv6; fixed-cidr is the IPv4 range`
    yield fail(value, 'fixed-cidr', 'not-ipv4', message, 'put it into fixed-cidr-v6')
  } else if (range.prefix === 32) {
    const found = file.text('bip') !== undefined || contains(FIRST_NETWORK, value.text)
    const level = found ? warn : fail
    yield level(
      value,
      'fixed-cidr',
      'no-room',
      `${show(value.text)} leaves no address for containers`,
      'write a shorter prefix',
    )
  } else yield* fixedCidrInBip(file, value, range)
}

/** The engine never compares the two; containers then get addresses that the bridge is no gateway for. */
function* fixedCidrInBip(file: ConfigFile, value: TextAt, range: Cidr): Generator<Issue> {
  const bridge = file.text('bip')
  const network = bridge === undefined ? undefined : goCidr(bridge.text)
  if (bridge === undefined || network === undefined || encloses(network, range)) return
  const message = `${show(value.text)} is not inside the bridge network ${formatCidr(network)} (bip ${show(bridge.text)}); the engine does not notice, and containers get addresses without a way out`
  yield warn(value, 'fixed-cidr', 'outside-bip', message, `write a part of ${formatCidr(network)}`)
}

function* fixedCidrV6(file: ConfigFile): Generator<Issue> {
  const value = file.text('fixed-cidr-v6')
  if (value === undefined || (bridgeOff(file) && !file.from('25.0'))) return
  const range = file.from('27.0') ? goPrefix(value.text) : goCidr(value.text)
  if (range === undefined) {
    yield notCidr(value, 'fixed-cidr-v6', 'fd00:1::/64', 'an IPv6 network with its prefix length')
  } else if (range.family === 4) {
    const message = `${show(value.text)} is not an IPv6 network`
    const suggestion = 'write an IPv6 network such as fd00:1::/64'
    if (file.from('27.0')) yield fail(value, 'fixed-cidr-v6', 'not-ipv6', message, suggestion)
    else yield warn(value, 'fixed-cidr-v6', 'not-ipv6', message, suggestion)
  } else if (!file.isOn('ipv6')) {
    const message = 'fixed-cidr-v6 has no effect without "ipv6": true'
    yield warn(value, 'fixed-cidr-v6', 'no-effect', message, 'add "ipv6": true')
  } else if (range.prefix === 128 && !bridgeOff(file)) {
    yield fail(
      value,
      'fixed-cidr-v6',
      'no-room',
      `${show(value.text)} has no address for a container`,
      'write a /64',
    )
  }
}

function* ipv6NeedsSubnet(file: ConfigFile): Generator<Issue> {
  if (file.from('28.0') || !file.isOn('ipv6') || bridgeOff(file)) return
  if (file.text('fixed-cidr-v6') !== undefined) return
  const message = `"ipv6": true needs a subnet; engines choose one themselves only from 28.0 on (this is ${file.version.text})`
  yield fail(
    file.placeOf('ipv6'),
    'ipv6',
    'ipv6-without-subnet',
    message,
    'add "fixed-cidr-v6": "fd00:1::/64" (a network of your own)',
  )
}

function* gateway(file: ConfigFile): Generator<Issue> {
  const value = file.text('default-gateway')
  if (value === undefined || !ownBridge(file) || !isIp(value.text)) return
  const network = bridgeNetwork(file)
  const address = parseAddress(value.text)
  if (address === undefined) return
  if (address.family === 6) {
    yield fail(
      value,
      'default-gateway',
      'not-ipv4',
      `${show(value.text)} is not an IPv4 address`,
      'put it into default-gateway-v6',
    )
  } else if (network !== undefined) yield* gatewayIn(network, value, address.value, 'default-gateway')
  else if (
    !possibleNetworks(file).some((pool) => address.value >= pool.first && address.value <= pool.last)
  ) {
    const message = `${show(value.text)} is outside the network that docker0 gets without bip`
    yield fail(
      value,
      'default-gateway',
      'gateway-outside',
      message,
      'set bip to an address in the network of the gateway',
    )
  }
}

function* gatewayIn(
  network: Cidr & { address: bigint },
  value: TextAt,
  address: bigint,
  key: string,
): Generator<Issue> {
  if (address < network.first || address > network.last) {
    const message = `${show(value.text)} is outside the bridge network ${formatCidr(network)}`
    yield fail(value, key, 'gateway-outside', message, `write an address in ${formatCidr(network)}`)
  } else if (
    address === network.address ||
    address === network.first ||
    (network.family === 4 && address === network.last)
  ) {
    const message = `${show(value.text)} is taken in ${formatCidr(network)}: by the bridge itself, the network or its broadcast`
    yield fail(value, key, 'gateway-taken', message, 'write another address of the network')
  }
}

function* gatewayV6(file: ConfigFile): Generator<Issue> {
  const value = file.text('default-gateway-v6')
  if (value === undefined || !ownBridge(file) || !isIp(value.text)) return
  if (!file.isOn('ipv6')) {
    const message = 'default-gateway-v6 has no effect without "ipv6": true'
    yield warn(value, 'default-gateway-v6', 'no-effect', message, 'add "ipv6": true')
    return
  }
  const network = bridgeNetworkV6(file)
  const address = parseAddress(value.text)
  if (network === undefined || address === undefined) return
  if (address.family === 4) {
    yield fail(
      value,
      'default-gateway-v6',
      'not-ipv6',
      `${show(value.text)} is not an IPv6 address`,
      'write an IPv6 address',
    )
  } else yield* gatewayIn(network, value, address.value, 'default-gateway-v6')
}

function bridgeNetwork(file: ConfigFile): ReturnType<typeof goCidr> {
  const value = file.text('bip')
  const block = value === undefined ? undefined : goCidr(value.text)
  return block?.family === 4 ? block : undefined
}

/** Without an address of its own the bridge gets the first one of its network. */
function bridgeNetworkV6(file: ConfigFile): ReturnType<typeof goCidr> {
  const own = file.text('bip6')
  const block = goCidr((own ?? file.text('fixed-cidr-v6'))?.text ?? '')
  if (block?.family !== 6) return undefined
  return own === undefined ? { ...block, address: block.first + 1n } : block
}

/** The first of the engine's own pools: what docker0 gets on almost every host. */
const FIRST_NETWORK = '172.17.0.0/16'

/** Where docker0 ends up when the file gives it no address. */
function possibleNetworks(file: ConfigFile): Cidr[] {
  const fixed = file.from('28.0') ? file.text('fixed-cidr')?.text : undefined
  const first = firstPoolNetwork(file) ?? parseCidr(FIRST_NETWORK)
  return [first, fixed === undefined ? undefined : parseCidr(fixed)].filter((block) => block !== undefined)
}

/** The first network of the first IPv4 pool of the file. */
function firstPoolNetwork(file: ConfigFile): Cidr | undefined {
  const pools = file.value('default-address-pools')
  for (const item of pools?.kind === 'array' ? pools.items : []) {
    if (item.kind !== 'object') continue
    const [address = ''] = textField(item, 'base').split('/')
    const base = goCidr(textField(item, 'base'))
    if (base?.family === 4) return parseCidr(`${address}/${numberField(item, 'size') ?? base.prefix}`)
  }
  return undefined
}

function* firewallSwitches(file: ConfigFile): Generator<Issue> {
  const place = file.placeOf('icc', 'iptables')
  if (!file.isOn('icc') && !file.isOn('iptables')) {
    const message = '"icc": false keeps containers apart by iptables rules, which "iptables": false forbids'
    yield fail(place, 'icc', 'icc-without-iptables', message, 'remove one of the two')
  } else if (!file.isOn('icc') && !file.isOn('ip6tables') && file.isOn('ipv6') && file.from('27.0')) {
    const message = '"icc": false with "ipv6": true needs ip6tables, which "ip6tables": false forbids'
    yield fail(place, 'icc', 'icc-without-ip6tables', message, 'remove "ip6tables": false')
  }
  if (file.isOn('ip6tables') && !file.from('27.0') && !file.isOn('experimental')) {
    const message = `"ip6tables": true is experimental in engine ${file.version.text}`
    yield fail(
      file.placeOf('ip6tables'),
      'ip6tables',
      'ip6tables-experimental',
      message,
      'add "experimental": true',
    )
  }
}

function notCidr(value: TextAt, key: string, example: string, meaning: string): Issue {
  const message = `${show(value.text)} is not ${meaning}`
  const bare = isIp(value.text)
  const suggestion = bare
    ? `write ${show(`${value.text}/${value.text.includes(':') ? 64 : 24}`)} (with the prefix length that fits)`
    : `write it like ${show(example)}`
  return fail(value, key, bare ? 'prefix-length-missing' : 'not-a-cidr', message, suggestion)
}

function addressAt(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.')
}
