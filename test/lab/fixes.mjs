// Lets Seaworthy mend lab hosts: broken, found, mended, works again, nothing left to do, taken back byte for byte.
// usage: node fixes.mjs LAB-FOLDER NODE PROGRAM all|FAULT...      (run.sh fixes ... prepares the folder)
import { mkdirSync, writeFileSync } from 'node:fs'
import { endAll, lastLines, mustWork, run } from './commands.mjs'

const [labFolder, node, program, ...asked] = process.argv.slice(2)
const TABLE = new URL('.results/fixes.md', import.meta.url)
const USER = 'tester'
// Only the user meets these: root may do everything.
const SEEN_BY_USER = /^(user-|group-|docker-group|socket-|cli-config|env-)/

// What a fix may write. Not the engine's own state, which it writes all the time, nor logs.
const FILES = `
cd / || exit 1
set -- etc home root/.docker boot srv/data srv/build
find "$@" -xdev ! -path 'etc/docker/key.json' ! -path '*/.docker/.token_seed*' \\( -type f -o -type l -o -type d \\) -printf '%p %y %m %U:%G %l\\n' 2>/dev/null | sort
find "$@" -xdev -type f ! -path 'etc/docker/key.json' ! -path '*/.docker/.token_seed*' -print0 2>/dev/null | sort -z | xargs -0 sha256sum
`
process.env.T_CMD_EXEC = '240'

const lab = (...args) => run(`${labFolder}/lab.sh`, args)

async function fix(host, fault, ...args) {
  const { stdout, stderr } = await lab(
    'exec',
    host,
    node,
    program,
    'fix',
    '--format',
    'json',
    ...userOf(fault),
    ...profileOf(fault),
    ...args,
  )
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(`fix ${args.join(' ')}: ${lastLines(stderr || stdout)}`)
  }
}
const userOf = ({ tag }) => (SEEN_BY_USER.test(tag) ? ['--user', USER] : [])
const profileOf = ({ profile }) => (profile ? ['--profile', profile] : [])

const files = async (host) => (await lab('exec', host, 'sh', '-c', FILES)).stdout.split('\n')

function difference(before, after) {
  const [old, fresh] = [new Set(before), new Set(after)]
  const gone = before.filter((line) => !fresh.has(line)).map((line) => `- ${line}`)
  const added = after.filter((line) => !old.has(line)).map((line) => `+ ${line}`)
  return [...gone, ...added]
}

/** What is wanted of a host at rest already is no matter of the fault's. */
async function judge(host, fault, atRest) {
  const isNew = ({ finding }) => !atRest.has(finding)
  await lab('inject', host, fault.name)
  await mustWork('injected, but not as it claims', lab('proof', host, fault.name))
  const before = await files(host)
  const applied = await fix(host, fault, '--apply', '--yes', '--allow', 'disruptive')
  const { plan } = applied
  const names = plan.fixes.filter(isNew).map(({ finding }) => finding)
  if (names.length === 0) {
    const left = [...plan.manual, ...plan.leftOut, ...plan.fixes].filter(isNew)
    return {
      outcome: 'by hand',
      note:
        left.map(({ finding, why }) => (why ? `${finding} (${why})` : finding)).join(', ') || 'nothing found',
    }
  }
  const outcomes = applied.applied.findings.map(({ finding, outcome }) => `${finding} ${outcome}`).join(', ')
  const { failure } = applied.applied
  if (failure) throw new Error(`failed: ${failure.why} [${outcomes}] left: ${failure.left.join('; ')}`)
  if (plan.fixes.some(({ byHand }) => byHand.some(({ kind }) => kind === 'relogin')))
    await lab('relogin', host)
  const works = await lab('works', host, fault.name)
  if (works.status !== 0)
    throw new Error(`mended [${outcomes}], but: ${lastLines(works.stdout + works.stderr)}`)
  if (/notCured|unclear/.test(outcomes)) throw new Error(`works, but says: ${outcomes}`)
  const again = await fix(host, fault, '--apply', '--yes', '--allow', 'disruptive')
  const more = again.plan.fixes.filter(isNew).map(({ finding }) => finding)
  if (more.length > 0 && !/pending/.test(outcomes))
    throw new Error(`a second run would mend ${more.join(', ')}`)
  if (applied.applied.run) {
    const undo = await lab('exec', host, node, program, 'fix', '--undo', applied.applied.run)
    const left = difference(before, await files(host))
    if (left.length > 0)
      throw new Error(
        `taken back, but: ${left.slice(0, 6).join('; ')} (${lastLines(undo.stdout + undo.stderr, 2)})`,
      )
    if (undo.status !== 0)
      return {
        outcome: 'OK',
        note: `${names.join(', ')}; undo says: ${lastLines(undo.stdout + undo.stderr)}`,
      }
  }
  return { outcome: 'OK', note: names.join(', ') }
}

async function readFaults() {
  const { stdout } = await lab('meta')
  const faults = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name, kind, tag, , , , profile]) => ({ name, kind, tag, profile }))
    .filter(({ kind }) => kind !== 'decoy')
  if (asked[0] === 'all') return faults
  return asked.map((name) => {
    const fault = faults.find((one) => one.name === name)
    if (!fault) throw new Error(`no fault '${name}' (lab.sh list)`)
    return fault
  })
}

const table = []
function row({ name }, { outcome, note }, startedAt) {
  table.push([name, outcome, note])
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  process.stdout.write(`${name.padEnd(32)} ${outcome.padEnd(8)} ${String(seconds).padStart(4)} ${note}\n`)
}

async function work(host, queue) {
  const atRest = new Set()
  for (let fault = queue.shift(); fault; fault = queue.shift()) {
    const startedAt = Date.now()
    let result
    try {
      result = await judge(host, fault, atRest)
    } catch (error) {
      result = { outcome: 'MISS', note: error.message }
    }
    row(fault, result, startedAt)
    const healed = await lab('heal', host, fault.name)
    if (healed.status !== 0 || result.outcome === 'MISS') await lab('reset', host)
  }
}

function writeTable() {
  const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()
  const rows = [
    ['fault', 'verdict', 'mended'],
    ['---', '---', '---'],
    ...table.sort(([a], [b]) => (a < b ? -1 : 1)),
  ]
  mkdirSync(new URL('.', TABLE), { recursive: true })
  writeFileSync(TABLE, `${rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')}\n`)
}

async function main() {
  const queue = await readFaults()
  const hosts = []
  for (let i = 0; i < Math.min(Number(process.env.LAB_HOSTS ?? 2), queue.length); i++) {
    const host = `f${process.pid}${'ab'[i]}`
    await mustWork('up', lab('up', host))
    hosts.push(host)
  }
  await Promise.all(hosts.map((host) => work(host, queue)))
  writeTable()
  const count = (wanted) => table.filter(([, outcome]) => outcome === wanted).length
  process.stdout.write(
    `${count('OK')} mended and taken back, ${count('by hand')} by hand, ${count('MISS')} failed\n`,
  )
  process.exitCode = count('MISS') > 0 ? 1 : 0
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    endAll()
    process.exit(130)
  })
}

main().catch((error) => {
  process.stderr.write(`lab: ${error.message}\n`)
  process.exitCode = 2
})
