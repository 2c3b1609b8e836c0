/** ufw: whether it is on, and how it treats what is forwarded. */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file } from '../model/source.ts'

export const UFW_DEFAULTS = '/etc/default/ufw'
const UFW_CONF = '/etc/ufw/ufw.conf'

export interface Ufw {
  /** It is to be loaded at boot; `ufw enable` and `ufw disable` change both this and the running rules. */
  readonly enabled: boolean
  /** `DROP`, `ACCEPT`, `REJECT`: what becomes of forwarded packets that no rule knows. */
  readonly forwardPolicy: string
  /** It flushes the built-in chains, and with them the engine's rules, whenever it is loaded. */
  readonly managesBuiltins: boolean
  /** The lines of {@link UFW_DEFAULTS} that say the two, as they stand; null where there is none. */
  readonly lines: { readonly forwardPolicy: string | null; readonly managesBuiltins: string | null }
}

/** The last line that sets a variable of a file of shell assignments, and the value. */
function assignment(text: string, name: string): { readonly line: string; readonly value: string } | null {
  const [match] = [...text.matchAll(new RegExp(`^[ \\t]*${name}=["']?([^"'\\s#]*).*$`, 'gm'))].slice(-1)
  return match ? { line: match[0], value: match[1] ?? '' } : null
}

/** Reads the two files. Never throws. @see https://manpages.ubuntu.com/manpages/noble/man8/ufw-framework.8.html */
export function parseUfw(conf: string, defaults: string): Ufw {
  const policy = assignment(defaults, 'DEFAULT_FORWARD_POLICY')
  const builtins = assignment(defaults, 'MANAGE_BUILTINS')
  return {
    enabled: /^yes$/i.test(assignment(conf, 'ENABLED')?.value ?? ''),
    forwardPolicy: policy?.value.toUpperCase() || 'DROP',
    managesBuiltins: /^yes$/i.test(builtins?.value ?? ''),
    lines: { forwardPolicy: policy?.line ?? null, managesBuiltins: builtins?.line ?? null },
  }
}

export const ufw: Fact<Ufw | null> = defineFact({
  name: 'ufw',
  about: 'How ufw is set up; null where it is not installed.',
  reads: { conf: orAbsent(file(UFW_CONF)), defaults: orAbsent(file(UFW_DEFAULTS)) },
  parse: ({ conf, defaults }) => (conf === null ? null : parseUfw(conf, defaults ?? '')),
})

/** ufw keeps its rules in chains of its own. */
export const isUfwChain = (name: string): boolean => name.startsWith('ufw-')
