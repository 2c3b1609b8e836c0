import type { ConfigFile } from '../config-file.ts'
import { fail, type Issue, show, warn } from '../problem.ts'

/*
 * TLS of the API. Rules: loadDaemonCliConfig and newAPIServerTLSConfig in
 * https://github.com/moby/moby/blob/master/daemon/command/daemon.go (cmd/dockerd/daemon.go before 29.0):
 * tlsverify switches TLS on whatever its value, and certificates are loaded even when nothing listens on TCP.
 */

const FILES = ['tlscert', 'tlskey', 'tlscacert'] as const
const DEFAULTS: Readonly<Record<string, string>> = {
  tlscert: '/root/.docker/cert.pem',
  tlskey: '/root/.docker/key.pem',
}
const FIX = 'set tlscacert, tlscert and tlskey to existing files'

/** Whether the file makes the engine load certificates. */
export function tlsIsOn(file: ConfigFile): boolean {
  return file.member('tlsverify') !== undefined || file.isOn('tls')
}

export function* tlsRules(file: ConfigFile): Generator<Issue> {
  if (!tlsIsOn(file)) {
    for (const key of FILES) {
      const value = file.text(key)
      const message = `${key} has no effect: TLS is not switched on`
      if (value !== undefined) yield warn(value, key, 'tls-is-off', message, 'add "tlsverify": true')
    }
    return
  }
  const verify = file.member('tlsverify')
  const off = verify !== undefined && !(verify.value.kind === 'boolean' && verify.value.value)
  yield* certificates(file, off)
  if (off) {
    const message = 'tlsverify switches TLS on even when it is false; only the clients are then not verified'
    yield warn(
      verify,
      'tlsverify',
      'tlsverify-false',
      message,
      'remove the key for no TLS; set it to true to verify clients',
    )
  }
}

function* certificates(file: ConfigFile, off: boolean): Generator<Issue> {
  const cause =
    file.member('tlsverify') === undefined
      ? '"tls": true'
      : off
        ? 'tlsverify, although not true,'
        : '"tlsverify": true'
  for (const key of FILES) {
    const value = file.text(key)
    const fallback = DEFAULTS[key]
    if (value !== undefined) {
      if (file.host.pathExists?.(value.text) !== false) continue
      const message = `${show(value.text)} does not exist on this host, and the engine does not start without it`
      yield fail(value, key, 'no-such-file', message, 'write the path of the PEM file')
    } else if (fallback !== undefined && file.host.pathExists?.(fallback) !== true) {
      const message = `${cause} needs a certificate and its key, and ${key} is not set`
      yield fail(file.placeOf('tlsverify', 'tls'), key, 'tls-without-certificate', message, FIX)
      return
    }
  }
}
