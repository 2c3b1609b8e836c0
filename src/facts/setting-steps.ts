/** How a setting of the engine is changed, wherever it is made. */
import { manual, type Step, setJson } from '../model/fix.ts'
import type { DaemonSettings } from './daemon-config.ts'

/** Sets a key in daemon.json (removes it with `undefined`); where a flag sets it, only a person knows where the flag stands. */
export function changeSetting({ file, commandLine }: DaemonSettings, key: string, value: unknown): Step {
  const filed = file.state === 'present' && Object.hasOwn(file.value, key)
  const flagged = commandLine?.flags.some(({ name }) => name === key) ?? false
  if (filed || !flagged) return setJson(file.path, [key], value)
  const wanted = value === undefined ? 'remove it' : `say --${key}=${String(value)}`
  return manual(
    `The engine is started with the flag --${key}: ${wanted} (docker.service, or /etc/default/docker).`,
  )
}
