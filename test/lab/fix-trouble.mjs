// What goes wrong in the middle of `fix --apply` on a lab host: taken back and said, every file as it was, the engine answering if it did.
// usage: node fix-trouble.mjs LAB-FOLDER NODE PROGRAM all|CASE...      (run.sh fix-trouble ... prepares the folder)
import { endAllOnSignal, mustWork, run } from './commands.mjs'
import { difference, filesOf } from './host-files.mjs'

const [labFolder, node, program, ...asked] = process.argv.slice(2)
const HOST = `t${process.pid}`
const STATE = '/var/lib/seaworthy'
const JOURNALS = `${STATE}/runs/*/journal.ndjson`
// The engine answers all the while: its cure edits daemon.json and restarts it.
const FAULT = 'icc-false'
const APPLY = ['fix', '--apply', '--yes', '--allow', 'disruptive']

process.env.T_CMD_EXEC = '240'
const lab = (...args) => run(`${labFolder}/lab.sh`, args)
const inHost = (...argv) => lab('exec', HOST, ...argv)
const sh = (script, ...args) => inHost('sh', '-c', script, 'sh', ...args)
const seaworthy = (...args) => inHost(node, program, ...args)
const files = () => filesOf(lab, HOST)

/** Waits for a host to be in a state; a script ends well in it. */
const until = (script) =>
  mustWork(
    `never came to pass: ${script}`,
    sh(`for i in $(seq 300); do ${script} && exit 0; sleep 0.1; done; exit 1`),
  )
const restarting = `grep -q '"service","docker","restart"' ${JOURNALS} 2>/dev/null`

function says({ stdout, stderr, status }, pattern, wanted = 1) {
  const said = `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ')
  if (!pattern.test(said)) throw new Error(`expected ${pattern}; it says: ${said.slice(-500)}`)
  if (status !== wanted) throw new Error(`exit status ${status}, expected ${wanted}: ${said.slice(-300)}`)
}

async function same(before) {
  const differs = difference(before, await files())
  if (differs.length > 0) throw new Error(`not as before: ${differs.slice(0, 6).join('; ')}`)
}
const answers = () => mustWork('the engine does not answer', lab('verify', HOST, 'daemon'))
/** Once the trouble is over, the same command mends. */
async function mends() {
  says(await seaworthy(...APPLY), /cured/, 0)
  await mustWork('mended, but', lab('works', HOST, FAULT))
}

/** Nothing of a trouble may be left: it is taken back, whatever was seen. */
async function during(begin, end, task) {
  await mustWork('begin', sh(begin))
  try {
    return await task()
  } finally {
    await mustWork('end', sh(end))
  }
}

const failing = (why) => new RegExp(`It failed: [^]*${why}[^]*What was done before it is taken back`)

async function takenBack(why, trouble) {
  const before = await files()
  await during(trouble.begin, trouble.end, async () => {
    says(await seaworthy(...APPLY), failing(why))
    await answers()
  })
  await same(before)
  await mends()
}

async function untouched(pattern, trouble) {
  const before = await files()
  await during(trouble.begin, trouble.end, async () => says(await seaworthy(...APPLY), pattern, 2))
  await same(before)
  await answers()
  await mends()
}

const FILL = (folder) => `dd if=/dev/zero of=${folder}/fill bs=4k 2>/dev/null; true`

const CASES = {
  'etc-read-only': () =>
    takenBack('read-only file system', {
      begin: 'mount --bind /etc /etc && mount -o remount,bind,ro /etc',
      end: 'umount -l /etc',
    }),

  'etc-docker-full': () =>
    takenBack('no space left', {
      begin: `mkdir /run/full && mount -t tmpfs -o size=64k,mode=755 full /run/full && cp -a /etc/docker/. /run/full/ &&
        mount --bind /run/full /etc/docker; ${FILL('/run/full')}`,
      end: 'umount /etc/docker && umount /run/full && rmdir /run/full',
    }),

  'engine-refuses': async () => {
    // It takes the old file and no other, as one would that knows a key otherwise than we do.
    await mustWork(
      'a choosy engine',
      sh(`cp -a /etc/docker/daemon.json /run/known.json; cp -a /etc/default/docker /run/default
        printf '#!/bin/sh\ncmp -s /etc/docker/daemon.json /run/known.json || { echo "unable to configure the Docker daemon with file /etc/docker/daemon.json: what is this" >&2; exit 1; }\nexec /usr/sbin/dockerd "$@"\n' >/usr/local/bin/choosy
        chmod 755 /usr/local/bin/choosy; echo DOCKERD=/usr/local/bin/choosy >>/etc/default/docker`),
    )
    const before = await files()
    says(await seaworthy(...APPLY), failing('what is this'))
    await same(before)
    await answers()
    await mustWork('end', sh('cp -a /run/default /etc/default/docker; rm -f /usr/local/bin/choosy'))
    await mends()
  },

  'killed-while-the-engine-restarts': async () => {
    const before = await files()
    const first = seaworthy(...APPLY)
    await until(restarting)
    await mustWork('kill', sh('kill -9 "$(cut -d " " -f 1 /var/lib/seaworthy/lock)"'))
    await first
    const second = await seaworthy(...APPLY)
    says(second, /ended in the middle, after \d+ deeds?, the last: service docker restart/, 0)
    says(second, /cured/, 0)
    await mustWork('mended, but', lab('works', HOST, FAULT))
    await mustWork('undo', seaworthy('fix', '--undo'))
    await same(before)
    await answers()
  },

  'interrupted-on-a-terminal': async () => {
    const before = await files()
    const typed = await sh(
      `{ for i in $(seq 300); do ${restarting} && break; sleep 0.1; done; printf '\\003'; sleep 40; } 2>/dev/null |
        script -qec "$1 $2 fix --apply --yes --allow disruptive" /dev/null & wait $!`,
      node,
      program,
    )
    says(typed, /interrupted: what was done is taken back/)
    await same(before)
    await answers()
    await mends()
  },

  'two-at-once': async () => {
    const first = seaworthy(...APPLY)
    await until(restarting)
    says(await seaworthy(...APPLY), /another run of seaworthy fix is at work \(process \d+\)/, 2)
    says(await seaworthy('fix', '--undo'), /another run of seaworthy fix is at work \(process \d+\)/, 2)
    says(await first, /cured/, 0)
  },

  'state-read-only': () =>
    untouched(/nothing was touched: \/var\/lib\/seaworthy cannot be written: read-only file system/, {
      begin: `mkdir -p ${STATE} && mount -t tmpfs -o ro state ${STATE}`,
      end: `umount ${STATE}`,
    }),

  'state-full': () =>
    untouched(/nothing was touched: \/var\/lib\/seaworthy cannot be written: no space left/, {
      begin: `mkdir -p ${STATE} && mount -t tmpfs -o size=4k state ${STATE}; ${FILL(STATE)}`,
      end: `umount ${STATE}`,
    }),

  // Room for the lock and the journal, and not for what files held.
  'state-fills-up': () =>
    takenBack('no space left', {
      begin: `mkdir -p ${STATE} && mount -t tmpfs -o size=12k state ${STATE}`,
      end: `umount ${STATE}`,
    }),
}

async function judge(name) {
  await lab('inject', HOST, FAULT)
  await mustWork('injected, but not as it claims', lab('proof', HOST, FAULT))
  await CASES[name]()
}

async function main() {
  const names = asked[0] === 'all' || asked[0] === 'sample' ? Object.keys(CASES) : asked
  const unknown = names.filter((name) => !CASES[name])
  if (unknown.length > 0) throw new Error(`no case '${unknown[0]}' (known: ${Object.keys(CASES).join(', ')})`)
  await mustWork('up', lab('up', HOST))
  let missed = 0
  for (const name of names) {
    const startedAt = Date.now()
    let outcome = 'OK'
    try {
      await judge(name)
    } catch (error) {
      outcome = `MISS ${error.message}`
      missed += 1
    }
    process.stdout.write(`${name.padEnd(34)} ${Math.round((Date.now() - startedAt) / 1000)} s ${outcome}\n`)
    await lab('reset', HOST)
  }
  await lab('down', HOST)
  process.stdout.write(`${names.length - missed} of ${names.length} troubles taken back\n`)
  process.exitCode = missed > 0 ? 1 : 0
}

endAllOnSignal()

main().catch((error) => {
  process.stderr.write(`lab: ${error.message}\n`)
  process.exitCode = 2
})
