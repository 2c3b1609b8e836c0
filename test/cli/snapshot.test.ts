import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, type Program } from './program.ts'

let program: Program
const at = (name: string): string => join(program.folder, name)
beforeAll(async () => {
  program = await buildProgram()
}, 60_000)
afterAll(() => program.remove())

describe('snapshot', () => {
  it('records this host, and check judges the recording', async () => {
    const recorded = await program.run(['snapshot', '-o', at('host.json'), '--offline'])
    expect(recorded).toMatchObject({ code: 0, stdout: '' })
    expect(recorded.stderr).toMatch(/^seaworthy: recorded \d+ readings in /)
    expect(statSync(at('host.json')).mode & 0o777).toBe(0o600)
    const judged = await program.run(['--snapshot', at('host.json'), '--format', 'json', '--offline'])
    expect([0, 1, 3]).toContain(judged.code)
    expect(JSON.parse(judged.stdout)).toMatchObject({ host: { reached: 'snapshot' } })
  })

  it('writes compressed by name, and to the standard output', async () => {
    await program.run(['snapshot', '--output', at('host.json.gz'), '--offline'])
    const zipped: unknown = JSON.parse(gunzipSync(readFileSync(at('host.json.gz'))).toString())
    const { stdout } = await program.run(['snapshot', '-o', '-', '--offline'])
    for (const snapshot of [zipped, JSON.parse(stdout)]) {
      expect(snapshot).toMatchObject({
        seaworthySnapshot: 1,
        tool: expect.stringMatching(/^seaworthy \d/),
        recordedAt: expect.stringMatching(/^20.*Z$/),
        readings: { '/proc/sys/kernel/hostname': expect.any(String) },
      })
    }
  })

  it('lists what it would read and for whom, a line each, and reads nothing', async () => {
    const { code, stdout } = await program.run(['snapshot', '--list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\/proc\/sys\/net\/ipv4\/ip_forward +.*network\/ip-forward/m)
    expect(stdout).toMatch(/^\(each \*\.conf file of the sysctl\.d folders\) +.*network\/ip-forward/m)
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^\S.* {2}\S/)
    const json = JSON.parse((await program.run(['snapshot', '--list', '--format', 'json'])).stdout)
    expect(json.sources).toContainEqual(
      expect.objectContaining({ source: '/proc/sys/net/ipv4/ip_forward', kind: 'file' }),
    )
    const offline = JSON.parse(
      (await program.run(['snapshot', '--list', '--format', 'json', '--offline'])).stdout,
    )
    expect(offline.sources.some(({ kind }: { kind: string }) => kind === 'probe')).toBe(false)
  })

  it('refuses what it cannot do, in one line', async () => {
    symlinkSync('victim', at('link.json'))
    const refused = [
      [['snapshot'], 'snapshot needs --output FILE'],
      [['snapshot', '--list', '-o', 'x'], '--list reads nothing'],
      [['snapshot', '-o', 'x', '--format', 'json'], '--format goes with --list'],
      [['snapshot', '-o', at('link.json'), '--offline'], 'it is a symbolic link'],
      [['snapshot', '-o', at('none/x.json'), '--offline'], 'its folder does not exist'],
      [['--snapshot', at('none.json')], 'does not exist'],
      [['--root', at('none')], 'does not exist'],
      [['--root', '/', '--snapshot', 'x'], 'cannot be used together'],
    ] as const
    for (const [args, says] of refused) {
      const { code, stdout, stderr } = await program.run(args)
      expect({ code, stdout, lines: stderr.trim().split('\n').length }, stderr).toEqual({
        code: 2,
        stdout: '',
        lines: 1,
      })
      expect(stderr).toContain(says)
    }
    expect(existsSync(at('victim'))).toBe(false)
    writeFileSync(at('broken.json'), '{"seaworthySnapshot": 1, "readings": {"/etc/x": 7}}')
    expect((await program.run(['--snapshot', at('broken.json')])).stderr).toContain(
      'line 1 column 49: readings["/etc/x"] must be a text',
    )
  })

  it('leaves nothing behind when it is interrupted', async () => {
    const child = spawn(process.execPath, [program.path, 'snapshot', '-o', at('partial.json'), '--offline'], {
      stdio: 'ignore',
    })
    setTimeout(() => child.kill('SIGINT'), 90)
    const code = await new Promise((resolve) =>
      child.on('close', (status, signal) => resolve(status ?? signal)),
    )
    // Before it listens, or after it has ended, the signal means nothing to it.
    expect([0, 130, 'SIGINT']).toContain(code)
    expect(existsSync(at('partial.json'))).toBe(code === 0)
  })
})
