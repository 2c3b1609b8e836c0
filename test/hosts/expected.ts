/** What is rightly said of recorded hosts that work: the finding, and why a knowledgeable operator agrees. */

import type { Profile } from '../../src/model/check.ts'

type Agreed = Readonly<Record<string, string>>

const DEBIAN_11: Agreed = { 'host/distribution#ended': 'its long-term support ended in August 2026' }

const BARE: Agreed = {
  'engine/installed#missing': 'there is none',
  'host/prerequisites#missingForInstall': "there is neither curl nor wget to fetch Docker's key with",
}

/** By recording. What is not here must not be said. */
export const agreed: Readonly<Record<string, Agreed>> = {
  'centos-7': {
    'host/distribution#ended': 'CentOS 7 ended in 2024',
    'engine/version#ended': 'Docker maintains 26.1 no more, and nothing newer is built for CentOS 7',
    'security/engine-cves#severe':
      "Docker's own builds: holes in engine, containerd and runc that nobody closes there",
    'security/selinux#engineFlagOff': 'docker-ce leaves SELinux out unless selinux-enabled is set',
  },
  'debian-11-hybrid': DEBIAN_11,
  'debian-11-hybrid.user': DEBIAN_11,
  'debian-11-swarm': DEBIAN_11,
  'debian-11-swarm.user': DEBIAN_11,
  'debian-12-bare': BARE,
  'debian-12-bare.user': BARE,
  'debian-12-legacy.user': { 'security/docker-group#notMember': 'she is not, and cannot run docker' },
  'debian-13-nftables': BARE,
  'debian-13-nftables.user': BARE,
  'kylin-v10': {
    'kernel/seccomp#oldEngine': 'images of Ubuntu 22.04 and Debian 12 do fail there (moby#42680)',
    'security/engine-cves#severe': "Docker's own builds of 2021",
  },
}

/** Recordings that are judged for another profile than docker. */
export const profiles: Readonly<Record<string, Profile>> = {
  'debian-11-swarm': 'swarm',
  'debian-11-swarm.user': 'swarm',
  'debian-13-rootless.user': 'rootless',
}
