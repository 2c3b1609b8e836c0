import { HOSTS_FILE, hostsFile, ownName, ownNameResolves } from '../../src/facts/hosts-file.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { type Fix, fix, manualFix, replaceLine, runCommand, writeFile } from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'
import { isLoopback, parseAddress } from '../../src/net/cidr.ts'
import { addressesOf, type HostsEntry } from '../../src/net/hosts-file.ts'

const LOCALHOST = '127.0.0.1 localhost'
const LOCAL_NAME = /^localhost$/i
/** As Debian has it, so that `hostname -f` does not say localhost. @see https://www.debian.org/doc/manuals/debian-reference/ch05.en.html#_the_hostname_resolution */
const OWN_ADDRESS = '127.0.1.1'

const namesLocalhost = ({ names }: HostsEntry): boolean => names.some((name) => LOCAL_NAME.test(name))

/** The resolver passes over an address with a zone; the unspecified address leads to this host. */
const isElsewhere = (entry: HostsEntry): boolean =>
  namesLocalhost(entry) &&
  !entry.address.includes('%') &&
  parseAddress(entry.address)?.value !== 0n &&
  !isLoopback(entry.address)

/** The line without `localhost`, which stays on a line of its own where no other has it. */
function correct({ address, names, text }: HostsEntry, hosts: readonly HostsEntry[]): Fix {
  const others = names.some((name) => !LOCAL_NAME.test(name))
    ? [text.replace(/(?<=\s)localhost(?:\s+|(?=#|$))/gi, '').trimEnd()]
    : []
  const isKept = hosts.some((entry) => namesLocalhost(entry) && !isElsewhere(entry))
  const lines = [...(isKept ? [] : [LOCALHOST]), ...others]
  const summary = `Take localhost away from ${address} in ${HOSTS_FILE}`
  return fix(summary, replaceLine(HOSTS_FILE, text, lines.length > 0 ? lines.join('\n') : null))
}

function enter(name: string, hosts: readonly HostsEntry[] | null): Fix {
  const line = `${OWN_ADDRESS} ${name}`
  const summary = `Name ${name} in ${HOSTS_FILE}`
  if (hosts === null) return fix(summary, writeFile(HOSTS_FILE, `${LOCALHOST}\n${line}\n`, 0o644))
  if (hosts.length === 0 || !/^[\w.-]+$/.test(name))
    return manualFix(summary, `Add the line "${line}" to ${HOSTS_FILE}.`)
  const append = runCommand(['sed', '-i', `$a ${line}`, HOSTS_FILE], {
    unless: ['getent', 'hosts', name],
    changes: [HOSTS_FILE],
  })
  return fix(summary, append)
}

export default defineCheck({
  id: 'host/name-resolution',
  title: "localhost is loopback and the host's own name resolves",
  why: 'Programs that look these names up stall, or talk to another machine.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: { name: ownName, hosts: hostsFile, resolves: maybe(ownNameResolves) },
  symptoms: () => [
    shows(/unable to resolve host \S+/, 0.9),
    shows(/^(?!127\.|::1\b)[\da-f.:]+\s+(?:STREAM\s+)?localhost$/m, 0.85),
  ],
  findings: {
    localhostElsewhere: warn(`${HOSTS_FILE} says that localhost is {address}`),
    nameUnresolved: warn(`nothing resolves {name}, this host's name: not ${HOSTS_FILE}, and not DNS`),
  },
  evaluate({ name, hosts, resolves }, report) {
    const elsewhere = (hosts ?? []).filter(isElsewhere)
    const found = elsewhere.map((entry) =>
      report('localhostElsewhere', { address: entry.address }, correct(entry, hosts ?? [])),
    )
    if (name !== null && resolves.known && !resolves.value)
      found.push(report('nameUnresolved', { name }, enter(name, hosts)))
    return report.all(found, () => {
      if (!resolves.known) return report.unknown(resolves.why)
      if (name === null) return report.pass('this host was given no name')
      const [address] = addressesOf(hosts ?? [], name)
      return report.pass(address ? `${name} is ${address}` : `${name} resolves`)
    })
  },
})
