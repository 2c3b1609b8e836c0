/** The recorded Debian 12 host with Docker 20.10, healthy or with one of its recorded faults, for the firewall checks. */
import { existsSync, readFileSync } from 'node:fs'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { Stat } from '../../../src/model/source.ts'

const HOST = 'test/fixtures/debian-12-docker-20.10'

const PROGRAM: Stat = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 }

/** An iptables program as the alternatives of a distribution lead to it. */
export const alternative = (name: string, backend: 'nft' | 'legacy'): Readings => ({
  [`stat /usr/sbin/${name}`]: { ...PROGRAM, realPath: `/usr/sbin/xtables-${backend}-multi` },
})

/** @param fault a folder of the recording: `filter-flushed`, `docker-user-drop`, `nft-table-drop`, `iptables-switched-legacy` */
export function recordedHost(fault = ''): Readings {
  const text = (name: string): string => {
    const own = `${HOST}/${fault}/${name}`
    return readFileSync(existsSync(own) ? own : `${HOST}/${name}`, 'utf8')
  }
  const answer = (name: string) => ({ status: 200, headers: {}, body: text(name) })
  const socket = 'GET unix:///var/run/docker.sock'
  return {
    [`${socket} /version`]: answer('docker-version.json'),
    [`${socket} /info`]: answer('docker-info.json'),
    [`${socket} /networks`]: answer('docker-networks.json'),
    [`${socket} /containers/json?all=1`]: answer('docker-containers.json'),
    ...alternative('iptables', text('iptables-version.txt').includes('legacy') ? 'legacy' : 'nft'),
    ...alternative('iptables-save', 'nft'),
    'stat /usr/local/**': null,
    'stat /usr/sbin/nft': PROGRAM,
    '$ iptables-save': text('iptables-save.txt'),
    '$ iptables-nft-save': text('iptables-nft-save.txt'),
    '$ iptables-legacy-save': text('iptables-legacy-save.txt'),
    '$ nft -j list ruleset': text('nft-ruleset.json'),
    '$ ss -H -l -n -t -u -p': text('ss.txt'),
    '$ ip -j -d addr show': text('ip-addr.json'),
    '$ ip -j -4 route show table all': text('ip-route.json'),
    '/proc/net/ip_tables_names': '',
    'stat /var/run/docker.sock': { ...PROGRAM, type: 'socket' },
    '/etc/resolv.conf': text('resolv.conf.txt'),
    '/etc/docker/daemon.json': text('daemon.json.txt'),
    '/etc/**': null,
    '/run/**': null,
    '/var/run/**': null,
    '/sys/fs/cgroup/**': null,
    '/usr/**': null,
    '/sbin/**': null,
    '/bin/**': null,
    '/lib/**': null,
    [`${socket} /containers/**`]: { status: 200, headers: {}, body: '{"HostConfig":{},"Config":{"Env":[]}}' },
    '/proc/**': null,
    '/proc/1/comm': 'init\n',
  }
}

/** The host with this added to its daemon.json. */
export function configuredWith(settings: object, host: Readings = recordedHost()): Readings {
  const file = JSON.parse(String(host['/etc/docker/daemon.json']))
  return { ...host, '/etc/docker/daemon.json': `${JSON.stringify({ ...file, ...settings }, null, 2)}\n` }
}

/** The host with its iptables-save text changed. */
export function withRules(change: (rules: string) => string, host: Readings = recordedHost()): Readings {
  return { ...host, '$ iptables-save': change(String(host['$ iptables-save'])) }
}

/** A host on which no engine answers. */
export const stopped: Readings = {
  ...recordedHost(),
  'GET unix:///var/run/docker.sock /version': null,
  'GET unix:///var/run/docker.sock /info': null,
  'stat /var/run/docker.sock': null,
}

/** What an ordinary user is told. */
export const ordinaryUser: Readings = {
  ...recordedHost(),
  '$ iptables-save': {
    stdout: '',
    stderr:
      'iptables-save v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n',
    exit: 4,
  },
  '/proc/net/ip_tables_names': { state: 'denied', reason: 'permission denied', durationMs: 0 },
}

const ZONES = (fault: string): string => readFileSync(`${HOST}/${fault}/firewalld-zones.txt`, 'utf8')

/** The host under a real firewalld. @param fault `firewalld`, `firewalld-zone-public`, `firewalld-started-late`, `firewalld-trusted` */
export const firewalldHost = (fault = 'firewalld'): Readings => ({
  ...recordedHost(fault),
  '/run/firewalld.pid': '731\n',
  '/proc/731/cmdline': '/usr/bin/python3\0/usr/sbin/firewalld\0--nofork\0',
  '$ firewall-cmd --list-all-zones': ZONES(fault),
})

/** The host under a real ufw. @param fault `ufw`, `ufw-no-engine-rules`, `ufw-manages-builtins` */
export const ufwHost = (fault = 'ufw'): Readings => ({
  ...recordedHost(fault),
  '/etc/ufw/ufw.conf': readFileSync(`${HOST}/ufw/ufw.conf`, 'utf8'),
  '/etc/default/ufw': readFileSync(`${HOST}/ufw/default-ufw`, 'utf8'),
})

/** The id of the recorded container on the network of the host. */
export function hostnetIn(fault: string): string {
  const list: { Id: string; Names: string[] }[] = JSON.parse(
    readFileSync(`${HOST}/${fault}/docker-containers.json`, 'utf8'),
  )
  return list.find(({ Names }) => Names[0] === '/hostnet')?.Id ?? ''
}

/** The recorded process that listens on a port. */
export const pidOf = (fault: string, port: number): string =>
  new RegExp(`:${port} .*pid=(\\d+)`).exec(readFileSync(`${HOST}/${fault}/ss.txt`, 'utf8'))?.[1] ?? ''
