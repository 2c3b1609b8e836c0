import { expect, it } from 'vitest'
import check from '../../../checks/host/prerequisites.ts'
import { toShell } from '../../../src/fix/shell.ts'
import { finds, judge, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare, denied, engine, installed } from './hosts.ts'

const host = { ...bare, ...installed('dockerd', 'iptables') }
const noTables = { ...bare, ...installed('dockerd', 'apt-get') }
const DPKG = `$ dpkg-query -W -f "\${db:Status-Abbrev}" iptables`
const json = (text: string) => ({ '/etc/docker/daemon.json': text })

testCheck(check, {
  'iptables is there': passes(host, { says: 'not installed: ps, xz, git' }),
  'everything is there': passes({
    ...host,
    ...installed('dockerd', 'iptables', 'ip6tables', 'modprobe', 'ip', 'ps', 'xz', 'git'),
  }),
  'no engine yet, curl there': passes({ ...bare, ...installed('curl') }),
  'an engine that lies elsewhere (NixOS)': passes({ ...bare, ...engine() }),
  'no rules asked for': passes({ ...noTables, ...json('{"iptables": false}') }),
  'nftables asked for and there': passes({
    ...noTables,
    ...installed('nft'),
    ...json('{"firewall-backend": "nftables"}'),
  }),
  'nftables in use': passes({
    ...noTables,
    ...installed('nft'),
    ...engine({ FirewallBackend: { Driver: 'nftables' } }),
  }),
  'no iptables': finds('missing', noTables, { says: 'iptables', after: installed('iptables') }),
  'no iptables, no package manager that we know': finds(
    'missing',
    { ...bare, ...installed('dockerd') },
    { after: installed('iptables') },
  ),
  'iptables is not a program': finds(
    'missing',
    {
      ...noTables,
      'stat /usr/bin/iptables': {
        type: 'file',
        mode: 0o644,
        uid: 0,
        gid: 0,
        size: 1,
        mtimeMs: 0,
        ino: 1,
        dev: 1,
      },
    },
    { after: installed('iptables') },
  ),
  'nftables asked for and not there': finds(
    'missing',
    { ...host, ...json('{"firewall-backend": "nftables"}') },
    { says: 'nft' },
  ),
  'no engine, nothing to fetch it with': finds(
    'missingForInstall',
    { ...bare, ...installed('dnf') },
    { after: installed('curl') },
  ),
  'folders that cannot be seen': unknown({ ...bare, 'stat /usr/sbin/dockerd': denied }),
  'nothing recorded': unknown({}),
})

it('installs iptables by the one name that every release with dnf knows', async () => {
  const outcome = await judge(check, { ...bare, ...installed('dockerd', 'dnf') })
  expect('fix' in outcome && outcome.fix ? toShell(outcome.fix) : '').toContain('dnf install -y iptables\n')
})

it.each([
  ['installed', 'ii ', 'apt-get install --reinstall -y iptables'],
  ['removed but for its configuration', 'rc ', 'apt-get install -y iptables'],
])('iptables gone, its package %s', async (_, stdout, command) => {
  const outcome = await judge(check, {
    ...noTables,
    [DPKG]: { stdout, stderr: '', exit: 0 },
  })
  expect('fix' in outcome && outcome.fix ? toShell(outcome.fix) : '').toContain(command)
})
