/** The built program, as a shell sees it. */
import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/model/report.ts'
import { buildProgram, type Ended, type Program } from './program.ts'

let program: Program
beforeAll(async () => {
  program = await buildProgram()
}, 60_000)
afterAll(() => program.remove())

const seaworthy = (...args: string[]): Promise<Ended> => program.run(args)
const report = ({ stdout }: Ended): Report => JSON.parse(stdout) as Report

/** A mounted file system whose files are these: a host that is judged the same wherever the tests run. */
async function rootOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(program.folder, `root-${Math.random().toString(36).slice(2)}`)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

const oldKernel = () =>
  rootOf({ '/proc/sys/kernel/osrelease': '2.6.32-5-amd64\n', '/etc/os-release': 'ID=debian\n' })
const KERNEL = ['kernel/version', '--offline']

describe('exit status', () => {
  it('1: not ready', async () => {
    const { code, stdout } = await seaworthy(...KERNEL, '--root', await oldKernel())
    expect(stdout).toContain('✖ not ready: 1 cause')
    expect(code).toBe(1)
  })
  it('3: undetermined', async () => {
    const { code, stdout } = await seaworthy(...KERNEL, '--root', await rootOf({ '/etc/os-release': '' }))
    expect(stdout).toContain('? undetermined')
    expect(code).toBe(3)
  })
  it.each([
    [['network/ip-foward'], 'unknown check "network/ip-foward"; did you mean network/ip-forward?'],
    [['lst'], 'unknown check, area or command "lst"; did you mean list?'],
    [['--timout', '3'], 'unknown option "--timout"; did you mean --timeout?'],
    [['list', '--fromat=json'], 'unknown option "--fromat"; did you mean --format?'],
    [['--format', 'xml'], 'unknown format "xml"; known: checklist, json, ndjson'],
    [
      ['--profile', 'podman'],
      'unknown profile "podman"; known: docker, rootless, swarm, hardening, check-config',
    ],
    [['--user', ''], '--user needs a value'],
    [['--only'], '--only needs a value'],
    [['--timeout', 'soon'], /^--timeout expects seconds.*"soon"/],
    [['--output', '/does/not/exist/report', 'network/ip-forward'], /^cannot write .*: no such directory/],
    [['--snapshot', '/does/not/exist'], /does not exist/],
    [['trace', ''], /^trace expects a container's name or id, as web or web:80/],
    [['list', '--', '-x'], 'unexpected argument "-x"; see seaworthy --help'],
    [['diagnose', '--foo', 'x'], 'unknown option "--foo"; a text that begins with a dash stands behind --'],
    [['explain'], 'an argument is missing; see seaworthy --help'],
    [['explain', 'network/dsn-'], /unknown check/],
    [['explain', 'network', 'firewall'], 'unexpected argument "firewall"; see seaworthy --help'],
    [['kernel-config', '/does/not/exist'], /cannot be read: no such file/],
    [['--user', 'a\u001b[2Jb'], /^--user expects.*\\u001b/],
  ])('2, and one line: %j', async (args, message) => {
    const { code, stdout, stderr } = await seaworthy(...args)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^seaworthy: [^\n]+\n$/)
    expect(stderr.slice('seaworthy: '.length).trimEnd()).toEqual(
      message instanceof RegExp ? expect.stringMatching(message) : message,
    )
    expect(code).toBe(2)
  })
})

describe('output', () => {
  it('JSON that the published schema allows, of this machine', async () => {
    const schema: unknown = JSON.parse(
      await readFile(join(program.folder, 'dist/report.schema.json'), 'utf8'),
    )
    const validate = new Ajv2020({ strict: true }).compile(schema as Record<string, unknown>)
    const ended = await seaworthy('--offline', '--format', 'json')
    expect(validate(report(ended)), JSON.stringify(validate.errors)).toBe(true)
    expect(ended.stderr).toBe('')
  })
  it('is whole, however slow the reader', async () => {
    const { stdout } = await promisedShell(
      `node '${program.path}' --offline --format json --root / | (sleep 0.5; cat) | tail -c 2`,
    )
    expect(stdout).toBe('}\n')
  })
  it('to a reader that goes away is no error', async () => {
    const { stdout, stderr } = await promisedShell(`node '${program.path}' --offline --verbose | head -n 1`)
    expect(stdout.split('\n')).toHaveLength(2)
    expect(stderr).toBe('')
  })
  it('to a full disk is one', async () => {
    const { code, stderr } = await promisedShell(`node '${program.path}' list >/dev/full`)
    expect(stderr).toMatch(/^seaworthy: cannot write to the standard output: .*\n$/)
    expect(code).toBe(2)
  })
  it('goes to files, whole or not at all, beside the standard output', async () => {
    const folder = join(program.folder, 'out')
    await mkdir(folder)
    await writeFile(join(folder, 'old.json'), 'old', { mode: 0o600 })
    await symlink('old.json', join(folder, 'link.json'))
    const { stdout } = await seaworthy(
      ...KERNEL,
      '--root',
      await oldKernel(),
      '--output',
      `json=${folder}/link.json`,
      '--output',
      `ndjson=${folder}/new.ndjson`,
    )
    expect(stdout).toContain('not ready')
    expect((await readdir(folder)).sort()).toEqual(['link.json', 'new.ndjson', 'old.json'])
    expect((JSON.parse(await readFile(join(folder, 'old.json'), 'utf8')) as Report).verdict).toBe('not-ready')
    expect((await stat(join(folder, 'old.json'))).mode & 0o777).toBe(0o600)
    const lines = (await readFile(join(folder, 'new.ndjson'), 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(3)
  })
  it('has no colour in a pipe, unless forced', async () => {
    const root = await oldKernel()
    const plain = await program.run([...KERNEL, '--root', root])
    expect(plain.stdout).not.toContain('\u001b')
    const forced = await program.run([...KERNEL, '--root', root], { env: { FORCE_COLOR: '1' } })
    expect(forced.stdout).toContain('\u001b[31m')
    const ascii = await program.run([...KERNEL, '--root', root], { env: { LANG: 'C' } })
    expect(ascii.stdout).toMatch(/^[\n\x20-\x7e]*$/)
  })
  it('is the version, or the help', async () => {
    expect((await seaworthy('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await seaworthy('--help')).stdout).toContain('Exit status: 0 ready')
    expect((await seaworthy('lint', '--help')).code).toBe(0)
  })
})

describe('selection', () => {
  const idsOf = async (...args: string[]) =>
    report(await seaworthy('--format', 'json', '--root', await oldKernel(), ...args)).results.map(
      ({ id }) => id,
    )
  it('by id, by area, with --only and --skip', async () => {
    expect(await idsOf('network/ip-forward')).toEqual(['network/ip-forward'])
    expect(await idsOf('check', 'network/ip-forward')).toEqual(['network/ip-forward'])
    expect(await idsOf('--only', 'network/ip-forward,cgroup')).toContain('network/ip-forward')
    const network = await idsOf('network')
    expect(network.every((id) => id.startsWith('network/'))).toBe(true)
    expect(await idsOf('network', '--skip', 'network/ip-forward')).toEqual(
      network.filter((id) => id !== 'network/ip-forward'),
    )
  })
})

describe('list and explain', () => {
  it('list every check for people', async () => {
    const { stdout, code } = await seaworthy('list')
    expect(stdout).toMatch(/^network\/ip-forward +IPv4 forwarding/m)
    expect(code).toBe(0)
  })
  it('list every check as JSON', async () => {
    const { checks } = JSON.parse((await seaworthy('list', '--format', 'json')).stdout) as {
      checks: Record<string, unknown>[]
    }
    const forwarding = checks.find(({ id }) => id === 'network/ip-forward')
    expect(forwarding).toMatchObject({
      area: 'network',
      needsRoot: false,
      profiles: expect.arrayContaining(['docker']),
    })
    expect(forwarding?.findings).toContainEqual({
      id: 'off',
      level: 'fail',
      message: expect.stringContaining('ip_forward'),
      fixable: true,
      automatic: true,
    })
  })
  it('say how much of what is found `fix` mends by itself', async () => {
    const { fixes } = JSON.parse((await seaworthy('list', '--format', 'json')).stdout)
    expect(fixes.automaticPercent).toBeGreaterThan(60)
    expect(fixes.fixablePercent).toBeGreaterThan(fixes.automaticPercent)
  })
  it('explain a check', async () => {
    const { stdout } = await seaworthy('explain', 'network/ip-forward')
    expect(stdout).toContain('/proc/sys/net/ipv4/ip_forward')
    expect(stdout).toContain('off (fail)')
    const about = JSON.parse(
      (await seaworthy('explain', 'network/ip-forward', '--format', 'json')).stdout,
    ) as {
      reads: string[]
    }
    expect(about.reads).toContain('/proc/sys/net/ipv4/ip_forward')
  })
  it('list an area', async () => {
    const { stdout } = await seaworthy('explain', 'network')
    expect(stdout).toContain('network/ip-forward')
    expect(stdout).not.toMatch(/^(kernel|cgroup)\//m)
  })
})

describe('kernel-config', () => {
  it('reads the standard input, and answers by exit status', async () => {
    const input = '# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_NAMESPACES=y\n'
    const text = await program.run(['kernel-config', '-'], { input })
    expect(text.code).toBe(1)
    expect(text.stdout).toContain('Linux 6.1.0: not ready')
    const json = await program.run(['kernel-config', '-', '--format', 'json', '--release', '5.10.0'], {
      input,
    })
    expect(JSON.parse(json.stdout)).toMatchObject({ release: '5.10.0', ready: false })
  })
})

describe('lint', () => {
  const lint = (input: string, ...args: string[]) =>
    program.run(['lint', '-', '--engine-version', '27.3', ...args], { input })
  it('accepts', async () => {
    const { code, stdout } = await lint('{ "mtu": 1450 }\n')
    expect(stdout).toBe('✔ Docker Engine 27.3.0 starts with standard input, and nothing in it is amiss\n')
    expect(code).toBe(0)
  })
  it('says where, what, and what to write instead', async () => {
    const { code, stdout } = await lint('{\n  "mtu": "1450"\n}\n')
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      expect.stringMatching(/^standard input:2:10 fail mtu: /),
      '    "mtu": "1450"',
      '           ^',
      expect.stringMatching(/^ {4}instead: /),
    ])
    expect(code).toBe(1)
  })
  it('says so as JSON', async () => {
    const { stdout } = await lint('{ "mtu": "1450" }', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({
      engineVersion: '27.3.0',
      accepted: false,
      problems: [{ level: 'fail', line: 1, column: 10, key: 'mtu', message: expect.any(String) }],
    })
  })
  it('lets no control character through', async () => {
    const { stdout } = await lint('{ "\u001b[2J\u202e": "\u009b31m", x }')
    expect(stdout).toMatch(/^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]*$/)
  })
  it.each([
    [['lint'], 'an argument is missing; see seaworthy --help'],
    [['lint', '/does/not/exist'], '/does/not/exist: cannot be read: no such file'],
    [['lint', '/'], '/: cannot be read: it is a directory'],
    [['lint', '-', '--engine-version', 'new'], '--engine-version expects a version, such as 27.3; got "new"'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await program.run(args)
    expect(stderr).toBe(`seaworthy: ${message}\n`)
    expect(code).toBe(2)
  })
})

function promisedShell(command: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

describe('trace', () => {
  const trace = (...args: string[]): Promise<Ended> =>
    seaworthy('trace', ...args, '--snapshot', 'test/fixtures/trace/web.json')
  it('0: the way is whole', async () => {
    const { code, stdout } = await trace('web', '--to', '10.77.0.1:8080')
    expect(stdout).toContain('the way is whole')
    expect(code).toBe(0)
  })
  it('3: not all was seen, as JSON', async () => {
    const { code, stdout } = await trace('hostnet:99', '--to', '10.77.0.1:8080', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, verdict: 'undetermined', broken: null })
    expect(code).toBe(3)
  })
  it.each([
    [['wbe'], 'unknown container "wbe"; did you mean web?'],
    [['web:0'], 'a port is a number from 1 to 65535; got "web:0"'],
    [['we b'], 'got "we b"'],
    [['web:80:81'], 'got "web:80:81"'],
    [['web', '--from', '10.0.0.0/33'], '--from expects'],
    [['web', '--from', 'fe80::1'], 'IPv6 is not traced yet'],
    [['web', '--to', ':80'], '--to expects HOST or HOST:PORT'],
    [['web', '--to', '10.0.0.256'], '--to expects HOST or HOST:PORT'],
    [['web', '--to', 'host:http'], 'a port is a number'],
    [['web:53/udp'], 'a port is written without its protocol: 53, not 53/udp; got "web:53/udp"'],
    [
      ['web', '--to', 'http://db.example/'],
      '--to expects HOST or HOST:PORT, and no URL; got "http://db.example/"',
    ],
    [['web', '--format', 'xml'], 'unknown format "xml"'],
    [[], 'an argument is missing'],
  ])('2: %j', async (args, says) => {
    const { code, stderr } = await trace(...args)
    expect(stderr).toContain(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })
  it('3: no engine answers', async () => {
    const file = join(program.folder, 'none.json')
    await writeFile(
      file,
      '{"seaworthySnapshot":1,"readings":{"/var/run/**":null,"GET unix:///var/run/docker.sock /version":null}}',
    )
    const { code, stderr } = await seaworthy('trace', 'web', '--snapshot', file)
    expect(stderr).toContain('cannot trace')
    expect(code).toBe(3)
  })
})
