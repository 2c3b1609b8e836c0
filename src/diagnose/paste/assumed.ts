/**
 * What most hosts lack, and nobody pastes because it is not there: settings beside the ones that are shown. With it a check can judge a file
 * or a command that stands alone. What is found that way counts only where a pasted reading itself shows it, and nothing is ruled out by it.
 */
import type { Readings } from '../../hosts/memory.ts'

export const ASSUMED: Readings = {
  '/proc/1/comm': 'systemd\n',
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
