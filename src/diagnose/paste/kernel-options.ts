/** What moby's check-config.sh prints, as a kernel configuration. */
import { alternatives, furtherOptions, listedOptions } from '../../kernel-config/index.ts'
import type { Found } from './found.ts'

const LINE = /^[ \t]{0,16}(?:- )?(CONFIG_[A-Z0-9_]{2,64}): (enabled(?: \(as module\))?|missing)\b/gm

const VALUES: Readonly<Record<string, string>> = { enabled: 'y', 'enabled (as module)': 'm', missing: 'n' }

/** What the engine may need, and what does the work of it. */
const KNOWN: readonly string[] = [
  ...[...listedOptions, ...furtherOptions].map(({ name }) => `CONFIG_${name}`),
  ...alternatives.flatMap(({ by }) => by).map((name) => `CONFIG_${name}`),
]

/** So few lines are an excerpt. */
const FEWEST = 10

/**
 * An option that the script does not speak of is taken to be there: it asks for others from version to version, and only what it calls missing
 * counts.
 */
export function optionReadings(text: string): Found {
  const told = new Map(
    [...text.matchAll(LINE)].map(([, name = '', state = '']) => [name, VALUES[state] ?? 'n']),
  )
  if (told.size < FEWEST) return {}
  const others = KNOWN.filter((name) => !told.has(name))
  const lines = [
    ...[...told].map(([name, value]) => (value === 'n' ? `# ${name} is not set` : `${name}=${value}`)),
    ...others.map((name) => `${name}=y`),
  ]
  const [, path = '/proc/config.gz', release] =
    /reading kernel config from (\/boot\/config-(\d[\w.+~-]{1,64})) /.exec(text) ?? []
  return {
    [`base64 ${path}`]: Buffer.from(`${lines.join('\n')}\n`).toString('base64'),
    ...(release === undefined ? {} : { '/proc/sys/kernel/osrelease': `${release}\n` }),
  }
}
