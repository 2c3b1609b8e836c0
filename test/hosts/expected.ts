/** What is rightly said of recorded hosts that work: the finding, and why a knowledgeable operator agrees. */

import type { Profile } from '../../src/model/check.ts'

type Agreed = Readonly<Record<string, string>>

const DEFAULTS: Agreed = {
  'engine/log-rotation#unbounded': "nothing is configured, and the engine's default bounds no log",
}
const DEBIAN_11: Agreed = {
  ...DEFAULTS,
  'host/distribution#ended': 'its long-term support ended in August 2026',
}
const DEBIAN_13: Agreed = {
  ...DEFAULTS,
  'engine/limits#endlessFiles':
    'its containerd.service has LimitNOFILE=infinity, which is a billion there (moby#38814)',
}
const BARE: Agreed = {
  'engine/installed#missing': 'there is none',
  'host/prerequisites#missingForInstall': "there is neither curl nor wget to fetch Docker's key with",
}
const PUBLISHED_ONCE: Agreed = {
  ...DEFAULTS,
  'engine/containers#noRestartPolicy': 'its container was run without --restart',
}

/** By host, for root and the ordinary user alike. What is not here must not be said. */
const said: Readonly<Record<string, Agreed>> = {
  'centos-7': {
    ...DEFAULTS,
    'host/distribution#ended': 'CentOS 7 ended in 2024',
    'engine/version#ended': 'Docker maintains 26.1 no more, and nothing newer is built for CentOS 7',
    'security/engine-cves#severe':
      "Docker's own builds: holes in engine, containerd and runc that nobody closes there",
    'security/selinux#engineFlagOff': 'docker-ce leaves SELinux out unless selinux-enabled is set',
  },
  'debian-11-hybrid': DEBIAN_11,
  'debian-11-swarm': DEBIAN_11,
  'debian-12-bare': BARE,
  'debian-12-docker': DEFAULTS,
  'debian-12-firewalld': DEFAULTS,
  'debian-12-legacy': PUBLISHED_ONCE,
  'debian-13-docker': DEBIAN_13,
  'debian-13-nftables': BARE,
  'debian-13-rootless': {
    ...DEBIAN_13,
    'engine/service#notEnabled':
      "the system's engine is switched off, and the profile docker is for that one",
  },
  'kylin-v10': {
    ...PUBLISHED_ONCE,
    'kernel/seccomp#oldEngine': 'images of Ubuntu 22.04 and Debian 12 do fail there (moby#42680)',
    'security/engine-cves#severe': "Docker's own builds of 2021",
  },
  'ubuntu-20.04-docker': DEFAULTS,
  'ubuntu-22.04-ufw': {
    ...DEFAULTS,
    'firewall/ufw#bypass': 'ufw was never told to open 8081, and the published port is open all the same',
  },
  'ubuntu-24.04-docker': DEFAULTS,
}

/** By recording, where the user is told otherwise than root. */
const saidOtherwise: Readonly<Record<string, Agreed>> = {
  'debian-12-legacy.user': {
    ...DEFAULTS,
    'security/docker-group#notMember': 'she is not, and cannot run docker',
  },
  'debian-13-rootless.user': {},
}

/** What is rightly said of a recording, by finding, with the reason. */
export const agreed = (name: string): Agreed => saidOtherwise[name] ?? said[name.replace(/\.user$/, '')] ?? {}

/** Recordings that are judged for another profile than docker. */
export const profiles: Readonly<Record<string, Profile>> = {
  'debian-11-swarm': 'swarm',
  'debian-11-swarm.user': 'swarm',
  'debian-13-rootless.user': 'rootless',
}

export const namedHere: readonly string[] = [said, saidOtherwise, profiles].flatMap(Object.keys)
