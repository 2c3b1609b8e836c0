import { expect, it } from 'vitest'
import check from '../../../checks/firewall/backends.ts'
import { toShell } from '../../../src/fix/shell.ts'
import { finds, judge, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { alternative, ordinaryUser, recordedHost } from './host.ts'

const healthy = recordedHost()
const program = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const
const legacyLoaded = { ...healthy, '/proc/net/ip_tables_names': 'filter\n' }
const legacyRules = (rules: string, policy = 'ACCEPT') =>
  `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ${policy} [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules}COMMIT\n`

const debian = { 'stat /usr/bin/apt-get': program, 'stat /etc/debian_version': program }

const lacking = {
  stdout: '',
  stderr: 'iptables-save/1.8.9 Failed to initialize nft: Protocol not supported\n',
  exit: 1,
}
const onLegacy = {
  ...alternative('iptables', 'legacy'),
  ...alternative('iptables-save', 'legacy'),
  '$ iptables-save': legacyRules('', 'DROP'),
  '$ iptables-nft-save': '',
}

testCheck(check, {
  'nft alone': passes(healthy, { says: 'iptables-nft 1.8.9' }),
  'legacy tables loaded, and empty': passes({ ...legacyLoaded, '$ iptables-legacy-save': legacyRules('') }),
  'CentOS 7, which has only one': passes({
    ...legacyLoaded,
    'stat /usr/sbin/iptables': { ...program, realPath: '/usr/sbin/xtables-multi' },
    'stat /usr/sbin/iptables-save': { ...program, realPath: '/usr/sbin/xtables-multi' },
    '$ iptables-save': legacyRules('-A INPUT -p icmp -j ACCEPT\n'),
    '$ iptables-nft-save': null,
  }),
  'switched to legacy over the rules of nft': finds('mixed', recordedHost('iptables-switched-legacy'), {
    says: /iptables-nft holds rules that stop/,
  }),
  'a DROP in legacy': finds(
    'mixed',
    { ...legacyLoaded, '$ iptables-legacy-save': legacyRules('', 'DROP') },
    {
      says: 'policy DROP of FORWARD',
    },
  ),
  'a kernel without nf_tables': finds(
    'unsupported',
    { ...healthy, '$ iptables-save': lacking },
    { says: /does not support iptables-nft: .*Protocol not supported/, after: onLegacy },
  ),
  'a kernel without nf_tables, on Debian': finds(
    'unsupported',
    { ...healthy, ...debian, '$ iptables-save': lacking },
    { after: onLegacy },
  ),
  'the first nft releases, on Debian 10': finds(
    'earlyNft',
    {
      ...healthy,
      ...debian,
      '$ iptables-save': String(healthy['$ iptables-save']).replaceAll('v1.8.9', 'v1.8.2'),
    },
    { after: onLegacy },
  ),
  'a kernel without nf_tables, on legacy': passes({
    ...healthy,
    ...onLegacy,
    '$ iptables-nft-save': lacking,
  }),
  'leftovers that do no harm': finds('leftovers', {
    ...legacyLoaded,
    '$ iptables-legacy-save': legacyRules('-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n'),
  }),
  'the first nft releases': finds(
    'earlyNft',
    {
      ...healthy,
      '$ iptables-save': String(healthy['$ iptables-save']).replaceAll('v1.8.9', 'v1.8.2'),
    },
    {
      after: {
        ...alternative('iptables', 'legacy'),
        ...alternative('iptables-save', 'legacy'),
        '$ iptables-save': legacyRules('', 'DROP'),
        '$ iptables-nft-save': '',
      },
      says: '1.8.2',
    },
  ),
  'iptables is not installed': skips({ ...healthy, 'stat /usr/sbin/iptables': null }),
  'an ordinary user': unknown(ordinaryUser),
})

it.each([
  ['apt', { 'stat /usr/bin/apt-get': program, 'stat /etc/debian_version': program }, true],
  ['dnf', { 'stat /usr/bin/dnf': program }, false],
] as const)(
  'switches both families of addresses with alternatives where %s set them up',
  async (_, manager, has) => {
    const none = { 'stat /usr/bin/apt-get': null, 'stat /etc/debian_version': null }
    const outcome = await judge(check, { ...healthy, ...none, ...manager, '$ iptables-save': lacking })
    const shell = 'fix' in outcome && outcome.fix ? toShell(outcome.fix) : ''
    expect(/^update-alternatives --set ip6tables \/usr\/sbin\/ip6tables-legacy$/m.test(shell)).toBe(has)
    expect(/^update-alternatives --set iptables /m.test(shell)).toBe(has)
  },
)
