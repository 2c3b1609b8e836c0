import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentFile, eventsOf } from '../../../src/fix/apply/journal.ts'
import { sha256 } from '../../../src/fix/apply/path-state.ts'
import { pastRuns, undoRun } from '../../../src/fix/apply/runs.ts'
import { changedSince, standing } from '../../../src/fix/apply/take-back.ts'
import {
  movePath,
  removePath,
  replaceLine,
  runCommand,
  type Step,
  setJson,
  setOwnership,
  trustCertificate,
  writeFile,
} from '../../../src/model/fix.ts'
import { apply, applyUntil, type Bench, bench } from './bench.ts'

const why = async (host: Bench, ...steps: readonly Step[]): Promise<string> => {
  const { result } = await apply(host, ...steps)
  return result.outcome === 'takenBack' ? result.why : ''
}

describe('each step', () => {
  const old = '{\n\t"mtu": 1500,\n\t"dns": ["10.0.0.1"]\n}\n'
  const cases: Readonly<Record<string, (host: Bench) => readonly Step[]>> = {
    'a file, in folders that are not there': ({ at }) => [writeFile(at('a/b/new'), "it's\n", 0o600)],
    'a file that has a mode of its own': ({ at }) => [writeFile(at('script'), '#!/bin/sh\n')],
    'keys of JSON': ({ at }) => [
      setJson(at('settings.json'), ['mtu'], 1400),
      setJson(at('settings.json'), ['dns'], undefined),
    ],
    'a key of a JSON file that is not there': ({ at }) => [setJson(at('x/daemon.json'), ['mtu'], 1400)],
    'a line that is replaced': ({ at }) => [replaceLine(at('lines'), 'two', 'zwei')],
    'a line that is removed': ({ at }) => [replaceLine(at('lines'), 'two', null)],
    'a file that is removed': ({ at }) => [removePath(at('lines'))],
    'an empty folder that is removed': ({ at }) => [removePath(at('empty'))],
    'an empty folder in place of a file': ({ at }) => [writeFile(at('empty'), 'text\n')],
    'a file that is moved': ({ at }) => [movePath(at('lines'), at('new/name'))],
    'a file that is moved over another': ({ at }) => [movePath(at('lines'), at('script'))],
    'a mode': ({ at }) => [setOwnership(at('script'), { mode: 0o600 })],
    'a program that says how it is taken back': ({ at }) => [
      runCommand(['mkdir', at('made')], { unless: ['test', '-d', at('made')], undo: ['rmdir', at('made')] }),
    ],
    'a program that is taken back by what another printed before': ({ at }) => [
      runCommand(['cp', '/dev/null', at('lines')], {
        onlyIf: ['test', '-s', at('lines')],
        undo: ['tee', at('lines')],
        undoReads: ['cat', at('lines')],
      }),
    ],
    'a program that changes a file': ({ at }) => [
      runCommand(['sed', '-i', 's/two/zwei/', at('lines')], {
        onlyIf: ['grep', '-q', 'two', at('lines')],
        changes: [at('lines')],
      }),
    ],
  }
  it.each(Object.keys(cases))('%s: done, left alone the second time, and taken back whole', async (name) => {
    const host = bench()
    writeFileSync(host.at('settings.json'), old)
    writeFileSync(host.at('lines'), 'one\ntwo\nthree\n')
    writeFileSync(host.at('script'), 'echo\n', { mode: 0o755 })
    mkdirSync(host.at('empty'))
    const before = host.contents()
    const steps = cases[name]?.(host) ?? []
    const { run } = await apply(host, ...steps)
    const after = host.contents()
    expect(after).not.toEqual(before)
    expect((await apply(host, ...steps)).run, 'nothing was left to do').toBeNull()
    expect(host.contents()).toEqual(after)
    expect(await undoRun(host.state, '', run ?? '')).toMatchObject({ outcome: 'undone', left: [] })
    expect(host.contents()).toEqual(before)
  })
  it('keeps what else is in a JSON file, and its mode', async () => {
    const host = bench()
    writeFileSync(host.at('d.json'), old, { mode: 0o640 })
    await apply(host, setJson(host.at('d.json'), ['mtu'], 1400))
    expect(readFileSync(host.at('d.json'), 'utf8')).toBe(old.replace('1500', '1400'))
    expect(statSync(host.at('d.json')).mode & 0o777).toBe(0o640)
  })
  it('installs the certificate that lies on the host, if it is one', async () => {
    const host = bench()
    writeFileSync(host.at('no.crt'), 'text')
    expect(await why(host, trustCertificate('reg.example:5000', host.at('no.crt')))).toMatch(
      /holds no certificate/,
    )
  })
})

describe('a step that fails', () => {
  it('takes back all that was done before it, and is named', async () => {
    const host = bench()
    writeFileSync(host.at('lines'), 'one\n')
    const before = host.contents()
    const { run, result } = await apply(
      host,
      replaceLine(host.at('lines'), 'one', 'two'),
      runCommand(['mkdir', host.at('made')], { undo: ['rmdir', host.at('made')] }),
      runCommand(['sh', '-c', 'echo no such luck; exit 3']),
      writeFile(host.at('never'), ''),
    )
    expect(result).toMatchObject({ outcome: 'takenBack', left: [] })
    expect(result).toHaveProperty('why', expect.stringMatching(/exit status 3.*no such luck/s))
    expect(host.contents()).toEqual(before)
    expect((await pastRuns(host.state)).map((one) => [one.run, one.state])).toEqual([[run, 'takenBack']])
  })
  it('says what nothing takes back', async () => {
    const host = bench()
    const { result } = await apply(host, runCommand(['true']), runCommand(['false']))
    expect(result).toMatchObject({ left: ['true: nothing takes this back'] })
  })
  it('is one that the system refuses, in words', async () => {
    const host = bench()
    mkdirSync(host.at('full'))
    writeFileSync(host.at('full/file'), '')
    expect(await why(host, removePath(host.at('full')))).toMatch(/folder that is not empty/)
    expect(await why(host, writeFile(host.at('full'), ''))).toMatch(/is no file/)
    expect(await why(host, setOwnership(host.at('gone'), { mode: 0o600 }))).toMatch(/is not there/)
    expect(await why(host, runCommand(['no-such-program']))).toMatch(/not installed/)
  })
  it('is JSON that is none: it is not edited', async () => {
    const host = bench()
    writeFileSync(host.at('d.json'), '{ "a": 1, }')
    expect(await why(host, setJson(host.at('d.json'), ['mtu'], 1))).toMatch(/is no JSON/)
    expect(readFileSync(host.at('d.json'), 'utf8')).toBe('{ "a": 1, }')
  })
  it('is a daemon.json that the engine would refuse, where the old one is in order', async () => {
    const host = bench()
    const path = host.at('daemon.json')
    writeFileSync(path, '{ "mtu": 1400 }\n')
    expect(await why(host, setJson(path, ['no-such-key'], true))).toMatch(/would be refused, line 1/)
    expect(readFileSync(path, 'utf8')).toBe('{ "mtu": 1400 }\n')
    writeFileSync(path, '{ "mtu": "x", "no-such-key": 1 }\n')
    expect(await why(host, setJson(path, ['mtu'], 1400)), 'better than it was').toBe('')
  })
})

describe('links', () => {
  it('are followed in the folder of the file alone', async () => {
    const host = bench()
    mkdirSync(host.at('conf'))
    writeFileSync(host.at('conf/real'), 'one\n')
    symlinkSync('real', host.at('conf/link'))
    await apply(host, writeFile(host.at('conf/link'), 'two\n'))
    expect(host.contents()).toMatchObject({ 'conf/link': 'link to real', 'conf/real': '644 two\n' })
    symlinkSync('../outside', host.at('conf/away'))
    expect(await why(host, writeFile(host.at('conf/away'), 'x'))).toMatch(
      /symbolic link to \.\.\/outside: it is not followed/,
    )
    expect(existsSync(host.at('outside'))).toBe(false)
  })
  it('that others could have made are not followed on the way, either', async () => {
    const host = bench()
    mkdirSync(host.at('shared'))
    chmodSync(host.at('shared'), 0o777)
    mkdirSync(host.at('secret'))
    symlinkSync('../secret', host.at('shared/way'))
    expect(await why(host, writeFile(host.at('shared/way/file'), 'x'))).toMatch(/others could have made/)
    expect(existsSync(host.at('secret/file'))).toBe(false)
  })
  it('to the folder, made by whoever owns it, lead there', async () => {
    const host = bench()
    mkdirSync(host.at('run'))
    symlinkSync('run', host.at('var'))
    symlinkSync(host.at('run'), host.at('lib'))
    await apply(host, writeFile(host.at('var/file'), 'x'), writeFile(host.at('lib/other'), 'y'))
    expect(host.contents()).toMatchObject({ 'run/file': '644 x', 'run/other': '644 y' })
  })
})

describe('names from a hostile host', () => {
  it('are names, whatever they hold', { timeout: 60_000 }, async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((text) => text.replaceAll('/', '%').replaceAll('\0', '%'))
      .filter((text) => !['.', '..'].includes(text) && Buffer.byteLength(text) < 200)
    const hostile = fc.oneof(name, fc.constantFrom('-rf', '$(id)', '{{ x }}', 'a\nb', "'", '`id`', '~', '*'))
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (path, line) => {
        const host = bench()
        const { run } = await apply(host, writeFile(host.at(path), line))
        expect(host.contents()).toEqual({ [path]: `644 ${Buffer.from(line).toString('latin1')}` })
        await undoRun(host.state, '', run ?? undefined)
        expect(host.contents()).toEqual({})
      }),
      { numRuns: 60 },
    )
  })
})

describe('taking back', () => {
  it('is refused where the target has changed since, and the difference shown; nothing is touched', async () => {
    const host = bench()
    writeFileSync(host.at('lines'), 'one\ntwo\n')
    const { run } = await apply(
      host,
      replaceLine(host.at('lines'), 'two', 'zwei'),
      writeFile(host.at('new'), 'x\n'),
    )
    writeFileSync(host.at('lines'), 'one\nzwei\nthree\n')
    const now = host.contents()
    const undone = await undoRun(host.state, '', undefined)
    expect(undone).toMatchObject({ outcome: 'refused', run })
    const [changed] = undone.outcome === 'refused' ? undone.changed : []
    expect(changed?.what).toBe(host.at('lines'))
    expect(changed?.difference).toMatch(/^\+three$/m)
    expect(host.contents()).toEqual(now)
  })
  it('tells a mode that was changed', async () => {
    const host = bench()
    const { run } = await apply(host, writeFile(host.at('file'), 'x'))
    chmodSync(host.at('file'), 0o600)
    const [changed] = await changedSince(standing(await eventsOf(host.state, run ?? '')), {
      state: host.state,
      run: run ?? '',
      root: '',
    })
    expect(changed?.difference).toMatch(/mode 0644, and is .* mode 0600 now/)
  })
  it('takes the last run that stands; a second time the one before it', async () => {
    const host = bench()
    await apply(host, writeFile(host.at('a'), ''))
    await apply(host, writeFile(host.at('b'), ''))
    await undoRun(host.state, '', undefined)
    expect(Object.keys(host.contents())).toEqual(['a'])
    await undoRun(host.state, '', undefined)
    expect(Object.keys(host.contents())).toEqual([])
    await expect(undoRun(host.state, '', undefined)).rejects.toThrow(/no run .* stands/)
  })
  it('starts what was stopped once all else is as it was', async () => {
    const host = bench()
    const [config, log] = [host.at('config'), host.at('log')]
    const note = (word: string) =>
      ['sh', '-c', 'echo "$1 $(cat "$2")" >>"$3"', 'sh', word, config, log] as const
    writeFileSync(config, 'old')
    const { run } = await apply(
      host,
      writeFile(config, 'new'),
      runCommand(note('stop'), { undo: note('start') }),
      runCommand(note('start'), { undo: note('stop') }),
    )
    const journal = join(host.state, 'runs', run ?? '', 'journal.ndjson')
    const marked = readFileSync(journal, 'utf8').replace(
      /("argv":\["sh","-c",[^\]]*"stop",)/,
      '"undoLast":true,$1',
    )
    writeFileSync(journal, marked)
    await undoRun(host.state, '', undefined)
    expect(readFileSync(log, 'utf8').split('\n')).toEqual([
      'stop new',
      'start new',
      'stop new',
      'start old',
      '',
    ])
  })
  it('does not restart an engine that ran on with a daemon.json that it would refuse', async () => {
    const host = bench()
    const [path, log] = [host.at('daemon.json'), host.at('log')]
    const restart = ['sh', '-c', 'echo restarted >>"$1"', 'sh', log, 'restart', 'docker'] as const
    writeFileSync(path, '{ "debug": true, }\n')
    await apply(host, writeFile(path, '{ "debug": true }\n'), runCommand(restart, { undo: restart }))
    expect(await undoRun(host.state, '', undefined)).toMatchObject({
      left: [expect.stringMatching(/left out, the engine would not start again: .*daemon\.json, line 1: /)],
    })
    expect(readFileSync(path, 'utf8')).toBe('{ "debug": true, }\n')
    expect(readFileSync(log, 'utf8')).toBe('restarted\n')
  })
  it('leaves a folder that others have put something into', async () => {
    const host = bench()
    await apply(host, writeFile(host.at('new/file'), ''))
    writeFileSync(host.at('new/other'), '')
    expect(await undoRun(host.state, '', undefined)).toMatchObject({
      outcome: 'undone',
      left: [expect.stringMatching(/new: others have put something/)],
    })
    expect(Object.keys(host.contents())).toEqual(['new', 'new/other'])
  })
  it('takes the folders back that a program made for its files', async () => {
    const host = bench()
    const [folder, file] = [host.at('new'), host.at('new/file')]
    const made = runCommand(['sh', '-c', 'mkdir "$1" && touch "$2"', 'sh', folder, file], {
      changes: [file, folder],
    })
    await apply(host, made)
    expect(await undoRun(host.state, '', undefined)).toMatchObject({ left: [] })
    expect(host.contents()).toEqual({})
    await apply(host, made)
    writeFileSync(host.at('new/other'), '')
    expect(await undoRun(host.state, '', undefined)).toMatchObject({
      left: [expect.stringMatching(/others have put something/)],
    })
  })
  it('names the runs that there are where the given one is none', async () => {
    const host = bench()
    const { run } = await apply(host, writeFile(host.at('a'), ''))
    await expect(undoRun(host.state, '', 'nonsense')).rejects.toThrow(`got "nonsense" (known: ${run})`)
  })
})

it('is taken back whole when it is interrupted, in the last step as well', async () => {
  const host = bench()
  const before = host.contents()
  const stop = new AbortController()
  const begun = host.at('begun')
  const last = runCommand(['sh', '-c', 'touch "$1" && sleep 0.3', 'sh', begun], { undo: ['rm', begun] })
  const applying = applyUntil(stop.signal, host, writeFile(host.at('file'), 'text'), last)
  await expect.poll(() => existsSync(begun)).toBe(true)
  stop.abort()
  expect((await applying).result).toMatchObject({ outcome: 'takenBack', why: 'interrupted', left: [] })
  expect(host.contents()).toEqual(before)
})

describe('what another program printed beforehand', () => {
  const emptied = (host: Bench, lines: string): Step =>
    runCommand(['cp', '/dev/null', lines], {
      undo: ['tee', lines],
      undoReads: ['sh', '-c', 'echo "# a warning" >&2; cat "$1"', 'sh', host.at('lines')],
    })
  it('is kept without what the program warned of', async () => {
    const host = bench()
    writeFileSync(host.at('lines'), 'one\n')
    await apply(host, emptied(host, host.at('lines')))
    await undoRun(host.state, '', undefined)
    expect(readFileSync(host.at('lines'), 'utf8')).toBe('one\n')
  })
  it('may be nothing', async () => {
    const host = bench()
    writeFileSync(host.at('lines'), '')
    await apply(host, emptied(host, host.at('lines')))
    expect(await undoRun(host.state, '', undefined)).toMatchObject({ outcome: 'undone', left: [] })
    expect(readFileSync(host.at('lines'), 'utf8').trim()).toBe('')
  })
  it('cannot be had: nothing is done', async () => {
    const host = bench()
    writeFileSync(host.at('lines'), 'one\n')
    const step = runCommand(['cp', '/dev/null', host.at('lines')], { undo: ['true'], undoReads: ['false'] })
    expect(await why(host, step)).toMatch(/what would take it back cannot be kept/)
    expect(readFileSync(host.at('lines'), 'utf8')).toBe('one\n')
  })
  it('is gone: that is said, the program does not run, and the rest is put back', async () => {
    const host = bench()
    writeFileSync(host.at('lines'), 'one\n')
    writeFileSync(host.at('other'), 'two\n')
    const { run } = await apply(
      host,
      runCommand(['sed', '-i', 's/two/zwei/', host.at('other')], {
        undo: ['tee', host.at('lines')],
        undoReads: ['echo', 'kept'],
        changes: [host.at('other')],
      }),
    )
    rmSync(contentFile(host.state, run ?? '', sha256(Buffer.from('kept\n'))))
    expect(await undoRun(host.state, '', undefined)).toMatchObject({
      left: [expect.stringMatching(/^tee .*: what the run kept for this is gone$/)],
    })
    expect(readFileSync(host.at('lines'), 'utf8')).toBe('one\n')
    expect(readFileSync(host.at('other'), 'utf8')).toBe('two\n')
  })
})

it('takes back by its name what could not be taken back the first time', async () => {
  const host = bench()
  writeFileSync(host.at('lines'), 'one\n')
  const { run } = await apply(host, writeFile(host.at('lines'), 'two\n'))
  const kept = contentFile(host.state, run ?? '', sha256(Buffer.from('one\n')))
  renameSync(kept, `${kept}.away`)
  expect(await undoRun(host.state, '', undefined)).toMatchObject({
    left: [expect.stringMatching(/lines: what the run kept for this is gone/)],
  })
  renameSync(`${kept}.away`, kept)
  expect(await undoRun(host.state, '', run ?? '')).toMatchObject({ outcome: 'undone', left: [] })
  expect(readFileSync(host.at('lines'), 'utf8')).toBe('one\n')
  await expect(undoRun(host.state, '', run ?? '')).rejects.toThrow(/is taken back already/)
})

/** A run that ended after its last line but so many, or in the middle of a line. */
function cutOff(host: Bench, run: string | null, lines: number, torn = ''): void {
  const journal = join(host.state, 'runs', run ?? '', 'journal.ndjson')
  const whole = readFileSync(journal, 'utf8').split('\n').filter(Boolean)
  writeFileSync(journal, `${whole.slice(0, -lines).join('\n')}\n${torn}`)
}

describe('a run that was cut off', () => {
  it('between a program and its note is taken back by what was printed beforehand', async () => {
    const host = bench()
    writeFileSync(host.at('lines'), 'one\n')
    const before = host.contents()
    const { run } = await apply(
      host,
      runCommand(['cp', '/dev/null', host.at('lines')], {
        undo: ['tee', host.at('lines')],
        undoReads: ['cat', host.at('lines')],
      }),
    )
    cutOff(host, run, 2)
    expect(await undoRun(host.state, '', undefined)).toMatchObject({ outcome: 'undone', left: [] })
    expect(host.contents()).toEqual(before)
  })
  it('says of what nothing takes back', async () => {
    const host = bench()
    const { run } = await apply(host, runCommand(['true']))
    cutOff(host, run, 2)
    expect(await undoRun(host.state, '', undefined)).toMatchObject({
      left: ['true: it was cut off, and nothing takes back what it had done by then'],
    })
  })
  it('in the middle of a line is read, taken back, and read again', async () => {
    const host = bench()
    const { run } = await apply(host, writeFile(host.at('new'), 'text\n'))
    cutOff(host, run, 1, '{"event":"deed","n":2,"de')
    expect(await undoRun(host.state, '', undefined)).toMatchObject({ outcome: 'undone', left: [] })
    expect(existsSync(host.at('new'))).toBe(false)
    expect(await pastRuns(host.state)).toMatchObject([{ run, state: 'takenBack' }])
  })
  it('with damage in its middle: it is said which run to move away', async () => {
    const host = bench()
    const { run } = await apply(host, writeFile(host.at('new'), 'text\n'))
    const folder = join(host.state, 'runs', run ?? '')
    const journal = join(folder, 'journal.ndjson')
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"deed"', '"de\0d"'))
    await expect(pastRuns(host.state)).rejects.toThrow(
      `${journal}: line 2 is damaged, so nobody knows what that run did; to go on without it, move ${folder} elsewhere`,
    )
  })
  it('before what runs was told to follow its files: they are told the next time', async () => {
    const host = bench()
    const told = ['sh', '-c', 'cat "$1" >>"$2"', 'sh', host.at('config'), host.at('told')] as const
    writeFileSync(host.at('config'), 'old\n')
    const { run } = await apply(host, writeFile(host.at('config'), 'new\n'), runCommand(told, { undo: told }))
    await undoRun(host.state, '', undefined)
    expect(readFileSync(host.at('told'), 'utf8')).toBe('new\nold\n')
    // Its last lines: that it is told, and the end.
    cutOff(host, run, 2)
    await undoRun(host.state, '', undefined)
    expect(readFileSync(host.at('told'), 'utf8')).toBe('new\nold\nold\n')
  })
})
