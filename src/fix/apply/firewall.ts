/** Rules of the packet filter, and zones of firewalld. */
import type { FirewalldStep, IptablesStep, NftStep } from '../../model/fix.ts'
import { firewalldCommands } from '../firewalld.ts'
import type { Argv } from './deed.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { runProgram, succeeds } from './program.ts'

export async function iptablesDeeds({
  program,
  action,
  table,
  chain,
  rule,
}: IptablesStep): Promise<Prepared[]> {
  const command = (verb: string, ...place: readonly string[]): Argv => [
    program,
    '-w',
    '-t',
    table,
    verb,
    chain,
    ...place,
    ...rule,
  ]
  if (action === 'insert') {
    if (await succeeds(command('-C'))) return []
    return [await programDeed(command('-I'), { undo: command('-D') })]
  }
  if (!(await succeeds(command('-C')))) return []
  const { output } = await runProgram([program, '-w', '-t', table, '-S', chain])
  const places = placesOf(output, chain, rule)
  // Each copy is taken out by itself, from the first on: taken back in reverse, each returns to its place.
  return Promise.all(
    places.map((place, earlier) =>
      programDeed(command('-D'), { undo: command('-I', String(place - earlier)) }),
    ),
  )
}

/** Numbers of the rules of a chain that read so, from 1; the head where the text does not tell. */
function placesOf(listing: string, chain: string, rule: readonly string[]): number[] {
  const rules = listing.split('\n').filter((line) => line.startsWith('-A '))
  const wanted = ['-A', chain, ...rule].join(' ')
  const places = rules.flatMap((line, index) => (line === wanted ? [index + 1] : []))
  return places.length > 0 ? places : [1]
}

/** nft names a rule by a handle that only shows once it is there. */
export async function nftDeeds({ family, table, chain, rule }: NftStep): Promise<Prepared[]> {
  const at = [family, table, chain]
  const { output } = await runProgram(['nft', 'list', 'chain', ...at])
  if (output.includes(rule.join(' '))) return []
  return [
    await programDeed(['nft', '--echo', '--handle', 'insert', 'rule', ...at, ...rule], {
      undoOnceDone: async (ran) => {
        if (ran.exit !== 0) return { undo: null }
        const handle = /# handle (\d+)/.exec(ran.output)?.[1]
        return handle
          ? { undo: ['nft', 'delete', 'rule', ...at, 'handle', handle] }
          : { undo: null, note: `nft did not tell the handle of the rule: ${rule.join(' ')}` }
      },
    }),
  ]
}

export async function firewalldDeeds(step: FirewalldStep): Promise<Prepared[]> {
  const prepared = await Promise.all(
    firewalldCommands(step).map(async ({ query, change, undo }) => {
      if ((await succeeds(query)) !== (step.remove === true)) return []
      const permanent = change.includes('--permanent')
      const zone = step.zone ?? (await runProgram(['firewall-cmd', '--get-default-zone'])).output
      const file = `/etc/firewalld/zones/${zone}.xml`
      const before = step.what === 'interface' && !step.remove && !permanent ? await backToZone(step) : undo
      return [await programDeed(change, permanent ? { changes: [file, `${file}.old`] } : { undo: before })]
    }),
  )
  return prepared.flat()
}

/** An interface goes back to the zone that it was in. */
async function backToZone({ value }: FirewalldStep): Promise<Argv> {
  const { exit, output } = await runProgram(['firewall-cmd', `--get-zone-of-interface=${value}`])
  return exit === 0
    ? ['firewall-cmd', `--zone=${output}`, `--change-interface=${value}`]
    : ['firewall-cmd', `--remove-interface=${value}`]
}
