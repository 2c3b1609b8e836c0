import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../src/engine/catalogue.ts'
import { planOf } from '../../src/engine/plan.ts'
import { Reader } from '../../src/engine/reader.ts'
import { run } from '../../src/engine/run.ts'
import type { Host } from '../../src/hosts/host.ts'
import { liveHost } from '../../src/hosts/live.ts'
import { openHost } from '../../src/hosts/open.ts'
import { record } from '../../src/hosts/recorder.ts'
import { kindOf, snapshotText } from '../../src/hosts/snapshot/format.ts'
import { loadSnapshot } from '../../src/hosts/snapshot/load.ts'
import { saveSnapshot } from '../../src/hosts/snapshot/save.ts'
import { snapshotHost } from '../../src/hosts/snapshot.ts'
import { PROFILES } from '../../src/model/check.ts'
import { InputError, UsageError } from '../../src/model/errors.ts'
import type { Reading } from '../../src/model/reading.ts'
import {
  binaryFile,
  clock,
  command,
  directory,
  environment,
  file,
  identity,
  inventory,
  probe,
  type Source,
  sourceKey,
  stat,
  statfs,
  unixHttp,
} from '../../src/model/source.ts'
import { conformance, conformanceSources } from './conformance.ts'

const never = new AbortController().signal
const ABOUT = { tool: 'seaworthy 0.0.0-dev', recordedAt: '2026-01-02T03:04:05.000Z' }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapshot-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const written = (content: string | Buffer): string => {
  const path = join(folder, `s-${Math.random()}.json`)
  writeFileSync(path, content)
  return path
}
const withReadings = (readings: string): string =>
  written(`{"seaworthySnapshot": 1, "readings": ${readings}}`)
const hostWith = async (readings: object) =>
  snapshotHost(await loadSnapshot(withReadings(JSON.stringify(readings))))

describe('a recording of the suite', () => {
  conformance(async ({ folder: fixture }) => {
    const at = (name: string): string => join(fixture, name)
    const reader = new Reader(liveHost, { signal: never, atOnce: 8, offline: true })
    await Promise.all(conformanceSources(at).map((source) => reader.read(source)))
    const path = written(snapshotText(reader.ended, ABOUT))
    return { host: snapshotHost(await loadSnapshot(path)), at }
  })
})

it('replays every kind of source and state as it was', async () => {
  const sources: Source[] = [
    file('/etc/hosts'),
    binaryFile('/etc/hosts'),
    directory('/etc/ssl'),
    stat('/'),
    statfs('/'),
    command(['echo', 'a b', '"']),
    command(['false']),
    command(['sleep', '9'], { timeoutMs: 50 }),
    unixHttp('/nowhere.sock', '/info'),
    probe('tcp://127.0.0.1:1'),
    probe('ftp://x'),
    identity,
    environment('PATH'),
    environment('NO_SUCH_VARIABLE'),
    inventory('mem'),
    clock,
  ]
  const reader = new Reader(liveHost, { signal: never, atOnce: 8, offline: false })
  const before = await Promise.all(sources.map((source) => reader.read(source)))
  const host = snapshotHost(await loadSnapshot(written(snapshotText(reader.ended, ABOUT))))
  const after = await Promise.all(sources.map((source) => host.read(source, never)))
  const plain = (reading: Reading): object => ({ ...reading, durationMs: 0 })
  expect(after.map(plain)).toEqual(before.map(plain))
  for (const source of sources) expect(kindOf(sourceKey(source)), sourceKey(source)).toBe(source.kind)
})

const RUN = {
  checks: catalogue,
  offline: true,
  timeoutS: 60,
  version: '0',
  settings: { profile: 'docker' },
} as const

it('replays this machine with the same results', { timeout: 60_000 }, async () => {
  const kept = new Map<string, Reading>()
  const taped: Host = {
    kind: 'live',
    read: async <S extends Source>(source: S, signal: AbortSignal) => {
      const reading = await liveHost.read(source, signal)
      kept.set(sourceKey(source), reading)
      return reading
    },
  }
  const live = await run(taped, RUN)
  const again = await run(snapshotHost(await loadSnapshot(written(snapshotText(kept, ABOUT)))), RUN)
  const lasting = ({ results, host, startedAt: _, durationMs: __, ...rest }: typeof live) => ({
    ...rest,
    host: { ...host, reached: '' },
    results: results.map((result) => ({ ...result, durationMs: 0 })),
  })
  expect(lasting(again)).toEqual(lasting(live))
})

it('records all that a run asks for', { timeout: 60_000 }, async () => {
  const readings = await record(liveHost, RUN)
  const replayed = snapshotHost(await loadSnapshot(written(snapshotText(readings, ABOUT))))
  const lacking: string[] = []
  const watched: Host = {
    kind: 'snapshot',
    read: async <S extends Source>(source: S, signal: AbortSignal) => {
      const reading = await replayed.read(source, signal)
      if (!readings.has(sourceKey(source))) lacking.push(sourceKey(source))
      return reading
    },
  }
  await Promise.all(PROFILES.map((profile) => run(watched, { ...RUN, settings: { profile } })))
  expect(lacking).toEqual([])
})

it('lists every source that is recorded, unless another one tells which', { timeout: 60_000 }, async () => {
  const plan = await planOf(catalogue)
  const planned = new Set(plan.sources.map(({ source }) => source))
  const readings = await record(liveHost, { checks: catalogue, offline: true, timeoutS: 30 })
  const unplanned = [...readings.keys()].filter((key) => !planned.has(key))
  if (plan.later.length === 0) expect(unplanned).toEqual([])
  for (const { wantedBy } of [...plan.sources, ...plan.later]) expect(wantedBy.length).toBeGreaterThan(0)
  expect(planned).toContain('/proc/sys/kernel/hostname')
})

describe('short forms', () => {
  it('stand for readings', async () => {
    const host = await hostWith({
      '/etc/hosts': 'text',
      '/etc/none': null,
      '$ ip -j addr': '[]',
      '/etc/': ['a', 'b/'],
      '/etc/secret': { state: 'denied' },
      '/etc/docker/**': null,
    })
    expect(await host.read(file('/etc/hosts'), never)).toMatchObject({ state: 'ok', value: 'text' })
    expect(await host.read(file('/etc/none'), never)).toMatchObject({ state: 'absent' })
    expect(await host.read(command(['ip', '-j', 'addr']), never)).toMatchObject({
      value: { stdout: '[]', stderr: '', exit: 0 },
    })
    expect(await host.read(directory('/etc'), never)).toMatchObject({ value: ['a', 'b/'] })
    expect(await host.read(file('/etc/secret'), never)).toMatchObject({ state: 'denied' })
    expect(await host.read(stat('/etc/docker/x'), never)).toMatchObject({ state: 'absent' })
    expect(await host.read(file('/etc/other'), never)).toMatchObject({ state: 'notRecorded' })
  })

  it('that a wildcard gives for another kind are failed readings', async () => {
    const host = await hostWith({ '/etc/**': 'text', '/usr/**': { state: 'bogus' }, '/var/**': 7 })
    expect(await host.read(file('/etc/x'), never)).toMatchObject({ state: 'ok', value: 'text' })
    for (const source of [stat('/etc/x'), directory('/etc/x'), file('/usr/x'), file('/var/x')]) {
      expect(await host.read(source, never)).toMatchObject({ state: 'failed' })
    }
  })

  it('show no login, though written by hand', async () => {
    const host = await hostWith({ '/etc/x': 'http://bob:hunter2@proxy' })
    expect(await host.read(file('/etc/x'), never)).toMatchObject({ value: 'http://***@proxy' })
  })
})

describe('what is no snapshot', () => {
  const refusal = async (path: string): Promise<string> => {
    const error: unknown = await loadSnapshot(path).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    const { message } = error as InputError
    expect(message).not.toMatch(/[\p{Cc}]/u)
    return message.replace(/^\S+: /, '')
  }
  const head = '{"seaworthySnapshot": 1, "readings": '

  const cases: Record<string, [string | Buffer, string | RegExp]> = {
    'an empty file': ['', 'is empty'],
    blanks: [' \n', 'is empty'],
    binary: [Buffer.from([127, 69, 76, 70, 0, 1]), 'is binary, not a snapshot'],
    'a list': ['[]', 'is not a snapshot'],
    'a number': ['7', 'is not a snapshot'],
    null: ['null', 'is not a snapshot'],
    'other JSON': ['{"a": 1}', 'is not a snapshot'],
    'a report': ['{"schemaVersion": 1, "verdict": "ready"}', 'is not a snapshot but a report'],
    'a newer format': [
      '{"seaworthySnapshot": 2}',
      'is of format 2, written by a newer seaworthy; this one reads format 1',
    ],
    'a format in words': ['{"seaworthySnapshot": "1"}', /^line 1 column 23: seaworthySnapshot must be 1$/],
    'no readings': ['{"seaworthySnapshot": 1}', 'readings must be an object'],
    'a list of readings': [`${head}[]}`, 'line 1 column 38: readings must be an object'],
    'broken JSON': [
      '{\n  "seaworthySnapshot": 1,\n  "readings": {"/a": }\n}',
      'line 3 column 22: is not JSON: value expected',
    ],
    'JSON that ends early': ['{"seaworthySnapshot": 1', /^line 1 column 24: is not JSON/],
    'a comment': ['// x\n{"seaworthySnapshot": 1}', /^line 1 column 1: is not JSON/],
    'a file that is a number': [
      `${head}{\n "/etc/x": 7}}`,
      'line 2 column 12: readings["/etc/x"] must be a text',
    ],
    'a state that does not exist': [
      `${head}{"/etc/x": {"state": "fine"}}}`,
      /readings\["\/etc\/x"\]\.state must be absent, denied, timeout, failed, notRecorded$/,
    ],
    'a payload that does not fit': [
      `${head}{"/etc/x": {"state": "ok", "value": []}}}`,
      'line 1 column 74: readings["/etc/x"].value must be a text',
    ],
    'a command without exit': [
      `${head}{"$ x": {"stdout": "", "stderr": ""}}}`,
      'readings["$ x"].exit must be a number',
    ],
    'a stat with a wrong type': [
      `${head}{"stat /": {"type": "robot"}}}`,
      /readings\["stat \/"\]\.type must be file, /,
    ],
    'a key that a terminal would obey': [
      `${head}{"/\\u001b[2J\\u202e": 7}}`,
      /readings\["\/\\u001b\[2J\\u\{202e\}"\] must/,
    ],
    'a truncated gzip': [gzipSync('{"seaworthySnapshot": 1}').subarray(0, 20), 'is cut short (gzip)'],
    'a damaged gzip': [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255]), 'is damaged (gzip)'],
    'too much unzipped': [gzipSync(Buffer.alloc(257 * 1024 * 1024)), 'unzips to more than 256 MiB'],
    'deep nesting': [`${head}{"/x": ${'['.repeat(200_000)}`, /is not JSON/],
    'deep nesting that is JSON': [
      `${head}{"/x": ${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
      /must be a text/,
    ],
  }
  for (const [name, [content, says]] of Object.entries(cases)) {
    it(`${name}: one line`, async () => {
      const message = await refusal(written(content))
      if (typeof says === 'string') expect(message.endsWith(says), message).toBe(true)
      else expect(message).toMatch(says)
    })
  }

  it('a folder, a missing file, an endless one, a forbidden one', async () => {
    expect(await refusal(folder)).toBe('is a directory, not a snapshot')
    expect(await refusal(join(folder, 'none'))).toBe('does not exist')
    expect(await refusal('/dev/zero')).toBe('is larger than 64 MiB')
    if (process.getuid?.() === 0) return
    const path = written('{}')
    chmodSync(path, 0)
    expect(await refusal(path)).toBe('permission denied')
  })

  it('does not reach prototypes', async () => {
    const host = snapshotHost(
      await loadSnapshot(
        withReadings(
          '{"__proto__": {"/etc/x": "polluted"}, "constructor": "x", "GET unix:///s /": {"status": 200, "headers": {"__proto__": "x"}, "body": ""}, "inventory mem": {"__proto__": {"polluted": 1}}, "/**": {"__proto__": {"state": "ok", "value": "polluted"}}}',
        ),
      ),
    )
    expect(await host.read(file('/etc/x'), never)).toMatchObject({ state: 'failed' })
    const memory = await host.read(inventory('mem'), never)
    expect(memory.state === 'ok' && memory.value.polluted).toBe(undefined)
    expect(await host.read(unixHttp('/s', '/'), never)).toMatchObject({ state: 'ok' })
    expect(({} as Record<string, unknown>).polluted).toBe(undefined)
  })

  it('is read compressed, with a byte order mark, and with kinds of a later version', async () => {
    const text = `\uFEFF{"seaworthySnapshot": 1, "more": 1, "readings": {"/x": "y", "telepathy a": 7}}`
    for (const content of [text, gzipSync(text)]) {
      const host = snapshotHost(await loadSnapshot(written(content)))
      expect(await host.read(file('/x'), never)).toMatchObject({ value: 'y' })
    }
  })
})

describe('saving', () => {
  it('writes whole, for the owner alone, compressed by name', async () => {
    const plain = join(folder, 'plain.json')
    await saveSnapshot(plain, 'one')
    await saveSnapshot(plain, 'two')
    expect(readFileSync(plain, 'utf8')).toBe('two')
    expect(statSync(plain).mode & 0o777).toBe(0o600)
    const zipped = join(folder, 'zipped.json.gz')
    await saveSnapshot(zipped, 'three')
    expect(readFileSync(zipped).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('follows no link and replaces nothing but files', async () => {
    const link = join(folder, 'link.json')
    symlinkSync(join(folder, 'victim'), link)
    await expect(saveSnapshot(link, 'x')).rejects.toThrow(
      new InputError(`cannot write ${link}: it is a symbolic link`),
    )
    expect(existsSync(join(folder, 'victim'))).toBe(false)
    const fifo = join(folder, 'fifo')
    execFileSync('mkfifo', [fifo])
    await expect(saveSnapshot(fifo, 'x')).rejects.toThrow('it is not a file')
    await expect(saveSnapshot(folder, 'x')).rejects.toThrow('it is a directory')
    await expect(saveSnapshot(join(folder, 'none/x'), 'x')).rejects.toThrow('its folder does not exist')
  })
})

it('opens what the command line names', async () => {
  await expect(openHost({ snapshot: 'a', root: 'b' })).rejects.toBeInstanceOf(UsageError)
  expect((await openHost({})).kind).toBe('live')
  expect((await openHost({ root: folder })).kind).toBe('root')
  expect((await openHost({ snapshot: withReadings('{}') })).kind).toBe('snapshot')
})
