/** Registries that a command was refused by, and that nothing on this host leads to. */
import { defineFact, type Fact } from '../model/fact.ts'
import { isHub } from './image-names.ts'
import { registriesInUse } from './registries-in-use.ts'
import { settings } from './settings.ts'

export const unlookedRegistries: Fact<readonly string[]> = defineFact({
  name: 'unlookedRegistries',
  about:
    'The registries that a text names, and that no setting, login or image of this host does: nobody asks them.',
  needs: { settings, registries: registriesInUse },
  parse: (_, { settings, registries }): readonly string[] =>
    (settings.refused?.registries.others ?? []).filter(
      (name) => !isHub(name) && !registries.some((one) => one.name === name),
    ),
})
