// Judges Seaworthy on lab hosts: silent on a healthy one, right about a broken one, silent again once healed.
// usage: node run.mjs LAB-FOLDER NODE PROGRAM sample|all|FAULT...      (run.sh prepares the folder)
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const [labFolder, node, program, ...asked] = process.argv.slice(2)

// One or two faults of every area, and what looks like a fault but is none.
const SAMPLE = [
  'iptables-missing',
  'cgroup-devices-missing',
  'fwd-uplink-0',
  'bip-overlaps-lan',
  'mtu-blackhole',
  'resolv-conf-empty',
  'docker-user-drop',
  'nft-table-drop',
  'filter-flushed',
  'masquerade-missing',
  'host-input-drop',
  'user-stale-session',
  'socket-world-writable',
  'tcp-2375-exposed',
  'data-root-nearly-full',
  'data-root-inodes',
  'dj-trailing-comma',
  'dj-not-restarted',
  'daemon-killed',
  'env-docker-host',
  'mirror-refused',
  'registry-cert-expired',
  'insecure-registry-missing',
  'port-in-use',
  'ok-custom-bip',
  'ok-docker-host-default',
  'ok-loopback-resolver-with-dns',
  'ok-mtu-1400-everywhere',
]

// What a healthy lab host may be reproached with. Empty, and meant to stay so.
const ALLOWED_AT_REST = []

// Only the user meets these: root may do everything.
const SEEN_BY_USER = new Set([
  'user-not-in-docker-group',
  'group-not-in-session',
  'docker-group-missing',
  'socket-permissions',
  'socket-wrong-group',
  'cli-config-permissions',
])

// Advice for an audit, which the profile docker does not ask for: the checks are named, and must say something new.
const SEEN_BY_AUDIT = new Set(['container-excess-privileges', 'privileged-container'])

const EXIT_STATUS = { ready: 0, 'not-ready': 1, undetermined: 3 }
const HOSTS = 2

// A program that takes longer hangs, as some of the hosts it looks at do.
process.env.T_CMD_EXEC = '60'

const running = new Set()
let stopping = false

function run(command, args, seconds = 300) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
    let stdout = ''
    let stderr = ''
    running.add(child)
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ status, stdout, stderr })
    })
  })
}

const lab = (...args) => run(`${labFolder}/lab.sh`, args)
const lastLines = (text, n = 3) => text.trim().split('\n').slice(-n).join(' | ').slice(0, 300)

/** The report of the program, run in the host as root or as the test user; of single checks where they are named. */
async function report(host, as = 'exec', ...ids) {
  const { status, stdout, stderr } = await lab(as, host, node, program, 'check', ...ids, '--format', 'json')
  let parsed
  try {
    parsed = JSON.parse(stdout)
  } catch {
    throw new Error(`no report (status ${status}): ${lastLines(stderr || stdout)}`)
  }
  if (EXIT_STATUS[parsed.verdict] !== status)
    throw new Error(`verdict ${parsed.verdict}, but exit status ${status}`)
  return {
    first: parsed.causes.find((id) => !ALLOWED_AT_REST.includes(id)),
    troubles: parsed.results
      .filter(({ status, id }) => ['fail', 'warn'].includes(status) && !ALLOWED_AT_REST.includes(id))
      .map(({ id, finding, message }) => ({ id, text: `${id}${finding ? `#${finding}` : ''}: ${message}` })),
  }
}

async function catalogue() {
  const { status, stdout } = await run(node, [program, 'list', '--format', 'json'])
  if (status !== 0) return undefined
  const list = JSON.parse(stdout)
  return new Set((Array.isArray(list) ? list : list.checks).map((check) => check.id ?? check))
}

async function readFaults() {
  const { stdout } = await lab('meta')
  const expect = JSON.parse(readFileSync(`${labFolder}/expect.json`, 'utf8'))
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name, kind, tag]) => ({ name, kind, tag, expected: expect[tag] ?? [] }))
}

function choose(faults) {
  if (asked[0] === 'all') return faults
  const names = asked[0] === 'sample' ? SAMPLE : asked
  return names.map((name) => {
    const fault = faults.find((one) => one.name === name)
    if (!fault) throw new Error(`no fault '${name}' (lab.sh list)`)
    return fault
  })
}

/** What the checks that are named for an audit say. */
const audited = async (host, { tag, expected }) =>
  SEEN_BY_AUDIT.has(tag) ? (await report(host, 'exec', ...expected)).troubles : []

/** Throws with what is wrong; returns the first cause named. */
async function judgeBroken(host, fault, atRest, advice) {
  const known = new Set(advice.map(({ text }) => text))
  const fresh = (await audited(host, fault)).find(({ text }) => !known.has(text))
  if (fresh) return fresh.id
  const { first, troubles } = await report(host)
  if (fault.kind === 'decoy') {
    const fresh = troubles.filter(({ id }) => !atRest.has(id))
    if (fresh.length > 0) throw new Error(`false alarm: ${fresh.map((one) => one.text).join(' | ')}`)
    return first
  }
  if (fault.expected.includes(first)) return first
  const asUser = SEEN_BY_USER.has(fault.tag) ? (await report(host, 'exec-user')).first : undefined
  if (fault.expected.includes(asUser)) return asUser
  const said = troubles.map(({ id }) => id).join(', ') || 'nothing'
  throw Object.assign(new Error(`expected ${fault.expected.join(' or ')}; found ${said}`), { first })
}

async function mustWork(step, promise) {
  const { status, stdout, stderr } = await promise
  if (status !== 0) throw new Error(`${step}: ${lastLines(`${stdout}\n${stderr}`, 5)}`)
}

/** Breaks the host, judges, heals it, and looks that the report is as it was. */
async function judge(host, fault, atRest) {
  let first
  let problem
  try {
    const advice = await audited(host, fault)
    await lab('inject', host, fault.name)
    await mustWork('injected, but not as it claims', lab('proof', host, fault.name))
    first = await judgeBroken(host, fault, atRest, advice)
  } catch (error) {
    problem = error.message
    first = error.first
  }
  try {
    await lab('heal', host, fault.name)
    const left = (await report(host)).troubles.filter(({ id }) => !atRest.has(id))
    if (left.length > 0)
      throw new Error(`still reported once healed: ${left.map((one) => one.text).join(' | ')}`)
  } catch (error) {
    problem ??= error.message
    await lab('reset', host)
  }
  return { first, problem }
}

const COLUMNS = [32, 6, 29, 30, 11, 4]
const counts = { passed: 0, failed: 0, 'not covered': 0 }

function say(cells, note = '') {
  const line = cells.map((cell, i) => String(cell).padEnd(COLUMNS[i])).join(' ')
  process.stdout.write(`${`${line} ${note}`.trimEnd()}\n`)
}
function row({ name, kind, tag }, first, outcome, startedAt, note) {
  counts[{ OK: 'passed', MISS: 'failed', 'not covered': 'not covered' }[outcome]]++
  say([name, kind, tag, first ?? '-', outcome, Math.round((Date.now() - startedAt) / 1000)], note)
}

async function atRestOf(host) {
  const startedAt = Date.now()
  const healthy = { name: 'healthy host', kind: '-', tag: '-' }
  try {
    const { first, troubles } = await report(host)
    row(
      healthy,
      first,
      troubles.length > 0 ? 'MISS' : 'OK',
      startedAt,
      troubles.map((one) => one.text).join(' | '),
    )
    return new Set(troubles.map(({ id }) => id))
  } catch (error) {
    row(healthy, undefined, 'MISS', startedAt, error.message)
    return new Set()
  }
}

async function work(host, queue) {
  const atRest = await atRestOf(host)
  for (let fault = queue.shift(); fault && !stopping; fault = queue.shift()) {
    const startedAt = Date.now()
    const { first, problem } = await judge(host, fault, atRest)
    row(fault, first, problem ? 'MISS' : 'OK', startedAt, problem)
  }
}

async function main() {
  const known = await catalogue()
  const covered = (fault) => fault.kind === 'decoy' || !known || fault.expected.some((id) => known.has(id))
  const faults = choose(await readFaults())
  say(['fault', 'kind', 'tag', 'first cause', 'outcome', 's'])
  for (const fault of faults)
    if (!covered(fault)) row(fault, undefined, 'not covered', Date.now(), fault.expected.join(' or '))

  const queue = faults.filter(covered)
  const hosts = []
  // one after the other: the first fills the registry that the next ones copy
  for (let i = 0; i < Math.min(HOSTS, queue.length); i++) {
    const host = `r${process.pid}${'ab'[i]}`
    await mustWork('up', lab('up', host))
    hosts.push(host)
  }
  await Promise.all(hosts.map((host) => work(host, queue)))
  if (stopping) return
  if (counts['not covered'] > 0) process.stdout.write(`${counts['not covered']} not covered\n`)
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
  process.exitCode = counts.failed > 0 ? 1 : 0
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true
    for (const child of running) child.kill()
    process.exit(130)
  })
}

main().catch((error) => {
  process.stderr.write(`lab: ${error.message}\n`)
  process.exitCode = 2
})
