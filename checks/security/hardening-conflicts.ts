import { DOCKER, FAILS } from '../../src/diagnose/words.ts'
import { persistedForwarding } from '../../src/facts/forwarding.ts'
import { fstab } from '../../src/facts/fstab.ts'
import { forbiddenAtBoot, hidepid, lateModules } from '../../src/facts/hardening.ts'
import { loadAll } from '../../src/facts/kernel-module-fixes.ts'
import type { ModuleLine } from '../../src/facts/modules.ts'
import { settings } from '../../src/facts/settings.ts'
import { defineCheck, type Found, warn } from '../../src/model/check.ts'
import { fix, manual, mount, removeKernelArgument, replaceLine, type Step } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

const takeAway = ({ file, text }: ModuleLine): Step =>
  file === '/proc/cmdline' ? removeKernelArgument(text) : replaceLine(file, text, null)

export default defineCheck({
  id: 'security/hardening-conflicts',
  title: 'Hardening has left containers what they need',
  why: 'Rules for hosts without containers switch off forwarding and kernel modules; often that shows only at the next boot.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs: {
    forwarding: persistedForwarding,
    modules: forbiddenAtBoot,
    late: lateModules,
    hidden: hidepid,
    fstab,
    settings,
  },
  symptoms: () => [
    shows(/Error running install command '[^']*\/bin\/(?:false|true)' for module/, 0.95),
    says([/\bcis\b|\blynis\b|\bhardening|\bhardened|加固/, DOCKER, FAILS], 0.15),
  ],
  findings: {
    moduleForbidden: warn(
      '{feature} works now, and {file} keeps it from being loaded after the next boot: {line}',
    ),
    modulesDisabled: warn(
      '{file} line {line} ends all loading of modules at boot, before the engine has loaded {features}',
    ),
    forwardingOff: warn('{file} line {line} turns off forwarding, which containers need: {text}', {
      causedBy: ['network/ip-forward'],
    }),
    processesHidden: warn(
      '{origin} mounts /proc with {option}: containers of a rootless engine have been seen not to start with it',
    ),
  },
  evaluate({ forwarding, modules, late, hidden, fstab, settings }, report) {
    const rootless = settings.profile === 'rootless'
    // @see https://www.cisecurity.org/cis-benchmarks ("Ensure overlay kernel module is not available")
    const found: Found[] = modules.flatMap(({ feature, lines }) => {
      const [first] = lines
      if (!first) return []
      const cure = fix(`Let ${feature} be loaded`, ...lines.map(takeAway))
      return [report('moduleForbidden', { feature, file: first.file, line: first.text.trim() }, cure)]
    })
    if (late) {
      const { file, line } = late.setting
      const features = late.features.map(({ feature }) => feature).join(', ')
      const cure = fix('Load them before that', ...loadAll(late.features))
      found.push(report('modulesDisabled', { file, line, features }, cure))
    }
    // @see https://github.com/dev-sec/ansible-collection-hardening (os_hardening: sysctl_config)
    if (!rootless && forwarding?.value === '0') {
      const { file, line, text, key } = forwarding
      const cure = fix('Keep forwarding on', replaceLine(file, text, `${key} = 1`))
      found.push(report('forwardingOff', { file, line, text: text.trim() }, cure))
    }
    // @see https://github.com/docker/docker-install/issues/324
    if (rootless && hidden) {
      const inFstab = fstab.some(({ mountPoint }) => mountPoint === '/proc')
      const origin = inFstab ? '/etc/fstab' : 'something at boot'
      const cure = fix(
        'Show processes again',
        mount('remount', '/proc', { options: ['hidepid=0'] }),
        manual(
          `Take ${hidden} out of ${inFstab ? 'the line of /proc in /etc/fstab' : 'what mounts /proc at boot'}.`,
        ),
      )
      found.push(report('processesHidden', { origin, option: hidden }, cure))
    }
    return report.all(found, () => report.pass())
  },
})
