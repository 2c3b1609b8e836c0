/**
 * Whose certificates the engine trusts: this host's store, not the list that Node brings with it.
 * Client certificates (`client.cert` in certs.d) and dockerd's own SSL_CERT_FILE are not considered.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'
import { codeOf } from './failure.ts'

/** The first that exists counts. @see https://go.dev/src/crypto/x509/root_linux.go */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const
const FOLDERS = ['/etc/ssl/certs', '/etc/pki/tls/certs'] as const

const MOST_BYTES = 8 * 1024 * 1024
const MOST_FILES = 1_000

export interface Trust {
  readonly context: SecureContext
  /** This host has no certificates of authorities at all. */
  readonly empty: boolean
}

/** Building one takes 20 ms for the usual 140 authorities. */
const known = new Map<string, Trust>()

/**
 * @param caPath a PEM file, or a folder (as /etc/docker/certs.d/HOST:PORT) of which every `*.crt` counts; when there is none the host's store alone is trusted
 * @throws the system's error when something is there but cannot be read; ERR_NO_CERTIFICATE when it holds none
 */
export function trust(caPath: string | undefined): Trust {
  const key = caPath ?? ''
  let found = known.get(key)
  if (!found) {
    const own = caPath === undefined ? [] : extra(caPath)
    const ca = [...systemStore(), ...own]
    // As Go does, an authority in the list need not be signed by itself.
    found = { context: createSecureContext({ ca, allowPartialTrustChain: true }), empty: ca.length === 0 }
    known.set(key, found)
  }
  return found
}

function systemStore(): string[] {
  for (const bundle of BUNDLES) {
    const text = optional(() => pem(bundle))
    if (text) return [text]
  }
  return FOLDERS.flatMap((folder) => optional(() => inFolder(folder, /\.(?:crt|pem)$/)) ?? [])
}

function extra(path: string): string[] {
  const texts = ifPresent(() => (statSync(path).isDirectory() ? inFolder(path, /\.crt$/) : [pem(path)])) ?? []
  for (const text of texts) {
    if (!text.includes('-----BEGIN CERTIFICATE-----')) {
      throw Object.assign(new Error(`${path} holds no certificate in PEM`), { code: 'ERR_NO_CERTIFICATE' })
    }
  }
  return texts
}

const inFolder = (folder: string, wanted: RegExp): string[] =>
  readdirSync(folder)
    .filter((name) => wanted.test(name))
    .sort()
    .slice(0, MOST_FILES)
    .flatMap((name) => ifPresent(() => pem(`${folder}/${name}`)) ?? [])

function pem(path: string): string {
  const { size } = statSync(path)
  if (size > MOST_BYTES) throw Object.assign(new Error(`${path} is too large`), { code: 'EFBIG' })
  return readFileSync(path, 'utf8')
}

/** The system's store is read as Go does: what cannot be read is passed over. */
function optional<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function ifPresent<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined
    throw error
  }
}
