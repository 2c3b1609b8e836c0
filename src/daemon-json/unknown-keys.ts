import { distance } from 'fastest-levenshtein'
import type { ConfigFile } from './config-file.ts'
import type { JsonMember, JsonObject } from './json-tree.ts'
import { hasKey, IGNORED_FLAGS, isFlat, isTolerated, KEYS, keyOf, keyOfFlag, UNUSABLE } from './keys.ts'
import { fail, type Issue, type Place, show, warn } from './problem.ts'
import { type Engine, removedKey } from './removals.ts'
import { atLeast } from './version.ts'

/**
 * The names that the engine does not know. It looks them up among its keys and flags after it has flattened the file:
 * of a key whose value is an object only the INNER names are looked up
 * (https://github.com/moby/moby/blob/master/daemon/config/config.go, configValuesSet and findConfigurationConflicts).
 */
export function* unknownKeys(file: ConfigFile): Generator<Issue> {
  for (const name of flattened(file.root, file.version)) {
    if (!isKnown(name.key, file.version)) yield unknown(name, file.version)
  }
}

/** Names that the engine takes without complaint, and then does nothing with. */
export function* ignoredKeys(file: ConfigFile): Generator<Issue> {
  for (const member of file.root.members) {
    const { key, value } = member
    if (value.kind !== 'object' || isFlat(key, file.version)) yield* ignored(member, file.version)
    else if (!hasKey(key, file.version) && value.members.every((inner) => isKnown(inner.key, file.version))) {
      yield ignoredObject(member, file.version)
    }
  }
}

/** A name that is looked up, and the outer key where it stands inside an object. */
interface Name extends Place {
  readonly key: string
  readonly outer?: string
}

/** The last of several members of one name is the one that is looked at. */
function flattened(root: JsonObject, version: Engine): Name[] {
  return effectiveMembers(root).flatMap((member): Name[] => {
    const { key, value } = member
    if (value.kind !== 'object' || isFlat(key, version)) return [member]
    return effectiveMembers(value).map((inner) => ({ ...inner, outer: key }))
  })
}

function effectiveMembers(object: JsonObject): JsonMember[] {
  const last = new Map(object.members.map((member) => [member.key, member]))
  return [...last.values()]
}

function isKnown(name: string, version: Engine): boolean {
  if (hasKey(name, version) || isTolerated(name, version) || isIgnoredFlag(name, version)) return true
  if (name === 'config-file') return true
  if (name === 'validate') return atLeast(version, '23.0')
  return keyOfFlag(name, version) !== undefined
}

function isIgnoredFlag(name: string, version: Engine): boolean {
  const flag = Object.hasOwn(IGNORED_FLAGS, name) ? IGNORED_FLAGS[name] : undefined
  return flag !== undefined && (flag.since === undefined || atLeast(version, flag.since))
}

function unknown(name: Name, version: Engine): Issue {
  const path = name.outer === undefined ? name.key : `${name.outer}.${name.key}`
  const [finding, message, suggestion] = whyUnknown(name, path, version)
  return fail(name, path, finding, message, suggestion)
}

type Reason = readonly [finding: string, message: string, suggestion: string]

function whyUnknown({ key, outer }: Name, path: string, version: Engine): Reason {
  const unusable = Object.hasOwn(UNUSABLE, key) ? UNUSABLE[key] : undefined
  if (unusable !== undefined) {
    return [
      'unusable-key',
      `${show(path)} is refused in the file, although the engine's code names it`,
      unusable,
    ]
  }
  return wrongVersion(key, version) ?? wrongOuter(outer, version) ?? misspelt(key, path, outer, version)
}

/** A key of another engine version. */
function wrongVersion(name: string, version: Engine): Reason | undefined {
  const key = keyOf(name)
  const since = key?.since ?? (Object.hasOwn(IGNORED_FLAGS, name) ? IGNORED_FLAGS[name]?.since : undefined)
  if (since !== undefined && !atLeast(version, since)) {
    const message = `${show(name)} is known from engine ${since} on; ${version.text} refuses it`
    return ['key-too-new', message, `remove it, or upgrade the engine to ${since} or newer`]
  }
  const removed = removedKey(name, version)
  if (removed === undefined) return undefined
  const message = `${show(name)} was removed in engine ${removed.removedIn}; ${version.text} refuses it`
  return ['removed-key', message, removed.instead]
}

/** An object under a key that this engine does not have yet: it is the inner names that it complains of. */
function wrongOuter(outer: string | undefined, version: Engine): Reason | undefined {
  const since = outer === undefined ? undefined : keyOf(outer)?.since
  if (outer === undefined || since === undefined || atLeast(version, since)) return undefined
  const message = `${show(outer)} is known from engine ${since} on; ${version.text} looks up the names inside it instead and refuses them`
  return ['key-too-new', message, `remove ${show(outer)}, or upgrade the engine to ${since} or newer`]
}

function misspelt(name: string, path: string, outer: string | undefined, version: Engine): Reason {
  const nearest = nearestName(name, innerNames(outer, version) ?? knownKeys(version))
  const where = outer === undefined ? '' : ` in ${show(outer)}`
  const message = `${show(name)} is no option that engine ${version.text} knows${where}`
  if (nearest !== undefined) return ['unknown-key', message, `write ${show(nearest)}`]
  return ['unknown-key', message, `remove ${show(path)}, or look it up in the documentation of dockerd`]
}

function innerNames(outer: string | undefined, version: Engine): string[] | undefined {
  const shape = outer !== undefined && hasKey(outer, version) ? keyOf(outer)?.shape : undefined
  return shape?.kind === 'fields' ? Object.keys(shape.fields) : undefined
}

function knownKeys(version: Engine): string[] {
  return Object.keys(KEYS).filter((name) => hasKey(name, version))
}

/** Nearer names than this are taken for what was meant: a third of the letters may differ. */
const TOLERANCE = 1 / 3

/** The name of `candidates` that `name` was most likely meant to be, or undefined where none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const normal = normalised(name)
  const ranked = candidates
    .map((candidate) => ({ candidate, away: distance(normal, normalised(candidate)) }))
    .sort((a, b) => a.away - b.away)
  const [best] = ranked
  if (best === undefined || best.away > Math.max(1, normal.length * TOLERANCE)) return undefined
  return best.candidate
}

/** `httpProxy`, `http_proxy` and `HTTP-Proxy` are all meant to be `http-proxy`. */
function normalised(name: string): string {
  return name
    .slice(0, 100)
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[_.\s]/g, '-')
}

function* ignored(member: JsonMember, version: Engine): Generator<Issue> {
  const { key } = member
  if (hasKey(key, version) && !isTolerated(key, version)) return
  const plural = keyOfFlag(key, version)
  if (plural !== undefined) {
    const message = `${show(key)} is the name of a flag; in the file it is accepted and has no effect`
    yield warn(member, key, 'singular-key', message, `write ${show(plural)}`)
  } else if (isTolerated(key, version)) {
    yield warn(member, key, 'obsolete-key', `${show(key)} has no effect any more`, 'remove it')
  } else if (isIgnoredFlag(key, version)) {
    const message = `${show(key)} is accepted here and has no effect`
    yield warn(member, key, 'ignored-key', message, IGNORED_FLAGS[key]?.instead ?? 'remove it')
  }
}

function ignoredObject(member: JsonMember, version: Engine): Issue {
  const { key } = member
  const nearest = keyOfFlag(key, version) ?? nearestName(key, knownKeys(version))
  const message = `${show(key)} is no option; its object is accepted only because the names inside it are, and they do not mean what they say there`
  return warn(
    member,
    key,
    'ignored-object',
    message,
    nearest === undefined ? 'remove it' : `write ${show(nearest)}`,
  )
}
