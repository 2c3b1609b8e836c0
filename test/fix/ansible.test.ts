import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
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
import { parse, parseDocument, Scalar, visit } from 'yaml'
import { playbookOf } from '../../src/fix/ansible.ts'
import { planOf, type Wanted } from '../../src/fix/plan.ts'
import type { Step } from '../../src/model/fix.ts'
import * as fixes from '../../src/model/fix.ts'

const wanted = (finding: string, ...steps: readonly Step[]): Wanted => ({
  finding,
  level: 'fail',
  message: `${finding} is wrong`,
  fix: fixes.fix(`Mend ${finding}`, ...steps),
})
const ABOUT = { host: 'h1', version: '1.2.3', at: '2026-01-02T03:04:05Z', before: () => undefined }
const playbook = (
  wishes: readonly Wanted[],
  before: (path: string) => string | undefined = () => undefined,
) => playbookOf(planOf(wishes), { ...ABOUT, before })

type Task = Readonly<Record<string, unknown>>
const unsafe = { tag: '!unsafe', resolve: (text: string) => text }
const tasksIn = (text: string): Task[] => parse(text, { version: '1.1', customTags: [unsafe] })[0].tasks
const tasksFor = (...steps: readonly Step[]): Task[] => tasksIn(playbook([wanted('a#b', ...steps)]))
const modules = (tasks: readonly Task[]): string[] =>
  tasks.flatMap((task) => [
    ...Object.keys(task).filter((word) => word.includes('.')),
    ...(['block', 'rescue'] as const).flatMap((part) => modules((task[part] as Task[] | undefined) ?? [])),
  ])
const argumentsOf = (tasks: readonly Task[], module: string): unknown[] =>
  tasks.flatMap((task) => (module in task ? [task[module]] : []))

const { fix: _, ...make } = fixes
const RULE = { program: 'iptables', table: 'filter', chain: 'DOCKER-USER' }
const everyKind = (word: string): readonly Step[] => [
  make.setSysctl(`net.ipv4.conf.${word}.forwarding`, 1),
  make.setSysctl('net.ipv4.ip_forward', 1),
  make.writeFile(`/etc/${word}`, word, 0o600),
  make.replaceLine(`/etc/l${word}`, word, word),
  make.removePath(`/etc/r${word}`),
  make.movePath(`/etc/m${word}`, `/srv/${word}`),
  make.setJson(`/etc/j${word}`, [word], word),
  ...(['start', 'enable', 'unmask', 'reload', 'restart'] as const).map((action) =>
    make.service(word, action),
  ),
  make.service('docker', 'reload'),
  make.dropIn('docker.service', word, word),
  make.installPackages('apt', word),
  make.removePackages('dnf', word),
  make.addGroup(word),
  make.addMember(word, 'docker'),
  make.loadModule(word),
  make.kernelArgument(word),
  make.removeKernelArgument(word),
  make.setOwnership(`/etc/o${word}`, { owner: word, group: word, mode: 0o660 }),
  make.insertRule({ ...RULE, rule: ['-i', word, '-j', 'ACCEPT'] }),
  make.insertRule({ ...RULE, rule: ['-m', 'mark', '--mark', word] }),
  make.deleteRule({ ...RULE, rule: ['-i', word, '-j', 'DROP'] }),
  make.insertNftRule({ family: 'inet', table: word, chain: 'c', rule: ['iifname', `"${word}"`, 'accept'] }),
  make.firewalld({ zone: word, what: 'port', value: '53/udp' }),
  make.firewalld({ what: 'interface', value: word }),
  make.mount('mount', `/a${word}`, { source: word, type: 'ext4' }),
  make.mount('mount', `/b${word}`),
  make.mount('remount', `/c${word}`, { options: ['exec'] }),
  make.mount('unmount', `/d${word}`),
  make.trustCertificate(word, `/srv/${word}`),
  make.runCommand(['ip', 'link', 'set', word, 'up'], { unless: ['a', word], onlyIf: ['b', word] }),
  make.relogin(word),
  make.reboot,
  make.manual(word),
]

describe('services of OpenRC', () => {
  it('are restarted to be started, where they crashed and count as started', () => {
    const [, look, , status, restart, start] = tasksFor(make.service('x', 'start'))
    expect(look).toMatchObject({ 'ansible.builtin.stat': { path: '/run/openrc' } })
    expect(status).toMatchObject({
      'ansible.builtin.command': { argv: ['rc-service', 'x', 'status'] },
      when: `${look?.register}.stat.exists`,
    })
    expect(restart).toMatchObject({
      'ansible.builtin.service': { name: 'x', state: 'restarted' },
      when: [status?.when, `${status?.register}.rc | default(0) in [32, 64]`],
    })
    expect(start).toMatchObject({ 'ansible.builtin.service': { name: 'x', state: 'started' } })
  })
  it('reload themselves; the engine is signalled where its script cannot', () => {
    const tasks = tasksFor(make.service('docker', 'reload'))
    const [systemd, openrc, reload, pid, kill] = tasks
    const either = `${systemd?.register}.stat.exists or ${openrc?.register}.stat.exists`
    expect([reload?.when, pid?.when, kill?.when]).toEqual([
      [either],
      [`not (${either})`],
      [`not (${either})`],
    ])
  })
})

describe('packages', () => {
  it('are taken away where they are installed under this very name', () => {
    const tasks = tasksFor(make.removePackages('dnf', 'docker', 'runc'))
    expect(argumentsOf(tasks, 'ansible.builtin.command')).toEqual([
      { argv: ['rpm', '-q', 'docker'] },
      { argv: ['rpm', '-q', 'runc'] },
    ])
    expect(argumentsOf(tasks, 'ansible.builtin.dnf')).toEqual([
      { name: ['docker'], state: 'absent' },
      { name: ['runc'], state: 'absent' },
    ])
    expect(tasks[1]?.when).toBe(`${tasks[0]?.register}.rc | default(1) == 0`)
  })
  it('are updated by new lists, which zypper keeps where one repository cannot be reached', () => {
    const [refresh, update] = tasksFor(make.updatePackage('zypper', 'runc'))
    expect(refresh).toMatchObject({
      'ansible.builtin.command': { argv: ['zypper', '--non-interactive', 'refresh'] },
      failed_when: 'package_lists.rc not in [0, 4]',
    })
    expect(update).toMatchObject({ 'community.general.zypper': { name: ['runc'], state: 'latest' } })
    expect(tasksFor(make.updatePackage('dnf', 'runc'))).toMatchObject([
      { 'ansible.builtin.dnf': { name: ['runc'], state: 'latest', update_cache: true } },
    ])
  })
})

describe('a playbook', () => {
  it('is one play that says what it is', () => {
    const text = playbook([wanted('a#b', make.addGroup('docker'))])
    expect(text).toMatch(/^# What seaworthy 1\.2\.3 proposed for h1 on 2026-01-02T03:04:05Z/)
    expect(parse(text)).toEqual([
      {
        name: 'Make h1 fit to carry containers',
        hosts: 'all',
        become: true,
        gather_facts: false,
        tasks: [{ name: 'a#b: a#b is wrong', 'ansible.builtin.group': { name: 'docker', system: true } }],
      },
    ])
  })
  it('does every kind of step by native modules', () => {
    const wishes = everyKind('word').map((step, i) => wanted(`a/b#${i}`, step))
    const used = new Set(modules(tasksIn(playbook(wishes))))
    expect([...used].filter((name) => /shell|raw|script/.test(name))).toEqual([])
    expect(used).toContain('ansible.posix.sysctl')
    expect(used).toContain('ansible.posix.firewalld')
    expect(used).toContain('community.general.modprobe')
  })
  it('writes daemon.json as a whole, and looks before that it is as it was read', () => {
    const path = '/etc/docker/daemon.json'
    const before = '{\n\t"dns": ["10.0.0.1"]\n}\n'
    const wishes = [
      wanted('a#b', make.setJson(path, ['mtu'], 1400)),
      wanted('c#d', make.setJson(path, ['debug'], true)),
    ]
    const tasks = tasksIn(playbook(wishes, () => before))
    const content = '{\n\t"dns": ["10.0.0.1"],\n\t"mtu": 1400,\n\t"debug": true\n}\n'
    expect(argumentsOf(tasks, 'ansible.builtin.copy')).toEqual([{ dest: path, content, follow: true }])
    const looks = tasks.findIndex((task) => task.register === 'seaworthy_files')
    expect(looks).toBeGreaterThanOrEqual(0)
    expect(looks).toBeLessThan(tasks.findIndex((task) => 'ansible.builtin.copy' in task))
  })
  it('restarts the engine only after a change, but always where that is the cure', () => {
    const restart = (tasks: readonly Task[]) =>
      tasks.filter((task) => (task['ansible.builtin.service'] as Task | undefined)?.state === 'restarted')
    const changed = restart(tasksFor(make.writeFile('/etc/x', 'x'), make.restartEngine))
    expect(changed).toMatchObject([{ when: ['step_0_task_0 is changed'] }])
    expect(restart(tasksFor(make.restartEngine))[0]).toMatchObject({
      name: 'a#b: a#b is wrong (done by each run)',
      when: [],
    })
  })
  it('tells at the end what is left to a person, and never reboots', () => {
    const tasks = tasksFor(make.kernelArgument('a=b'), make.reboot)
    expect(modules(tasks)).not.toContain('ansible.builtin.reboot')
    expect(tasks.at(-1)).toEqual({
      name: 'Left to you: a#b: a#b is wrong',
      'ansible.builtin.debug': { msg: ['Reboot the host: the change takes effect at the next boot.'] },
    })
  })
  it.each(['/etc/$HOME', '~root'])(
    'leaves %s to a person: a module would put something else in its place',
    (name) => {
      const step = name.startsWith('/') ? make.writeFile(name, 'x') : make.addMember(name, 'docker')
      const tasks = tasksFor(step)
      expect(modules(tasks)).toEqual(['ansible.builtin.debug'])
      expect(JSON.stringify(tasks)).toContain('the script of --format shell does it')
    },
  )
})

/** What a host may name things, at its worst. */
const PARTS = [
  "'",
  '"',
  '$',
  '`',
  '\\',
  '\n',
  '{{ 7*7 }}',
  '{% raw %}',
  '{#',
  '}}',
  ' ',
  '-',
  '!',
  'a',
  'é',
  '#',
  ': ',
  '\r',
  '\t',
  '\u0085',
  '\u2028',
  '\u007f',
  '\u0007',
  '😀',
  '|',
  '>',
  '&',
  '*',
  '%',
  '@',
]
// What was taken out of a reading is not written.
const hostile = fc
  .string({ unit: fc.constantFrom(...PARTS), minLength: 1 })
  .filter((text) => !text.includes('***'))
/** What YAML might take for something else than text. */
const ODD = [
  'yes',
  'no',
  '~',
  'null',
  '0644',
  '1_000',
  '12:30:45',
  '2026-01-01',
  '=',
  '<<',
  '[1]',
  '{"a": 1}',
  '- a',
  '? a',
  '&a',
  '*a',
  '!a',
  '%a',
  '@a',
  '`a',
  ' a',
  'a ',
  '',
  '\n',
  '#',
]

describe('what comes from the host', () => {
  it('is in every step data that no template is made of', () => {
    const check = (word: string): void => {
      for (const step of everyKind(word)) {
        const message = { ...wanted(word, step), message: word }
        const text = playbookOf(planOf([message]), { ...ABOUT, host: word })
        const document = parseDocument(text, { version: '1.1', customTags: [unsafe] })
        expect(document.errors, text).toEqual([])
        visit(document, {
          Scalar: (_key, node) => {
            const isOurs = node.type !== Scalar.QUOTE_DOUBLE && node.type !== Scalar.BLOCK_LITERAL
            const isTagged = node.tag === '!unsafe'
            // Ours are templates of known names.
            if (typeof node.value === 'string' && node.value.includes('7*7'))
              expect(isTagged, text).toBe(true)
            if (isOurs) expect(isTagged, text).toBe(false)
          },
        })
      }
    }
    fc.assert(fc.property(hostile, check), { numRuns: 40 })
    check('{{ 7*7 }}')
  })
  it('is content as it was, for a parser of YAML', () => {
    const check = (content: string): void => {
      const copies = argumentsOf(tasksFor(make.writeFile('/etc/x', content)), 'ansible.builtin.copy')
      expect(copies).toEqual([{ dest: '/etc/x', content, follow: true }])
    }
    fc.assert(fc.property(hostile, check), { numRuns: 300 })
    for (const content of ODD) check(content)
  })
  it('cannot leave the comment at the head', () => {
    const text = playbookOf(planOf([wanted('a#b', make.addGroup('x'))]), {
      ...ABOUT,
      host: 'h\n- evil: 1\r- evil',
    })
    expect(parse(text)).toHaveLength(1)
  })
})

/** Minutes, so only where it is asked for: `LAB_ANSIBLE=1 npx vitest run test/fix/ansible.test.ts`. */
const isAsked = process.env.LAB_ANSIBLE === '1'
const folder = mkdtempSync(join(tmpdir(), 'seaworthy-ansible-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

/** On this machine, as whoever runs the test. */
function play(text: string): { status: number | null; changed: number; said: string } {
  writeFileSync(at('playbook.yml'), text)
  const options = ['-c', 'local', '-i', 'localhost,', '-e', 'ansible_become=false', at('playbook.yml')]
  const { status, stdout, stderr } = spawnSync('ansible-playbook', options, {
    encoding: 'utf8',
    env: {
      ...process.env,
      ANSIBLE_NOCOLOR: '1',
      ANSIBLE_LOCALHOST_WARNING: 'False',
      ANSIBLE_HOME: at('home'),
    },
  })
  return { status, changed: Number(/changed=(\d+)/.exec(stdout)?.[1]), said: stdout + stderr }
}

const existing = (path: string): string[] => (existsSync(path) ? [readFileSync(path, 'utf8')] : [])

describe.skipIf(!isAsked)('under the real ansible-playbook', { timeout: 300_000 }, () => {
  it('hostile values are written byte for byte, and a second run changes nothing', () => {
    // Each task takes a good part of a second: one has many arguments, and the texts that are like other types of YAML are lines of few.
    const words = [...ODD, ...PARTS, ...fc.sample(hostile, 40)].filter((word) => !word.startsWith('~'))
    const texts = ['yes', '<<', '{"a": 1}', '2026-01-01', PARTS.join(' '), ...fc.sample(hostile, 3)]
    const print = make.runCommand(
      ['sh', '-c', 'file=$1; shift; printf "%s\\000" "$@" >"$file"', '-', at('words'), ...words],
      { unless: ['test', '-e', at('words')] },
    )
    const write = texts.map((text, i) => ({
      ...wanted(`file#${i}`, make.writeFile(at(`text-${i}`), text)),
      message: text,
    }))
    const text = playbook([wanted('a#b', print), ...write])
    const first = play(text)
    expect(first.status, first.said).toBe(0)
    expect(readFileSync(at('words'), 'utf8').split('\0')).toEqual([...words, ''])
    texts.forEach((content, i) => {
      expect(readFileSync(at(`text-${i}`), 'utf8')).toBe(content)
    })
    expect(play(text)).toMatchObject({ status: 0, changed: 0 })
  })
  it('lines are replaced, files moved and removed, modes set: once', () => {
    const lines = at('lines (1)')
    writeFileSync(lines, '# a\nold = \\1 & "x" {{ y }}\r\naway\nlast', { mode: 0o640 })
    writeFileSync(at('from'), 'text')
    writeFileSync(at('gone'), '')
    mkdirSync(at('empty [x]'))
    const text = playbook([
      wanted(
        'a#b',
        make.replaceLine(lines, 'old = \\1 & "x" {{ y }}', 'new = \\2 \\g<1> & $y {{ z }}'),
        make.replaceLine(lines, 'away', null),
        make.movePath(at('from'), at('to {{ x }}')),
        make.removePath(at('gone')),
        make.removePath(at('empty [x]')),
        make.setOwnership(lines, { mode: 0o604 }),
      ),
    ])
    const first = play(text)
    expect(first.status, first.said).toBe(0)
    expect(readFileSync(lines, 'utf8')).toBe('# a\nnew = \\2 \\g<1> & $y {{ z }}\r\nlast')
    expect(statSync(lines).mode & 0o777).toBe(0o604)
    expect(readFileSync(at('to {{ x }}'), 'utf8')).toBe('text')
    expect([existsSync(at('gone')), existsSync(at('empty [x]'))]).toEqual([false, false])
    expect(play(text)).toMatchObject({ status: 0, changed: 0 })
  })
  it('arguments of the kernel are added and taken out in the first file of a boot loader that is there: once', () => {
    mkdirSync(at('boot/firmware'), { recursive: true })
    mkdirSync(at('etc-default'))
    const files = [
      ['boot/firmware/cmdline.txt', 'rootwait gone=1 a.b=1', 'rootwait a.b=1'],
      ['boot/cmdline.txt', 'gone=1 rootwait\n', 'rootwait a.b=1\n'],
      [
        'etc-default/grub',
        'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n export GRUB_CMDLINE_LINUX="x gone=1 axb=1" # why\nOTHER=1\n',
        'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n export GRUB_CMDLINE_LINUX="x axb=1 a.b=1" # why\nOTHER=1\n',
      ],
    ] as const
    for (const [path, before] of files) writeFileSync(at(path), before)
    const contents = (): string[] => files.flatMap(([path]) => existing(at(path)))
    const text = playbook([wanted('a#b', make.kernelArgument('a.b=1'), make.removeKernelArgument('gone=1'))])
      .replaceAll('/etc/default/', `${at('etc-default')}/`)
      .replaceAll('/boot/', `${at('boot')}/`)
      .replaceAll(/removes: .*/g, `removes: ${at('none')}`)
    for (const [index, [path, , after]] of files.entries()) {
      const later = files.slice(index + 1).map(([, before]) => before)
      const first = play(text)
      expect(first.status, first.said).toBe(0)
      expect(contents()).toEqual([after, ...later])
      expect(play(text)).toMatchObject({ status: 0, changed: 0 })
      rmSync(at(path))
    }
  })
  it('a file that has changed since is not touched, nor a link that leads elsewhere followed', () => {
    const path = at('daemon.json')
    writeFileSync(path, '{ "debug": true }')
    const other = make.writeFile(at('untouched'), 'x')
    const changed = play(
      playbook([wanted('a#b', other, make.setJson(path, ['mtu'], 1400))], (name) =>
        name === path ? '{}' : undefined,
      ),
    )
    expect(changed.status).not.toBe(0)
    expect(changed.said).toContain('daemon.json has changed since it was read: nothing was touched')
    mkdirSync(at('etc'))
    symlinkSync('../daemon.json', at('etc/link'))
    const linked = play(playbook([wanted('a#b', other, make.writeFile(at('etc/link'), 'y'))]))
    expect(linked.said).toContain('is a symbolic link to ../daemon.json: nothing was touched')
    expect([readFileSync(path, 'utf8'), existsSync(at('untouched'))]).toEqual(['{ "debug": true }', false])
  })
})
