import { flagConflicts } from '../../src/facts/flag-conflicts.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { fix } from '../../src/model/fix.ts'

export default defineCheck({
  id: 'engine/config-flags',
  title: 'No setting is given both as a flag and in daemon.json',
  why: 'The engine refuses to start with a setting that is given in both places, even when both agree.',
  profiles: ['docker', 'swarm'],
  needs: { conflicts: flagConflicts },
  symptoms: [/directives are specified both as a flag and in the/i],
  findings: {
    twice: fail('{key} is given in {file} and by the flag --{flag} in {origin}'),
  },
  evaluate({ conflicts }, report) {
    const found = conflicts.map(({ key, flag, file, origin, cure }) =>
      report('twice', { key, flag, file, origin }, fix(`Keep the one in ${cure.keeps}`, ...cure.steps)),
    )
    return report.all(found, () => report.pass())
  },
})
