/** The command line of `seaworthy fix`, checked. */
import type { Profile } from '../../model/check.ts'
import { InputError, UsageError } from '../../model/errors.ts'
import { commaList, type Given, oneOf, profileOf, repeated, single, timeoutOf, userOf } from '../options.ts'

export interface FixArguments {
  readonly ids?: Given
  readonly apply?: boolean | undefined
  readonly yes?: boolean | undefined
  readonly allow?: Given
  readonly undo?: Given
  readonly format?: Given
  readonly profile?: Given
  readonly user?: Given
  readonly offline?: boolean | undefined
  readonly timeout?: Given
  readonly snapshot?: Given
  readonly root?: Given
  readonly data?: Given
  readonly 'no-color'?: boolean | undefined
}

export const FORMATS = ['text', 'shell', 'ansible', 'json'] as const
export type Format = (typeof FORMATS)[number]

export interface FixOptions {
  readonly ids: readonly string[]
  readonly format: Format
  readonly allowDisruptive: boolean
  readonly yes: boolean
  readonly profile: Profile
  readonly user: string | undefined
  readonly offline: boolean
  readonly timeoutS: number
  readonly snapshot: string | undefined
  readonly root: string | undefined
  readonly data: Given
  readonly color: boolean
}

export type Task = 'plan' | 'apply' | 'undo'

export function taskOf({ apply, undo }: FixArguments): Task {
  if (undo === undefined) return apply ? 'apply' : 'plan'
  if (apply) throw new UsageError('--apply and --undo exclude each other')
  return 'undo'
}

/** The run that --undo names; undefined for the last one. */
export const runNamed = (undo: Given): string | undefined => (undo === '' ? undefined : single('undo', undo))

export function optionsOf(args: FixArguments, task: Task): FixOptions {
  const allowed = commaList('allow', args.allow)
  for (const word of allowed) oneOf('allow', word, ['safe', 'disruptive'])
  const options: FixOptions = {
    ids: repeated('ids', args.ids),
    format: oneOf('format', args.format, FORMATS) ?? 'text',
    allowDisruptive: allowed.includes('disruptive'),
    yes: args.yes ?? false,
    profile: profileOf(args.profile),
    user: userOf(args.user),
    offline: args.offline ?? false,
    timeoutS: timeoutOf(args.timeout),
    snapshot: single('snapshot', args.snapshot),
    root: single('root', args.root),
    data: args.data,
    color: !args['no-color'],
  }
  if (task !== 'plan') checkTask(options, task)
  if (task === 'undo' && options.ids.length > 0)
    throw new UsageError(
      `--undo takes a whole run back; it cannot be used with checks or areas (got ${options.ids.join(' ')})`,
    )
  return options
}

/** Only this host itself is changed, by root, and before anything is touched that is said. */
function checkTask({ format, snapshot, root }: FixOptions, task: Task): void {
  if (snapshot !== undefined || root !== undefined) {
    const option = snapshot === undefined ? '--root' : '--snapshot'
    throw new UsageError(`--${task} changes this host; it cannot be used with ${option}`)
  }
  if (format === 'shell' || format === 'ansible')
    throw new UsageError(`--${task} prints text or json, not ${format}`)
  if (process.getuid?.() !== 0)
    throw new InputError(`--${task} changes this host and needs root: run it with sudo`)
}
