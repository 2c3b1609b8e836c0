/** How proxies of the engine are changed, wherever they are set. */
import {
  disruptive,
  dropIn,
  type Fix,
  fix,
  manualFix,
  restartEngine,
  runCommand,
  setJson,
} from '../model/fix.ts'
import type { EngineProxies } from './engine-proxies.ts'
import { bypassesProxy } from './proxy-bypass.ts'

/** Sorts after the drop-ins that people write. */
const DROP_IN = 'zz-no-proxy'
/** Debian's script in /etc/init.d has the shell read it before it starts the engine. */
const SOURCED = '/etc/default/docker'
/** Means itself to a shell. */
const PLAIN = /^[\w.,:/-]+$/
const ALWAYS = ['localhost', '127.0.0.0/8']

const withoutPort = (registry: string): string => registry.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')

/** Adds registries to what the engine goes to directly. @see https://docs.docker.com/engine/daemon/proxy/ */
export function goDirectly(registries: readonly string[], { configured, file }: EngineProxies): Fix {
  if (registries.every((name) => bypassesProxy(configured.noProxy, name))) {
    return fix('Restart the engine: its configuration is right already', restartEngine)
  }
  const old = configured.noProxy.split(',').map((entry) => entry.trim())
  const list = [...new Set([...old, ...ALWAYS, ...registries.map(withoutPort)])].filter(Boolean).join(',')
  if (file?.endsWith('.json')) {
    return disruptive('Go to them directly', setJson(file, ['proxies', 'no-proxy'], list), restartEngine)
  }
  if (file?.includes('/systemd/')) {
    const content = `[Service]\nEnvironment="NO_PROXY=${list.replaceAll('%', '%%')}"\n`
    return disruptive('Go to them directly', dropIn('docker.service', DROP_IN, content), restartEngine)
  }
  if (file === SOURCED && PLAIN.test(list)) {
    // The last one counts.
    const line = `export NO_PROXY=${list}`
    const append = runCommand(['sed', '-i', `$a ${line}`, file], {
      unless: ['grep', '-qxF', line, file],
      changes: [file],
    })
    return disruptive('Go to them directly', append, restartEngine)
  }
  return manualFix(
    'Go to them directly',
    `Set NO_PROXY=${list} beside HTTP_PROXY in ${file ?? 'the environment of dockerd'}, and restart the engine.`,
  )
}

/** Writes a proxy anew wherever the engine has it from; null where that is no place that can be edited, or a credential stands in it. */
export function rewriteProxy({ configured, file }: EngineProxies, from: string, to: string): Fix | null {
  const keys = (['http', 'https'] as const).filter((kind) => configured[kind] === from)
  if (!file || keys.length === 0 || /@|\*{3}/.test(from)) return null
  const summary = `Write ${to}`
  if (file.endsWith('.json')) {
    const steps = keys.map((kind) => setJson(file, ['proxies', `${kind}-proxy`], to))
    return disruptive(summary, ...steps, restartEngine)
  }
  if (!file.includes('/systemd/')) return null
  const variables = keys.map((kind) => `"${kind.toUpperCase()}_PROXY=${to.replaceAll('%', '%%')}"`)
  const content = `[Service]\nEnvironment=${variables.join(' ')}\n`
  return disruptive(summary, dropIn('docker.service', 'zz-proxy', content), restartEngine)
}

/** Gives the engine a proxy. Credentials are not known here, so where there are some a person must write them. */
export function useProxy(proxy: string, systemd: boolean): Fix {
  if (!systemd || proxy.includes('@')) {
    return manualFix(
      'Give the engine the proxy as well',
      'Set HTTP_PROXY and HTTPS_PROXY for dockerd (in /etc/systemd/system/docker.service.d/http-proxy.conf, with each % doubled; /etc/default/docker without systemd), and restart it.',
    )
  }
  const value = proxy.replaceAll('%', '%%')
  const variables = [`HTTP_PROXY=${value}`, `HTTPS_PROXY=${value}`, `NO_PROXY=${ALWAYS.join(',')}`]
  const content = `[Service]\nEnvironment=${variables.map((variable) => `"${variable}"`).join(' ')}\n`
  return disruptive(
    'Give the engine the proxy as well',
    dropIn('docker.service', 'http-proxy', content),
    restartEngine,
  )
}
