/** Units of containerd before 1.3 end their start where `modprobe overlay` fails, although overlay may be built in. */
import { defineFact, type Fact } from '../model/fact.ts'
import { dropIn, type Fix, fix, service } from '../model/fix.ts'
import { moduleTree } from './modules.ts'
import { serviceManager } from './service-manager.ts'
import { systemdUnit, unitValues } from './systemd-unit.ts'

const UNIT = 'containerd.service'

/** @see https://github.com/containerd/containerd/pull/2782 */
export const modprobeStopsContainerd: Fact<boolean> = defineFact({
  name: 'modprobeStopsContainerd',
  about: 'Whether containerd.service refuses to start because modprobe overlay must fail here.',
  needs: { unit: systemdUnit(UNIT), manager: serviceManager, tree: moduleTree },
  parse: (_, { unit, manager, tree }) =>
    manager.kind === 'systemd' &&
    !tree.exists &&
    unitValues(unit, 'ExecStartPre').some(({ value }) => /^[^-]*modprobe\s+overlay\b/.test(value)),
})

export const letModprobeFail: Fix = fix(
  'Let containerd start where modprobe overlay fails',
  dropIn(UNIT, 'modprobe', '[Service]\nExecStartPre=\nExecStartPre=-/sbin/modprobe overlay\n'),
  service('containerd', 'start'),
)
