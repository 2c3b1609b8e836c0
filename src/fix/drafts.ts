/** What a plan makes of files: their content is worked out beforehand, from what the run has read of them. */
import { setKey } from '../daemon-json/edit.ts'
import { type Step, SYSCTL_FILE } from '../model/fix.ts'
import { replaceLines } from './apply/text-edit.ts'
import { certificateFile, dropInPath, MODULES_FILE } from './places.ts'
import type { Action } from './program.ts'
import { type ContentBefore, editInWords, isJson, REDACTED } from './shell.ts'

/** A file that must be as it was read, or as the program leaves it. */
export interface Guard {
  readonly path: string
  /** Its content; null where it may not be there. */
  readonly allowed: readonly (string | null)[]
}

export interface Drafted {
  /** Equal for actions that become one. */
  readonly key: string
  readonly action: Action
  /** What a file that is taken away held: what comes in its place later is another. */
  readonly was?: string
}

export class Drafts {
  readonly #before: ContentBefore
  /** Content so far of files that the plan writes or moves: null of those that it takes away, undefined where it is not known. */
  readonly #content = new Map<string, string | null | undefined>()
  readonly #modes = new Map<string, number | undefined>()
  readonly #guards = new Map<string, (string | null)[]>()
  readonly #edited = new Set<string>()

  constructor(before: ContentBefore) {
    this.#before = before
  }

  /** Why a step cannot be carried out without a person, or null: what was taken out of a reading must not be written back. */
  refusal(step: Step): string | null {
    if (step.kind === 'json') {
      const text = this.#json(step.path)
      const isKnown = !this.#isUnknown(step.path) && isExact(text)
      return isKnown && !text.includes(REDACTED) && isJson(text) ? null : editInWords(step)
    }
    const written = step.kind === 'file' ? step.content : step.kind === 'line' ? `${step.from}${step.to}` : ''
    return written.includes(REDACTED)
      ? `Change ${pathOf(step)}; it holds credentials, which are not shown.`
      : null
  }

  /** The step, with the whole content of a file in place of an edit; null for what a person does. Steps must come in their order. */
  actionOf(step: Step): Drafted | null {
    switch (step.kind) {
      case 'manual':
      case 'relogin':
      case 'reboot':
        return null
      case 'json':
        return this.#write(step.path, setKey(this.#json(step.path), step.key, step.value), step)
      case 'file':
        return this.#write(step.path, step.content, step)
      case 'line': {
        const draft = this.#content.get(step.path)
        if (typeof draft === 'string') {
          return this.#write(step.path, replaceLines(draft, step), { kind: 'file' })
        }
        break
      }
      case 'move':
        this.#move(step.from, step.to)
        break
      case 'remove': {
        const was = this.#text(step.path)
        this.#content.set(step.path, null)
        return { key: JSON.stringify(step), action: step, ...(isExact(was) ? { was } : {}) }
      }
    }
    const path = pathOf(step)
    if (path !== null && !this.#content.has(path)) this.#edited.add(path)
    return { key: JSON.stringify(step), action: step }
  }

  guards(): Guard[] {
    return [...this.#guards].map(([path, allowed]) => ({
      path,
      allowed: [...new Set([...allowed, this.#content.get(path)].filter((text) => text !== undefined))],
    }))
  }

  edited(): string[] {
    return [...this.#edited]
  }

  /** As the plan has it so far; undefined where it is not there, or nothing is known of it. */
  #text(path: string): string | undefined {
    return this.#content.has(path) ? (this.#content.get(path) ?? undefined) : this.#before(path)
  }
  /** The engine takes an empty file for one that says nothing. */
  #json(path: string): string {
    const text = this.#text(path) ?? ''
    return text.trim() === '' ? '{}\n' : text
  }
  /** Moved to where it is, and never read. */
  #isUnknown(path: string): boolean {
    return this.#content.has(path) && this.#content.get(path) === undefined
  }

  #write(path: string, content: string, { kind, mode }: { kind: Step['kind']; mode?: number }): Drafted {
    if (!this.#content.has(path)) {
      this.#edited.add(path)
      const before = this.#before(path)
      // A file that is there and was not read would be lost by an edit; a whole new content is meant to replace it.
      if (kind === 'json' || isExact(before)) this.#guards.set(path, [before ?? null])
    }
    this.#content.set(path, content)
    this.#modes.set(path, mode ?? this.#modes.get(path))
    const last = this.#modes.get(path)
    return {
      key: `file ${path}`,
      action: { kind: 'file', path, content, ...(last === undefined ? {} : { mode: last }) },
    }
  }

  #move(from: string, to: string): void {
    const text = this.#text(from)
    if (isExact(text) && !this.#content.has(from)) this.#guards.set(from, [text, null])
    this.#content.set(to, text)
    this.#content.set(from, null)
  }
}

/** Bytes that are no UTF-8 are lost in a text: then nothing is known by its hash. */
export const isExact = (text: string | undefined): text is string =>
  text !== undefined && !text.includes('\uFFFD')

/** The file that a step changes in place, if it is one. */
function pathOf(step: Step): string | null {
  switch (step.kind) {
    case 'sysctl':
      return step.file ?? SYSCTL_FILE
    case 'line':
    case 'file':
    case 'json':
    case 'ownership':
      return step.path
    case 'dropIn':
      return dropInPath(step)
    case 'module':
      return MODULES_FILE
    case 'certificate':
      return certificateFile(step.registry)
    default:
      return null
  }
}
