// A fault is injected, the plan rendered, the script or playbook run in the host: what was broken must work, and a second run change nothing.
// usage: node renderings.mjs LAB-FOLDER NODE PROGRAM shell|ansible|both [all | FAULT...]      (run.sh prepares the folder)
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { endAllOnSignal, lastLines, run } from './commands.mjs'
import { faultsNamed, fixWords, readFaults } from './known-faults.mjs'

const [labFolder, node, program, asked = 'both', ...named] = process.argv.slice(2)

// Of every kind of step that a host of the lab can show.
const SAMPLE = [
  'ip-forward-off',
  'sysctl-late-file-off',
  'docker-user-drop',
  'masquerade-missing',
  'dj-trailing-comma',
  'dj-unknown-key',
  'dj-misnamed',
  'insecure-registry-missing',
  'socket-group-wrong',
  'socket-world-writable',
  'stale-pid-file',
  'dj-is-directory',
  'cgroup-devices-missing',
  'firewalld-zone-drop',
  'nft-table-drop',
]
const FORMATS = asked === 'both' ? ['shell', 'ansible'] : [asked]
const HOST = `f${process.pid}`
const PLAYBOOK = ['env', 'ANSIBLE_NOCOLOR=1', 'ansible-playbook', '-c', 'local', '-i', 'localhost,']
const RUN = { shell: ['sh'], ansible: PLAYBOOK }

// What a run of a script may change: files, their modes and times, rules, mounts, settings of the network. dhcpcd and NetworkManager write
// resolv.conf whenever they like.
const STATE = `pgrep -x 'dhcpcd|NetworkManager' >/dev/null && others=/etc/resolv.conf
find /etc /usr/local /root/.docker -printf '%p %T@ %m %u %g\\n' 2>/dev/null | grep -v -e '^/etc/docker ' \${others:+-e "^$others "} | sort
iptables-save | grep '^-A'; cut -d ' ' -f 5- /proc/self/mountinfo | grep -v overlay2; sysctl -a 2>/dev/null | grep forwarding`

process.env.T_CMD_EXEC = '300'
const folder = `${dirname(labFolder)}/rendered`

const lab = (...args) => run(`${labFolder}/lab.sh`, args)
const inHost = (...argv) => lab('exec', HOST, ...argv)
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

/** All: every fault that is not for a person to mend. */
async function chosen() {
  const faults = await readFaults(lab, labFolder)
  if (named[0] !== 'all') return faultsNamed(faults, named.length > 0 ? named : SAMPLE)
  const { byHand } = JSON.parse(readFileSync(new URL('fixes.json', import.meta.url), 'utf8'))
  return faults.filter(({ name, kind }) => kind !== 'decoy' && !(name in byHand))
}

async function rendered(fault, format) {
  const { stdout, stderr } = await inHost(node, program, 'fix', '--format', format, ...fixWords(fault))
  if (stdout === '') throw new Error(`no ${format}: ${lastLines(stderr)}`)
  const file = `${folder}/${fault.name}.${format === 'shell' ? 'sh' : 'yml'}`
  writeFileSync(file, stdout)
  return file
}
async function carriedOut(file, format) {
  const { status, stdout, stderr } = await inHost(...RUN[format], file)
  if (status !== 0) throw new Error(`status ${status}: ${lastLines(`${stdout}\n${stderr}`, 12)}`)
  return stdout
}

/** A container that was restarted may need a moment. */
async function isCured({ name }) {
  for (let left = 3; left > 0; left -= 1) {
    await sleep(3)
    if ((await lab('works', HOST, name)).status === 0) return true
  }
  return false
}

/** What a second run changed, in words; nothing where it changed nothing. */
async function secondRun(file, format) {
  const look = format === 'shell' ? `${STATE}; pgrep -x dockerd` : STATE
  const before = await inHost('sh', '-c', look)
  const said = await carriedOut(file, format)
  const after = await inHost('sh', '-c', look)
  const was = new Set(before.stdout.split('\n'))
  const changes = after.stdout.split('\n').filter((line) => !was.has(line))
  return [...changes, ...(format === 'ansible' ? changedTasks(said) : [])]
}

/** A restart that is the cure itself is done by each run of a playbook, and says so. */
const changedTasks = (said) =>
  said
    .split(/^TASK /m)
    .filter((task) => /^changed:/m.test(task) && !task.includes('(done by each run)'))
    .map((task) => task.split('\n')[0])

async function judge(fault, format) {
  await lab('inject', HOST, fault.name)
  if ((await lab('proof', HOST, fault.name)).status !== 0) throw new Error('injected, but not as it claims')
  const file = await rendered(fault, format)
  const said = await carriedOut(file, format)
  if (said.includes('Log in again')) await lab('relogin', HOST)
  if (!(await isCured(fault))) throw new Error('not cured')
  const changes = await secondRun(file, format)
  return changes.length > 0 ? `second run: ${changes.slice(0, 3).join(' | ')}` : ''
}

async function row(fault, format) {
  const startedAt = Date.now()
  let note
  let outcome = 'OK'
  try {
    note = await judge(fault, format)
    if (note !== '') outcome = 'MISS'
  } catch (error) {
    outcome = 'MISS'
    note = error.message
  }
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  process.stdout.write(
    `${fault.name.padEnd(28)} ${format.padEnd(8)} ${outcome.padEnd(4)} ${seconds} ${note}\n`,
  )
  // What a cure leaves behind, a file of its own, would stand in the way of the next fault.
  await lab('heal', HOST, fault.name)
  await lab('reset', HOST)
  return outcome !== 'MISS'
}

endAllOnSignal()

mkdirSync(folder, { recursive: true })
chmodSync(folder, 0o755)
const up = await lab('up', HOST)
if (up.status !== 0) throw new Error(`up: ${lastLines(up.stderr)}`)
let missed = 0
for (const fault of await chosen()) for (const format of FORMATS) if (!(await row(fault, format))) missed += 1
await lab('down', HOST)
process.stdout.write(`${missed === 0 ? 'all is well' : `${missed} missed`}\n`)
process.exitCode = missed === 0 ? 0 : 1
