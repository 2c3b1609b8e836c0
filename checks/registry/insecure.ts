import { FAILS } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { insecureProblem, isListed } from '../../src/facts/insecure-entry.ts'
import {
  insecureRegistries,
  mirrorRepositories,
  registryHost,
  registryMirrors,
} from '../../src/facts/registries.ts'
import { registriesInUse, registryAnswers, urlsOf } from '../../src/facts/registries-in-use.ts'
import { settings as asked } from '../../src/facts/settings.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { disruptive, type Fix, fix, restartEngine, service, setJson } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

const KEY = ['insecure-registries']

const needs = {
  listed: insecureRegistries,
  settings: daemonSettings,
  mirrors: registryMirrors,
  repositories: maybe(mirrorRepositories),
  inUse: maybe(registriesInUse),
  answers: maybe(registryAnswers),
  version: engineVersion,
  asked,
}
type Facts = Values<typeof needs>

const findings = {
  notListed: fail(
    'the registry {host} speaks plain HTTP and is not in insecure-registries: its own images ({image}, …) cannot be pulled',
  ),
  refusedPlain: fail('the registry {host} answered without TLS, and is not in insecure-registries'),
  misspelt: fail('insecure-registries has {entry}: {reason}'),
  tooWide: warn('insecure-registries has {entry}: every registry may be spoken to without verification'),
}
type Report = Reporter<typeof findings>

/** A reload is enough. @see https://docs.docker.com/reference/cli/dockerd/#configuration-reload-behavior */
const setList = ({ settings }: Facts, list: readonly string[]): Fix =>
  fix('Correct insecure-registries', setJson(settings.file.path, KEY, list), service('docker', 'reload'))

function judgeEntry(facts: Facts, entry: string, report: Report): Found[] {
  const others = facts.listed.filter((one) => one !== entry)
  const problem = insecureProblem(entry)
  if (problem) {
    const list = problem.instead ? [...others, problem.instead] : others
    const cure = disruptive('Correct the entry', setJson(facts.settings.file.path, KEY, list), restartEngine)
    return [report('misspelt', { entry, reason: problem.reason }, cure)]
  }
  const wide = entry === '0.0.0.0/0' || entry === '::/0'
  const named = cutOffWith(facts, others)
  return wide ? [report('tooWide', { entry }, setList(facts, [...others, ...named]))] : []
}

/** What the engine speaks to without TLS, and would not any more if only these were listed. */
function cutOffWith(facts: Facts, listed: readonly string[]): readonly string[] {
  const mirrors = facts.mirrors.flatMap((mirror) => ownImages(facts, mirror)?.host ?? [])
  return [...new Set([...mirrors, ...plainInUse(facts)])].filter((host) => !isListed(host, listed))
}

/** Registries in use that answer without TLS, and not with it. */
const plainInUse = ({ inUse, answers }: Facts): readonly string[] =>
  (inUse.known ? inUse.value : []).flatMap((registry) => {
    const answering = urlsOf(registry).filter((url) => answers.known && answers.value.get(url)?.ok)
    const isPlain = answering.length > 0 && answering.every((url) => url.startsWith('http:'))
    return isPlain ? [registry.name] : []
  })

/** A mirror over HTTP needs no entry; one that also holds images of its own does, for those are pulled by its name. */
function ownImages({ repositories }: Facts, mirror: string): { host: string; image: string } | null {
  const host = registryHost(mirror)
  const names = repositories.known ? repositories.value.get(mirror) : undefined
  const own = names?.find((name) => !name.includes('/'))
  return host && own && mirror.startsWith('http:') ? { host, image: `${host}/${own}` } : null
}

function judgeMirror(facts: Facts, mirror: string, report: Report): Found[] {
  const own = ownImages(facts, mirror)
  if (!own || isListed(own.host, facts.listed)) return []
  return [report('notListed', own, setList(facts, [...facts.listed, own.host]))]
}

/** Registries that spoke plain HTTP to the engine, as a text says. */
const judgeRefused = (facts: Facts, report: Report): Found[] =>
  (facts.asked.refused?.registries.plain ?? [])
    .filter((host) => !isListed(host, facts.listed))
    .map((host) => report('refusedPlain', { host }, setList(facts, [...facts.listed, host])))

export default defineCheck({
  id: 'registry/insecure',
  title: 'Plain-HTTP registries are listed, and spelled right',
  why: 'The engine insists on TLS: a plain-HTTP registry that is not listed fails with "server gave HTTP response to HTTPS client".',
  profiles: ['docker', 'swarm', 'rootless'],
  needs,
  causedBy: ['engine/config'],
  symptoms: () => [
    shows(/server gave HTTP response to HTTPS client/, 0.96),
    shows(/insecure-registr(?:y|ies)/, 0.2),
    shows(/first record does not look like a TLS handshake/, 0.4, { unless: /proxyconnect/ }),
    says(
      [
        /\binsecure|\bhttp registry|\bplain http|\bself-?hosted registry|\bprivate registry|私有(?:仓库|镜像)/,
        /\bpush|\bpull|\blogin|\bhttps?\b/,
      ],
      0.6,
    ),
    says(
      [/\bregistry\b/, /\bhttp only\b|\bover http\b|\bplain http|\bhttp registry|\binsecure|不安全/],
      0.88,
    ),
    says([/\bregistry\b|仓库/, /\bpush|\blogin|\bpull|推送/, FAILS], 0.3),
    shows(/https:\/\/[\d.]+\/v[12]\/[^\n]{0,80}:443: [^\n]{0,30}connection refused/, 0.6),
    says([/\bhttp\b/, /\bhttps\b/, /\bregistry|docker (?:login|push|pull)|\bharbor|仓库/], 0.55),
    says([/\bpush|\bpull|推送|拉取/, /\b5000\b/, FAILS], 0.5),
  ],
  findings,
  evaluate(facts, report) {
    const { listed, mirrors, repositories } = facts
    const found = [
      ...judgeRefused(facts, report),
      ...listed.flatMap((entry) => judgeEntry(facts, entry, report)),
      ...mirrors.flatMap((mirror) => judgeMirror(facts, mirror, report)),
    ]
    return report.all(found, () => {
      if (mirrors.length > 0 && !repositories.known) return report.unknown(repositories.why)
      return report.pass(listed.length > 0 ? listed.join(', ') : 'none is listed')
    })
  },
})
