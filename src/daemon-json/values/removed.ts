import type { ConfigFile } from '../config-file.ts'
import type { JsonNode } from '../json-tree.ts'
import { fail, type Issue, show } from '../problem.ts'

/**
 * Some releases know a removed key only in order to refuse a value for it, before a later one forgets the name
 * (https://github.com/moby/moby/pull/45484, https://github.com/moby/moby/pull/43981).
 */
export function* removedRules(file: ConfigFile): Generator<Issue> {
  for (const { name, removedIn, instead } of file.version.removals.keys) {
    const node = file.value(name)
    if (node === undefined || !file.from(removedIn) || isEmpty(node)) continue
    yield fail(node, name, 'removed-key', `${show(name)} was removed in engine ${removedIn}`, instead)
  }
}

function isEmpty(node: JsonNode): boolean {
  if (node.kind === 'string') return node.text === ''
  return node.kind === 'null' || (node.kind === 'number' && Number(node.raw) === 0)
}
