import { persistedSysctl, sysctl } from '../../src/facts/sysctl.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { fix, replaceLine, setSysctl } from '../../src/model/fix.ts'

const KEY = 'net.ipv4.ip_forward'

export default defineCheck({
  id: 'network/ip-forward',
  title: 'IPv4 forwarding is on',
  why: 'Without it the host drops every packet between containers and the outside.',
  profiles: ['docker', 'swarm'],
  needs: { running: sysctl(KEY), persisted: persistedSysctl(KEY) },
  symptoms: [/IPv4 forwarding is disabled/i],
  findings: {
    off: fail(`${KEY} is {value}: containers cannot reach beyond this host`),
    turnedOffAtBoot: warn(`forwarding is on now, but {file} line {line} turns it off at the next boot`),
  },
  evaluate({ running, persisted }, report) {
    const offAtBoot = persisted !== null && persisted.value !== '1'
    const persist = offAtBoot ? [replaceLine(persisted.file, persisted.text, `${KEY} = 1`)] : []
    if (running !== '1') {
      const value = running ?? 'missing'
      return report(
        'off',
        { value },
        fix('Turn IPv4 forwarding on, now and at boot', ...persist, setSysctl(KEY, 1)),
      )
    }
    if (!offAtBoot) return report.pass()
    const { file, line } = persisted
    return report('turnedOffAtBoot', { file, line }, fix('Keep forwarding on at boot', ...persist))
  },
})
