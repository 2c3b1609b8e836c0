/** The network addresses of the engine's API: configured, running, and as the engine itself warns of them. */

import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import { type StatSource, stat } from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import { runningCommandLine } from './dockerd-flags.ts'
import { runningEngine } from './engine.ts'
import { wordOf } from './json.ts'
import { isAnyAddress, isLoopback } from './tcp-listeners.ts'

export interface ApiAddress {
  /** As it is written, e.g. `tcp://0.0.0.0:2375`. */
  readonly text: string
  readonly port: number
  /** Who can reach it: `local` this host alone, `all` whoever reaches any of its addresses, `some` one address. */
  readonly reach: 'local' | 'some' | 'all'
  /** Where it was found: the path of daemon.json, a unit, an environment file, the running process, the engine's own warning. */
  readonly origin: string
}

/** `verify`: only clients with a certificate; `encrypt`: TLS without asking who it is; `none`. */
export type ApiProtection = 'verify' | 'encrypt' | 'none'

export interface ApiExposure {
  readonly addresses: readonly ApiAddress[]
  readonly protection: ApiProtection
}

/** A `-H` value that is a TCP address; null for unix://, fd:// and names. @see https://docs.docker.com/reference/cli/dockerd/#daemon-socket-option */
export function parseApiAddress(text: string, origin: string): ApiAddress | null {
  const [, host, port] = /^(?:tcp:\/\/)?(\[[0-9a-f:.%]*\]|[^:/\s]*):(\d{1,5})\/?$/i.exec(text.trim()) ?? []
  if (host === undefined || port === undefined) return null
  const name = host.replace(/^\[|\]$/g, '')
  // `tcp://:2375` listens on the loopback address: an empty host is the default one.
  const local = name === '' || name === 'localhost' || isLoopback(name)
  return { text, port: Number(port), origin, reach: local ? 'local' : isAnyAddress(name) ? 'all' : 'some' }
}

const WARNING = /API is accessible on https?:\/\/(\S+) without (encryption|TLS client verification)/

const isOn = (value: unknown): boolean => value === true || value === 'true' || value === '1'

export const apiExposure: Fact<ApiExposure> = defineFact({
  name: 'apiExposure',
  about: "The TCP addresses of the engine's API, and whether clients must show a certificate there.",
  needs: { settings: daemonSettings, running: runningCommandLine, engine: maybe(runningEngine) },
  parse: (_, { settings, running, engine }): ApiExposure => {
    const { file, commandLine, get } = settings
    const inFile = file.state === 'present' && Object.hasOwn(file.value, 'hosts')
    const origin = inFile ? file.path : (commandLine?.origin ?? file.path)
    const flags = (running?.flags ?? []).filter(({ name }) => name === 'host').map(({ value }) => value)
    const warned = (engine.known ? (engine.value?.info.warnings ?? []) : []).flatMap(
      (warning) => WARNING.exec(warning)?.[1] ?? [],
    )
    const all = [
      ...settings.list('hosts').map((text) => parseApiAddress(text, origin)),
      ...flags.map((text) => parseApiAddress(text, running?.origin ?? '')),
      ...warned.map((text) => parseApiAddress(`tcp://${text}`, 'the running engine')),
    ].filter((one) => one !== null)
    const addresses = all.filter((one, index) => all.findIndex(({ text }) => text === one.text) === index)
    const flagged = (name: string): boolean =>
      isOn(get(name)) || isOn(running?.flags.find((flag) => flag.name === name)?.value)
    const protection = flagged('tlsverify') ? 'verify' : flagged('tls') ? 'encrypt' : 'none'
    return { addresses, protection }
  },
})

const FILES = { tlscacert: '--tlscacert', tlscert: '--tlscert', tlskey: '--tlskey' } as const
type CertificateKey = keyof typeof FILES

/** Certificate files that the settings name and that are not there. */
export const missingCertificates: Fact<readonly { readonly key: string; readonly path: string }[]> =
  defineFact({
    name: 'missingCertificates',
    about: "Files of the API's TLS settings that do not exist.",
    needs: { settings: daemonSettings },
    reads: ({ settings }): Record<string, AsReading<StatSource>> =>
      Object.fromEntries(
        (Object.keys(FILES) as CertificateKey[]).flatMap((key) => {
          const path = settings.get(key)
          const wanted = isOn(settings.get('tlsverify')) || isOn(settings.get('tls'))
          return wanted && typeof path === 'string' && path.startsWith('/')
            ? [[key, asReading(stat(path))]]
            : []
        }),
      ),
    reading: 'the files that tlscacert, tlscert and tlskey name',
    parse: (readings, { settings }) =>
      Object.entries(readings).flatMap(([key, reading]) =>
        reading.state === 'absent' ? [{ key, path: wordOf(settings.get(key)) }] : [],
      ),
  })
