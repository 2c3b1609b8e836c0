import check from '../../../checks/network/conntrack.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { DENIED } from './host.ts'

const table = (count: string, max: string) => ({
  '/proc/sys/net/netfilter/nf_conntrack_count': `${count}\n`,
  '/proc/sys/net/netfilter/nf_conntrack_max': `${max}\n`,
  '/etc/**': null,
})

testCheck(check, {
  'hardly used': passes(table('41', '262144'), { says: '41 of 262144' }),
  'no limit': passes(table('41', '0')),
  'not loaded': skips({ '/proc/**': null }),
  full: finds('full', table('262144', '262144')),
  'full up to a few': finds('full', table('65500', '65536')),
  'nearly full': finds('nearlyFull', table('55000', '65536'), { says: '83 %' }),
  'not a number': unknown(table('many', '65536')),
  denied: unknown({ '/proc/**': DENIED }),
})
