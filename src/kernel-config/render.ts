import type { AnsweredOption, KernelConfigAnswer } from './answer.ts'
import { byFeature } from './group.ts'
import type { Requirement } from './options.ts'
import type { OptionState } from './parse.ts'

const stateWords: Readonly<Record<OptionState, string>> = {
  builtin: 'built in',
  module: 'module',
  missing: 'missing',
}

const headings: Readonly<Record<Requirement, string>> = { required: 'Required', optional: 'Optional' }

/** The answer as lines of plain text without colour: every option under its feature, then what is missing, then the verdict. */
export function renderKernelConfig(answer: KernelConfigAnswer): string[] {
  return [
    ...section(answer, 'required'),
    '',
    ...section(answer, 'optional'),
    '',
    ...missingLine(answer, 'required'),
    ...missingLine(answer, 'optional'),
    `Linux ${answer.release}: ${answer.ready ? 'ready' : 'not ready'} to carry containers`,
  ]
}

function section({ options }: KernelConfigAnswer, requirement: Requirement): string[] {
  const chosen = options.filter((option) => option.requirement === requirement)
  return [
    headings[requirement],
    ...byFeature(chosen).flatMap(([feature, members]) => featureLines(feature, members)),
  ]
}

function featureLines(feature: string, options: readonly AnsweredOption[]): string[] {
  return [`  ${feature}`, ...options.map(({ name, state }) => `    ${stateWords[state].padEnd(8)}  ${name}`)]
}

function missingLine({ options }: KernelConfigAnswer, requirement: Requirement): string[] {
  const missing = options.filter((option) => option.requirement === requirement && option.state === 'missing')
  if (missing.length === 0) return []
  return [`Missing, ${requirement}: ${missing.map(({ name }) => name).join(' ')}`]
}
