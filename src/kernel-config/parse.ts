import { parseRelease } from './release.ts'

/** How an option is built. Everything but `=y` and `=m` is missing: absent, `is not set`, a number, a string. */
export type OptionState = 'builtin' | 'module' | 'missing'

/** A kernel configuration: its options and, where its header names one, the kernel release. */
export interface KernelConfig {
  /** Option names without `CONFIG_`; missing options have no entry. */
  readonly options: ReadonlyMap<string, 'builtin' | 'module'>
  readonly release?: string
}

/**
 * Reads the text of a kernel configuration. Never throws, whatever the text.
 *
 * `CONFIG_X=y` and `CONFIG_X=m` count wherever they stand in a line, and `y` wins over `m`, as in moby's
 * check-config.sh, whose answers people compare with ours.
 */
export function parseKernelConfig(text: string): KernelConfig {
  const options = new Map<string, 'builtin' | 'module'>()
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
    const state = assignedState(text[at + 1])
    if (state === undefined) continue
    for (const name of namesBefore(text, at)) {
      if (state === 'builtin' || !options.has(name)) options.set(name, state)
    }
  }
  const release = releaseInHeader(text)
  return release === undefined ? { options } : { options, release }
}

/** The state of an option, named without `CONFIG_`. */
export function optionState(config: KernelConfig, name: string): OptionState {
  return config.options.get(name) ?? 'missing'
}

/** Whether an option is built in or built as a module. */
export function isSet(config: KernelConfig, name: string): boolean {
  return config.options.has(name)
}

function assignedState(value: string | undefined): 'builtin' | 'module' | undefined {
  if (value === 'y') return 'builtin'
  return value === 'm' ? 'module' : undefined
}

const prefix = 'CONFIG_'
// Bounds the work on hostile text; real names stay well below.
const longestName = 128

/** The option names that end at an equals sign: one, or several where a name itself contains `CONFIG_`. */
function namesBefore(text: string, end: number): string[] {
  let start = end
  while (start > 0 && end - start < longestName && isWordCharacter(text.charCodeAt(start - 1))) start--
  const word = text.slice(start, end)
  const names: string[] = []
  for (let at = word.indexOf(prefix); at >= 0; at = word.indexOf(prefix, at + 1)) {
    const name = word.slice(at + prefix.length)
    if (name !== '') names.push(name)
  }
  return names
}

function isWordCharacter(code: number): boolean {
  const digit = code >= 48 && code <= 57
  const upper = code >= 65 && code <= 90
  const lower = code >= 97 && code <= 122
  return digit || upper || lower || code === 95
}

// The header is within the first lines; the rest of a file must not be able to name another release.
const headerLength = 8192
const headerForms = [
  // `# Linux/x86_64 5.10.0-8-amd64 Kernel Configuration`, since 2.6.38
  /^#[ \t]*\S[^\n]{0,60}?[ \t](\d{1,4}\.\d{1,4}[^\s]{0,200})[ \t]+Kernel Configuration[ \t]*\r?$/m,
  // `# Linux kernel version: 2.6.32`, before that
  /^#[ \t]*Linux kernel version:[ \t]*(\d{1,4}\.\d{1,4}[^\s]{0,200})[ \t]*\r?$/m,
]

function releaseInHeader(text: string): string | undefined {
  const header = text.slice(0, headerLength)
  for (const form of headerForms) {
    const release = form.exec(header)?.[1]
    if (release !== undefined && parseRelease(release) !== undefined) return release
  }
  return undefined
}
