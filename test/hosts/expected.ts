/** What is rightly said of recorded hosts that work: the finding, and why a knowledgeable operator agrees. */

type Agreed = Readonly<Record<string, string>>

/** By recording. What is not here must not be said. */
export const agreed: Readonly<Record<string, Agreed>> = {}

/** Recordings that are judged for another profile than docker. */
export const profiles: Readonly<Record<string, string>> = {
  'debian-11-swarm': 'swarm',
  'debian-11-swarm.user': 'swarm',
  'debian-13-rootless.user': 'rootless',
}
