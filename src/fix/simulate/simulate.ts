/** Carries a fix out on a host in memory: what the readings would be afterwards. */
import type { Readings } from '../../hosts/memory.ts'
import type { Fix, Step } from '../../model/fix.ts'
import { certificateFile, dropInPath, MODULES_FILE } from '../places.ts'
import { changeKernelArgument } from './boot.ts'
import { type Effect, opaque, textOf, told, withFile } from './effect.ts'
import { addGroup, addLine, addMember, changeOwner, edit, moveFile, removeFile, setSysctl } from './files.ts'
import { changeZone } from './firewalld.ts'
import { changeIptables } from './iptables.ts'
import { changeMount } from './mounts.ts'
import { insertNftRule } from './nft.ts'
import { changePackages } from './packages.ts'
import { changeService } from './services.ts'

/** `opaque` where that holds of any of its steps. A second time it changes nothing. */
export function simulate(fix: Pick<Fix, 'steps'>, readings: Readings): Effect {
  return fix.steps.reduce<Effect>((before, step) => {
    const after = simulateStep(step, before.readings)
    return { readings: after.readings, opaque: before.opaque || after.opaque }
  }, told(readings))
}

function simulateStep(step: Step, readings: Readings): Effect {
  switch (step.kind) {
    case 'sysctl':
      return told(setSysctl(readings, step))
    case 'file':
    case 'line':
    case 'json':
      return told(edit(readings, step))
    case 'remove':
      return told(removeFile(readings, step.path))
    case 'move':
      return told(moveFile(readings, step))
    case 'dropIn':
      return told(withFile(readings, dropInPath(step), step.content))
    case 'group':
      return told(addGroup(readings, step.name))
    case 'membership':
      return told(addMember(readings, step))
    case 'module': {
      const loaded = addLine(readings, '/proc/modules', `${step.name} 16384 0 - Live 0x0000000000000000`)
      return told(addLine(loaded, MODULES_FILE, step.name))
    }
    case 'certificate':
      return told(withFile(readings, certificateFile(step.registry), textOf(readings, step.from) ?? ''))
    case 'ownership': {
      const changed = changeOwner(readings, step)
      return changed ? told(changed) : opaque(readings)
    }
    case 'iptables':
      return changeIptables(readings, step)
    case 'nft':
      return insertNftRule(readings, step)
    case 'firewalld':
      return changeZone(readings, step)
    case 'mount':
      return changeMount(readings, step)
    case 'kernelArgument':
      return changeKernelArgument(readings, step)
    case 'service':
      return changeService(readings, step)
    case 'package':
      return changePackages(readings, step)
    case 'command':
    case 'relogin':
    case 'reboot':
    case 'manual':
      return opaque(readings)
    default:
      return step satisfies never
  }
}
