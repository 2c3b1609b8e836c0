// Judges `seaworthy trace` on a lab host: whole on a healthy one, broken at the right hop on a broken one, by name of the very rule.
// usage: node trace.mjs LAB-FOLDER NODE PROGRAM [FAULT...]      (run.sh trace prepares the folder; all of trace.json without)
import { readFileSync } from 'node:fs'
import { endAllOnSignal, lastLines, mustWork, run } from './commands.mjs'

const [labFolder, node, program, ...asked] = process.argv.slice(2)

/**
 * By fault: what is asked, the hop that is broken (null: none), and a part of what is said. `warned`: the hop lets some packets through. `doubted`: hops
 * beside it of which nobody can tell.
 * `healthy` is asked of a host without a fault.
 */
const EXPECTED = JSON.parse(readFileSync(new URL('trace.json', import.meta.url), 'utf8'))
const HOST = `t${process.pid}`
const EXIT_STATUS = { whole: 0, broken: 1, undetermined: 3 }
const COLUMNS = [26, 40, 12, 5, 4]

process.env.T_CMD_EXEC = '60'

const counts = { OK: 0, MISS: 0 }

const lab = (...args) => run(`${labFolder}/lab.sh`, args)

function say(cells, note = '') {
  const line = cells.map((cell, i) => String(cell).padEnd(COLUMNS[i])).join(' ')
  process.stdout.write(`${`${line} ${note}`.trimEnd()}\n`)
}

/** Throws with what is wrong; returns the hop that was named. */
async function judge({ ask, hop, warned, says = '', doubted = [] }) {
  const words = ask.split(' ')
  const { status, stdout, stderr } = await lab(
    'exec',
    HOST,
    node,
    program,
    'trace',
    ...words,
    '--format',
    'json',
  )
  let report
  try {
    report = JSON.parse(stdout)
  } catch {
    throw new Error(`no report (status ${status}): ${lastLines(stderr || stdout)}`)
  }
  if (EXIT_STATUS[report.verdict] !== status)
    throw new Error(`verdict ${report.verdict}, but exit status ${status}`)
  const told = report.hops.filter(
    ({ state }) => state === 'broken' || state === 'warned' || state === 'unseen',
  )
  const inWords = told.map(({ id, state, message }) => `${id} ${state}: ${message}`).join(' | ') || 'nothing'
  const wanted = warned ?? hop
  const found = told.find(({ id, state }) => id === wanted && state === (warned ? 'warned' : 'broken'))
  const isDoubt = ({ id, state }) => state === 'warned' && doubted.includes(id)
  const others = told.filter((one) => one !== found && !isDoubt(one))
  if (wanted && !found) throw new Error(`expected ${wanted}; found ${inWords}`)
  if (others.length > 0) throw new Error(`also: ${inWords}`)
  const texts = [found?.message, ...(found?.causes ?? []).map(({ message }) => message)].join('\n')
  if (!texts.includes(says)) throw new Error(`does not say ${says}: ${inWords}`)
  return wanted ?? '-'
}

async function row(name, expected) {
  const startedAt = Date.now()
  let named = '-'
  let problem
  try {
    named = await judge(expected)
  } catch (error) {
    problem = error.message
  }
  const outcome = problem ? 'MISS' : 'OK'
  counts[outcome]++
  say([name, expected.ask, named, outcome, Math.round((Date.now() - startedAt) / 100) / 10], problem)
}

async function judgeFault(name) {
  const all = EXPECTED[name]
  if (!all) throw new Error(`trace.json expects nothing of fault '${name}'`)
  if (name === 'healthy') {
    for (const expected of all) await row(name, expected)
    return
  }
  try {
    await lab('inject', HOST, name)
    await mustWork(`${name}: injected, but not as it claims`, lab('proof', HOST, name))
    for (const expected of all) await row(name, expected)
    await mustWork(`${name}: healed, but not cured`, lab('heal', HOST, name))
  } catch (error) {
    counts.MISS++
    say([name, '', '-', 'MISS', 0], error.message)
    await lab('reset', HOST)
  }
}

async function main() {
  const names = asked.length > 0 ? asked : Object.keys(EXPECTED)
  say(['fault', 'trace', 'hop', '', 's'])
  await mustWork('up', lab('up', HOST))
  for (const name of names) await judgeFault(name)
  process.stdout.write(`${counts.OK} passed, ${counts.MISS} failed\n`)
  process.exitCode = counts.MISS > 0 ? 1 : 0
}

endAllOnSignal()

main().catch((error) => {
  process.stderr.write(`lab: ${error.message}\n`)
  process.exitCode = 2
})
