import type { ConfigFile, Rule } from './config-file.ts'
import { KEYS, shapeOf } from './keys.ts'
import { mismatches, type Shape } from './shape.ts'
import { traps } from './traps.ts'
import { ignoredKeys, unknownKeys } from './unknown-keys.ts'
import { apiRules } from './values/api.ts'
import { bridgeRules } from './values/bridge.ts'
import { builderRules } from './values/builder.ts'
import { flagRules } from './values/flags.ts'
import { hostRules } from './values/hosts.ts'
import { labelRules } from './values/labels.ts'
import { limitRules } from './values/limits.ts'
import { loggingRules } from './values/logging.ts'
import { networkRules } from './values/network.ts'
import { pathRules } from './values/paths.ts'
import { poolRules } from './values/pools.ts'
import { registryRules } from './values/registries.ts'
import { removedRules } from './values/removed.ts'
import { runtimeRules } from './values/runtime.ts'
import { securityRules } from './values/security.ts'
import { featureRules, storageRules } from './values/storage.ts'
import { tlsRules } from './values/tls.ts'

/** Every value, duplicates included, must fit the type of its key: the decoder reads them all. */
const typeRule: Rule = function* (file) {
  for (const { key, value } of file.root.members) {
    const shape = shapeOf(key, file.version) ?? foldedShape(file, key)
    if (shape !== undefined) yield* mismatches(value, shape, key, file.version)
  }
}

/** The decoder takes names in any case; only an object gets there, because the names inside it are looked up instead of its own. */
function foldedShape(file: ConfigFile, name: string): Shape | undefined {
  const key = Object.keys(KEYS).find((known) => known !== name && known.toLowerCase() === name.toLowerCase())
  return key === undefined ? undefined : shapeOf(key, file.version)
}

/** All that is asked of a file that is JSON. */
export const RULES: readonly Rule[] = [
  unknownKeys,
  ignoredKeys,
  typeRule,
  traps,
  apiRules,
  bridgeRules,
  builderRules,
  featureRules,
  flagRules,
  hostRules,
  labelRules,
  limitRules,
  loggingRules,
  networkRules,
  pathRules,
  poolRules,
  registryRules,
  removedRules,
  runtimeRules,
  securityRules,
  storageRules,
  tlsRules,
]
