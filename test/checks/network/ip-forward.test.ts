import check from '../../../checks/network/ip-forward.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'

const RUNNING = '/proc/sys/net/ipv4/ip_forward'
const bare = { '/etc/**': null, '/run/**': null, '/usr/**': null, '/lib/**': null }

testCheck(check, {
  'on, and no file says otherwise': passes({ ...bare, [RUNNING]: '1\n' }),
  'on, and a later file overrules an earlier one': passes({
    ...bare,
    [RUNNING]: '1\n',
    '/etc/sysctl.d/': ['10-hardening.conf', '90-docker.conf'],
    '/etc/sysctl.d/10-hardening.conf': 'net.ipv4.ip_forward=0\n',
    '/etc/sysctl.d/90-docker.conf': 'net.ipv4.ip_forward = 1\n',
  }),
  off: finds('off', { ...bare, [RUNNING]: '0\n' }),
  'off, and persisted so': finds('off', {
    ...bare,
    [RUNNING]: '0\n',
    '/etc/sysctl.conf': 'net.ipv4.ip_forward = 0\n',
  }),
  'on, but off at the next boot': finds('turnedOffAtBoot', {
    ...bare,
    [RUNNING]: '1\n',
    '/etc/sysctl.conf': '# hardening\nnet.ipv4.ip_forward = 0\n',
  }),
  'nothing recorded': unknown({}),
})
