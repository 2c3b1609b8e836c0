import { containerCpus } from '../../src/facts/container-cpus.ts'
import { countList, cpusOnlineList } from '../../src/facts/hardware.ts'
import { counted } from '../../src/facts/units.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { fix, writeFile } from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'host/cpus',
  title: 'Containers may use all processors of the host',
  why: 'A container that asks for a processor outside its group is not started, and the others share fewer than there are.',
  profiles: ['docker', 'swarm'],
  needs: { online: cpusOnlineList, group: containerCpus },
  symptoms: () => [
    shows(/Requested CPUs are not available|Range of CPUs is from/, 0.93, {
      ofCommand:
        'the command asks for more processors than there are here: lower --cpus or --cpuset-cpus (cpus: or cpuset: in compose); nproc counts them',
    }),
    shows(/cpuset\.cpus: (?:invalid argument|permission denied)/, 0.93),
  ],
  findings: {
    narrow: warn('the host has the processors {online}, and containers may use only {list} ({path})'),
  },
  evaluate({ online, group }, report) {
    const count = countList(online)
    if (count === 0) return report.unknown('the list of processors is none')
    if (group !== null && countList(group.list) < count) {
      const widen = fix('Give the group all processors again', writeFile(group.path, `${online}\n`))
      return report('narrow', { online, ...group }, widen, { online: count })
    }
    return report.pass(counted(count, 'processor'), { online: count })
  },
})
