/** How a setting of the engine is changed, wherever it is made. */
import { manual, type Step, setJson } from '../model/fix.ts'
import { editArguments, withFlag } from './command-line-steps.ts'
import { type DaemonSettings, FLAG_OF } from './daemon-config.ts'

/** Sets a key in daemon.json, or the flag that sets it where it stands (removes either with `undefined`). */
export function changeSetting(
  { file, commandLine }: DaemonSettings,
  key: string,
  value: unknown,
): readonly Step[] {
  const filed = file.state === 'present' && Object.hasOwn(file.value, key)
  const flag = FLAG_OF[key] ?? key
  const flagged = commandLine?.flags.some(({ name }) => name === flag) ?? false
  if (filed || !flagged) return [setJson(file.path, [key], value)]
  const values = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String)
  const wanted =
    values.length === 0 ? 'remove it' : `say ${values.map((one) => `--${flag}=${one}`).join(' ')}`
  const by = manual(
    `The engine is started with the flag --${flag}: ${wanted} (docker.service, or /etc/default/docker).`,
  )
  const isPlain = values.every((one) => !/[\s[\]]/.test(one))
  return (
    (isPlain &&
      editArguments(
        commandLine,
        withFlag(flag, () => values),
      )) || [by]
  )
}
