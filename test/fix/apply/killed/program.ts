/** usage: program.mjs apply|undo HOST STATE WRITE: kills itself at the WRITEth time that something is brought to the disk. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { applyPlan } from '../../../../src/fix/apply/apply.ts'
import { undoRun } from '../../../../src/fix/apply/runs.ts'
import { planOf } from '../../../../src/fix/plan.ts'
import {
  fix,
  movePath,
  removePath,
  replaceLine,
  runCommand,
  setJson,
  writeFile,
} from '../../../../src/model/fix.ts'

const [task, host = '', state = '', deadly = '0'] = process.argv.slice(2)

const handle = await open('/dev/null')
const prototype = Object.getPrototypeOf(handle) as { sync(): Promise<void> }
await handle.close()
const { sync } = prototype
let writes = 0
prototype.sync = async function (this: typeof prototype): Promise<void> {
  await sync.call(this)
  writes += 1
  if (writes === Number(deadly)) process.kill(process.pid, 'SIGKILL')
}

const at = (name: string): string => join(host, name)
const cure = fix(
  'Mend',
  setJson(at('daemon.json'), ['mtu'], 1400),
  replaceLine(at('lines'), 'two', 'zwei'),
  writeFile(at('a/b/new'), 'text\n'),
  runCommand(['mkdir', at('made')], { undo: ['rmdir', at('made')] }),
  runCommand(['sed', '-i', 's/one/eins/', at('lines')], { changes: [at('lines')] }),
  movePath(at('lines'), at('moved')),
  removePath(at('daemon.json')),
)

if (task === 'undo') await undoRun(state, '', undefined)
else {
  await applyPlan(planOf([{ finding: 'test/test#broken', level: 'fail', message: 'broken', fix: cure }]), {
    state,
    root: '',
    version: '0',
    signal: new AbortController().signal,
    onStep: () => undefined,
  })
}
