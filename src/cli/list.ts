/** `seaworthy list`: every check. */
import type { CommandModule } from 'yargs'
import { areaOf, type Check } from '../model/check.ts'
import { type Given, oneOf } from './options.ts'
import { print } from './print.ts'
import { lookOf } from './terminal.ts'

export const listCommand = (done: (code: number) => void): CommandModule<object, { format?: Given }> => ({
  command: 'list',
  describe: 'Every check: id, title, profiles, needs root or not',
  builder: (yargs) => yargs.option('format', { type: 'string', describe: 'text, json' }),
  handler: async ({ format: given }) => {
    const format = oneOf('format', given, ['text', 'json'])
    const { catalogue } = await import('../engine/catalogue.ts')
    await print(format === 'json' ? await listJson(catalogue) : await listText(catalogue))
    done(0)
  },
})

export async function listJson(all: readonly Check[]): Promise<string> {
  const { safeJson } = await import('../../reports/untrusted.ts')
  const { examplesOf } = await import('./explain/examples.ts')
  const checks = all.map((check) => ({
    id: check.id,
    area: areaOf(check.id),
    title: check.title,
    profiles: check.profiles,
    needsRoot: check.needsRoot ?? false,
    findings: findingsOf(check).map((finding) => ({
      ...finding,
      automatic: examplesOf(check.id).some((one) => one.finding === finding.id && one.automatic),
    })),
  }))
  const findings = checks.flatMap((check) => check.findings)
  const share = (of: readonly unknown[]): number => Math.round((1000 * of.length) / findings.length) / 10
  const fixes = {
    findings: findings.length,
    fixablePercent: share(findings.filter(({ fixable }) => fixable)),
    /** What `seaworthy fix --apply` carries out. */
    automaticPercent: share(findings.filter(({ automatic }) => automatic)),
  }
  return `${safeJson({ fixes, checks }, 2)}\n`
}

/** What a check can find; `fixable` is false where the check says why it offers no fix. */
export const findingsOf = ({ findings, unfixable }: Check) =>
  Object.entries(findings).map(([id, { level, message }]) => ({
    id,
    level,
    message,
    fixable: !Object.hasOwn(unfixable, id),
  }))

export async function listText(all: readonly Check[]): Promise<string> {
  const { penFor } = await import('../../reports/pen.ts')
  const { rulerFor } = await import('../../reports/ruler.ts')
  const look = lookOf(process.stdout, process.env, { color: false, detail: 'normal' })
  const pen = penFor(look, await rulerFor(all.map(({ title }) => title).join('\n')))
  const widest = Math.max(...all.map(({ id }) => id.length))
  const lines = all.flatMap((check) =>
    pen.lines(`${check.title} (${aside(check)})`, { lead: `${check.id.padEnd(widest)}  ` }),
  )
  return `${lines.join('\n')}\n`
}

const aside = ({ profiles, needsRoot }: Check): string =>
  [...profiles, ...(needsRoot ? ['as root'] : [])].join(', ')
