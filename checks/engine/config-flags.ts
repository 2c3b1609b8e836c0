import { START_FAILED } from '../../src/diagnose/phenomena.ts'
import { flagConflicts } from '../../src/facts/flag-conflicts.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { fix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'engine/config-flags',
  title: 'No setting is given both as a flag and in daemon.json',
  why: 'The engine refuses to start with a setting that is given in both places, even when both agree.',
  profiles: ['docker', 'swarm'],
  needs: { conflicts: flagConflicts },
  symptoms: () => [
    shows(/specified both as a flag and in the conf/, 0.97),
    shows(/\(from flag: .{0,200}from file:/, 0.9),
    shows(
      [
        /"hosts": ?\[\s*"(?:fd|tcp|unix):/,
        /(?:dockerd|docker daemon|docker -d)\b[^\n]{0,400} (?:-H|--host)[ =]/,
      ],
      0.95,
      {
        isPlain: true,
        // A drop-in takes the flags away.
        unless: /^ExecStart=$/,
      },
    ),
    says([/daemon\.json/, /\bconflict|冲突/], 0.8),
    says([/daemon\.json/, /\bhosts\b|-H fd/, /\bflag|ExecStart|systemd|override|conflict|冲突/], 0.85),
    among(START_FAILED, 0.1),
  ],
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
