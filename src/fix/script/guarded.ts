/** What each action is in a script: the commands, and how to tell that they are not needed. */
import {
  type FirewalldStep,
  type IptablesStep,
  type MountStep,
  type NftStep,
  type OwnershipStep,
  type PackageStep,
  type ServiceStep,
  SYSCTL_FILE,
} from '../../model/fix.ts'
import { firewalldCommands } from '../firewalld.ts'
import { fetchCommand, type PackageCommand, packageCommand } from '../package-commands.ts'
import { certificateFile, dropInPath, isKernelFile, MODULES_FILE } from '../places.ts'
import { type Action, sha256 } from '../program.ts'
import { addGroup, addMember, isMountedArgv, mountArgv, octal, quote, words } from '../shell.ts'

export interface Guarded {
  /** A condition that holds where nothing is left to do; null where nobody can tell. */
  readonly done: string | null
  /** Commands, one after the other. */
  readonly act: readonly string[]
}

const QUIET = '>/dev/null 2>&1'

/**
 * Most actions are one block; what sets a thing now and for later is two.
 * @param was what a file that is taken away held
 */
export function guarded(action: Action, was?: string): readonly Guarded[] {
  switch (action.kind) {
    case 'sysctl':
      return [
        {
          done: `runs_as_set ${words(action.key, action.value)}`,
          act: [`sysctl -w ${quote(`${action.key}=${action.value}`)}`],
        },
        line(action.file ?? SYSCTL_FILE, `${action.key} = ${action.value}`),
      ]
    case 'file':
      return [
        isKernelFile(action.path)
          ? asked(action.path, action.content)
          : content(action.path, action.content, action.mode),
      ]
    case 'line':
      return [
        {
          done: `! has_line ${words(action.path, action.from)}`,
          act: [
            action.to === null
              ? `drop_line ${words(action.path, action.from)}`
              : `replace_line ${words(action.path, action.from, action.to)}`,
          ],
        },
      ]
    case 'remove': {
      const path = quote(action.path)
      const isGone =
        was === undefined ? `{ [ ! -e ${path} ] && [ ! -L ${path} ]; }` : `! holds ${path} ${sha256(was)} ''`
      return [{ done: isGone, act: [`rm -f ${path} 2>/dev/null || rmdir ${path}`] }]
    }
    case 'move': {
      const [from, to] = [quote(action.from), quote(action.to)]
      const free = `[ ! -e ${to} ] || fail ${quote(`${action.to} is in the way of ${action.from}`)}`
      return [{ done: `[ ! -e ${from} ]`, act: [free, `mv ${from} ${to}`] }]
    }
    case 'service':
      return [serviceAction(action)]
    case 'dropIn': {
      const { done, act } = content(dropInPath(action), action.content)
      return [{ done, act: [...act, 'systemctl daemon-reload'] }]
    }
    case 'package':
      return packages(action)
    case 'group': {
      return [{ done: `getent group ${quote(action.name)} >/dev/null`, act: [addGroup(action)] }]
    }
    case 'membership': {
      const [user, group] = [quote(action.user), quote(action.group)]
      return [{ done: `is_member ${user} ${group}`, act: [addMember(action)] }]
    }
    case 'module':
      return [
        { done: `is_loaded ${quote(action.name)}`, act: [`modprobe ${quote(action.name)}`] },
        line(MODULES_FILE, action.name),
      ]
    case 'kernelArgument': {
      const wish = `${quote(action.argument)} ${action.remove ? 'no' : 'yes'}`
      return [{ done: `boots_with ${wish}`, act: [`set_boot ${wish}`] }]
    }
    case 'ownership':
      return [ownership(action)]
    case 'iptables':
      return [iptablesRule(action)]
    case 'nft':
      return [nftRule(action)]
    case 'firewalld':
      return firewalld(action)
    case 'mount':
      return [mounted(action)]
    case 'certificate': {
      const [from, to] = [quote(action.from), quote(certificateFile(action.registry))]
      return [{ done: `[ "$(hash_of ${from})" = "$(hash_of ${to})" ]`, act: [`put ${to} 0644 <${from}`] }]
    }
    case 'command': {
      const conditions = [
        ...(action.unless ? [`${words(...action.unless)} ${QUIET}`] : []),
        ...(action.onlyIf ? [`! ${words(...action.onlyIf)} ${QUIET}`] : []),
      ]
      return [{ done: conditions.length > 0 ? conditions.join(' || ') : null, act: [words(...action.argv)] }]
    }
    default:
      return action satisfies never
  }
}

/** The kernel prints what it holds. */
const asked = (path: string, text: string): Guarded => ({
  done: `[ "$(cat ${quote(path)})" = ${quote(text.trim())} ]`,
  act: [`printf %s ${quote(text)} >${quote(path)}`],
})

const content = (path: string, text: string, mode?: number): Guarded => {
  const bits = mode === undefined ? ["''", "''"] : [mode.toString(8), octal(mode)]
  return {
    done: `holds ${words(path, sha256(text))} ${bits[0]}`,
    act: [`printf %s ${quote(text)} | put ${quote(path)} ${bits[1]}`],
  }
}

const line = (path: string, text: string): Guarded => ({
  done: `has_line ${words(path, text)}`,
  act: [`append_line ${words(path, text)}`],
})

function serviceAction({ name, action }: ServiceStep): Guarded {
  const service = quote(name)
  switch (action) {
    case 'start':
      return { done: `is_running ${service}`, act: [`control ${service} start`] }
    case 'enable':
      return { done: `is_at_boot ${service}`, act: [`at_boot ${service} enable`] }
    case 'disable':
      return { done: `! is_at_boot ${service}`, act: [`at_boot ${service} disable`] }
    case 'unmask':
      return {
        done: `case "$(systemctl is-enabled ${service} 2>/dev/null)" in masked*) false ;; esac`,
        act: [`systemctl unmask ${service}`, `systemctl unmask --runtime ${service}`],
      }
    default:
      return { done: null, act: [`control ${service} ${action}`] }
  }
}

/** A removal is one block for each package: managers refuse what is not there, or take away what only provides it. */
function packages(step: PackageStep): Guarded[] {
  const { action, manager, packages: names, refresh } = step
  const act = (of: PackageStep): string[] => {
    const fetch = fetchCommand(of)
    return [...(fetch ? [commandLine(fetch)] : []), commandLine(packageCommand(of))]
  }
  if (action === 'remove') {
    return names.map((name) => ({
      done: `! has_package ${words(manager, name)}`,
      act: act({ ...step, packages: [name] }),
    }))
  }
  // That a package is there does not say whether there is a newer one.
  if (refresh) return [{ done: null, act: act(step) }]
  const done = names.map((name) => `is_provided ${words(manager, name)}`).join(' && ')
  const [install = ''] = act(step)
  // A fresh image has no package lists, and stale ones name packages that are gone; the others fetch theirs by themselves.
  return [{ done, act: [manager === 'apt' ? `${install} || { apt-get update && ${install}; }` : install] }]
}

const commandLine = ({ argv, alsoDone }: PackageCommand): string =>
  alsoDone.length > 0 ? words('may_end', alsoDone.join(' '), ...argv) : words(...argv)

function ownership({ path, owner, group, mode }: OwnershipStep): Guarded {
  const isId = (name: string): boolean => /^\d+$/.test(name)
  const parts: (readonly [format: string, value: string])[] = [
    ...(owner ? [[isId(owner) ? '%u' : '%U', owner] as const] : []),
    ...(group ? [[isId(group) ? '%g' : '%G', group] as const] : []),
    ...(mode === undefined ? [] : [['%a', mode.toString(8)] as const]),
  ]
  const [formats, values] = [parts.map(([format]) => format), parts.map(([, value]) => value)]
  const owners = `${owner ?? ''}${group ? `:${group}` : ''}`
  return {
    done: `[ "$(stat -L -c ${quote(formats.join(' '))} ${quote(path)})" = ${quote(values.join(' '))} ]`,
    act: [
      ...(owners ? [`chown -- ${words(owners, path)}`] : []),
      ...(mode === undefined ? [] : [`chmod ${octal(mode)} ${quote(path)}`]),
    ],
  }
}

function iptablesRule({ program, action, table, chain, rule }: IptablesStep): Guarded {
  const at = (verb: string): string => words(program, '-w', '-t', table, verb, chain, ...rule)
  const isThere = `${at('-C')} ${QUIET}`
  // A rule may stand there more than once.
  return action === 'insert'
    ? { done: isThere, act: [at('-I')] }
    : { done: `! ${isThere}`, act: [`while ${isThere}; do ${at('-D')}; done`] }
}

/** nft would insert a rule once more each time. */
const nftRule = ({ family, table, chain, rule }: NftStep): Guarded => ({
  done: `nft list chain ${words(family, table, chain)} 2>/dev/null | grep -qF -e ${quote(rule.join(' '))}`,
  act: [`nft insert rule ${words(family, table, chain, ...rule)}`],
})

const firewalld = (step: FirewalldStep): Guarded[] =>
  firewalldCommands(step).map(({ query, change }) => ({
    done: `${step.remove ? '! ' : ''}${words(...query)} ${QUIET}`,
    act: [words(...change)],
  }))

function mounted(step: MountStep): Guarded {
  const { action, path, options = [] } = step
  const act = words(...mountArgv(step))
  if (action === 'unmount') return { done: `! ${words('mountpoint', '-q', path)}`, act: [act] }
  if (action === 'remount') {
    return { done: options.length > 0 ? `has_options ${words(path, ...options)}` : null, act: [act] }
  }
  return { done: `${words(...isMountedArgv(step))} ${QUIET}`, act: [`mkdir -p ${quote(path)}`, act] }
}
