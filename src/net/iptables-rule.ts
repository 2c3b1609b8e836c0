import type { IptablesMatch, IptablesRule } from './iptables.ts'
import { splitWords, type Word } from './iptables-words.ts'
import { defined } from './record.ts'

/** A rule without the place it was found at. */
export type RuleSpec = Pick<IptablesRule, 'raw' | 'matches' | 'comment' | 'target' | 'goto' | 'targetOptions'>

// Options whose one value is free text, which iptables-save leaves unquoted when it is harmless: `--comment -j`.
// biome-ignore format: one list, not a page
const TEXT_OPTIONS = new Set([
  '--comment', '--log-prefix', '--nflog-prefix', '--ulog-prefix', '--string', '--hex-string', '--name', '--hashlimit-name',
  '--u32', '--bytecode', '--object-pinned', '--helper', '--set-dscp-class', '--path',
])

const SHORT_FORMS: Readonly<Record<string, string>> = {
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--protocol': '-p',
  '--proto': '-p',
  '--fragment': '-f',
  '--jump': '-j',
  '--goto': '-g',
  '--match': '-m',
  '--destination-port': '--dport',
  '--source-port': '--sport',
  '--destination-ports': '--dports',
  '--source-ports': '--sports',
}

/** Reads what follows `-A CHAIN`. Never throws; options nobody knows are kept as they are. */
export function parseRuleSpec(raw: string, spec: string): RuleSpec {
  const options = readOptions(splitWords(spec))
  const jump = options.findIndex(({ option }) => option === '-j' || option === '-g')
  const matches = withModules(jump === -1 ? options : options.slice(0, jump))
  const comment = matches.find(({ option }) => option === '--comment')?.values[0]
  return defined({
    raw,
    matches,
    comment,
    target: options[jump]?.values[0],
    goto: options[jump]?.option === '-g',
    targetOptions: jump === -1 ? [] : options.slice(jump + 1),
  })
}

interface Option {
  readonly option: string
  readonly values: readonly string[]
  readonly negate: boolean
}

function readOptions(words: readonly Word[]): Option[] {
  const options: Option[] = []
  let next = 0
  while (next < words.length) {
    const negate = isBang(words[next])
    if (negate) next++
    const word = words[next]
    if (word === undefined) break
    next++
    if (!isOption(word)) continue
    const values = valuesOf(word.text, words, next)
    next += values.length
    options.push(toOption(word.text, values, negate))
  }
  return options
}

function valuesOf(option: string, words: readonly Word[], start: number): Word[] {
  if (TEXT_OPTIONS.has(option)) return words.slice(start, start + (isBang(words[start]) ? 2 : 1))
  const values: Word[] = []
  for (let at = start; at < words.length; at++) {
    const word = words[at]
    if (word === undefined || isOption(word) || (isBang(word) && startsOption(words[at + 1]))) break
    values.push(word)
  }
  return values
}

function toOption(text: string, values: readonly Word[], negate: boolean): Option {
  const oldNegation = isBang(values[0])
  return {
    option: SHORT_FORMS[text] ?? text,
    values: values.slice(oldNegation ? 1 : 0).map((value) => value.text),
    negate: negate !== oldNegation,
  }
}

function withModules(options: readonly Option[]): IptablesMatch[] {
  const matches: IptablesMatch[] = []
  let module: string | undefined
  let used = true
  for (const option of options) {
    if (option.option === '-m') {
      if (!used && module !== undefined) matches.push(bareModule(module))
      module = option.values[0]
      used = false
    } else if (/^-[sdiopf46]$/.test(option.option)) matches.push(option)
    else {
      matches.push(defined({ module, ...option }))
      used = true
    }
  }
  if (!used && module !== undefined) matches.push(bareModule(module))
  return matches
}

// A module without options (`-m socket`, and `-m tcp` from old versions) is still a condition of the rule.
function bareModule(module: string): IptablesMatch {
  return { module, option: '', values: [], negate: false }
}

function isBang(word: Word | undefined): boolean {
  return word?.text === '!' && !word.quoted
}

function isOption(word: Word): boolean {
  return !word.quoted && /^--?[a-zA-Z0-9]/.test(word.text) && !/^-\d/.test(word.text)
}

function startsOption(word: Word | undefined): boolean {
  return word !== undefined && isOption(word)
}
