import type { HostContext } from './context.ts'
import { goBool } from './go-text.ts'
import { type JsonMember, type JsonNode, type JsonObject, memberOf } from './json-tree.ts'
import { hasKey, isFlat, isTolerated } from './keys.ts'
import type { Issue, Place } from './problem.ts'
import type { Engine } from './removals.ts'
import { atLeast } from './version.ts'

/** A text value and its place. */
export interface TextAt extends Place {
  readonly text: string
}

/** An integer and its place. */
export interface NumberAt extends Place {
  readonly value: number
}

/** Judges one subject of a file. */
export type Rule = (file: ConfigFile) => Iterable<Issue>

/**
 * A parsed file as an engine of one version would use it: values of keys that this engine does not have are not seen,
 * of duplicate keys the last one counts, values of a wrong type are left out (they are reported elsewhere).
 */
export class ConfigFile {
  readonly root: JsonObject
  readonly version: Engine
  readonly host: HostContext

  constructor(root: JsonObject, version: Engine, host: HostContext) {
    this.root = root
    this.version = version
    this.host = host
  }

  /** Whether the engine is `since` or newer. */
  from(since: string): boolean {
    return atLeast(this.version, since)
  }

  member(name: string): JsonMember | undefined {
    if (!hasKey(name, this.version) || isTolerated(name, this.version)) return undefined
    return memberOf(this.root, name)
  }

  value(name: string): JsonNode | undefined {
    return this.member(name)?.value
  }

  /** The text of a key; undefined where it is absent or empty, which is the same to the engine. */
  text(name: string): TextAt | undefined {
    const node = this.value(name)
    return node?.kind === 'string' && node.text !== '' ? node : undefined
  }

  /** The texts of a list; `null` in it is an empty text to the engine. */
  texts(name: string): TextAt[] {
    const node = this.value(name)
    if (node?.kind !== 'array') return []
    return node.items.flatMap((item) => {
      if (item.kind === 'string') return [item]
      return item.kind === 'null' ? [{ text: '', offset: item.offset }] : []
    })
  }

  integer(name: string): NumberAt | undefined {
    const node = this.value(name)
    return node?.kind === 'number' && /^-?\d+$/.test(node.raw)
      ? { value: Number(node.raw), offset: node.offset }
      : undefined
  }

  /** The object of a key. The members of duplicates are merged, as Go's decoder does with maps and structs. */
  object(name: string): JsonObject | undefined {
    const node = this.value(name)
    if (node?.kind !== 'object') return undefined
    const members = this.root.members.flatMap(({ key, value }) =>
      key === name && value.kind === 'object' ? value.members : [],
    )
    return { ...node, members: [...new Map(members.map((member) => [member.key, member])).values()] }
  }

  /**
   * What a switch is set to; undefined where the file does not say.
   * The engine sets switches from the flattened file, so that one inside an unknown object counts too, and anything
   * that is no boolean, `null` above all, switches it off.
   */
  switch(name: string): boolean | undefined {
    const node = this.value(name) ?? this.inner(name)
    if (node === undefined || node.kind === 'array' || node.kind === 'object') return undefined
    if (node.kind === 'boolean') return node.value
    return goBool(node.kind === 'number' ? node.raw : node.kind === 'string' ? node.text : '') ?? false
  }

  /** A switch with its default. */
  isOn(name: string): boolean {
    return this.switch(name) ?? this.defaultOf(name)
  }

  /** The place to point at for a rule about several keys: the first of them that is written. */
  placeOf(...names: readonly string[]): Place {
    const found = names.map((name) => memberOf(this.root, name)).find((member) => member !== undefined)
    return found ?? this.root
  }

  private inner(name: string): JsonNode | undefined {
    if (!hasKey(name, this.version)) return undefined
    for (const { key, value } of this.root.members) {
      const found = value.kind === 'object' && !isFlat(key, this.version) ? memberOf(value, name) : undefined
      if (found !== undefined) return found.value
    }
    return undefined
  }

  private defaultOf(name: string): boolean {
    if (name === 'ip6tables') return this.from('27.0')
    return ON_BY_DEFAULT.has(name)
  }
}

const ON_BY_DEFAULT = new Set(['icc', 'ip-forward', 'ip-masq', 'iptables', 'userland-proxy'])
