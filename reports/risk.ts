import type { FixReport } from '../src/model/report.ts'

/** What carrying out a fix costs, in words for people. */
export const RISKS: Readonly<Record<FixReport['risk'], string>> = {
  safe: 'safe',
  disruptive: 'disruptive: restarts the engine or drops containers',
  relogin: 'takes effect at the next login',
  reboot: 'takes effect after a reboot',
  manual: 'by hand',
}
