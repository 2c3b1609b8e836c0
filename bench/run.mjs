/**
 * Start-up and a full run, as ratios to `node -e 0` on the same machine in the same minute.
 *
 *   npm run bench                        this host
 *   npm run bench -- PATH/check-config.sh   and moby's script as the peer
 *
 * The two commands of a pair run in turn, so that the machine's moods hit both; the median of the pairs' ratios counts.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PAIRS = 15
const PROGRAM = fileURLToPath(new URL('../dist/seaworthy.cjs', import.meta.url))
const PEAK = fileURLToPath(new URL('peak-rss.cjs', import.meta.url))
const PEER = process.argv[2] ?? '/usr/share/docker.io/contrib/check-config.sh'

/** What is measured, and the most it may cost. */
const SUBJECTS = [
  { name: 'seaworthy --version', argv: [PROGRAM, '--version'], most: 1.5 },
  {
    name: 'seaworthy --offline',
    argv: [PROGRAM, '--offline', '--format', 'json'],
    most: engineRuns() ? 5 : 3,
  },
]
const MOST_RSS_MIB = 100

/** Milliseconds of wall time. */
function time(program, argv, env = {}) {
  const started = process.hrtime.bigint()
  const { error } = spawnSync(program, argv, { stdio: 'ignore', env: { ...process.env, ...env } })
  if (error) throw error
  return Number(process.hrtime.bigint() - started) / 1e6
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

function compare(argv) {
  const pairs = Array.from({ length: PAIRS }, () => {
    const bare = time(process.execPath, ['-e', '0'])
    return { bare, own: time(process.execPath, argv) }
  })
  return {
    ratio: median(pairs.map(({ bare, own }) => own / bare)),
    own: median(pairs.map(({ own }) => own)),
    bare: median(pairs.map(({ bare }) => bare)),
  }
}

/** MiB at the most, as the kernel counted it for the process itself. */
function peakRss(argv) {
  const file = join(tmpdir(), `seaworthy-rss-${process.pid}`)
  time(process.execPath, ['--require', PEAK, ...argv], { SEAWORTHY_RSS_FILE: file })
  const kib = Number(readFileSync(file, 'utf8'))
  rmSync(file)
  return kib / 1024
}

function engineRuns() {
  return existsSync('/var/run/docker.sock')
}

const mark = (isGood) => (isGood ? 'ok  ' : 'over')

for (const { name, argv, most } of SUBJECTS) {
  const { ratio, own, bare } = compare(argv)
  console.log(
    `${mark(ratio <= most)} ${name}: ${ratio.toFixed(2)} × node -e 0 (${own.toFixed(0)} to ${bare.toFixed(0)} ms), at most ${most}`,
  )
}
const rss = peakRss([PROGRAM, '--offline', '--format', 'json'])
console.log(`${mark(rss <= MOST_RSS_MIB)} peak memory: ${rss.toFixed(0)} MiB, at most ${MOST_RSS_MIB}`)
if (existsSync(PEER)) {
  const peer = median(Array.from({ length: 3 }, () => time('bash', [PEER])))
  const own = median(Array.from({ length: 3 }, () => time(process.execPath, [PROGRAM, '--offline'])))
  console.log(`     check-config.sh: ${peer.toFixed(0)} ms, ${(peer / own).toFixed(1)} × seaworthy --offline`)
}
