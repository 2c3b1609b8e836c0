/** What scripts rely on. */
import type { Report } from '../model/report.ts'

export const EXIT = { ready: 0, notReady: 1, usage: 2, undetermined: 3 } as const

/** @param failOn `warn`: a host with warnings is not ready */
export function exitCodeOf({ verdict, summary }: Report, failOn: 'warn' | 'fail'): number {
  if (verdict === 'not-ready' || (failOn === 'warn' && summary.warn > 0)) return EXIT.notReady
  return verdict === 'undetermined' ? EXIT.undetermined : EXIT.ready
}
