/** What is left to be done of a step on this host; nothing where its state is there already. */
import type { Step } from '../../model/fix.ts'
import { groupDeeds, membershipDeeds } from './accounts.ts'
import { kernelArgumentDeeds } from './boot.ts'
import { commandDeeds } from './command.ts'
import { certificateDeeds, moveDeeds, ownershipDeeds, removeDeeds, sysctlDeeds } from './file-steps.ts'
import { firewalldDeeds, iptablesDeeds, nftDeeds } from './firewall.ts'
import { moduleDeeds } from './modules.ts'
import { mountDeeds } from './mounts.ts'
import { packageDeeds } from './packages.ts'
import { fileDeeds } from './path-deeds.ts'
import type { Prepared } from './prepared.ts'
import { dropInDeeds, serviceDeeds } from './services.ts'
import { edited } from './text-edit.ts'

/**
 * @param root where paths begin; empty for the host itself
 * @throws {Refused} where the step must not or cannot be carried out: nothing was touched
 */
export async function deedsOf(step: Step, root = ''): Promise<readonly Prepared[]> {
  switch (step.kind) {
    case 'sysctl':
      return sysctlDeeds(step, root)
    case 'file':
      return fileDeeds(step.path, (text) => edited(step, text), { mode: step.mode, root })
    case 'line':
    case 'json':
      return fileDeeds(step.path, (text) => edited(step, text), { root })
    case 'remove':
      return removeDeeds(step, root)
    case 'move':
      return moveDeeds(step, root)
    case 'service':
      return serviceDeeds(step)
    case 'dropIn':
      return dropInDeeds(step, root)
    case 'package':
      return packageDeeds(step)
    case 'group':
      return groupDeeds(step)
    case 'membership':
      return membershipDeeds(step)
    case 'module':
      return moduleDeeds(step, root)
    case 'kernelArgument':
      return kernelArgumentDeeds(step, root)
    case 'ownership':
      return ownershipDeeds(step, root)
    case 'iptables':
      return iptablesDeeds(step)
    case 'nft':
      return nftDeeds(step)
    case 'firewalld':
      return firewalldDeeds(step)
    case 'mount':
      return mountDeeds(step, root)
    case 'certificate':
      return certificateDeeds(step, root)
    case 'command':
      return commandDeeds(step)
    case 'relogin':
    case 'reboot':
    case 'manual':
      return []
    default:
      return step satisfies never
  }
}
