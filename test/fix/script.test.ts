import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
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
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { planOf, type Wanted } from '../../src/fix/plan.ts'
import { scriptOf } from '../../src/fix/script.ts'
import type { Step } from '../../src/model/fix.ts'
import * as fixes from '../../src/model/fix.ts'

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true })
})

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
/** Debian's busybox prefers what it has built in to the programs of the path: `id` and `sysctl` are the machine's own there. */
const SHELLS = [
  { name: 'dash', shell: ['dash'], builtIn: [] as readonly string[], canRun: has('dash') },
  {
    name: 'busybox',
    shell: ['busybox', 'sh'],
    builtIn: ['sysctl', 'membership'],
    canRun: has('busybox') && process.getuid?.() === 0,
  },
]

/** Programs of a host that would change this machine: each keeps its state in files and notes when it changes something. */
const STUBS = {
  id: 'case $1 in -u) echo 0 ;; -nG) cat "$HOST/groups" ;; esac',
  usermod: 'echo "usermod $*" >>"$HOST/log"; echo "$2" >>"$HOST/groups"',
  getent: 'grep -qx "$2" "$HOST/known"',
  groupadd: 'echo "groupadd $*" >>"$HOST/log"; echo "$3" >>"$HOST/known"',
  sysctl:
    'case $1 in -n) cat "$HOST/sysctl-$2" ;; -w) echo "sysctl $2" >>"$HOST/log"; echo "$2" | cut -d= -f2 >"$HOST/sysctl-$(echo "$2" | cut -d= -f1)" ;; esac',
  service:
    'case $2 in status) [ -e "$HOST/runs-$1" ] ;; *) echo "service $*" >>"$HOST/log"; case $2 in stop) rm -f "$HOST/runs-$1" ;; *) : >"$HOST/runs-$1" ;; esac ;; esac',
  systemctl: 'exit 1',
  'dpkg-query': 'cat "$HOST/package-$4" 2>/dev/null',
  rpm: 'case $2 in --whatprovides) [ -e "$HOST/provided-$3" ] ;; *) [ -e "$HOST/installed-$2" ] ;; esac',
  zypper: 'echo "zypper $*" >>"$HOST/log"; exit "$(cat "$HOST/zypper-ends")"',
  dnf: 'echo "dnf $*" >>"$HOST/log"; rm "$HOST/installed-$4"',
  'apt-get': 'echo "apt-get $*" >>"$HOST/log"; printf installed >"$HOST/package-$3"',
  iptables:
    'case $4 in -C) shift 4; grep -qxF "$*" "$HOST/rules" ;; -I) echo "iptables $*" >>"$HOST/log"; shift 4; echo "$*" >>"$HOST/rules" ;; -D) echo "iptables $*" >>"$HOST/log"; : >"$HOST/rules" ;; esac',
  nft: 'case $1 in list) cat "$HOST/nft" ;; insert) echo "nft $*" >>"$HOST/log"; shift 5; echo "$*" >>"$HOST/nft" ;; esac',
  'firewall-cmd':
    'case $* in *query-*) grep -qxF -e "$(echo "$*" | sed s/query-//)" "$HOST/zone" ;; *) echo "firewall-cmd $*" >>"$HOST/log"; echo "$*" | sed s/add-// >>"$HOST/zone" ;; esac',
  'update-grub': 'echo update-grub >>"$HOST/log"',
  note: 'echo "note $*" >>"$HOST/log"',
}

interface World {
  readonly folder: string
  readonly path: (name: string) => string
  readonly run: (script: string, shell?: readonly string[]) => { status: number | null; text: string }
  /** What changed the host since the last time. */
  readonly log: () => string[]
}
function world(): World {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-script-'))
  made.push(folder)
  const [bin, host] = [join(folder, 'bin'), join(folder, 'host')]
  mkdirSync(bin)
  mkdirSync(host)
  for (const name of ['groups', 'known', 'rules', 'nft', 'zone', 'log']) writeFileSync(join(host, name), '')
  for (const [name, text] of Object.entries(STUBS)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  }
  const env = { PATH: `${bin}:${process.env.PATH}`, HOST: host }
  return {
    folder,
    path: (name) => join(folder, name),
    run: (script, [program = 'sh', ...args] = ['sh']) => {
      const text = ['/run/', '/boot/', '/etc/default/'].reduce(
        (all, own) => all.replaceAll(own, `${folder}${own}`),
        script,
      )
      const { status, stdout, stderr } = spawnSync(program, args, { input: text, encoding: 'utf8', env })
      return { status, text: stdout + stderr }
    },
    log: () => {
      const text = readFileSync(join(host, 'log'), 'utf8')
      writeFileSync(join(host, 'log'), '')
      return text.split('\n').filter(Boolean)
    },
  }
}

const wanted = (finding: string, ...steps: readonly Step[]): Wanted => ({
  finding,
  level: 'fail',
  message: `${finding} is wrong`,
  fix: fixes.fix(`Mend ${finding}`, ...steps),
})
const ABOUT = { host: 'h1', version: '1.2.3', at: '2026-01-02T03:04:05Z', before: () => undefined }
const script = (wishes: readonly Wanted[], before: (path: string) => string | undefined = () => undefined) =>
  scriptOf(planOf(wishes), { ...ABOUT, before })

/** Names, contents, modes and times of all that is in a folder. */
const stateOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const { mtimeMs, mode } = lstatSync(path)
      return entry.isFile() ? `${path} ${mode} ${mtimeMs} ${readFileSync(path, 'utf8')}` : path
    })
    .sort()

const { fix: _, ...make } = fixes
function everyKind(at: (name: string) => string): Record<string, readonly Step[]> {
  return {
    sysctl: [make.setSysctl('net.x', '1', at('etc/sysctl.d/x.conf'))],
    file: [make.writeFile(at('etc/deep/file'), "it's\n$HOME\n\ttext", 0o600)],
    line: [make.replaceLine(at('lines'), 'old = \\1 & "x"', 'new = \\2 & $y')],
    'line removed': [make.replaceLine(at('lines'), 'away', null)],
    remove: [make.removePath(at('gone'))],
    'remove an empty folder': [make.removePath(at('empty'))],
    move: [make.movePath(at('from'), at('to'))],
    json: [make.setJson(at('daemon.json'), ['mtu'], 1400)],
    start: [make.service('x', 'start')],
    stop: [make.service('docker', 'stop'), make.removePath(at('gone')), make.service('docker', 'start')],
    restart: [make.restartEngine],
    package: [make.installPackages('apt', 'g++')],
    group: [make.addGroup('docker')],
    membership: [make.addMember('me', 'docker')],
    ownership: [make.setOwnership(at('lines'), { mode: 0o640 })],
    iptables: [
      make.insertRule({
        program: 'iptables',
        table: 'filter',
        chain: 'X',
        rule: ['-i', 'a', '-j', 'ACCEPT'],
      }),
    ],
    nft: [make.insertNftRule({ family: 'inet', table: 't', chain: 'c', rule: ['iifname', '"a"', 'accept'] })],
    firewalld: [make.firewalld({ zone: 'z', what: 'port', value: '53/udp' })],
    command: [make.runCommand(['note', 'a b'], { unless: ['grep', '-q', 'note', at('host/log')] })],
    'command without end': [make.runCommand(['note', "it's"])],
  }
}
function furnish({ path }: World): void {
  writeFileSync(path('lines'), '# a\nold = \\1 & "x"\naway\nlast', { mode: 0o644 })
  writeFileSync(path('gone'), '')
  writeFileSync(path('from'), 'text')
  mkdirSync(path('empty'))
}

describe.each(SHELLS)('under $name', ({ shell, builtIn, canRun }) => {
  const kinds = Object.keys(everyKind(String)).filter((kind) => !builtIn.includes(kind))
  it.skipIf(!canRun).each(kinds)('%s: changes the host once', (kind) => {
    const host = world()
    furnish(host)
    const before = stateOf(host.folder)
    const text = script([wanted('a#b', ...(everyKind(host.path)[kind] ?? []))])
    expect(host.run(text, shell), text).toEqual({ status: 0, text: '' })
    const after = stateOf(host.folder)
    expect(after).not.toEqual(before)
    expect(host.run(text, shell)).toEqual({ status: 0, text: '' })
    expect(stateOf(host.folder), text).toEqual(after)
  })
})

describe('what it leaves', () => {
  it('is the exact content and mode of a file', () => {
    const host = world()
    host.run(script([wanted('a#b', ...(everyKind(host.path).file ?? []))]))
    expect(readFileSync(host.path('etc/deep/file'), 'utf8')).toBe("it's\n$HOME\n\ttext")
    expect(statSync(host.path('etc/deep/file')).mode & 0o777).toBe(0o600)
  })
  it('is a file with its mode where it had one, and all its other lines', () => {
    const host = world()
    furnish(host)
    chmodSync(host.path('lines'), 0o604)
    const { line = [], 'line removed': removed = [] } = everyKind(host.path)
    host.run(script([wanted('a#b', ...line, ...removed)]))
    expect(readFileSync(host.path('lines'), 'utf8')).toBe('# a\nnew = \\2 & $y\nlast\n')
    expect(statSync(host.path('lines')).mode & 0o777).toBe(0o604)
  })
  it('is a whole new content in place of bytes that are no UTF-8', () => {
    const host = world()
    const path = host.path('daemon.json')
    const utf16 = Buffer.from('\uFEFF{}', 'utf16le')
    writeFileSync(path, utf16)
    const read = utf16.toString('utf8')
    const text = script([wanted('a#b', make.writeFile(path, '{}\n'))], () => read)
    expect(host.run(text)).toEqual({ status: 0, text: '' })
    expect(readFileSync(path, 'utf8')).toBe('{}\n')
    const edit = script([wanted('a#b', make.setJson(path, ['mtu'], 1400))], () => read)
    expect(host.run(edit).text, 'nothing can be added to what cannot be read').toContain(
      'Mend a#b: Set "mtu"',
    )
  })
  it('is daemon.json with the edits of all findings, and the rest as it was', () => {
    const host = world()
    const path = host.path('daemon.json')
    const before = '{\n\t"dns": ["10.0.0.1"]\n}\n'
    writeFileSync(path, before)
    const text = script(
      [
        wanted('a#b', make.setJson(path, ['mtu'], 1400), make.restartEngine),
        wanted('c#d', make.setJson(path, ['debug'], true), make.restartEngine),
      ],
      () => before,
    )
    expect(host.run(text)).toEqual({ status: 0, text: '' })
    expect(readFileSync(path, 'utf8')).toBe('{\n\t"dns": ["10.0.0.1"],\n\t"mtu": 1400,\n\t"debug": true\n}\n')
    expect(host.log()).toEqual(['service docker restart'])
    expect(host.run(text).status).toBe(0)
    expect(host.log()).toEqual([])
  })
})

describe('arguments of the kernel', () => {
  const GRUB = 'GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n'
  it.each([
    ['GRUB_CMDLINE_LINUX=""', 'GRUB_CMDLINE_LINUX="a.b=1"'],
    ["GRUB_CMDLINE_LINUX='x y'", "GRUB_CMDLINE_LINUX='x y a.b=1'"],
    [`GRUB_CMDLINE_LINUX='x="1 2"' # why`, `GRUB_CMDLINE_LINUX='x="1 2" a.b=1' # why`],
    [' export GRUB_CMDLINE_LINUX="x"', ' export GRUB_CMDLINE_LINUX="x a.b=1"'],
    ['GRUB_CMDLINE_LINUX="x=\\"y\\""', 'GRUB_CMDLINE_LINUX="x=\\"y\\" a.b=1"'],
    [
      'GRUB_CMDLINE_LINUX="x"\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX y"',
      'GRUB_CMDLINE_LINUX="x"\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX y a.b=1"',
    ],
    ['GRUB_CMDLINE_LINUX=x', 'GRUB_CMDLINE_LINUX="x a.b=1"'],
    ['GRUB_CMDLINE_LINUX="x a.b=1 axb=1"', 'GRUB_CMDLINE_LINUX="x a.b=1 axb=1"'],
    ['# none', '# none\nGRUB_CMDLINE_LINUX="a.b=1"'],
  ])('%s becomes %s', (before, after) => {
    const host = world()
    mkdirSync(host.path('etc/default'), { recursive: true })
    writeFileSync(host.path('etc/default/grub'), `${GRUB}${before}\n`)
    const text = script([wanted('a#b', make.kernelArgument('a.b=1'))])
    expect(host.run(text)).toEqual({ status: 0, text: '' })
    expect(readFileSync(host.path('etc/default/grub'), 'utf8')).toBe(`${GRUB}${after}\n`)
    expect(host.log()).toEqual(before === after ? [] : ['update-grub'])
    expect(host.run(text)).toEqual({ status: 0, text: '' })
    expect(host.log()).toEqual([])
  })
  it.each(['"one \\\ntwo"', '"one"two', 'one\\ two', '"one" ; x=1', '$(cat x)'])(
    'are left to a person where they are not plain: %s',
    (value) => {
      const host = world()
      mkdirSync(host.path('etc/default'), { recursive: true })
      const before = `${GRUB}GRUB_CMDLINE_LINUX=${value}\n`
      writeFileSync(host.path('etc/default/grub'), before)
      const { status, text } = host.run(script([wanted('a#b', make.kernelArgument('a.b=1'))]))
      expect([status, text]).toEqual([0, expect.stringContaining('are not written plainly; a.b=1')])
      expect(readFileSync(host.path('etc/default/grub'), 'utf8')).toBe(before)
      expect(host.log()).toEqual([])
    },
  )
  it('are written where they are set last', () => {
    const host = world()
    mkdirSync(host.path('etc/default/grub.d'), { recursive: true })
    const [first, last] = [host.path('etc/default/grub'), host.path('etc/default/grub.d/10_cloud.cfg')]
    writeFileSync(first, 'GRUB_CMDLINE_LINUX="x b=2"\n')
    writeFileSync(last, 'GRUB_CMDLINE_LINUX="console=ttyS0 b=2"\n')
    host.run(script([wanted('a#b', make.kernelArgument('a.b=1'))]))
    expect(readFileSync(first, 'utf8')).toBe('GRUB_CMDLINE_LINUX="x b=2"\n')
    expect(readFileSync(last, 'utf8')).toBe('GRUB_CMDLINE_LINUX="console=ttyS0 b=2 a.b=1"\n')
    host.run(script([wanted('a#b', make.removeKernelArgument('b=2'))]))
    expect(readFileSync(first, 'utf8')).toBe('GRUB_CMDLINE_LINUX="x"\n')
    expect(readFileSync(last, 'utf8')).toBe('GRUB_CMDLINE_LINUX="console=ttyS0 a.b=1"\n')
  })
  it('are taken out of both lines', () => {
    const host = world()
    mkdirSync(host.path('etc/default'), { recursive: true })
    const lines = 'GRUB_CMDLINE_LINUX_DEFAULT="quiet a=1"\nGRUB_CMDLINE_LINUX="a=1 a=12"\n'
    writeFileSync(host.path('etc/default/grub'), lines)
    host.run(script([wanted('a#b', make.removeKernelArgument('a=1'))]))
    expect(readFileSync(host.path('etc/default/grub'), 'utf8')).toBe(
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="a=12"\n',
    )
  })
  it('stand in one line on a Raspberry Pi', () => {
    const host = world()
    mkdirSync(host.path('boot/firmware'), { recursive: true })
    writeFileSync(host.path('boot/firmware/cmdline.txt'), 'console=tty1 rootwait\n')
    const text = script([wanted('a#b', make.kernelArgument('cgroup_enable=memory'))])
    host.run(text)
    host.run(text)
    expect(readFileSync(host.path('boot/firmware/cmdline.txt'), 'utf8')).toBe(
      'console=tty1 rootwait cgroup_enable=memory\n',
    )
  })
  it('are left to a person where GRUB is not there, and a package left settings for it', () => {
    const host = world()
    mkdirSync(host.path('etc/default/grub.d'), { recursive: true })
    const path = host.path('etc/default/grub.d/kdump-tools.cfg')
    writeFileSync(path, 'GRUB_CMDLINE_LINUX_DEFAULT="crashkernel=512M"\n')
    const text = script([wanted('a#b', make.kernelArgument('a=1'))])
    for (const time of ['once', 'twice']) {
      const ran = host.run(text)
      expect([ran.status, ran.text], time).toEqual([0, expect.stringContaining('Left to you')])
    }
    expect(readFileSync(path, 'utf8')).toBe('GRUB_CMDLINE_LINUX_DEFAULT="crashkernel=512M"\n')
    expect(host.log()).toEqual([])
  })
  it('are left to a person where no boot loader is known', () => {
    expect(world().run(script([wanted('a#b', make.kernelArgument('a=1'))]))).toEqual({
      status: 0,
      text: "Left to you: the boot loader's configuration was not found; a=1 as a kernel argument: yes\n",
    })
  })
})

describe('packages', () => {
  it('are taken away by their very names, each once', () => {
    const host = world()
    writeFileSync(host.path('host/provided-docker'), '')
    for (const name of ['runc', 'podman-docker']) writeFileSync(host.path(`host/installed-${name}`), '')
    const text = script([wanted('a#b', make.removePackages('dnf', 'docker', 'runc', 'podman-docker'))])
    const removed = (name: string): string =>
      `dnf remove -y --setopt=clean_requirements_on_remove=False ${name}`
    expect(host.run(text), text).toEqual({ status: 0, text: '' })
    expect(host.log()).toEqual([removed('runc'), removed('podman-docker')])
    expect(host.run(text)).toEqual({ status: 0, text: '' })
    expect(host.log()).toEqual([])
  })
  it('need not be installed where another brings what they do', () => {
    const host = world()
    writeFileSync(host.path('host/provided-iptables'), '')
    host.run(script([wanted('a#b', make.installPackages('dnf', 'iptables'))]))
    expect(host.log()).toEqual([])
  })
  it.each([
    [106, 0],
    [107, 0],
    [104, 104],
    [8, 8],
  ])('of zypper, where it ends with %i: the script ends with %i, or goes on', (ends, status) => {
    const host = world()
    writeFileSync(host.path('host/zypper-ends'), `${ends}`)
    const text = script([
      wanted('a#b', make.installPackages('zypper', 'docker')),
      wanted('c#d', make.addGroup('x')),
    ])
    expect(host.run(text).status).toBe(status)
    expect(host.log().includes('groupadd --system -- x')).toBe(status === 0)
  })
})

describe('a service of OpenRC', () => {
  it.each([
    [3, ['start']],
    [32, ['restart']],
    [64, ['restart']],
    [0, []],
  ])('of the status %i: what starts it is %j', (status, actions) => {
    const host = world()
    const stub = `#!/bin/sh\ncase $2 in status) exit ${status} ;; esac\necho "$2" >>"$HOST/log"\n`
    writeFileSync(host.path('bin/rc-service'), stub, { mode: 0o755 })
    expect(host.run(script([wanted('a#b', make.service('x', 'start'))]))).toEqual({ status: 0, text: '' })
    expect(host.log()).toEqual(actions)
  })
})

describe('the engine is restarted', () => {
  it('only where something changed', () => {
    const host = world()
    const path = host.path('file')
    writeFileSync(path, 'text')
    host.run(script([wanted('a#b', make.writeFile(path, 'text'), make.restartEngine)]))
    expect(host.log()).toEqual([])
    host.run(script([wanted('a#b', make.writeFile(path, 'other'), make.restartEngine)]))
    expect(host.log()).toEqual(['service docker restart'])
  })
  it('once, where the restart is the cure itself', () => {
    const host = world()
    const text = script([wanted('a#b', make.restartEngine)])
    host.run(text)
    host.run(text)
    expect(host.log()).toEqual(['service docker restart'])
    expect(text).toContain('# It is the cure itself: done once, until the next boot.')
  })
  it('by the next run, where this one broke off after a change', () => {
    const host = world()
    const [path, hurdle] = [host.path('file'), host.path('hurdle')]
    mkdirSync(hurdle)
    writeFileSync(join(hurdle, 'x'), '')
    const steps = [make.writeFile(path, 'text'), make.removePath(hurdle), make.restartEngine]
    const text = script([wanted('a#b', ...steps)])
    expect(host.run(text).status).not.toBe(0)
    expect(host.log()).toEqual([])
    rmSync(join(hurdle, 'x'))
    expect(host.run(text).status).toBe(0)
    expect(host.log()).toEqual(['service docker restart'])
  })
})

describe('what is taken away', () => {
  it('is the file that was read, not the one that the cure brings in its place', () => {
    const host = world()
    const path = host.path('docker.pid')
    writeFileSync(path, '529\n')
    const text = script([wanted('a#b', make.removePath(path))], () => '529\n')
    host.run(text)
    expect(existsSync(path)).toBe(false)
    writeFileSync(path, '1234\n')
    rmSync(host.path('run'), { recursive: true })
    host.run(text)
    expect(existsSync(path)).toBe(true)
  })
  it('is moved once: what comes in its place stays', () => {
    const host = world()
    const [path, aside] = [host.path('db'), host.path('db.damaged')]
    writeFileSync(path, 'damaged')
    const text = script([wanted('a#b', make.movePath(path, aside))])
    host.run(text)
    writeFileSync(path, 'new')
    expect(host.run(text).status).toBe(0)
    expect([path, aside].map((one) => readFileSync(one, 'utf8'))).toEqual(['new', 'damaged'])
  })
  it('is taken away once where nothing is known of it', () => {
    const host = world()
    const path = host.path('docker.sock')
    const text = script([wanted('a#b', make.removePath(path))])
    for (const isThere of [false, true]) {
      writeFileSync(path, '')
      expect(host.run(text).status).toBe(0)
      expect(existsSync(path)).toBe(isThere)
    }
  })
})

describe('it refuses, and touches nothing', () => {
  const refused = (host: World, text: string): string => {
    const isIts = (line: string): boolean => line.startsWith(host.path('run'))
    const before = stateOf(host.folder)
    const { status, text: said } = host.run(text)
    expect(status).toBe(1)
    expect(stateOf(host.folder).filter((line) => !isIts(line))).toEqual(before)
    return said.trim()
  }
  it('where a file has changed since it was read', () => {
    const host = world()
    const path = host.path('daemon.json')
    writeFileSync(path, '{ "debug": true }')
    const wishes = [wanted('a#b', make.writeFile(host.path('x'), 'x'), make.setJson(path, ['mtu'], 1400))]
    expect(
      refused(
        host,
        script(wishes, (name) => (name === path ? '{}' : undefined)),
      ),
    ).toMatch(
      /daemon\.json has changed since it was read: nothing was touched; ask seaworthy for a new plan$/,
    )
    expect(refused(host, script(wishes)), 'a file that was not read, and is there').toMatch(/has changed/)
  })
  it('where a file is a link that leads out of its folder', () => {
    const host = world()
    writeFileSync(host.path('secret'), 'x')
    mkdirSync(host.path('etc'))
    symlinkSync('../secret', host.path('etc/file'))
    const text = script([wanted('a#b', make.writeFile(host.path('etc/file'), 'y'))])
    expect(refused(host, text)).toMatch(/etc\/file is a symbolic link to \.\.\/secret: nothing was touched$/)
  })
  it('but writes to what a link within its folder names', () => {
    const host = world()
    writeFileSync(host.path('real'), 'x')
    symlinkSync('real', host.path('link'))
    expect(host.run(script([wanted('a#b', make.writeFile(host.path('link'), 'y'))])).status).toBe(0)
    expect(readFileSync(host.path('real'), 'utf8')).toBe('y')
  })
  it('where it is not run by root', () => {
    const host = world()
    writeFileSync(host.path('bin/id'), '#!/bin/sh\necho 1000\n')
    expect(refused(host, script([wanted('a#b', make.writeFile(host.path('x'), 'x'))]))).toMatch(
      /: run this as root$/,
    )
  })
  it('to move something onto what is there', () => {
    const host = world()
    writeFileSync(host.path('from'), 'a')
    writeFileSync(host.path('to'), 'b')
    expect(refused(host, script([wanted('a#b', make.movePath(host.path('from'), host.path('to')))]))).toMatch(
      /to is in the way of .*from$/,
    )
  })
})

describe('what is left to a person', () => {
  it('is told at the end', () => {
    const host = world()
    const text = script([
      wanted('a#b', make.writeFile(host.path('x'), 'x'), make.reboot),
      wanted('c#d', make.manual('Ask $(whom).')),
    ])
    expect(host.run(text).text).toBe(
      [
        'Left to you:',
        'a#b: a#b is wrong',
        '  Reboot the host: the change takes effect at the next boot.',
        'c#d: c#d is wrong',
        '  Ask $(whom).\n',
      ].join('\n'),
    )
  })
  it('is a finding whose cure holds credentials that were taken out, and its restart', () => {
    const host = world()
    const path = host.path('daemon.json')
    const text = script(
      [wanted('a#b', make.setJson(path, ['mtu'], 1400), make.restartEngine)],
      () => '{ "log-opts": { "splunk-token": "***" } }',
    )
    expect(host.run(text).text).toContain(`Mend a#b: Set "mtu" to 1400 in ${path}`)
    expect(host.log()).toEqual([])
    expect(existsSync(path)).toBe(false)
  })
  it('is a name that a program would read as an option', () => {
    const text = script([wanted('a#b', make.addMember('-root', 'docker'))])
    expect(text).toContain('"-root" is no name that a program can be given.')
    expect(text).not.toContain('usermod')
  })
})

describe('what comes from the host', () => {
  const hostile = fc
    .string({
      unit: fc.constantFrom(
        "'",
        '"',
        '$',
        '`',
        '\\',
        '\n',
        '{{',
        '%}',
        ' ',
        '-',
        '!',
        'a',
        'é',
        '#',
        ';',
        '\r',
      ),
    })
    .map((text) => text.replaceAll('\0', ''))
  it('is written byte for byte', () => {
    const host = world()
    const samples = fc.sample(hostile, 60)
    const steps = samples.map((text, i) => make.writeFile(host.path(`out/${i}`), text))
    const commands = samples.map((text, i) =>
      make.runCommand(['sh', '-c', 'printf %s "$2" >"$1"', '-', host.path(`arg/${i}`), text]),
    )
    mkdirSync(host.path('arg'))
    const { status, text } = host.run(script([wanted('a#b', ...steps, ...commands)]))
    expect(text).toBe('')
    expect(status).toBe(0)
    samples.forEach((sample, i) => {
      expect(readFileSync(host.path(`out/${i}`), 'utf8')).toBe(sample)
      expect(readFileSync(host.path(`arg/${i}`), 'utf8')).toBe(sample)
    })
  })
  it('cannot leave a comment', () => {
    const host = world()
    const evil = `x\ntouch ${host.path('evil')}\r\ntouch ${host.path('evil')}`
    const wish: Wanted = {
      level: 'fail',
      finding: evil,
      message: evil,
      fix: fixes.fix(evil, make.manual(evil), make.relogin(evil)),
    }
    const step: Wanted = {
      ...wish,
      finding: `${evil}#`,
      fix: fixes.fix(evil, make.writeFile(host.path('x'), 'x')),
    }
    host.run(scriptOf(planOf([wish, step]), { ...ABOUT, host: evil, version: evil, at: evil }))
    expect(existsSync(host.path('x'))).toBe(true)
    expect(existsSync(host.path('evil'))).toBe(false)
  })
})

describe('the script', () => {
  it('writes to the kernel’s files, and replaces none of them', () => {
    const path = '/sys/fs/cgroup/pids/docker/pids.max'
    const text = script([wanted('a#b', make.writeFile(path, 'max\n'))])
    expect(text).toContain(`if ! [ "$(cat ${path})" = max ]; then\n    printf %s 'max\n' >${path}\nfi`)
  })
  it('begins with what it is, and has the functions that it uses, no others', () => {
    const text = script([wanted('a#b', make.addGroup('docker'))])
    expect(text).toMatch(
      /^#!\/bin\/sh\n# Makes h1 fit to carry containers: what seaworthy 1\.2\.3 proposed on 2026/,
    )
    expect(text).toContain('\n# a#b: a#b is wrong\nif ! getent group docker')
    expect(text.match(/^\w+\(\)/gm)).toEqual(['fail()'])
  })
  it.skipIf(!has('shellcheck'))('is clean by shellcheck', () => {
    const kinds = Object.values(everyKind((name) => `/x/we'ird ${name}`)).flat()
    const others = [
      make.kernelArgument('a=b'),
      make.removeKernelArgument('c'),
      make.loadModule('overlay'),
      make.mount('mount', '/m', { source: '/dev/x', type: 'ext4' }),
      make.mount('remount', '/m', { options: ['exec'] }),
      make.mount('unmount', '/m'),
      make.trustCertificate('r:5000', '/x/ca'),
      make.dropIn('docker.service', 'x', '[Service]\n'),
      make.service('a', 'enable'),
      make.service('a', 'disable'),
      make.service('a', 'unmask'),
      make.removePackages('dnf', 'podman'),
      make.updatePackage('zypper', 'runc'),
      make.installPackages('pacman', 'docker'),
      make.setOwnership('/x', { owner: '0', group: 'docker', mode: 0o660 }),
      make.deleteRule({ program: 'iptables', table: 'nat', chain: 'X', rule: ['-j', 'DROP'] }),
      make.runCommand(['a'], { unless: ['b', 'c d'], onlyIf: ['e'] }),
    ]
    const wishes = [...kinds, ...others].map((step, i) => wanted(`a/b#${i}`, step))
    const text = script(wishes)
    const checked = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: text, encoding: 'utf8' })
    expect(checked.stdout, text).toBe('')
    expect(execFileSync('sh', ['-n'], { input: text, encoding: 'utf8' })).toBe('')
  })
})
