/** What `docker info` and `docker version` print, as the engine's API would have said it. */

interface Line {
  readonly indent: number
  readonly key: string
  readonly value: string
}

const linesOf = (text: string): Line[] =>
  text.split('\n').flatMap((line) => {
    const [, blank = '', key, value] = /^(\s*)([^:\s][^:]*):(?:\s+(.*))?$/.exec(line) ?? []
    return key === undefined
      ? []
      : [{ indent: blank.length, key: key.trimEnd(), value: (value ?? '').trim() }]
  })

/** The part that speaks of the server: all of it, where the output is too old to tell. */
function serverPart(text: string): string {
  const at = text.search(/^Server:/m)
  return at < 0 ? text.replace(/^Client:[\s\S]*?(?=^\S)/m, '') : text.slice(at)
}

/** The indented lines beneath a headline, without their blanks. */
function beneath(text: string, headline: string): string[] {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => line.trim().startsWith(`${headline}:`))
  if (at < 0) return []
  const indent = lines[at]?.search(/\S/) ?? 0
  const rest = lines.slice(at + 1)
  const end = rest.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent)
  return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.trim()).filter((line) => line !== '')
}

/** Body of `/version`; null where the text does not speak of a server. */
export function versionBody(text: string): Readonly<Record<string, unknown>> | null {
  const server = serverPart(text)
  const at = server.search(/^Server:/m)
  if (at < 0) return null
  const lines = linesOf(server)
  const of = (key: string): string | undefined => lines.find((line) => line.key === key)?.value
  const api = /^([\d.]+)(?: \(minimum version ([\d.]+)\))?/.exec(of('API version') ?? '')
  const version = of('Version')
  if (version === undefined || !/^\d/.test(version)) return null
  const components = ['containerd', 'runc', 'docker-init'].flatMap((name) => {
    const from = lines.findIndex(({ key }) => key === name)
    const found = from < 0 ? undefined : lines.slice(from).find(({ key }) => key === 'Version')
    return found ? [{ Name: name, Version: found.value }] : []
  })
  const platform = /^Server: (.+)$/m.exec(server)?.[1]
  return {
    Version: version,
    ...(api?.[1] ? { ApiVersion: api[1] } : {}),
    ...(api?.[2] ? { MinAPIVersion: api[2] } : {}),
    Components: components,
    ...(platform ? { Platform: { Name: platform } } : {}),
  }
}

/** Body of `/info`; null where the text is no such output. */
export function infoBody(text: string): Readonly<Record<string, unknown>> | null {
  const server = serverPart(text)
  const lines = linesOf(server)
  const of = (key: string): string | undefined => lines.find((line) => line.key === key)?.value
  const version = of('Server Version')
  const driver = of('Storage Driver')
  if (version === undefined || driver === undefined) return null
  const status = beneath(server, 'Storage Driver').flatMap((line) => {
    const [, key, value] = /^([^:]+): (.*)$/.exec(line) ?? []
    return key === undefined ? [] : [[key, value ?? '']]
  })
  const insecure = beneath(server, 'Insecure Registries')
  return {
    ServerVersion: version,
    Driver: driver,
    DriverStatus: status,
    DockerRootDir: of('Docker Root Dir') ?? '',
    CgroupDriver: of('Cgroup Driver') ?? '',
    CgroupVersion: of('Cgroup Version') ?? '',
    LoggingDriver: of('Logging Driver') ?? '',
    DefaultRuntime: of('Default Runtime') ?? '',
    Runtimes: Object.fromEntries(
      (of('Runtimes') ?? '')
        .split(/\s+/)
        .filter(Boolean)
        .map((name) => [name, {}]),
    ),
    SecurityOptions: securityOptions(server),
    KernelVersion: of('Kernel Version') ?? '',
    OperatingSystem: of('Operating System') ?? '',
    Architecture: of('Architecture') ?? '',
    HttpProxy: of('HTTP Proxy') ?? '',
    HttpsProxy: of('HTTPS Proxy') ?? '',
    NoProxy: of('No Proxy') ?? '',
    LiveRestoreEnabled: of('Live Restore Enabled') === 'true',
    Swarm: { LocalNodeState: of('Swarm') ?? '' },
    Warnings: server.split('\n').filter((line) => /^WARNING: /.test(line.trim())),
    RegistryConfig: {
      Mirrors: beneath(server, 'Registry Mirrors'),
      InsecureRegistryCIDRs: insecure.filter((one) => one.includes('/')),
      IndexConfigs: Object.fromEntries(
        insecure.filter((one) => !one.includes('/')).map((name) => [name, { Secure: false }]),
      ),
    },
  }
}

/** `seccomp` with its profile beneath it becomes `name=seccomp,profile=builtin`. */
function securityOptions(text: string): string[] {
  const options: string[] = []
  for (const line of beneath(text, 'Security Options')) {
    const profile = /^Profile: (.+)$/.exec(line)?.[1]
    if (profile === undefined) options.push(`name=${line}`)
    else if (options.length > 0) options.push(`${options.pop()},profile=${profile}`)
  }
  return options
}
