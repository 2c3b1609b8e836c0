/** Whom the engine's socket refused, as far as a text tells: never root. */
import { accounts } from '../facts/accounts.ts'
import type { Settings } from '../facts/settings.ts'
import type { Host } from '../hosts/host.ts'
import { type DiagnoseOptions, factsOf } from './examine.ts'
import type { Paste } from './paste/blocks.ts'
import { SOCKET_DENIED } from './phenomena.ts'
import { seen } from './sight.ts'

/** A person's own words may be of another refusal. */
const REFUSALS = SOCKET_DENIED.sights.filter((sight) => sight.in === 'output')

/** Clients before 1.10 said as much of a refusal, without the address. */
const NOTHING_ANSWERS = /Cannot connect to the Docker daemon at unix:\/\/\S+ Is the docker daemon running/

/** `me@host:~$ docker ps`, `[me@host ~]$ docker ps` */
const PROMPT = /^\s{0,8}(?:\([\w.-]{1,40}\) ?)?\[?([\w.-]{1,64})@[\w.-]{1,128}[^#$%]{0,128}([#$%])\s?(.*)$/
/** Of docker itself: a sudo for something else says nothing of who was refused, nor does a sentence about it. */
const SUDO = /^sudo (?:-(?!u\b)\S{1,40} ){0,8}docker(?:-compose)?\b/
/** `$ docker ps`, `# docker ps`: the prompt tells no name. */
const NAMELESS = /^\s{0,8}([#$%]) ?((?:sudo (?:-\S{1,40} ){0,8})?docker(?:-compose)?\s.*)$/

/** What a text that shows the refusal says of whose access is to be judged; nothing where it shows none, or where it was root who asked. */
export async function refusalIn(
  paste: Paste,
  host: Host,
  options: DiagnoseOptions,
): Promise<Pick<Settings, 'user' | 'socketRefused'>> {
  if (!REFUSALS.some((sight) => seen(sight, paste) !== null))
    return NOTHING_ANSWERS.test(paste.text) ? { socketRefused: false } : {}
  const name = askerIn(paste.text)
  if (name === 'root') return {}
  if (name === null || options.settings.user !== undefined) return { socketRefused: true }
  const { outcome } = await factsOf(host, options).get(accounts)
  const isKnown =
    outcome.known && (outcome.value.beyondFiles || outcome.value.users.some((user) => user.name === name))
  return isKnown ? { user: name, socketRefused: true } : { socketRefused: true }
}

/** Who gave the command that was refused, by the prompt before it; null where none tells. Exported for its test. */
export function askerIn(text: string): string | null {
  const lines = text.split('\n')
  const denied = lines.filter((line) => /permission denied/i.test(line))
  const refusal = denied.find((line) => /docker/i.test(line)) ?? denied[0]
  const end = refusal === undefined ? 0 : lines.indexOf(refusal) + 1
  for (const line of lines.slice(0, end).reverse()) {
    const [, bare, asked = ''] = NAMELESS.exec(line) ?? []
    if (bare !== undefined) return bare === '#' || SUDO.test(asked) ? 'root' : null
    const [, name, mark, command = ''] = PROMPT.exec(line) ?? []
    if (name !== undefined) return mark === '#' || SUDO.test(command) ? 'root' : name
  }
  return null
}
