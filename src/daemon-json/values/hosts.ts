import { isLoopback } from '../../net/cidr.ts'
import type { ConfigFile, TextAt } from '../config-file.ts'
import { goUrl, isIp } from '../go-text.ts'
import { fail, type Issue, show, warn } from '../problem.ts'
import { tlsIsOn } from './tls.ts'

/*
 * The addresses that the API listens on.
 * Rules: ParseDaemonHost in https://github.com/moby/moby/blob/master/daemon/pkg/opts/hosts.go (opts/hosts.go before 29.0),
 * and what listening itself refuses.
 */

export function* hostRules(file: ConfigFile): Generator<Issue> {
  for (const [index, host] of file.texts('hosts').entries()) yield* hostProblems(file, host, `hosts.${index}`)
}

function* hostProblems(file: ConfigFile, host: TextAt, key: string): Generator<Issue> {
  const trimmed = host.text.trim()
  if (trimmed === '') return
  const cut = trimmed.indexOf('://')
  const scheme = cut < 0 ? 'tcp' : trimmed.slice(0, cut)
  const address = cut < 0 ? trimmed : trimmed.slice(cut + 3)
  if (address.includes('://')) {
    yield fail(
      host,
      key,
      'bad-host',
      `${show(host.text)} has two schemes`,
      'write unix:///path or tcp://address:port',
    )
  } else if (scheme === 'tcp') yield* tcp(file, host, address, key)
  else if (scheme === 'unix') yield* unix(file, host, address, key)
  else if (scheme === 'fd') yield* socketActivation(file, host, key)
  else if (scheme === 'npipe') {
    const message = 'named pipes (npipe://) are for Windows'
    yield fail(host, key, 'bad-host-scheme', message, 'write unix:///var/run/docker.sock')
  } else {
    const message = `the engine cannot listen on ${show(scheme)} addresses (${show(host.text)})`
    yield fail(host, key, 'bad-host-scheme', message, 'write unix:///path, tcp://address:port or fd://')
  }
}

function* tcp(file: ConfigFile, host: TextAt, address: string, key: string): Generator<Issue> {
  const url = goUrl(`tcp://${address}`)
  const suggestion = 'write tcp://address:port, such as tcp://127.0.0.1:2376'
  if (typeof url === 'string') {
    yield fail(host, key, 'bad-host', `${show(host.text)} is no address: ${url}`, suggestion)
  } else if (url.path !== '') {
    const message = `${show(host.text)} has a path; an address to listen on has none`
    yield fail(host, key, 'host-with-path', message, `write ${show(`tcp://${url.host}`)}`)
  } else if (/[<>"]/.test(url.host)) {
    yield fail(host, key, 'bad-host', `${show(host.text)} is no address`, suggestion)
  } else yield* tcpEnds(file, host, url.host, key)
}

function* tcpEnds(file: ConfigFile, host: TextAt, address: string, key: string): Generator<Issue> {
  const [, name = '', port = ''] = /^(.*?)(?::(\d*))?$/.exec(address) ?? []
  const bare = name.replace(/^\[(.*)\]$/, '$1')
  const outside = Number(port) > 65_535 || (port !== '' && Number(port) === 0 && file.from('23.0'))
  if (outside) {
    yield fail(host, key, 'bad-port', `${port} is no port to listen on`, 'write a port from 1 to 65535')
  } else if (bare.includes(':') && !name.startsWith('[')) {
    const message = `the IPv6 address in ${show(host.text)} has no brackets, so that its end is not taken for the port`
    yield fail(host, key, 'ipv6-without-brackets', message, `write ${show(`tcp://[${bare}]:${port}`)}`)
  } else if (/^\d+$/.test(bare)) {
    const message = `${show(host.text)} makes ${bare} the NAME of a host, which is looked up and not found: the engine ends with an error`
    yield fail(host, key, 'host-is-a-number', message, `write ${show(`tcp://127.0.0.1:${bare}`)}`)
  } else if (isIp(bare) && file.host.hasAddress?.(bare) === false) {
    const message = `no interface of this host has the address ${bare}`
    yield fail(host, key, 'no-such-address', message, 'write an address of this host, or tcp://0.0.0.0:port')
  } else if (!tlsIsOn(file)) yield* withoutTls(file, host, bare, key)
}

function* withoutTls(file: ConfigFile, host: TextAt, name: string, key: string): Generator<Issue> {
  const local = name === '' || name === 'localhost' || (isIp(name) && isLoopback(name))
  const who = local
    ? 'every program and web page on this machine'
    : 'everyone who reaches this machine by network'
  const slow =
    local || file.member('tls') !== undefined ? '' : '; the engine delays its start by 15 s or more to say so'
  const message = `${show(host.text)} without tlsverify gives root access to ${who}${slow}`
  const suggestion =
    'set tlsverify with tlscacert, tlscert and tlskey, or use ssh://user@host on the client instead'
  yield warn(host, key, 'tcp-without-tls', message, suggestion)
}

/** sockaddr_un has room for 107 bytes (unix(7)). */
const LONGEST_SOCKET_PATH = 107

function* unix(file: ConfigFile, host: TextAt, path: string, key: string): Generator<Issue> {
  if (path === '') return
  if (path.length > LONGEST_SOCKET_PATH) {
    const message = `the path of a socket can have ${LONGEST_SOCKET_PATH} characters, not ${path.length}`
    yield fail(host, key, 'socket-path-too-long', message, 'choose a shorter path')
    return
  }
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
  if (folder !== '' && file.host.pathExists?.(folder) === false) {
    const message = `the folder ${show(folder)} does not exist on this host, and the engine does not create it`
    yield fail(
      host,
      key,
      'no-such-folder',
      message,
      'create the folder, or write unix:///var/run/docker.sock',
    )
  }
}

function* socketActivation(file: ConfigFile, host: TextAt, key: string): Generator<Issue> {
  if (file.host.socketActivated === true) return
  const suggestion = 'start the engine through docker.socket, or write unix:///var/run/docker.sock'
  if (file.host.socketActivated === false) {
    const message = 'systemd hands this engine no sockets, so that there is nothing to listen on'
    yield fail(host, key, 'no-socket-activation', message, suggestion)
  } else {
    const message = 'fd:// works only where systemd starts the engine by its socket unit'
    yield warn(host, key, 'needs-socket-activation', message, suggestion)
  }
}
