// A fault is injected, the plan rendered, the script or playbook run in the host: what was broken must work, and a second run change nothing.
// usage: node renderings.mjs LAB-FOLDER NODE PROGRAM shell|ansible|both [FAULT...]      (run.sh prepares the folder)
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

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
  'docker-group-gone',
  'socket-world-writable',
  'stale-pid-file',
  'data-root-noexec',
  'cgroup-devices-missing',
  'firewalld-zone-drop',
  'registry-ca-wrong-dir',
]
const FORMATS = asked === 'both' ? ['shell', 'ansible'] : [asked]
const HOST = `f${process.pid}`
const PLAYBOOK = ['env', 'ANSIBLE_NOCOLOR=1', 'ansible-playbook', '-c', 'local', '-i', 'localhost,']
const RUN = { shell: ['sh'], ansible: PLAYBOOK }

// What a run of a script may change: files, their modes and times, rules, mounts, and the engine itself.
const STATE = `find /etc /usr/local /root/.docker -printf '%p %T@ %m %u %g\\n' 2>/dev/null | grep -v '^/etc/docker ' | sort
iptables-save | grep '^-A'; cut -d ' ' -f 5- /proc/self/mountinfo | grep -v overlay2; pgrep -x dockerd; sysctl -a 2>/dev/null | grep forwarding`

process.env.T_CMD_EXEC = '300'
const folder = `${dirname(labFolder)}/rendered`

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}
const lab = (...args) => run(`${labFolder}/lab.sh`, args)
const inHost = (...argv) => lab('exec', HOST, ...argv)
const lastLines = (text, n = 4) => text.trim().split('\n').slice(-n).join(' | ').slice(0, 400)
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

async function rendered(fault, format) {
  const { stdout, stderr } = await inHost(node, program, 'fix', '--format', format, '--offline')
  if (stdout === '') throw new Error(`no ${format}: ${lastLines(stderr)}`)
  const file = `${folder}/${fault}.${format === 'shell' ? 'sh' : 'yml'}`
  writeFileSync(file, stdout)
  return file
}
async function carriedOut(file, format) {
  const { status, stdout, stderr } = await inHost(...RUN[format], file)
  if (status !== 0) throw new Error(`status ${status}: ${lastLines(`${stdout}\n${stderr}`, 12)}`)
  return stdout
}

/** A container that was restarted may need a moment. */
async function isCured(fault) {
  for (let left = 3; left > 0; left -= 1) {
    await sleep(3)
    if ((await lab('proof', HOST, fault)).status !== 0) return true
  }
  return false
}

/** What a second run changed, in words; nothing where it changed nothing. */
async function secondRun(file, format) {
  const before = await inHost('sh', '-c', STATE)
  const said = await carriedOut(file, format)
  const after = await inHost('sh', '-c', STATE)
  const was = new Set(before.stdout.split('\n'))
  const changes = after.stdout.split('\n').filter((line) => !was.has(line))
  const changed = format === 'ansible' ? /changed=(\d+)/.exec(said)?.[1] : undefined
  return [...changes, ...(changed && changed !== '0' ? [`changed=${changed}`] : [])]
}

async function judge(fault, format) {
  await lab('inject', HOST, fault)
  if ((await lab('proof', HOST, fault)).status !== 0) throw new Error('injected, but not as it claims')
  const file = await rendered(fault, format)
  await carriedOut(file, format)
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
    // A restart that is the cure itself is done by each run of a playbook.
    if (note !== '') outcome = format === 'ansible' && note.includes('changed=') ? 'OK again' : 'MISS'
  } catch (error) {
    outcome = 'MISS'
    note = error.message
  }
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  process.stdout.write(`${fault.padEnd(28)} ${format.padEnd(8)} ${outcome.padEnd(9)} ${seconds} ${note}\n`)
  // What a cure leaves behind, a file of its own, would stand in the way of the next fault.
  await lab('heal', HOST, fault)
  await lab('reset', HOST)
  return outcome !== 'MISS'
}

mkdirSync(folder, { recursive: true })
chmodSync(folder, 0o755)
const up = await lab('up', HOST)
if (up.status !== 0) throw new Error(`up: ${lastLines(up.stderr)}`)
let missed = 0
for (const fault of named.length > 0 ? named : SAMPLE)
  for (const format of FORMATS) if (!(await row(fault, format))) missed += 1
await lab('down', HOST)
process.stdout.write(`${missed === 0 ? 'all is well' : `${missed} missed`}\n`)
process.exitCode = missed === 0 ? 0 : 1
