/** What a step changes, and to what: two fixes that name one target must want the same of it. */
import { type ServiceStep, type Step, SYSCTL_FILE } from '../model/fix.ts'
import { certificateFile, dropInPath } from './places.ts'

/** A target in words that a person reads, and what the step sets it to. */
export type Wish = readonly [target: string, value: string]

/** None where steps for one thing add up (members, rules, mounted controllers), and for commands, of which nobody knows what they change. */
export function wishesOf(step: Step): readonly Wish[] {
  switch (step.kind) {
    case 'sysctl':
      return [
        [`sysctl ${step.key}`, step.value],
        [`${step.key} in ${step.file ?? SYSCTL_FILE}`, step.value],
      ]
    case 'file':
      return [[step.path, step.content]]
    case 'remove':
      return [[step.path, '(none)']]
    case 'move':
      return [
        [step.from, '(none)'],
        [step.to, step.from],
      ]
    case 'line':
      return [[`${step.path}: ${step.from}`, step.to ?? '(none)']]
    case 'json':
      return [[`${step.key.join('.')} in ${step.path}`, JSON.stringify(step.value) ?? '(none)']]
    case 'dropIn':
      return [[dropInPath(step), step.content]]
    case 'certificate':
      return [[certificateFile(step.registry), step.from]]
    case 'service':
      return serviceWishes(step)
    case 'package':
      return step.packages.map((name) => [`package ${name}`, step.action])
    case 'kernelArgument':
      return [[`kernel argument ${step.argument}`, step.remove ? 'removed' : 'set']]
    case 'ownership':
      return (['owner', 'group', 'mode'] as const).flatMap((part): Wish[] =>
        step[part] === undefined ? [] : [[`${part} of ${step.path}`, String(step[part])]],
      )
    case 'mount':
      return [[`mount ${step.path}`, step.action]]
    case 'iptables':
      return [[`${step.program} ${step.table} ${step.chain} ${step.rule.join(' ')}`, step.action]]
    default:
      return []
  }
}

function serviceWishes({ name, action }: ServiceStep): Wish[] {
  if (action === 'enable' || action === 'disable') return [[`${name} at boot`, action]]
  if (action === 'stop') return [[`service ${name}`, 'stopped']]
  return action === 'start' || action === 'restart' ? [[`service ${name}`, 'running']] : []
}
