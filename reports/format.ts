import type { Report } from '../src/model/report.ts'
import type { Look } from './look.ts'

/** What each file of this folder that is a format exports: a report in, text out, nothing else touched. */
export interface Format {
  /** @returns text that ends in a newline */
  render(report: Report, look: Look): string | Promise<string>
}
