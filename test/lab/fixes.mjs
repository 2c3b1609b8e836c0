// Lets Seaworthy mend lab hosts: broken, found, mended, works again, nothing left to do, taken back byte for byte.
// usage: node fixes.mjs LAB-FOLDER NODE PROGRAM sample|all|FAULT...      (run.sh fixes ... prepares the folder)
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { endAllOnSignal, lastLines, mustWork, run } from './commands.mjs'
import { difference, filesOf, isNoFailureMore, isStopped } from './host-files.mjs'
import { faultsNamed, fixWords, readFaults } from './known-faults.mjs'

const [labFolder, node, program, ...asked] = process.argv.slice(2)
const TABLE = new URL('.results/fixes.md', import.meta.url)
// Faults whose cure does not lie on the host, or is not a program's to choose, and why.
const { byHand: BY_HAND } = JSON.parse(readFileSync(new URL('fixes.json', import.meta.url), 'utf8'))

// One of every kind of step, and of every way in which an engine comes back.
const SAMPLE = [
  'docker-user-drop',
  'dj-trailing-comma',
  'dj-is-directory',
  'fwd-uplink-0',
  'daemon-killed',
  'user-outside-group',
  'socket-world-writable',
  'insecure-registry-missing',
  'cgroup-devices-missing',
  'registry-ca-wrong-dir',
]

process.env.T_CMD_EXEC = '240'

const lab = (...args) => run(`${labFolder}/lab.sh`, args)

async function fix(host, fault, ...args) {
  const words = ['fix', '--format', 'json', ...args, ...fixWords(fault)]
  const { stdout, stderr } = await lab('exec', host, node, program, ...words)
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(`fix ${args.join(' ')}: ${lastLines(stderr || stdout)}`)
  }
}
const files = (host) => filesOf(lab, host)

/** Breaks the host and has it mended. Throws with what is wrong. */
async function judge(host, fault) {
  await lab('inject', host, fault.name)
  await mustWork('injected, but not as it claims', lab('proof', host, fault.name))
  const before = await files(host)
  const mended = await fix(host, fault, '--apply', '--yes', '--allow', 'disruptive')
  const { plan, applied } = mended
  const names = plan.fixes.map(({ finding }) => finding)
  if (names.length === 0) throw new Unmended(`nothing to do for ${leftIn(plan) || 'what it did not find'}`)
  const outcomes = applied.findings.map(({ finding, outcome }) => `${finding} ${outcome}`).join(', ')
  const { failure } = applied
  if (failure) {
    const all = difference(before, await files(host))
    const differs = all.filter((line) => !isNoFailureMore(line, all))
    if (differs.length > 0) throw new Error(`failed (${failure.why}), and not taken back: ${some(differs)}`)
    throw new Unmended(`${failure.why} [${outcomes}]${failure.left.map((one) => `; left: ${one}`)}`)
  }
  if (plan.fixes.some(({ byHand }) => byHand.some(({ kind }) => kind === 'relogin')))
    await lab('relogin', host)
  const works = await lab('works', host, fault.name)
  if (works.status !== 0)
    throw new Unmended(`mended [${outcomes}], but: ${lastLines(works.stdout + works.stderr)}`)
  if (/notCured|unclear/.test(outcomes)) throw new Error(`works, but says: ${outcomes}`)
  const again = await fix(host, fault, '--apply', '--yes', '--allow', 'disruptive')
  const more = again.plan.fixes.map(({ finding }) => finding)
  if (more.length > 0 && !/pending/.test(outcomes))
    throw new Error(`a second run would mend ${more.join(', ')}`)
  return [names.join(', '), await takenBack(host, applied.run, before)].filter(Boolean).join('; ')
}

/** Nothing was mended, or not what was broken: for some faults that is how it must be. */
class Unmended extends Error {}

const leftIn = ({ manual, leftOut }) =>
  [...manual, ...leftOut].map(({ finding, why }) => (why ? `${finding} (${why})` : finding)).join(', ')
const some = (lines) => lines.slice(0, 6).join('; ')

/** Every file must be as it was. Returns what could not be taken back beside files: an installation, a signal. */
async function takenBack(host, name, before) {
  if (!name) return ''
  const undo = await lab('exec', host, node, program, 'fix', '--undo', name)
  const said = lastLines(undo.stdout + undo.stderr)
  const differs = difference(before, await files(host))
  // What was taken back may keep a service down, and undo says so then.
  const matters = differs.filter(
    (line) => !isNoFailureMore(line, differs) && !(isStopped(line) && undo.status !== 0),
  )
  if (matters.length > 0) throw new Error(`taken back, but: ${some(matters)} (${said})`)
  return undo.status === 0 ? '' : `undo says: ${said}`
}

async function outcomeOf(host, fault) {
  const reason = BY_HAND[fault.name]
  try {
    const note = await judge(host, fault)
    return reason
      ? { outcome: 'MISS', note: `listed as by hand, but mended: ${note}` }
      : { outcome: 'OK', note }
  } catch (error) {
    if (reason && error instanceof Unmended) return { outcome: 'by hand', note: reason }
    return { outcome: 'MISS', note: error.message }
  }
}

async function chosen() {
  const faults = (await readFaults(lab, labFolder)).filter(({ kind }) => kind !== 'decoy')
  return asked[0] === 'all' ? faults : faultsNamed(faults, asked[0] === 'sample' ? SAMPLE : asked)
}

const table = []
function row({ name }, { outcome, note }, startedAt) {
  table.push([name, outcome, note])
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  process.stdout.write(`${name.padEnd(32)} ${outcome.padEnd(8)} ${String(seconds).padStart(4)} ${note}\n`)
}

async function work(host, queue) {
  for (let fault = queue.shift(); fault; fault = queue.shift()) {
    const startedAt = Date.now()
    const result = await outcomeOf(host, fault)
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
  const queue = await chosen()
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
    `${count('OK')} mended and taken back, ${count('by hand')} by hand as they must be, ${count('MISS')} missed\n`,
  )
  process.exitCode = count('MISS') > 0 ? 1 : 0
}

endAllOnSignal()

main().catch((error) => {
  process.stderr.write(`lab: ${error.message}\n`)
  process.exitCode = 2
})
