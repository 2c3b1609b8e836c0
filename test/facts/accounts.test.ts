import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { accounts, groupNamed, parseGroups, parsePasswd } from '../../src/facts/accounts.ts'
import { socketAccess } from '../../src/facts/socket-access.ts'
import type { Stat } from '../../src/model/source.ts'
import { valueOn } from './fact.ts'

const captured = (name: string): string =>
  readFileSync(new URL(`../fixtures/debian-12-docker-20.10/${name}`, import.meta.url), 'utf8')
const files = { '/etc/passwd': captured('passwd.txt'), '/etc/group': captured('group.txt') }

it('reads users', () =>
  expect(parsePasswd(captured('passwd.txt')).at(-1)).toEqual({
    name: 'tester',
    uid: 4242,
    gid: 4242,
    home: '/home/tester',
  }))
it('reads groups', () => {
  const groups = parseGroups(captured('group.txt'))
  expect(groups.find(({ name }) => name === 'docker')).toEqual({
    name: 'docker',
    gid: 106,
    members: ['tester'],
  })
  expect(groups.find(({ name }) => name === 'root')?.members).toEqual([])
})
it.each([
  ['group: files systemd', false],
  ['group: compat # sss', false],
  ['passwd: files sss systemd', true],
  ['group: files [SUCCESS=merge] systemd', false],
  ['initgroups: sss', true],
  ['hosts: files dns', false],
])('%s has more than files: %s', async (nss, beyondFiles) =>
  expect((await valueOn(accounts, { ...files, '/etc/nsswitch.conf': `${nss}\n` })).beyondFiles).toBe(
    beyondFiles,
  ),
)
it('needs no nsswitch.conf, as with musl', async () =>
  expect((await valueOn(accounts, { ...files, '/etc/nsswitch.conf': null })).beyondFiles).toBe(false))
it('asks the name service for a group that the files lack', async () => {
  const host = { ...files, '/etc/group': 'root:x:0:\n', '/etc/nsswitch.conf': 'group: files ldap\n' }
  expect(
    await valueOn(groupNamed('docker'), { ...host, '$ getent group docker': 'docker:*:990:ann,bob\n' }),
  ).toMatchObject({ gid: 990 })
  const none = { stdout: '', stderr: '', exit: 2 }
  expect(await valueOn(groupNamed('docker'), { ...host, '$ getent group docker': none })).toBeNull()
})
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(':', ',', '\n', '0', '9', 'a', '+', '#', ' ', '-1') }),
      (text) => {
        for (const { uid } of parsePasswd(text)) expect(uid).toBeGreaterThanOrEqual(0)
        for (const { gid } of parseGroups(text)) expect(gid).toBeGreaterThanOrEqual(0)
      },
    ),
    { numRuns: 10_000 },
  ))

const socket = (mode: number): Stat => ({
  type: 'socket',
  mode,
  uid: 0,
  gid: 106,
  size: 0,
  mtimeMs: 0,
  ino: 1,
  dev: 1,
})
it.each([
  [0o660, 0, [], 'its owner'],
  [0o660, 1000, [106], 'a member of its group'],
  [0o660, 1000, [], null],
  [0o606, 1000, [106], null],
  [0o666, 1000, [], 'anybody'],
  [0o440, 1000, [106], null],
])('mode %o, user %i of %j: %s', (mode, user, groups, access) =>
  expect(socketAccess(socket(mode), user, new Set(groups as number[]))).toBe(access),
)
