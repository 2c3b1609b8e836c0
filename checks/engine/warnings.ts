import { EXPLAINED_WARNINGS } from '../../src/data/engine-warnings.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { recordOf, textsOf } from '../../src/facts/json.ts'
import { defineCheck, warn } from '../../src/model/check.ts'

const explains = (warning: string): string | undefined =>
  EXPLAINED_WARNINGS.find(({ pattern }) => pattern.test(warning))?.check

/** Some warnings run over several lines. */
const inOneLine = (warning: string): string =>
  warning
    .replace(/\s+/g, ' ')
    .replace(/^ ?(?:WARNING|\[DEPRECATION NOTICE\]): /i, '')
    .trim()

export default defineCheck({
  id: 'engine/warnings',
  title: 'The engine warns of nothing that no other check explains',
  why: 'What docker info warns of is easily overlooked, and tends to be asked about only after it has hurt.',
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine },
  findings: { warned: warn('the engine warns: {warning}') },
  unfixable: { warned: 'the engine says itself what it warns of, and no check knows more of it' },
  evaluate({ engine }, report) {
    if (!engine) return report.skip('no engine runs here')
    const { warnings, raw } = engine.info
    const all = [...warnings, ...textsOf(recordOf(raw.Swarm).Warnings)].filter((text) => text.trim() !== '')
    const unexplained = all.filter((warning) => !explains(warning))
    const explained = [...new Set(all.flatMap((warning) => explains(warning) ?? []))]
    return report.all(
      unexplained.map((warning) => report('warned', { warning: inOneLine(warning) }, null)),
      () => report.pass(explained.length > 0 ? `explained by ${explained.join(', ')}` : 'no warnings'),
    )
  },
})
