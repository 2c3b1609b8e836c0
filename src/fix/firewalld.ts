/** A change of firewalld in the words of firewall-cmd. */
import type { FirewalldStep } from '../model/fix.ts'

export interface FirewalldCommand {
  /** Succeeds where the thing is in the zone. */
  readonly query: readonly [string, ...string[]]
  readonly change: readonly [string, ...string[]]
  /** Takes the change back. */
  readonly undo: readonly [string, ...string[]]
}

/** The commands for now and for the next boot; firewall-cmd changes one at a time. */
export function firewalldCommands({ zone, scope, what, value, remove }: FirewalldStep): FirewalldCommand[] {
  const inZone = zone ? [`--zone=${zone}`] : []
  const option = (verb: string): string => (value === '' ? `--${verb}-${what}` : `--${verb}-${what}=${value}`)
  const add = what === 'interface' ? 'change' : 'add'
  const [verb, inverse] = remove ? ['remove', add] : [add, 'remove']
  const scopes = [...(scope === 'atBoot' ? [] : [[]]), ...(scope === 'now' ? [] : [['--permanent']])]
  return scopes.map((permanent) => {
    const command = (name: string) => ['firewall-cmd', ...permanent, ...inZone, option(name)] as const
    return { query: command('query'), change: command(verb), undo: command(inverse) }
  })
}
