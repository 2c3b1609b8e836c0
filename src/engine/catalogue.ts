/** Every check there is, found by folder: `checks/<area>/<id>.ts`. */
import checks from 'seaworthy:checks'
import { AREAS, areaOf, type Check } from '../model/check.ts'

/** In the order of areas, then by id: the order of every report. */
export const catalogue: readonly Check[] = [...checks].sort(
  (a, b) => AREAS.indexOf(areaOf(a.id)) - AREAS.indexOf(areaOf(b.id)) || (a.id < b.id ? -1 : 1),
)
