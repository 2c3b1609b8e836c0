/** What would be read, as far as it can be told without reading. */
import { type Fact, type Needs, sourceOf } from '../model/fact.ts'
import { sourceKey } from '../model/source.ts'

/** The names of all sources that needs lead to; in words where a reading decides what is read next. */
export function sourcesOf(needs: Needs): string[] {
  const names = new Set<string>()
  const seen = new Set<string>()
  const visit = (fact: Fact<unknown>): void => {
    if (seen.has(fact.name)) return
    seen.add(fact.name)
    for (const need of Object.values(fact.needs)) visit('maybe' in need ? need.maybe : need)
    if (typeof fact.reads === 'function') names.add(fact.reading ?? `what ${fact.name} calls for`)
    else for (const ask of Object.values(fact.reads)) names.add(sourceKey(sourceOf(ask)))
  }
  for (const need of Object.values(needs)) visit('maybe' in need ? need.maybe : need)
  return [...names]
}
