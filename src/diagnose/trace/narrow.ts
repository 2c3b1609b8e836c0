/** The facts of a host as they are for one container: checks that judge all bridges and ways then judge its own alone. */
import type { FactStore, Worked } from '../../engine/facts.ts'
import { bip } from '../../facts/bip.ts'
import { dockerBridges } from '../../facts/bridges.ts'
import { containerTroubles } from '../../facts/container-troubles.ts'
import { containerWays } from '../../facts/container-ways.ts'
import { engineBridges } from '../../facts/engine-bridges.ts'
import { interfaceForwarding } from '../../facts/forwarding.ts'
import { blockedWays } from '../../facts/forwarding-paths.ts'
import { type Filtered, filteredIn, filteredOut } from '../../facts/named-blocks.ts'
import { type Entry, namedEntry } from '../../facts/named-entry.ts'
import { type NamedWay, namedWay } from '../../facts/named-way.ts'
import { networkMtus } from '../../facts/network-mtu.ts'
import { stoppedContainers } from '../../facts/port-wishes.ts'
import { strictInterfaces } from '../../facts/reverse-path.ts'
import type { Fact } from '../../model/fact.ts'

/** @param side whose packets are meant: those that come in, or those that go out */
export async function narrow(base: FactStore, narrowed: FactStore, side: 'in' | 'out'): Promise<FactStore> {
  const [{ outcome }, entry] = await Promise.all([base.get(namedWay), base.get(namedEntry)])
  const way = outcome.known ? outcome.value : null
  if (!way) return narrowed
  const only = <T>(fact: Fact<T>, change: (value: T) => T): void =>
    narrowed.set(
      fact,
      base.get(fact).then((worked) => mapped(worked, change)),
    )
  const bridge = way.network?.bridge
  only(bip, () => null)
  only(engineBridges, (all) => all.filter(({ name }) => name === bridge))
  only(dockerBridges, (all) => all.filter(({ name }) => name === bridge))
  only(containerWays, (all) => all.filter((one) => one.bridge.name === bridge))
  only(networkMtus, (all) => all.filter(({ network }) => network === way.network?.name))
  only(interfaceForwarding, (all) => all.filter(({ name }) => name === bridge || name === way.iif))
  only(stoppedContainers, (all) => all.filter(({ name }) => name === way.name))
  only(containerTroubles, (all) => all.filter(({ one }) => one.container.name === way.name))
  only(strictInterfaces, (all) => all.filter(({ name }) => name === way.iif))
  const filtered = base.get(side === 'in' ? filteredIn : filteredOut)
  const forwards = side === 'out' || isForwarded(way, entry.outcome.known ? entry.outcome.value : null)
  narrowed.set(
    blockedWays,
    filtered.then((worked) => mapped(worked, ({ blocked }: Filtered) => (forwards ? blocked : []))),
  )
  return narrowed
}

const isForwarded = ({ isFromHere }: NamedWay, entry: Entry | null): boolean =>
  !isFromHere && entry !== null && entry.how !== 'host' && entry.how !== 'proxied'

const mapped = <T, U>({ outcome, grounds }: Worked<T>, change: (value: T) => U): Worked<U> => ({
  grounds,
  outcome: outcome.known ? { known: true, value: change(outcome.value) } : outcome,
})
