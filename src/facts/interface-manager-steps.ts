/** How each program that configures network interfaces is told to leave the engine's alone. */
import { manual, replaceLine, runCommand, type Step, service, writeFile } from '../model/fix.ts'
import {
  CONNMAN,
  connmanBlacklist,
  DHCPCD,
  type InterfaceManager,
  type ManagerFiles,
} from './interface-managers.ts'

const HEX12 = '[0-9a-f]'.repeat(12)
const HEX7 = '[0-9a-f]'.repeat(7)
/** Sorts before any file that is likely to match. */
const NETWORKD_FILE = '/etc/systemd/network/00-seaworthy-engine.network'
const NETWORKD_TEXT = `[Match]\nName=docker0 docker_gwbridge br-${HEX12} veth${HEX7}\n\n[Link]\nUnmanaged=yes\n`
/** Before systemd 244 networkctl cannot reload. */
const RELOAD_NETWORKD = ['sh', '-c', 'networkctl reload || systemctl restart systemd-networkd'] as const
/** Before 1.22, as on CentOS 7, nmcli cannot. @see https://networkmanager.dev/docs/api/latest/NetworkManager.html#Signals */
const RELOAD_NM = ['sh', '-c', 'nmcli general reload || pkill -HUP -x NetworkManager'] as const
const NM_FILE = '/etc/NetworkManager/conf.d/90-seaworthy-engine.conf'
/** @see https://networkmanager.dev/docs/api/latest/NetworkManager.conf.html */
const NM_TEXT =
  '[keyfile]\nunmanaged-devices+=interface-name:docker0;interface-name:docker_gwbridge;interface-name:br-????????????;interface-name:veth???????\n'

export function leaveAlone(manager: InterfaceManager, configuration: ManagerFiles): readonly Step[] {
  switch (manager) {
    case 'systemd-networkd':
      return [writeFile(NETWORKD_FILE, NETWORKD_TEXT), runCommand(RELOAD_NETWORKD, { undo: RELOAD_NETWORKD })]
    case 'NetworkManager':
      return [writeFile(NM_FILE, NM_TEXT), runCommand(RELOAD_NM, { undo: RELOAD_NM })]
    case 'dhcpcd': {
      // Before any block that is about one interface.
      const deny = runCommand(['sed', '-i', '1i denyinterfaces veth* docker* br-*', DHCPCD], {
        unless: ['grep', '-q', '^denyinterfaces.*veth', DHCPCD],
        changes: [DHCPCD],
      })
      return [deny, service('dhcpcd', 'restart')]
    }
    default: {
      const list = connmanBlacklist(configuration.connman)
      const line = `NetworkInterfaceBlacklist=${[...(list?.prefixes ?? ['vmnet', 'vboxnet', 'virbr', 'ifb']), 'veth', 'docker', 'br-'].join(',')}`
      const write = list
        ? replaceLine(CONNMAN, list.line, line)
        : manual(`Write into ${CONNMAN}, in the section [General]: ${line}`)
      return [write, service('connman', 'restart')]
    }
  }
}
