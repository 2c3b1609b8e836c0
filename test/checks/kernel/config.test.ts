import check from '../../../checks/kernel/config.ts'
import { listedOptions } from '../../../src/kernel-config/index.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare, config, engine, modular } from './hosts.ts'

const NFT = ['IP_NF_FILTER', 'IP_NF_MANGLE', 'IP_NF_RAW', 'IP_NF_NAT', 'IP_NF_TARGET_MASQUERADE']

testCheck(check, {
  'all required': passes({ ...modular, ...config() }, { says: '/boot/config' }),
  'no configuration, and the modules are there': passes(modular, { says: 'no configuration' }),
  'no veth': finds('missing', { ...bare, ...config('VETH') }, { says: 'CONFIG_VETH' }),
  'no tables, and nothing instead': finds(
    'missing',
    { ...bare, ...config(...NFT) },
    { says: 'packet filter' },
  ),
  'no tables by name, and an engine that writes its rules': passes({
    ...bare,
    ...config(...NFT),
    ...engine(),
  }),
  'no tables, and iptables off': passes({
    ...bare,
    ...config(...NFT),
    '/etc/docker/daemon.json': '{"iptables":false}',
  }),
  'no option of what is at work': passes({ ...bare, ...config('KEYS', 'POSIX_MQUEUE', 'NET_NS', 'MEMCG') }),
  'swarm without its networks': finds(
    'missingForSwarm',
    { ...bare, ...config() },
    { settings: { profile: 'swarm' } },
  ),
  'what the script asks for, and this host can do without': finds(
    'scriptDiffers',
    { ...bare, ...config('IP6_NF_NAT') },
    { settings: { profile: 'check-config' }, says: 'CONFIG_IP6_NF_NAT' },
  ),
  'all that the script asks for': passes(
    {
      ...modular,
      'base64 /boot/config-6.1.0-18-amd64': Buffer.from(
        listedOptions.map(({ name }) => `CONFIG_${name}=y\n`).join(''),
      ).toString('base64'),
    },
    { settings: { profile: 'check-config' } },
  ),
  'no configuration, no modules': unknown(bare),
  'configuration not to be read': unknown({
    ...bare,
    'base64 /boot/config-6.1.0-18-amd64': { state: 'denied', reason: 'permission denied', durationMs: 0 },
  }),
  'nothing recorded': unknown({}),
})
