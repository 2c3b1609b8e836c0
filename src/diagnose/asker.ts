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
const AS_ROOT = /^\s{0,8}(?:[$%]\s?)?(?:# ?docker|sudo)\s/

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
  const refusal = lines.findIndex((line) => /permission denied/i.test(line))
  for (const line of lines.slice(0, refusal + 1).reverse()) {
    if (AS_ROOT.test(line)) return 'root'
    const [, name, mark, command = ''] = PROMPT.exec(line) ?? []
    if (name !== undefined) return mark === '#' || AS_ROOT.test(command) ? 'root' : name
  }
  return null
}
