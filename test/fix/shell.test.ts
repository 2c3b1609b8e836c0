import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { quote, toShell } from '../../src/fix/shell.ts'
import {
  addGroup,
  addMember,
  dropIn,
  fix,
  installPackages,
  kernelArgument,
  loadModule,
  manual,
  movePath,
  reboot,
  relogin,
  removePackages,
  removePath,
  replaceLine,
  runCommand,
  type Step,
  service,
  setJson,
  setOwnership,
  setSysctl,
  updatePackage,
  writeFile,
} from '../../src/model/fix.ts'

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-shell-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (script: string): string => execFileSync('sh', ['-c', `set -eu\n${script}`], { encoding: 'utf8' })
const shellOf = (...steps: readonly Step[]): string => toShell(fix('Mend it', ...steps))

/** What a host may name things, at its worst. */
const HOSTILE = [
  `we'ird; rm -rf /`,
  '$(reboot)',
  '`id`',
  '-rf',
  'a b',
  '"',
  '\\',
  '*',
  '~',
  '#',
  '{{ x }}',
  'a\nb',
  'é',
]

describe('quoting', () => {
  it('gives the shell each word as it is', () => {
    const words = fc
      .sample(fc.string({ unit: 'binary', minLength: 1 }), 2_000)
      .map((word) => word.replaceAll('\0', ''))
    const all = [...HOSTILE, ...words].filter((word) => word !== '' && !/[\uD800-\uDFFF]/.test(word))
    const printed = run(`printf '%s\\000' ${all.map(quote).join(' ')}`)
    expect(printed.split('\0').slice(0, -1)).toEqual(all)
  })
})

describe('steps, as a shell carries them out', () => {
  it('write a file, and its mode', () => {
    const path = join(folder, 'deep', 'file')
    const script = shellOf(writeFile(path, "it's\n$HOME\n", 0o600))
    run(script)
    run(script)
    expect(readFileSync(path, 'utf8')).toBe("it's\n$HOME\n")
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
  it('replace a whole line, and no other', () => {
    const path = join(folder, 'sysctl.conf')
    writeFileSync(path, '# a\nnet.ipv4.ip_forward = 0\nnet.ipv4.ip_forward = 00\n')
    const script = shellOf(replaceLine(path, 'net.ipv4.ip_forward = 0', 'net.ipv4.ip_forward = 1'))
    run(script)
    run(script)
    expect(readFileSync(path, 'utf8')).toBe('# a\nnet.ipv4.ip_forward = 1\nnet.ipv4.ip_forward = 00\n')
    run(shellOf(replaceLine(path, '# a', null)))
    expect(readFileSync(path, 'utf8')).toBe('net.ipv4.ip_forward = 1\nnet.ipv4.ip_forward = 00\n')
  })
  it('edit JSON by what the run has read of it, keeping the rest', () => {
    const path = join(folder, 'daemon.json')
    const before = '{\n\t"dns": ["10.0.0.1"],\n\t"log-opts": { "max-size": "10m" }\n}\n'
    const cure = fix('Mend', setJson(path, ['mtu'], 1400), setJson(path, ['log-opts', 'max-file'], '3'))
    const script = toShell(cure, () => before)
    expect(script.match(/printf/g), 'several edits, one write').toHaveLength(1)
    run(script)
    expect(readFileSync(path, 'utf8')).toBe(
      '{\n\t"dns": ["10.0.0.1"],\n\t"log-opts": { "max-size": "10m", "max-file": "3" },\n\t"mtu": 1400\n}\n',
    )
  })
  it('remove a file, and an empty folder in its place', () => {
    const path = join(folder, 'gone')
    writeFileSync(path, '')
    run(shellOf(removePath(path)))
    run(`mkdir ${quote(path)}`)
    run(shellOf(removePath(path)))
    expect(() => statSync(path)).toThrow()
  })
  it('move, and need not do so twice', () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')]
    writeFileSync(from, 'text')
    run(shellOf(movePath(from, to)))
    run(shellOf(movePath(from, to)))
    expect(readFileSync(to, 'utf8')).toBe('text')
  })
  it('install a package where there are no package lists yet', () => {
    const lists = join(folder, 'lists')
    const apt = `#!/bin/sh\ncase $1 in update) touch ${lists} ;; *) [ -e ${lists} ] && echo "$*" ;; esac\n`
    writeFileSync(join(folder, 'apt-get'), apt, { mode: 0o755 })
    const script = shellOf(installPackages('apt', 'iptables'))
    expect(run(`PATH=${folder}:$PATH\n${script}`)).toBe('install -y iptables\n')
  })
  it('update a package within the versions that are meant', () => {
    const apt = '#!/bin/sh\necho "$*"\n'
    writeFileSync(join(folder, 'apt-get'), apt, { mode: 0o755 })
    const script = shellOf(updatePackage('apt', 'docker-ce', '5:28.'))
    expect(run(`PATH=${folder}:$PATH\n${script}`)).toBe('update\ninstall -y docker-ce=5:28.*\n')
  })
  it.each([
    ['dnf', ["dnf upgrade -y --refresh 'docker-ce-28.*'"]],
    ['yum', ['yum clean expire-cache', "yum install -y 'docker-ce-28.*'"]],
  ] as const)('have %s look for new versions, and take one of those that are meant', (manager, lines) => {
    expect(shellOf(updatePackage(manager, 'docker-ce', '28.')).split('\n')).toEqual(lines)
  })
  it('have the lists fetched that zypper would keep', () => {
    expect(shellOf(updatePackage('zypper', 'apparmor-parser')).split('\n')).toEqual([
      'zypper --non-interactive refresh',
      'zypper --non-interactive install apparmor-parser',
    ])
  })
  it('do nothing where a command’s condition holds already', () => {
    expect(run(shellOf(runCommand(['echo', 'done'], { unless: ['true'] })))).toBe('')
    expect(run(shellOf(runCommand(['echo', 'done'], { unless: ['false'] })))).toBe('done\n')
    expect(run(shellOf(runCommand(['echo', 'done'], { onlyIf: ['true'] })))).toBe('done\n')
    expect(run(shellOf(runCommand(['echo', 'done'], { onlyIf: ['false'] })))).toBe('')
  })
})

const everyKind = (word: string): readonly Step[] => [
  setSysctl(`net.ipv4.conf.${word}.forwarding`, 1),
  writeFile(`/etc/${word}`, word),
  replaceLine(`/etc/${word}`, word, word),
  removePath(`/etc/${word}`),
  movePath(`/etc/${word}`, `/srv/${word}`),
  setJson(`/etc/${word}`, [word], word),
  service(word, 'restart'),
  service(word, 'unmask'),
  dropIn('docker.service', word, word),
  installPackages('apt', word),
  removePackages('dnf', word),
  updatePackage('apt', word, word),
  addGroup(word),
  addMember(word, 'docker'),
  loadModule(word),
  kernelArgument(word),
  setOwnership(`/etc/${word}`, { owner: word, group: word, mode: 0o660 }),
  runCommand(['ip', 'link', 'set', word, 'up']),
  relogin(word),
  reboot,
  manual(word),
]

describe('what must not be written back', () => {
  const before = () => '{ "log-opts": { "splunk-token": "***" } }'
  it('is a credential that was taken out of what was read', () => {
    const script = toShell(fix('Mend', setJson('/etc/docker/daemon.json', ['mtu'], 1400)), before)
    expect(script).toBe('# Set "mtu" to 1400 in /etc/docker/daemon.json, and leave the rest as it is.')
    expect(shellOf(writeFile('/etc/x', 'token=***\n'))).toMatch(/^# /)
    expect(shellOf(replaceLine('/etc/x', 'proxy=http://***@p', 'proxy='))).toMatch(/^# /)
  })
  it('is JSON that is none', () => {
    expect(toShell(fix('Mend', setJson('/x', ['a'], 1)), () => '{"b": tru')).toMatch(/^# Set "a"/)
  })
})

describe('every kind of step', () => {
  it.each(HOSTILE)('stays data where the host names things %j', (word) => {
    for (const step of everyKind(word)) {
      const script = shellOf(step)
      expect(spawnSync('sh', ['-n', '-c', script]).status, script).toBe(0)
    }
  })
  it('leaves no command to a comment’s second line', () => {
    expect(shellOf(manual('one\nrm -rf /'), relogin('a\nb'))).not.toMatch(/^(?!#)/m)
  })
  const lint = spawnSync('shellcheck', ['--version']).status === 0
  it.skipIf(!lint)('is clean by shellcheck', () => {
    const script = `#!/bin/sh\n${everyKind("we'ird name")
      .map((step) => shellOf(step))
      .join('\n')}\n`
    const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', '-S', 'warning', '-'], {
      input: script,
      encoding: 'utf8',
    })
    expect(stdout, script).toBe('')
    expect(status).toBe(0)
  })
})
