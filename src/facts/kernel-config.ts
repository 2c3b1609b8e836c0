/** The running kernel's configuration, wherever this distribution keeps it. */
import { gunzipSync } from 'node:zlib'
import { type KernelConfig, kernelConfigLimit, parseKernelConfig } from '../kernel-config/index.ts'
import { asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { binaryFile, type FileSource, sourceKey } from '../model/source.ts'
import { kernelRelease } from './kernel-release.ts'

export interface FoundConfig {
  readonly path: string
  readonly config: KernelConfig
}

const LIMIT = { maxBytes: 4 * 1024 * 1024 }
const RUNNING = binaryFile('/proc/config.gz', LIMIT)

const running = defineFact({
  name: 'runningKernelConfig',
  about: 'The configuration that the kernel carries itself; null where it does not.',
  reads: { config: asReading(RUNNING) },
  parse: ({ config }) => (config.state === 'ok' ? found(RUNNING.path, config.value) : null),
})

/** Where distributions put it: most, Fedora and others, ostree systems, those who build their own. */
const places = (release: string): readonly string[] => [
  `/boot/config-${release}`,
  `/lib/modules/${release}/config`,
  `/usr/lib/ostree-boot/config-${release}`,
  `/usr/lib/kernel/config-${release}`,
  `/lib/modules/${release}/build/.config`,
  `/usr/src/linux-${release}/.config`,
]

export const kernelConfig: Fact<FoundConfig | null> = defineFact({
  name: 'kernelConfig',
  about: "The running kernel's configuration and where it was found; null where it is nowhere.",
  needs: { running, release: kernelRelease },
  reads: ({ running, release }) =>
    Object.fromEntries(
      (running ? [] : places(release)).map((path) => [path, asReading(binaryFile(path, LIMIT))]),
    ),
  reading: '/proc/config.gz, else /boot/config-RELEASE and the other places where it may be',
  parse: (readings, { running }): FoundConfig | null => {
    const [denied, first] = firstFound(readings)
    return running ?? first ?? (denied ? unavailable(denied.path, denied.reading) : null)
  },
})

function firstFound(
  readings: Readonly<Record<string, Reading<FileSource>>>,
): [{ path: string; reading: Exclude<Reading, { state: 'ok' }> } | null, FoundConfig | null] {
  let denied = null
  for (const [path, reading] of Object.entries(readings)) {
    if (reading.state === 'ok') {
      const config = found(path, reading.value)
      if (config) return [denied, config]
    } else if (reading.state !== 'absent') denied ??= { path: sourceKey(binaryFile(path)), reading }
  }
  return [denied, null]
}

/** A configuration from its bytes, plain or gzip; null where it holds no options. */
function found(path: string, base64: string): FoundConfig | null {
  const bytes = Buffer.from(base64, 'base64')
  const config = parseKernelConfig(textOf(bytes))
  return config.options.size > 0 ? { path, config } : null
}

function textOf(bytes: Buffer): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('latin1')
  try {
    return gunzipSync(bytes, { maxOutputLength: kernelConfigLimit }).toString('latin1')
  } catch {
    return ''
  }
}
