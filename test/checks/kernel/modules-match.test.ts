import check from '../../../checks/kernel/modules-match.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { statOf } from '../engine-host.ts'
import { allLoaded, bare, config, configText, engine, modular, tree, upgraded } from './hosts.ts'

const gzipless = { 'base64 /proc/config.gz': Buffer.from(configText()).toString('base64') }

testCheck(check, {
  'the folder is there': passes(modular),
  'compressed modules': passes({ ...bare, ...tree('6.1.0-18-amd64', undefined, '.xz') }),
  'no support for modules at all': passes({ ...bare, '/proc/modules': null }, { says: 'built in' }),
  'all built in, no folder': passes({ ...bare, '/proc/modules': '', ...gzipless }, { says: 'built in' }),
  'upgraded, nothing loaded': finds('upgraded', upgraded, { says: '6.1.0-21-amd64' }),
  'upgraded under a running engine': finds('upgraded', { ...upgraded, ...engine() }, { says: 'veth' }),
  'upgraded, and all is loaded': finds('upgradedLater', { ...upgraded, '/proc/modules': allLoaded }),
  'an index that is empty': finds(
    'noIndex',
    {
      ...modular,
      '/lib/modules/6.1.0-18-amd64/': ['kernel/', 'modules.dep'],
      '/lib/modules/6.1.0-18-amd64/modules.dep': '',
    },
    { after: tree() },
  ),
  'a folder that an upgrade left empty': finds('upgraded', {
    ...upgraded,
    '/lib/modules/6.1.0-18-amd64/': ['modules.alias'],
  }),
  'no folder, and the configuration lacks them': finds(
    'noModules',
    { ...bare, ...config('VETH', 'OVERLAY_FS') },
    { says: 'overlay, veth' },
  ),
  'no folder, on Debian': finds(
    'noModules',
    { ...bare, ...config('VETH', 'OVERLAY_FS'), 'stat /usr/bin/apt-get': statOf('file', 0o755) },
    { after: tree() },
  ),
  'no folder, no configuration': unknown(bare),
  'in a container': skips({ ...upgraded, '/run/systemd/container': 'lxc\n' }),
  'nothing recorded': unknown({}),
})
