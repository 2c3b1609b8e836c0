/** What /etc/hosts says, and whether the host's own name resolves at all. */
import { type AsReading, asReading, defineFact, type Fact, orAbsent, unavailable } from '../model/fact.ts'
import { file, type ProbeSource, probe, sourceKey } from '../model/source.ts'
import { addressesOf, type HostsEntry, parseHosts } from '../net/hosts-file.ts'
import { hostname } from './host-report.ts'

export const HOSTS_FILE = '/etc/hosts'

export const hostsFile: Fact<readonly HostsEntry[] | null> = defineFact({
  name: 'hostsFile',
  about: `The lines of ${HOSTS_FILE} that give an address names; null where there is no such file.`,
  reads: { text: orAbsent(file(HOSTS_FILE)) },
  parse: ({ text }) => (text === null ? null : parseHosts(text)),
})

/** Unset; `localhost` stands for no name. @see https://man7.org/linux/man-pages/man5/hostname.5.html */
const NO_NAME = /^(|\(none\)|localhost(\.localdomain)?)$/i

/** null where it was never set. */
export const ownName: Fact<string | null> = defineFact({
  name: 'ownName',
  about: 'The name that was given to this host; null where it has only the one that every host has.',
  needs: { hostname },
  parse: (_, { hostname }) => (NO_NAME.test(hostname) ? null : hostname),
})

const ask = (name: string): ProbeSource => probe(`dns://${name}`)

/** Where the file has it not the resolver is asked, as programs do: nss-myhostname and systemd-resolved answer too. */
export const ownNameResolves: Fact<boolean> = defineFact({
  name: 'ownNameResolves',
  about: "Whether this host's own name resolves, by whatever means; true where it has none.",
  needs: { ownName, hosts: hostsFile },
  reads: ({ ownName, hosts }): Record<string, AsReading<ProbeSource>> =>
    ownName === null || addressesOf(hosts ?? [], ownName).length > 0
      ? {}
      : { answer: asReading(ask(ownName)) },
  reading: `probe dns:// of this host's name (where ${HOSTS_FILE} has it not)`,
  parse: ({ answer }, { ownName }) => {
    if (!answer) return true
    const key = sourceKey(ask(ownName ?? ''))
    if (answer.state !== 'ok') return unavailable(key, answer)
    const { ok, code = '' } = answer.value
    const isCertain = ok || code === 'ENOTFOUND'
    return isCertain ? ok : unavailable(key, { state: 'failed', reason: code, durationMs: 0 })
  },
})
