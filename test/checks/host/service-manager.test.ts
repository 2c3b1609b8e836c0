import check from '../../../checks/host/service-manager.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare, denied, engine, folders } from './hosts.ts'

const systemd = folders('/run/systemd/system')
const wsl = {
  ...bare,
  '/proc/1/comm': 'init(Debian)\n',
  '/proc/sys/kernel/osrelease': '5.15.153.1-microsoft-standard-WSL2\n',
}

testCheck(check, {
  systemd: passes({ ...bare, ...systemd }, { says: 'systemd' }),
  OpenRC: passes({ ...bare, '/proc/1/comm': 'init\n', ...folders('/run/openrc') }, { says: 'openrc' }),
  'init of its own': passes({ ...bare, '/proc/1/comm': 'init\n' }, { says: 'own script' }),
  'WSL with systemd': passes({ ...wsl, ...systemd }),
  'WSL with the engine of Docker Desktop': passes({
    ...wsl,
    ...engine({ OperatingSystem: 'Docker Desktop' }),
  }),
  'WSL without systemd': finds('wslWithoutSystemd', wsl, { after: systemd }),
  'WSL that was told not to': finds(
    'wslWithoutSystemd',
    { ...wsl, '/etc/wsl.conf': '[network]\nhostname=x\n[boot]\nsystemd=false\n[user]\n' },
    { after: systemd },
  ),
  'WSL whose settings cannot be read': finds('wslWithoutSystemd', { ...wsl, '/etc/wsl.conf': denied }),
  'PID 1 not to be seen': unknown({ ...bare, '/proc/1/comm': denied }),
  'nothing recorded': unknown({}),
})
