/** How proxies of the engine are changed, wherever they are set. */
import { disruptive, dropIn, type Fix, fix, manualFix, restartEngine, setJson } from '../model/fix.ts'
import type { EngineProxies } from './engine-proxies.ts'
import { bypassesProxy } from './proxy-bypass.ts'

/** Sorts after the drop-ins that people write. */
const DROP_IN = 'zz-no-proxy'
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
  return manualFix(
    'Go to them directly',
    `Set NO_PROXY=${list} beside HTTP_PROXY in ${file ?? 'the environment of dockerd'}, and restart the engine.`,
  )
}
