/** The report as JSON: the format that the published schema describes. */
import type { Report } from '../src/model/report.ts'
import { safeJson } from './untrusted.ts'

export const render = (report: Report): string => `${safeJson(report, 2)}\n`
