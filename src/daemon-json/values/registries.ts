import type { ConfigFile, TextAt } from '../config-file.ts'
import { type GoUrl, goCidr, goUrl, isIp, splitHostPort } from '../go-text.ts'
import { fail, type Issue, show, warn } from '../problem.ts'

/*
 * Registry mirrors and insecure registries.
 * Rules: ValidateMirror, ValidateIndexName, validateHostPort in
 * https://github.com/moby/moby/blob/master/daemon/pkg/registry/config.go (registry/config.go before 29.0).
 */

export function* registryRules(file: ConfigFile): Generator<Issue> {
  for (const [index, mirror] of file.texts('registry-mirrors').entries()) {
    yield* mirrorProblems(file, mirror, `registry-mirrors.${index}`)
  }
  for (const [index, registry] of file.texts('insecure-registries').entries()) {
    yield* insecureProblems(file, registry, `insecure-registries.${index}`)
  }
  if (file.from('28.0')) return
  for (const [index, registry] of file.texts('allow-nondistributable-artifacts').entries()) {
    yield* artifactProblems(file, registry, `allow-nondistributable-artifacts.${index}`)
  }
}

function* mirrorProblems(file: ConfigFile, mirror: TextAt, key: string): Generator<Issue> {
  const url = goUrl(mirror.text)
  const scheme = /^([^:]*):\/\//.exec(mirror.text)?.[1] ?? ''
  if (scheme === '' && (file.from('28.0') || typeof url === 'string' || !/^https?$/.test(url.scheme))) {
    const message = `${show(mirror.text)} has no http:// or https://`
    yield fail(mirror, key, 'mirror-without-scheme', message, mirrorSuggestion(mirror.text))
  } else if (typeof url === 'string') {
    const message = `${show(mirror.text)} is not a URL: ${url}`
    yield fail(
      mirror,
      key,
      'mirror-bad-url',
      message,
      'write https://host or https://host:port, without blanks',
    )
  } else if (url.scheme !== 'http' && url.scheme !== 'https') {
    const message = `${show(url.scheme)} in ${show(mirror.text)} is neither http nor https`
    yield fail(mirror, key, 'mirror-bad-scheme', message, 'write https://host')
  } else yield* mirrorParts(file, mirror, url, key)
}

function mirrorSuggestion(text: string): string {
  const host = text.trim().replace(/^[:/]+/, '')
  return host === '' ? 'write https://host, or remove the entry' : `write ${show(`https://${host}`)}`
}

function* mirrorParts(file: ConfigFile, mirror: TextAt, url: GoUrl, key: string): Generator<Issue> {
  if (url.query !== '' || url.fragment !== '') {
    const message = `${show(mirror.text)} has a query or fragment (? or #), which a mirror cannot have`
    yield fail(mirror, key, 'mirror-with-query', message, 'write https://host')
  } else if (!file.from('24.0') && url.path !== '' && url.path !== '/') {
    const message = `${show(mirror.text)} has a path, which mirrors can have only from engine 24.0 on`
    yield fail(
      mirror,
      key,
      'mirror-with-path',
      message,
      `write ${show(`${url.scheme}://${url.host}`)}, or upgrade the engine`,
    )
  } else if (url.user) {
    const message = 'a mirror cannot carry a user name or password'
    yield fail(
      mirror,
      key,
      'mirror-with-user',
      message,
      `write ${show(`${url.scheme}://${url.host}`)}, and log in with docker login`,
    )
  } else if (url.host === '') {
    yield warn(mirror, key, 'mirror-without-host', `${show(mirror.text)} names no host`, 'write https://host')
  } else if (/(?:^|\.)docker\.(?:io|com)$/i.test(url.host)) {
    const message = `${show(mirror.text)} is Docker Hub itself, not a mirror of it`
    yield warn(mirror, key, 'mirror-is-hub', message, 'remove it')
  }
}

function* insecureProblems(file: ConfigFile, registry: TextAt, key: string): Generator<Issue> {
  const [, scheme, host] = /^(.*?):\/\/(.*)$/s.exec(registry.text) ?? []
  if (hasOuterHyphen(registry.text)) yield outerHyphen(registry, key)
  else if (scheme === undefined || host === undefined) yield* hostProblems(file, registry, registry.text, key)
  else if (/^https?$/i.test(scheme)) {
    const message = `the scheme of ${show(registry.text)} does not belong here; the engine cuts it off and warns`
    yield warn(registry, key, 'registry-with-scheme', message, `write ${show(host.replace(/\/+$/, ''))}`)
    yield* hostProblems(file, registry, host, key)
  } else {
    const message = `${show(registry.text)} has a scheme; a registry is host or host:port`
    yield fail(registry, key, 'registry-bad-scheme', message, `write ${show(host)}`)
  }
}

function* artifactProblems(file: ConfigFile, registry: TextAt, key: string): Generator<Issue> {
  if (hasOuterHyphen(registry.text)) yield outerHyphen(registry, key)
  else if (registry.text.includes('://')) {
    const message = `${show(registry.text)} has a scheme; a registry is host or host:port`
    yield fail(registry, key, 'registry-bad-scheme', message, 'write host or host:port')
  } else yield* hostProblems(file, registry, registry.text, key)
}

function hasOuterHyphen(text: string): boolean {
  return text.startsWith('-') || text.endsWith('-')
}

function outerHyphen(registry: TextAt, key: string): Issue {
  const message = `${show(registry.text)} begins or ends with a hyphen`
  return fail(registry, key, 'registry-bad-host', message, 'remove the hyphen')
}

const PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const DOMAIN = new RegExp(`^${PART}(?:\\.${PART})*(?::[0-9]+)?$`)
const BRACKETED = /^\[[a-fA-F0-9:]+\](?::[0-9]+)?$/

function* hostProblems(file: ConfigFile, place: TextAt, text: string, key: string): Generator<Issue> {
  if (goCidr(text) !== undefined) return
  const split = splitHostPort(text)
  const named = DOMAIN.test(text) || (file.from('25.0') && BRACKETED.test(text))
  if (!named && !isIp(split?.host ?? text)) {
    yield fail(place, key, 'registry-bad-host', `${show(text)} is ${badHost(text)}`, hostSuggestion(text))
  } else if (split !== undefined && split.port !== '' && Number(split.port) > 65_535) {
    yield fail(place, key, 'bad-port', `${split.port} is no port`, 'write a port from 1 to 65535')
  }
}

function badHost(text: string): string {
  if (text === '') return 'empty'
  if (text.includes('*')) return 'a wildcard, which is not supported'
  if (/^[\d.]+\/\d+$/.test(text)) return 'no network: its prefix length or address is wrong'
  if (text.includes('/')) return 'a host with a path; a registry is host or host:port'
  return 'no host, host:port or network'
}

function hostSuggestion(text: string): string {
  const host = text.split('/')[0] ?? ''
  if (text.includes('/') && DOMAIN.test(host)) return `write ${show(host)}`
  return 'write host, host:port or a network such as 10.0.0.0/8'
}
