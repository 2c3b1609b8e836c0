import check from '../../../checks/host/name-resolution.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'

const HOSTS = '/etc/hosts'
const LOCAL = '127.0.0.1 localhost\n::1 localhost ip6-localhost\n'
const web = (hosts: string | null): Readings => ({ '/proc/sys/kernel/hostname': 'web\n', [HOSTS]: hosts })
const NOT_FOUND = { ok: false, stage: 'dns', code: 'ENOTFOUND', timings: {} } as const
const nowhere = (hosts: string | null): Readings => ({ ...web(hosts), 'probe dns://web': NOT_FOUND })

testCheck(check, {
  'both in /etc/hosts': passes(web(`${LOCAL}127.0.1.1 web.example.org Web # ours\n`), {
    says: 'web is 127.0.1.1',
  }),
  'line ends of Windows': passes(web('127.0.0.1 localhost\r\n127.0.1.1 web\r\n')),
  'the name comes from DNS, or from nss-myhostname': passes({
    ...web(LOCAL),
    'probe dns://web': { ok: true, addresses: ['10.0.0.7'], timings: {} },
  }),
  'a line with a zone, which the resolver passes over': passes(
    web(`${LOCAL}fe80::1%lo0 localhost\n127.0.1.1 web\n`),
  ),
  'a list against advertising': passes(web(`${LOCAL}0.0.0.0 localhost ads.example\n127.0.1.1 web\n`)),
  'the name was never set': passes({ '/proc/sys/kernel/hostname': '(none)\n', [HOSTS]: LOCAL }),
  'a comment is no name': finds('nameUnresolved', nowhere(`# 10.0.0.7 web\n${LOCAL}`), {
    after: { [HOSTS]: `# 10.0.0.7 web\n${LOCAL}127.0.1.1 web\n` },
    says: 'nothing resolves web',
  }),
  'no /etc/hosts': finds('nameUnresolved', nowhere(null)),
  'nothing in /etc/hosts': finds('nameUnresolved', nowhere('')),
  'localhost is another machine': finds('localhostElsewhere', web('10.0.0.7 localhost\n127.0.1.1 web\n'), {
    says: '10.0.0.7',
  }),
  'localhost is this host, by an address of the network': finds(
    'localhostElsewhere',
    web('10.0.0.7 web localhost # cluster\n'),
  ),
  'localhost is another machine too': finds(
    'localhostElsewhere',
    web(`${LOCAL}10.0.0.8 localhost\n10.0.0.7\tweb Localhost\n`),
    { says: '10.0.0.8' },
  ),
  both: finds('localhostElsewhere', nowhere(`${LOCAL}10.0.0.7 localhost db\n`), {
    after: { [HOSTS]: `${LOCAL}10.0.0.7 db\n127.0.1.1 web\n` },
  }),
  'no name server answers': unknown({
    ...web(LOCAL),
    'probe dns://web': { ok: false, stage: 'dns', code: 'EAI_AGAIN', timings: {} },
  }),
  'DNS was not asked': unknown(web(LOCAL)),
  'not recorded': unknown({}),
})
