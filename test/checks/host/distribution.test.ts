import check from '../../../checks/host/distribution.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { bare } from './hosts.ts'

const os = (text: string, clock = '2026-11-21T02:00:00Z') => ({
  ...bare,
  clock,
  '/etc/os-release': `${text}\n`,
})
const OPENEULER = 'NAME="openEuler"\nVERSION="22.03 (LTS-SP4)"\nID="openEuler"\nVERSION_ID="22.03"'

testCheck(check, {
  'Debian 12 in its LTS': passes(os('ID=debian\nVERSION_ID="12"'), { says: '2028-06-30' }),
  'Debian testing': passes(os('ID=debian\nPRETTY_NAME="Debian GNU/Linux forky/sid"')),
  'Rocky 9.4': passes(os('ID="rocky"\nVERSION_ID="9.4"'), { says: '2032' }),
  'Alpine 3.22.1': passes(os('ID=alpine\nVERSION_ID=3.22.1')),
  Arch: passes(os('ID=arch')),
  'Kylin V10': passes(os('ID="kylin"\nVERSION_ID="V10"'), { says: 'Kylin V10' }),
  'UOS 20': passes(os('ID="uos"\nVERSION_ID="20"')),
  'a release newer than the table': passes(os('ID=fedora\nVERSION_ID=46')),
  'a distribution nobody knows': passes(os('ID=tinycore\nPRETTY_NAME="TinyCore 14"'), {
    says: 'do not know',
  }),
  'openEuler 22.03 LTS-SP4 in time': passes(os(OPENEULER, '2026-01-01T00:00:00Z')),
  'openEuler 22.03 LTS-SP4': finds('ended', os(OPENEULER), { says: '2026-06-30' }),
  'CentOS 7': finds('ended', os('NAME="CentOS Linux"\nID="centos"\nVERSION_ID="7"'), { says: '2024-06-30' }),
  'CentOS Stream 9': passes(os('NAME="CentOS Stream"\nID="centos"\nVERSION_ID="9"')),
  'Fedora 37': finds('ended', os('ID=fedora\nVERSION_ID=37'), { says: 'before 2025-05-13' }),
  'Anolis OS 7.9, older than what we know': passes(os('ID="anolis"\nVERSION_ID="7.9"')),
  'LMDE 6, which is not Mint 6': passes(os('NAME="LMDE"\nID=linuxmint\nVERSION_ID="6"')),
  'Amazon Linux 2': finds('ended', os('ID="amzn"\nVERSION_ID="2"')),
  'Alibaba Cloud Linux 2 after its extension': finds('ended', os('ID="alinux"\nVERSION_ID="2"')),
  'Ubuntu 20.04': finds('extendedOnly', os('ID=ubuntu\nVERSION_ID="20.04"'), { says: 'Ubuntu Pro' }),
  'RHEL 7.9': finds('extendedOnly', os('ID="rhel"\nVERSION_ID="7.9"')),
  'Fedora 43 at the end of November': finds('endsSoon', os('ID=fedora\nVERSION_ID=43'), { says: '18 days' }),
  'its last day': finds('endsSoon', os('ID=fedora\nVERSION_ID=43', '2026-12-09T20:00:00Z'), {
    says: '0 days',
  }),
  'CentOS 6, which has no os-release': finds('unfit', {
    ...bare,
    '/etc/redhat-release': 'CentOS release 6.10 (Final)\n',
  }),
  'Ubuntu 20.04 with Pro': passes(
    {
      ...os('ID=ubuntu\nVERSION_ID="20.04"'),
      '/etc/apt/sources.list.d/ubuntu-esm-infra.list':
        '# Written by ubuntu-pro-client\ndeb https://esm.ubuntu.com/infra/ubuntu focal-infra-security main\n',
    },
    { says: 'Ubuntu Pro' },
  ),
  'RHEL 7.9 with ELS': passes({
    ...os('ID="rhel"\nVERSION_ID="7.9"'),
    '/etc/yum.repos.d/redhat.repo':
      '[rhel-7-server-rpms]\nenabled = 1\n\n[rhel-7-server-els-rpms]\nname = ELS\nenabled = 1\n',
  }),
  'RHEL 7.9 with ELS switched off': finds('extendedOnly', {
    ...os('ID="rhel"\nVERSION_ID="7.9"'),
    '/etc/yum.repos.d/redhat.repo':
      '[rhel-7-server-els-rpms]\nenabled = 0\n[rhel-7-server-rpms]\nenabled = 1\n',
  }),
  'no os-release': skips(bare),
  'nothing recorded': unknown({}),
})
