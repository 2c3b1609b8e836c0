// Judges Seaworthy on lab hosts: silent on a healthy one, right about a broken one, silent again once healed.
// usage: node run.mjs LAB-FOLDER NODE PROGRAM [--diagnose] sample|all|FAULT...      (run.sh prepares the folder)
// --diagnose: what a user sees of each fault is piped into `diagnose`, which must name the fault first, as confirmed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { endAllOnSignal, lastLines, mustWork, run } from './commands.mjs'
import { faultsNamed, readFaults } from './known-faults.mjs'

const [labFolder, node, program, ...words] = process.argv.slice(2)
const byDiagnosis = words.includes('--diagnose')
const asked = words.filter((word) => word !== '--diagnose')

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
  'firewalld-started-late',
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
  'ok-ufw',
]

// What a healthy lab host may be reproached with. Meant to be empty, and to stay so. A fault may ask for another profile, which
// a host at rest need not be fit for: its kernel has no IPVS for a swarm, and Debian no helpers for an engine without root.
// A newer engine warns of the lab's cgroup v1.
const ALLOWED_AT_REST = process.env.LAB_ROOT ? ['cgroup/hierarchy'] : []
const PROFILE = 'docker'

// The table of what was named first, for people; the last run's.
const TABLE = new URL('.results/table.md', import.meta.url)

const EXIT_STATUS = { ready: 0, 'not-ready': 1, undetermined: 3 }
const HOSTS = 2

// A program that takes longer hangs, as some of the hosts it looks at do.
process.env.T_CMD_EXEC = '60'

const lab = (...args) => run(`${labFolder}/lab.sh`, args)

/** The report of the program, run in the host as root or as the test user, who an engine without root would belong to. */
async function report(host, { profile, container }, as = profile === 'rootless' ? 'exec-user' : 'exec') {
  const about = container ? ['--container', container] : []
  const asked = ['check', '--format', 'json', '--profile', profile, ...about]
  const { status, stdout, stderr } = await lab(as, host, node, program, ...asked)
  let parsed
  try {
    parsed = JSON.parse(stdout)
  } catch {
    throw new Error(`no report (status ${status}): ${lastLines(stderr || stdout)}`)
  }
  if (EXIT_STATUS[parsed.verdict] !== status)
    throw new Error(`verdict ${parsed.verdict}, but exit status ${status}`)
  const troubles = parsed.results
    .filter(({ status, id }) => ['fail', 'warn'].includes(status) && !ALLOWED_AT_REST.includes(id))
    .map(({ id, finding, message }) => {
      const name = finding ? `${id}#${finding}` : id
      return { id, name, text: `${name}: ${message}` }
    })
  const causes = parsed.causes.flatMap((cause) => troubles.filter(({ id }) => id === cause))
  return { causes, troubles }
}
/** What `diagnose` says in the host of what a user sees there. */
async function diagnosis(host, fault) {
  const seen = await lab('symptom', host, fault.name)
  const symptom = `${seen.stderr}${seen.stdout}`
  const file = `${labFolder}/symptom-${host}`
  writeFileSync(file, symptom)
  const as = fault.isSeenByUser ? 'exec-user' : 'exec'
  const { stdout, stderr } = await lab(
    as,
    host,
    'sh',
    '-c',
    `exec ${node} ${program} diagnose --format json - <${file}`,
  )
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(`no diagnosis of ${lastLines(symptom)}: ${lastLines(stderr || stdout)}`)
  }
}

/** Throws with what is named instead; returns the name of what is named first. */
async function judgeDiagnosis(host, fault) {
  const { causes } = await diagnosis(host, fault)
  const named = causes.map(
    ({ check, finding, confidence }) => `${check}${finding ? `#${finding}` : ''} ${confidence}`,
  )
  const [first] = causes
  if (fault.kind === 'decoy' && first?.confidence !== 'confirmed') return first?.check
  if (fault.kind !== 'decoy' && fault.expected.includes(first?.check) && first.confidence === 'confirmed')
    return named[0].split(' ')[0]
  const wanted = fault.kind === 'decoy' ? 'nothing' : fault.expected.join(' or ')
  throw Object.assign(
    new Error(`expected ${wanted}; diagnosed ${named.slice(0, 4).join(', ') || 'nothing'}`),
    {
      first: first?.check,
    },
  )
}

const inWords = (troubles) => troubles.map(({ text }) => text).join(' | ')

async function catalogue() {
  const { status, stdout } = await run(node, [program, 'list', '--format', 'json'])
  if (status !== 0) return undefined
  const list = JSON.parse(stdout)
  return new Set((Array.isArray(list) ? list : list.checks).map((check) => check.id ?? check))
}

async function chosen() {
  const faults = (await readFaults(lab, labFolder)).map((one) => ({
    ...one,
    profile: one.profile || PROFILE,
  }))
  return asked[0] === 'all' ? faults : faultsNamed(faults, asked[0] === 'sample' ? SAMPLE : asked)
}

/** Throws with what is wrong; returns the name of what is reported first, of what is new. */
async function judgeBroken(host, fault, atRest) {
  const isNew = ({ text }) => !atRest.some((one) => one.text === text)
  const { causes, troubles } = await report(host, fault)
  if (fault.kind === 'decoy') {
    const alarms = troubles.filter(({ name }) => !atRest.some((one) => one.name === name))
    if (alarms.length > 0) throw new Error(`false alarm: ${inWords(alarms)}`)
    return undefined
  }
  const isRight = (one) => fault.expected.includes(one?.id) && (!fault.finding || fault.finding === one.name)
  const first = causes.find(isNew)
  if (isRight(first)) return first.name
  const asUser = fault.isSeenByUser ? (await report(host, fault, 'exec-user')).causes.find(isNew) : undefined
  if (isRight(asUser)) return asUser.name
  const wanted = fault.finding || fault.expected.join(' or ')
  const said = troubles.map(({ name }) => name).join(', ') || 'nothing'
  throw Object.assign(new Error(`expected ${wanted}; found ${said}`), { first: first?.name })
}

/** Breaks the host, judges, heals it, and looks that the report is as it was. */
async function judge(host, fault, atRest) {
  let first
  let problem
  try {
    await lab('inject', host, fault.name)
    await mustWork('injected, but not as it claims', lab('proof', host, fault.name))
    first = byDiagnosis ? await judgeDiagnosis(host, fault) : await judgeBroken(host, fault, atRest)
  } catch (error) {
    problem = error.message
    first = error.first
  }
  try {
    await mustWork('healed, but not cured', lab('heal', host, fault.name))
    const { troubles } = await report(host, fault)
    const left = troubles.filter(({ name }) => !atRest.some((one) => one.name === name))
    if (left.length > 0) throw new Error(`still reported once healed: ${inWords(left)}`)
  } catch (error) {
    problem ??= error.message
    await lab('reset', host)
  }
  return { first, problem }
}

const COLUMNS = [32, 6, 29, 46, 11, 4]
const table = []
const counts = { passed: 0, failed: 0, 'not covered': 0 }

function say(cells, note = '') {
  const line = cells.map((cell, i) => String(cell).padEnd(COLUMNS[i])).join(' ')
  process.stdout.write(`${`${line} ${note}`.trimEnd()}\n`)
}
function row({ name, kind, tag }, first, outcome, startedAt, note = '') {
  counts[{ OK: 'passed', MISS: 'failed', 'not covered': 'not covered' }[outcome]]++
  table.push([name, kind, first ?? '', outcome === 'OK' ? outcome : `${outcome} ${note}`])
  say([name, kind, tag, first ?? '-', outcome, Math.round((Date.now() - startedAt) / 1000)], note)
}

/** What is reported of a healthy host, by profile; asked once for each. */
async function atRestOf(host, profile) {
  const startedAt = Date.now()
  const healthy = { name: `healthy host, ${profile}`, kind: '-', tag: '-' }
  try {
    const { causes, troubles } = await report(host, { profile })
    const outcome = troubles.length > 0 && profile === PROFILE ? 'MISS' : 'OK'
    row(healthy, causes[0]?.name, outcome, startedAt, inWords(troubles))
    return troubles
  } catch (error) {
    row(healthy, undefined, 'MISS', startedAt, error.message)
    return []
  }
}

async function work(host, queue) {
  const atRest = {}
  for (let fault = queue.shift(); fault; fault = queue.shift()) {
    atRest[fault.profile] ??= await atRestOf(host, fault.profile)
    const startedAt = Date.now()
    const { first, problem } = await judge(host, fault, atRest[fault.profile])
    row(fault, first, problem ? 'MISS' : 'OK', startedAt, problem)
  }
}

function writeTable() {
  const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()
  const [head, ...rows] = [
    ['fault', 'kind', 'named first', 'verdict'],
    ...table.sort(([a], [b]) => (a < b ? -1 : 1)),
  ]
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`)
  mkdirSync(new URL('.', TABLE), { recursive: true })
  writeFileSync(TABLE, `${lines.join('\n')}\n`)
}

async function main() {
  const known = await catalogue()
  // Checks of a container say nothing where none is named; `trace` is asked about those.
  const isAsked = (id, { container }) =>
    known.has(id) && (container || byDiagnosis || !id.startsWith('container/'))
  const covered = (fault) =>
    fault.kind === 'decoy' || !known || fault.expected.some((id) => isAsked(id, fault))
  const faults = await chosen()
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
  writeTable()
  if (counts['not covered'] > 0) process.stdout.write(`${counts['not covered']} not covered\n`)
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
  process.exitCode = counts.failed > 0 ? 1 : 0
}

endAllOnSignal()

main().catch((error) => {
  process.stderr.write(`lab: ${error.message}\n`)
  process.exitCode = 2
})
