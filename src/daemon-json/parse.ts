import { decode } from './decode.ts'
import { type JsonNode, type JsonObject, memberOf, toValue } from './json-tree.ts'
import { type Position, positions } from './position.ts'
import { readJson } from './read-json.ts'
import { NEWEST_ENGINE, parseEngineVersion } from './version.ts'

/** A daemon.json as data, with the places of its values. */
export interface DaemonJson {
  /** The settings, as far as they can be read; empty where nothing can. Of duplicate keys the last one counts. */
  readonly value: Readonly<Record<string, unknown>>
  /** Whether the text is JSON, with an object (or nothing) in it. */
  readonly valid: boolean
  /** Where the value at a path of keys and indexes stands; undefined where there is none. */
  readonly positionOf: (path: readonly (string | number)[]) => Position | undefined
}

/** Reads a daemon.json; what is wrong with it says `lintDaemonJson`. Never throws. */
export function parseDaemonJson(file: Uint8Array | string): DaemonJson {
  const newest = parseEngineVersion(NEWEST_ENGINE) ?? { major: 29, minor: 0, patch: 0, text: NEWEST_ENGINE }
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  const { text, refused } = decode(bytes, newest)
  const { root, issues } = readJson(text, newest)
  const at = positions(text)
  return {
    value: root === undefined ? {} : objectOf(root),
    valid: !refused && !issues.some(({ level }) => level === 'fail'),
    positionOf: (path) => {
      const node = root === undefined ? undefined : follow(root, path)
      return node === undefined ? undefined : at(node.offset)
    },
  }
}

function objectOf(root: JsonObject): Record<string, unknown> {
  return Object.fromEntries(root.members.map(({ key, value }) => [key, toValue(value)]))
}

function follow(root: JsonNode, path: readonly (string | number)[]): JsonNode | undefined {
  let node: JsonNode | undefined = root
  for (const step of path) {
    if (node?.kind === 'object') node = memberOf(node, String(step))?.value
    else if (node?.kind === 'array') node = node.items[Number(step)]
    else return undefined
  }
  return node
}
