/**
 * Sources: everything that can be read of a host, and what reading each kind gives.
 * A source is plain data; its {@link sourceKey} is its name in snapshots, evidence and `--list`.
 */

/** A regular file. `encoding: 'base64'` is for binary content such as a compressed kernel config. */
export interface FileSource {
  readonly kind: 'file'
  readonly path: string
  readonly encoding?: 'base64'
  /** Of a longer file the last lines are kept instead of the first. */
  readonly part?: 'end'
  /** Output cap in bytes; what lies beyond is cut and the reading says so. */
  readonly maxBytes?: number
}
/** The names in a directory, sorted; a sub-directory's name ends in `/`. */
export interface DirectorySource {
  readonly kind: 'directory'
  readonly path: string
}
/** `stat(2)` of a path, following links, with the path that a link leads to. */
export interface StatSource {
  readonly kind: 'stat'
  readonly path: string
}
/** `statfs(2)` of the file system that holds a path. */
export interface StatfsSource {
  readonly kind: 'statfs'
  readonly path: string
}
/** A program run by argv, never through a shell, with a fixed PATH and `LC_ALL=C`. */
export interface CommandSource {
  readonly kind: 'command'
  readonly argv: readonly [string, ...string[]]
  readonly timeoutMs?: number
  readonly maxBytes?: number
}
/** A GET request over a unix socket: how the engine's API is read. */
export interface UnixHttpSource {
  readonly kind: 'unixHttp'
  readonly socket: string
  readonly path: string
  readonly timeoutMs?: number
}
/**
 * A probe of something outside the host: `http(s)://`, `tcp://host:port`, `tls://host:port`, `dns://name` (as this host
 * resolves it), `dns://server/name` (that name server alone, by address; any answer of it is `ok`, also that there is no such name),
 * `proxy://host:port/URL` (what that HTTP proxy answers when it is asked for the URL; for `https://` only to connect).
 */
export interface ProbeSource {
  readonly kind: 'probe'
  readonly url: string
  /** PEM of a CA to trust beside the system's, by path on the host. */
  readonly caPath?: string
  /**
   * A token service, by URL: it is asked for a token that it gives anybody, and the probe is a HEAD with it. The token itself is never
   * part of what was seen.
   */
  readonly tokenFrom?: string
  /**
   * A process whose network it is made from, by its number: only root may enter it. Only `tcp://address:port`, `dns://server/name` and
   * `udp://address:port/bytes`: whether a datagram of that size (headers included) that nobody may cut arrives; the port's refusal says so.
   */
  readonly inside?: number
  readonly timeoutMs?: number
}
/** The user and groups of the process that reads (and of who called sudo). */
export interface IdentitySource {
  readonly kind: 'identity'
}
/** One environment variable. */
export interface EnvironmentSource {
  readonly kind: 'environment'
  readonly name: string
}
/** One call of the systeminformation library; only `mem` starts no program. Sizes in bytes. */
export interface InventorySource {
  readonly kind: 'inventory'
  readonly call: 'mem'
}
/** The host's wall clock. */
export interface ClockSource {
  readonly kind: 'clock'
}

export type Source =
  | FileSource
  | DirectorySource
  | StatSource
  | StatfsSource
  | CommandSource
  | UnixHttpSource
  | ProbeSource
  | IdentitySource
  | EnvironmentSource
  | InventorySource
  | ClockSource

export interface Stat {
  readonly type: 'file' | 'directory' | 'socket' | 'fifo' | 'block' | 'character' | 'other'
  /** Permission bits, e.g. `0o660`. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number
  readonly ino: number
  readonly dev: number
  /** Where the path leads to when it, or a folder of it, is a symbolic link. */
  readonly realPath?: string
}

export interface Statfs {
  /** File system magic number, e.g. `0xef53`. */
  readonly type: number
  /** Bytes in a block. */
  readonly bsize: number
  readonly blocks: number
  readonly bfree: number
  /** Blocks that an ordinary user may still use. */
  readonly bavail: number
  /** Inodes in all; 0 where the file system has no fixed number, negative where nobody told. */
  readonly files: number
  readonly ffree: number
}

export interface CommandOutput {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The stages of a probe, in order; a failed probe names the one that failed. */
export type ProbeStage = 'url' | 'dns' | 'tcp' | 'tls' | 'http'

/** That the other side does not answer within the probe's own bound is what was seen, and so a payload. */
export interface ProbeAnswer {
  readonly ok: boolean
  /** The stage that failed, when `ok` is false. */
  readonly stage?: ProbeStage
  /** Node's or OpenSSL's code, such as `ENOTFOUND`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `TIMEOUT`. */
  readonly code?: string
  readonly message?: string
  readonly addresses?: readonly string[]
  /** The address a connection was made to. */
  readonly address?: string
  /** Addresses that gave no connection before another did, or all of them: a broken IPv6 shows here although `ok`. */
  readonly failures?: readonly { readonly address: string; readonly code: string }[]
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly certificate?: {
    readonly subject: string
    readonly issuer: string
    readonly names: readonly string[]
    /** RFC 3339. */
    readonly validFrom: string
    readonly validTo: string
  }
  /** Milliseconds that each stage that ended took. */
  readonly timings: Readonly<Partial<Record<ProbeStage, number>>>
}

export interface Identity {
  readonly uid: number
  readonly gid: number
  readonly user: string
  /** Numeric ids of the supplementary groups that this very process has. */
  readonly groups: readonly number[]
  /** Whom sudo, doas or su was called by, when it says so. */
  readonly sudo?: { readonly user: string; readonly uid: number; readonly gid: number }
  readonly pid: number
  /** Effective capabilities as the kernel prints them (hex); tells a real root from one in a sandbox. */
  readonly capEff?: string
}

export interface Payloads {
  readonly file: string
  readonly directory: readonly string[]
  readonly stat: Stat
  readonly statfs: Statfs
  readonly command: CommandOutput
  readonly unixHttp: HttpAnswer
  readonly probe: ProbeAnswer
  readonly identity: Identity
  readonly environment: string
  readonly inventory: Readonly<Record<string, unknown>>
  /** RFC 3339. */
  readonly clock: string
}
export type Payload<S extends Source = Source> = Payloads[S['kind']]

export const file = (path: string, options: { maxBytes?: number } = {}): FileSource => ({
  kind: 'file',
  path,
  ...options,
})
export const binaryFile = (path: string, options: { maxBytes?: number } = {}): FileSource => ({
  kind: 'file',
  path,
  encoding: 'base64',
  ...options,
})
/** The last whole lines of a file such as a log. */
export const fileEnd = (path: string, maxBytes: number): FileSource => ({
  kind: 'file',
  path,
  part: 'end',
  maxBytes,
})
export const directory = (path: string): DirectorySource => ({ kind: 'directory', path })
export const stat = (path: string): StatSource => ({ kind: 'stat', path })
export const statfs = (path: string): StatfsSource => ({ kind: 'statfs', path })
export const command = (
  argv: readonly [string, ...string[]],
  options: { timeoutMs?: number; maxBytes?: number } = {},
): CommandSource => ({ kind: 'command', argv, ...options })
export const unixHttp = (
  socket: string,
  path: string,
  options: { timeoutMs?: number } = {},
): UnixHttpSource => ({ kind: 'unixHttp', socket, path, ...options })
export const probe = (
  url: string,
  options: { caPath?: string; tokenFrom?: string; inside?: number; timeoutMs?: number } = {},
): ProbeSource => ({ kind: 'probe', url, ...options })
export const identity: IdentitySource = { kind: 'identity' }
export const environment = (name: string): EnvironmentSource => ({ kind: 'environment', name })
export const inventory = (call: InventorySource['call']): InventorySource => ({ kind: 'inventory', call })
export const clock: ClockSource = { kind: 'clock' }

/** A mirror's URL may hold a login, which no name of a source shows. */
const USERINFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i
const PLAIN_ARGUMENT = /^[\w@%+=:,./-]+$/

/** The unique, human-readable name of a source: `/etc/hosts`, `/etc/sysctl.d/`, `$ ip -j addr`, `stat /run/docker.sock`, … */
export function sourceKey(source: Source): string {
  switch (source.kind) {
    case 'file': {
      const how = source.encoding ?? source.part
      return how ? `${how} ${source.path}` : source.path
    }
    case 'directory':
      return source.path.endsWith('/') ? source.path : `${source.path}/`
    case 'command':
      return `$ ${source.argv.map((word) => (PLAIN_ARGUMENT.test(word) ? word : JSON.stringify(word))).join(' ')}`
    case 'unixHttp':
      return `GET unix://${source.socket} ${source.path}`
    case 'probe': {
      const url = source.url.replace(USERINFO, '$1')
      if (source.tokenFrom) return `probe HEAD ${url} with a token of ${source.tokenFrom}`
      if (source.inside !== undefined) return `probe ${url} inside ${source.inside}`
      return source.caPath ? `probe ${url} trusting ${source.caPath}` : `probe ${url}`
    }
    case 'environment':
      return `env ${source.name}`
    case 'inventory':
      return `inventory ${source.call}`
    case 'stat':
    case 'statfs':
      return `${source.kind} ${source.path}`
    default:
      return source.kind
  }
}
