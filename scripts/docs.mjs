/**
 * Writes docs/checks: a page for each check, as `seaworthy explain ID` has it, and a list of them. Needs the built program.
 * Usage: node scripts/docs.mjs
 */
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = join(ROOT, 'docs/checks')
const AT_ONCE = 4

const seaworthy = async (...args) =>
  (await promisify(execFile)(process.execPath, [join(ROOT, 'dist/seaworthy.cjs'), ...args])).stdout

async function writePage({ id }) {
  const file = join(FOLDER, `${id}.md`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, await seaworthy('explain', id, '--format', 'markdown'))
}

const listOf = (checks) => {
  const areas = [...new Set(checks.map(({ area }) => area))]
  const linesOf = (area) =>
    checks.filter((check) => check.area === area).map(({ id, title }) => `- [${id}](${id}.md): ${title}`)
  return ['# Checks', ...areas.map((area) => [`## ${area}`, '', ...linesOf(area)].join('\n'))].join('\n\n')
}

rmSync(FOLDER, { recursive: true, force: true })
const { checks } = JSON.parse(await seaworthy('list', '--format', 'json'))
for (let i = 0; i < checks.length; i += AT_ONCE)
  await Promise.all(checks.slice(i, i + AT_ONCE).map(writePage))
writeFileSync(join(FOLDER, 'README.md'), `${listOf(checks)}\n`)
