/** The formats of a report, loaded when one is asked for. */
import type { Format } from '../../reports/format.ts'

export const FORMATS = {
  checklist: (): Promise<Format> => import('../../reports/checklist.ts'),
  json: (): Promise<Format> => import('../../reports/json.ts'),
  ndjson: (): Promise<Format> => import('../../reports/ndjson.ts'),
} as const

export type FormatName = keyof typeof FORMATS
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[]
