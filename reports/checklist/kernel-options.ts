/** Of profile check-config: every kernel option as moby's script prints it, and where it is wrong. */
import type { ScriptOption } from '../../src/facts/check-config.ts'
import { byFeature } from '../../src/kernel-config/group.ts'
import type { Report } from '../../src/model/report.ts'
import type { Pen } from '../pen.ts'
import { visible } from '../untrusted.ts'

const CHECK = 'kernel/config'
const PROFILE = 'check-config'
const HEADINGS = { required: 'Generally necessary', optional: 'Optional' } as const
const STATES = { builtin: 'enabled', module: 'enabled (as module)', missing: 'missing' } as const

export function kernelOptionLines({ profile, results }: Report, pen: Pen): string[] {
  const options = results.find(({ id }) => id === CHECK)?.data?.options
  if (profile !== PROFILE || !Array.isArray(options)) return []
  const all = options as readonly ScriptOption[]
  return (['required', 'optional'] as const).flatMap((requirement) => [
    pen.paint('bold', HEADINGS[requirement]),
    ...byFeature(all.filter((option) => option.requirement === requirement)).flatMap(([feature, members]) => [
      `  ${visible(feature)}`,
      ...members.flatMap((option) => optionLines(option, pen)),
    ]),
  ])
}

function optionLines({ name, state, requirement, difference }: ScriptOption, pen: Pen): string[] {
  const isMissing = state === 'missing'
  const status = !isMissing ? 'pass' : requirement === 'required' && !difference ? 'fail' : 'warn'
  const aside = difference ? `; differs: ${visible(difference)}` : ''
  return pen.lines(`${visible(name)}: ${STATES[state]}${aside}`, { lead: `    ${pen.mark(status)} ` })
}
