import { describe, expect, it } from 'vitest'
import { type HostContext, lintDaemonJson } from '../../src/daemon-json/index.ts'
import { localHost } from '../../src/daemon-json/local-host.ts'
import { BYTES } from './byte-facts.ts'
import { findEngine, tryAll } from './engine.ts'
import { REFUSED_BY_20_10, STARTED, STARTS_ON_20_10, VALIDATED } from './engine-facts.ts'

const engine = findEngine()
const missing = 'missing' in engine ? engine.missing : undefined
const version = 'version' in engine ? engine.version : ''
const title = missing === undefined ? `dockerd ${version}` : `dockerd (skipped: ${missing})`

/** The engine is tried in namespaces without systemd and without interfaces other than its own. */
const host: HostContext = {
  ...localHost(),
  cgroupDriver: 'cgroupfs',
  filesystemOf: () => localHost().filesystemOf?.('/var/tmp'),
  flags: { 'config-file': 'daemon.json' },
  interfaceKind: (name) => (name === 'docker0' ? 'bridge' : 'absent'),
  socketActivated: false,
}

/** These keep the engine busy for longer than the test can wait, whatever comes of it. */
const SLOW = /"etwlogs"|"nope", ?"log-opts"|"2375"|0\.0\.0\.0:2375/

const texts = [...[...STARTED, ...VALIDATED].map(([file]) => file), ...STARTS_ON_20_10, ...REFUSED_BY_20_10]
const files: readonly Uint8Array[] = [
  ...texts.filter((file) => !SLOW.test(file)).map((file) => new TextEncoder().encode(file)),
  ...BYTES.map(({ bytes }) => bytes),
]

describe.skipIf(missing !== undefined)(title, () => {
  it(`agrees about ${files.length} files`, { timeout: 240_000 }, async () => {
    const verdicts = await tryAll(files, 6)
    const disagreements = files.flatMap((file, index) => {
      const { accepted, problems } = lintDaemonJson(file, { engineVersion: version, host })
      const verdict = verdicts[index]
      if (verdict === (accepted ? 'starts' : 'refused')) return []
      const reasons = problems.filter(({ level }) => level === 'fail').map(({ finding }) => finding)
      return [
        {
          file: new TextDecoder().decode(file),
          engine: verdict,
          lint: accepted ? 'accepted' : reasons.join(', '),
        },
      ]
    })
    expect(disagreements).toEqual([])
  })
})
