/**
 * What most hosts lack, and nobody pastes because it is not there: settings beside the ones that are shown. With it a check can judge a file
 * or a command that stands alone. What is found that way counts only where a pasted reading itself shows it, and nothing is ruled out by it.
 */
import { DEFAULT_DATA_ROOT } from '../../facts/data-root.ts'
import { ENGINE_SOCKET } from '../../facts/engine.ts'
import { recordIn, textOf } from '../../facts/json.ts'
import { PROGRAM_FOLDERS } from '../../facts/programs.ts'
import type { Entry, Readings } from '../../hosts/memory.ts'
import type { Stat } from '../../model/source.ts'
import { NOT_SHOWN, statOf } from './found.ts'

const folder = statOf('directory', 0o755)
const program: Stat = statOf('file', 0o755)

/** In one folder, and in no other. */
const installed = (path: string, meta: Stat | null = program): Readings => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const elsewhere = PROGRAM_FOLDERS.map((each): [string, Entry] => [`stat ${each}/${name}`, null])
  return { ...Object.fromEntries(elsewhere), [`stat ${path}`]: meta }
}

const unit = (path: string, text: string): Readings => ({
  [path]: text,
  [`stat ${path}`]: statOf('file', 0o644, { size: text.length }),
})

const ofNft: Stat = { ...program, realPath: '/usr/sbin/xtables-nft-multi' }

export const ASSUMED: Readings = {
  '/proc/1/comm': 'systemd\n',
  'stat /run/systemd/system': folder,
  'stat /run/openrc': null,
  'stat /run/s6': null,
  'stat /run/runit': null,
  'stat /': folder,
  'stat /var': folder,
  'stat /var/lib': folder,
  [`stat ${DEFAULT_DATA_ROOT}`]: statOf('directory', 0o710),
  // Of a folder that is shown the file system is known, whatever holds those above it.
  'statfs /': null,
  'statfs /var': null,
  'statfs /var/lib': null,
  '/proc/self/mountinfo': '',
  ...installed('/usr/bin/dockerd'),
  ...installed('/usr/sbin/iptables', ofNft),
  ...installed('/usr/sbin/iptables-save', ofNft),
  '$ iptables-nft-save': '',
  '/proc/net/ip_tables_names': null,
  '/proc/modules': null,
  '/proc/filesystems': null,
  '/proc/sys/kernel/modules_disabled': null,
  '/proc/sys/kernel/keys/': null,
  '/proc/sys/net/bridge/': null,
  '/sys/module/': null,
  '/etc/systemd/system/multi-user.target.wants/': ['docker.service'],
  ...unit(
    '/usr/lib/systemd/system/docker.socket',
    '[Socket]\nListenStream=/run/docker.sock\nSocketGroup=docker\n',
  ),
  ...unit('/usr/lib/systemd/system/containerd.service', '[Service]\nExecStart=/usr/bin/containerd\n'),
  '/proc/net/unix': '',
  'GET unix:///var/run/docker.sock /version': null,
  'GET unix:///var/run/docker.sock /info': null,
  'stat /var/run/docker.sock': null,
  '/var/run/docker.pid': null,
  '/sys/fs/cgroup/**': null,
  '/proc/self/status': null,
  '/run/snap.docker/**': null,
  '/etc/default/docker': null,
  '/etc/sysconfig/docker': null,
  '/etc/conf.d/docker': null,
  '/etc/init.d/docker': null,
  'stat /etc/init.d/docker': null,
  'stat /snap/docker/current': null,
  '/etc/systemd/system/**': null,
  '/run/systemd/system/**': null,
  '/usr/local/lib/systemd/system/**': null,
  '/usr/lib/systemd/system/**': null,
  '/lib/systemd/system/**': null,
  '/etc/sysctl.d/**': null,
  '/run/sysctl.d/**': null,
  '/usr/local/lib/sysctl.d/**': null,
  '/usr/lib/sysctl.d/**': null,
  '/lib/sysctl.d/**': null,
  '/etc/sysctl.conf': null,
  '/etc/nsswitch.conf': null,
  '/var/lib/snapd/**': null,
  'env DOCKER_HOST': null,
  'env DOCKER_CONTEXT': null,
  'env DOCKER_TLS_VERIFY': null,
  'env DOCKER_CERT_PATH': null,
  'env DOCKER_API_VERSION': null,
  'env DOCKER_CONFIG': null,
}

/** What was pasted, beside what most hosts have and lack: also that the data folder which the engine names is no link to another disk. */
export function assumedBeside(readings: Readings): Readings {
  const root = dataRootIn(readings[api('/info')])
  const parts = root.split('/').filter(Boolean)
  const folders = parts.map((_, at) => `stat /${parts.slice(0, at + 1).join('/')}`)
  return { ...ASSUMED, ...Object.fromEntries(folders.map((key) => [key, folder])), ...readings }
}

function dataRootIn(entry: Entry | undefined): string {
  if (typeof entry !== 'object' || entry === null || !('body' in entry)) return ''
  return typeof entry.body === 'string' ? textOf(recordIn(entry.body)?.DockerRootDir) : ''
}

const api = (path: string): string => `GET unix://${ENGINE_SOCKET} ${path}`
const ROUTES = '$ ip -4 route show table all'
const listed = (body: unknown): Entry => ({ status: 200, headers: {}, body: JSON.stringify(body) })

/**
 * What was pasted, where an engine answers, and its rules and routes are shown: beside it, that it has the network that every engine has, as the routes have it, and is not
 * told otherwise. What then stops the packets of that network is a rule that stands in the text; null where less is shown.
 */
export function assumedAroundRules(readings: Readings): Readings | null {
  const routes = readings[ROUTES]
  const text =
    typeof routes === 'object' && routes !== null && 'stdout' in routes ? String(routes.stdout) : ''
  const subnet = /^(\d+\.\d+\.\d+\.\d+\/\d+) dev docker0 /m.exec(text)?.[1]
  if (subnet === undefined || !('$ iptables-save' in readings)) return null
  const pasted = Object.entries(readings).filter(([, entry]) => entry !== NOT_SHOWN)
  return {
    ...ASSUMED,
    ...installed('/usr/sbin/nft', null),
    [`stat ${ENGINE_SOCKET}`]: statOf('socket', 0o660),
    '/etc/docker/daemon.json': null,
    '/etc/docker/': null,
    '/etc/resolv.conf': null,
    '/run/systemd/resolve/resolv.conf': null,
    '/run/NetworkManager/no-stub-resolv.conf': null,
    '/run/dnsmasq/resolv.conf': null,
    '$ ip -j -4 rule show':
      '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"}]',
    [api('/networks')]: listed([
      {
        Id: '0'.repeat(64),
        Name: 'bridge',
        Driver: 'bridge',
        Scope: 'local',
        IPAM: { Config: [{ Subnet: subnet }] },
        Options: { 'com.docker.network.bridge.name': 'docker0' },
      },
    ]),
    [api('/containers/json?all=1')]: listed([]),
    ...Object.fromEntries(pasted),
  }
}
