import type { ConfigFile } from '../config-file.ts'
import { isSize } from '../go-text.ts'
import type { JsonMember, JsonObject } from '../json-tree.ts'
import { fail, type Issue, show, warn } from '../problem.ts'
import { nearestName } from '../unknown-keys.ts'
import { fieldOf } from './fields.ts'

/*
 * The builder's garbage collection. Sizes are read when the engine starts, if the collection is on.
 * Rules: getGCPolicy in https://github.com/moby/moby/blob/master/daemon/internal/builder-next/controller.go
 * (builder/builder-next before 29.0), BuilderGCConfig in daemon/config/builder.go.
 */

const NEW_SIZES = '28.0'
const OLD = { gc: ['defaultKeepStorage'], policy: ['keepStorage'] }
const NEW = {
  gc: ['defaultReservedSpace', 'defaultMaxUsedSpace', 'defaultMinFreeSpace'],
  policy: ['reservedSpace', 'maxUsedSpace', 'minFreeSpace'],
}

export function* builderRules(file: ConfigFile): Generator<Issue> {
  const builder = file.object('builder')
  if (builder === undefined) return
  yield* strangers(builder, ['gc', 'entitlements', 'history', 'proxy-network'], 'builder')
  const gc = fieldOf(builder, 'gc')
  if (gc?.kind !== 'object') return
  const sizes = file.from(NEW_SIZES) ? [...OLD.gc, ...NEW.gc] : OLD.gc
  yield* strangers(gc, ['enabled', 'policy', ...sizes], 'builder.gc')
  if (!isEnabled(file, gc)) return
  yield* sizeProblems(file, gc, sizes, 'builder.gc')
  yield* policies(file, gc)
}

function isEnabled(file: ConfigFile, gc: JsonObject): boolean {
  const enabled = fieldOf(gc, 'enabled')
  return enabled?.kind === 'boolean' ? enabled.value : file.from(NEW_SIZES)
}

function* policies(file: ConfigFile, gc: JsonObject): Generator<Issue> {
  const policy = fieldOf(gc, 'policy')
  if (policy?.kind !== 'array') return
  const sizes = file.from(NEW_SIZES) ? [...OLD.policy, ...NEW.policy] : OLD.policy
  for (const [index, rule] of policy.items.entries()) {
    if (rule.kind !== 'object') continue
    const key = `builder.gc.policy.${index}`
    yield* strangers(rule, ['all', 'filter', ...sizes], key)
    yield* sizeProblems(file, rule, sizes, key)
    if (!file.from(NEW_SIZES)) yield* oldPolicy(file, rule, key)
  }
}

/** Up to 27 every policy needs keepStorage; up to 20.10 the engine crashes over a filter without a value. */
function* oldPolicy(file: ConfigFile, rule: JsonObject, key: string): Generator<Issue> {
  const keep = fieldOf(rule, 'keepStorage')
  if (keep === undefined || keep.kind === 'null' || (keep.kind === 'string' && keep.text === '')) {
    const message = `a policy needs keepStorage in engine ${file.version.text}`
    yield fail(rule, `${key}.keepStorage`, 'policy-without-size', message, 'add "keepStorage": "10GB"')
  }
  const filter = fieldOf(rule, 'filter')
  const items = filter?.kind === 'array' && !file.from('23.0') ? filter.items : []
  for (const item of items) {
    if (item.kind !== 'string' || item.text.includes('=')) continue
    yield fail(
      item,
      `${key}.filter`,
      'bad-filter',
      `${show(item.text)} is not of the form name=value`,
      'write "unused-for=48h"',
    )
  }
}

function* sizeProblems(
  file: ConfigFile,
  object: JsonObject,
  names: readonly string[],
  key: string,
): Generator<Issue> {
  for (const name of names) {
    const value = fieldOf(object, name)
    if (value?.kind !== 'string' || value.text === '' || isSize(value.text, file.version)) continue
    const message = `${show(value.text)} is not a size`
    yield fail(value, `${key}.${name}`, 'bad-size', message, 'write a size such as "10GB"')
  }
}

/** Names that the engine ignores. */
function* strangers(object: JsonObject, known: readonly string[], key: string): Generator<Issue> {
  for (const member of object.members) {
    if (!known.some((name) => name.toLowerCase() === member.key.toLowerCase()))
      yield stranger(member, known, key)
  }
}

function stranger(member: JsonMember, known: readonly string[], key: string): Issue {
  const nearest = nearestName(member.key, known)
  const suggestion =
    nearest === undefined ? `remove it (known: ${known.join(', ')})` : `write ${show(nearest)}`
  const message = `${key} has no ${show(member.key)} in this engine, which ignores it`
  return warn(member, `${key}.${member.key}`, 'ignored-inner-key', message, suggestion)
}
