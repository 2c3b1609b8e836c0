/** `seaworthy diagnose`, as a shell sees it. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts'
import { buildProgram, type Program } from './program.ts'

let program: Program
beforeAll(async () => {
  program = await buildProgram()
}, 60_000)
afterAll(() => program.remove())

const LIKELY = 'WARNING: IPv4 forwarding is disabled. Networking will not work.'
const POSSIBLE =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'
const diagnose = (args: readonly string[], input: string | Uint8Array = '') =>
  program.run(['diagnose', '--no-host', ...args], { input })

describe('exit status', () => {
  it('0: a cause is likely', async () => expect((await diagnose([LIKELY])).code).toBe(0))
  it('1: causes are only possible', async () => expect((await diagnose([POSSIBLE])).code).toBe(1))
  it('3: nothing is known, and it says what to collect', async () => {
    const { code, stdout } = await diagnose(['lorem ipsum'])
    expect(stdout).toContain('journalctl -u docker')
    expect(code).toBe(3)
  })
  it('2: there is no text', async () => {
    const { code, stderr } = await diagnose([])
    expect(stderr).toBe('seaworthy: the standard input is empty: diagnose needs an error message\n')
    expect(code).toBe(2)
  })
  it('2: --no-host goes with nothing that needs a host', async () => {
    const { code, stderr } = await diagnose(['--container', 'web', LIKELY])
    expect(stderr).toContain('leave out --container')
    expect(code).toBe(2)
  })
  it('2: more than is read', async () => {
    const { code, stderr } = await diagnose(['-'], 'x'.repeat(16 * 1024 * 1024 + 1))
    expect(stderr).toBe('seaworthy: standard input: longer than 16 MiB; give its end: tail -n 5000\n')
    expect(code).toBe(2)
  })
  it('2: - and words, of which only one can be the text', async () => {
    const { code, stderr } = await diagnose(['-', 'foo'], LIKELY)
    expect(stderr).toBe('seaworthy: - stands for the standard input: leave it out, or the words beside it\n')
    expect(code).toBe(2)
  })
  it.each([
    ['a program', () => readFile(process.execPath).then((bytes) => bytes.subarray(0, 1_000_000))],
    ['a packed log', async () => gzipSync(randomBytes(300_000))],
  ])('2: %s, which is no text', async (_, bytes) => {
    const { code, stdout, stderr } = await diagnose([], await bytes())
    expect(stderr).toBe(
      'seaworthy: the standard input is no text: diagnose reads messages and logs, unpacked\n',
    )
    expect([code, stdout]).toEqual([2, ''])
  })
})

describe('the text comes from', () => {
  it('words that begin with a dash', async () => {
    const text = '-bash: docker: command not found'
    const named = await diagnose([], text)
    expect(named.stdout).toContain('engine/installed')
    expect((await diagnose([text])).stdout).toBe(named.stdout)
    expect((await diagnose(['--', text])).stdout).toBe(named.stdout)
  })
  it('the stream of an engine’s logs, with its control characters', async () => {
    const frame = Buffer.from([1, 0, 0, 0, 0, 0, 0, LIKELY.length])
    expect((await diagnose([], Buffer.concat([frame, Buffer.from(LIKELY)]))).code).toBe(0)
  })
  it('words, with or without quotation marks', async () => {
    const words = LIKELY.split(' ')
    expect((await diagnose(words)).stdout).toBe((await diagnose([LIKELY])).stdout)
  })
  it('a file as Windows saves it, in UTF-16', async () => {
    const saved = Buffer.from(`\ufeff${LIKELY}`, 'utf16le')
    expect((await diagnose(['-'], saved)).stdout).toBe((await diagnose([LIKELY])).stdout)
  })
  it('a Chinese system that writes GBK', async () => {
    // 端口 8080 已被占用, as `iconv -t GBK` writes it.
    const gbk = Buffer.from('b6cbbfda203830383020d2d1b1bbd5bcd3c30a', 'hex')
    expect((await diagnose(['-'], gbk)).stdout).toBe((await diagnose(['端口 8080 已被占用'])).stdout)
  })
  it('a journal in Latin-1, whose accents are no Chinese', async () => {
    const french = Buffer.from(
      'D\xe9marrage \xe9chou\xe9e : IPv4 forwarding is disabled, refus\xe9e\n',
      'latin1',
    )
    const { symptoms } = JSON.parse(
      (await diagnose(['--no-host', '--format', 'json', '-'], french)).stdout,
    ) as Diagnosis
    expect(symptoms[0]?.text).toContain('marrage \uFFFDchou\uFFFDe')
  })
  it('a journal with a damaged byte, which is neither', async () => {
    const damaged = Buffer.concat([
      Buffer.from(`${LIKELY} caf`),
      Buffer.from([0xe9, 0x20, 0xff]),
      Buffer.from('\n'),
    ])
    expect((await diagnose(['-'], damaged)).stdout).toContain('network/ip-forward')
  })
  it('the standard input, named or not', async () => {
    const named = await diagnose(['-'], LIKELY)
    expect(named.stdout).toContain('network/ip-forward')
    expect((await diagnose([], LIKELY)).stdout).toBe(named.stdout)
  })
})

it('prints JSON', async () => {
  const { symptoms, causes, ruledOut } = JSON.parse(
    (await diagnose(['--format', 'json', LIKELY])).stdout,
  ) as Diagnosis
  expect(symptoms[0]?.text).toContain('IPv4 forwarding is disabled')
  expect(causes[0]).toMatchObject({ check: 'network/ip-forward', confidence: 'likely' })
  expect(ruledOut).toEqual([])
})

it('hands nothing of the text to the terminal as something to obey', async () => {
  const { stdout } = await diagnose([`${LIKELY} \u001b]0;owned\u0007 \u202e`])
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
})
