/** Which container a text is about, where nobody said: by its name in a command or a list, by a published port, by its address. */
import { type Container, containers, runningEngine } from '../facts/engine.ts'
import { containerNamed } from '../facts/named-container.ts'
import type { Host } from '../hosts/host.ts'
import { type DiagnoseOptions, examineContainer, factsOf } from './examine.ts'
import { UnknownContainer } from './unknown-container.ts'

/** Containers that are looked at where the text names none. Our own choice. */
const MOST = 8

/**
 * The name of the one container that the text means, or of the only one with a published port that something is wrong with; null where there are none or
 * several, or the engine does not answer.
 */
export async function containerMeant(
  text: string,
  host: Host,
  options: DiagnoseOptions,
): Promise<string | null> {
  const all = (await containersOf(host, options)) ?? []
  const meant = meantIn(text, all)
  if (meant) return meant.name
  const published = all.filter(({ ports }) => ports.some(({ publicPort }) => publicPort !== null))
  const judged = published.slice(0, MOST).map(async (one) => {
    const results = await examineContainer(host, one.name, options)
    return results.some(({ status }) => status === 'fail') ? [one] : []
  })
  return onlyOne((await Promise.all(judged)).flat())?.name ?? null
}

/** @throws {UnknownContainer} where the engine answers, and has no container of the name that the user gave */
export async function expectContainer(host: Host, options: DiagnoseOptions): Promise<void> {
  const asked = options.settings.container
  const all = asked === undefined ? null : await containersOf(host, options)
  if (asked === undefined || !all || containerNamed(all, asked)) return
  throw new UnknownContainer(
    asked,
    all.map(({ name }) => name),
  )
}

/** Null where no engine answers. */
async function containersOf(host: Host, options: DiagnoseOptions): Promise<readonly Container[] | null> {
  const facts = factsOf(host, options)
  const [engine, all] = await Promise.all([facts.get(runningEngine), facts.get(containers)])
  return engine.outcome.known && engine.outcome.value && all.outcome.known ? all.outcome.value : null
}

/** What is named outright comes before what an address stands for. */
export function meantIn(text: string, all: readonly Container[]): Container | null {
  const said = wordsOf(text)
  const named = all.filter(({ name }) => said.names.has(name))
  const reached = all.filter(
    ({ ports, addresses }) =>
      ports.some(({ publicPort }) => publicPort !== null && said.ports.has(publicPort)) ||
      [...addresses.values()].some((address) => said.hosts.has(address)),
  )
  return onlyOne(named) ?? onlyOne(reached)
}

const onlyOne = ([first, ...others]: readonly Container[]): Container | null =>
  first !== undefined && others.length === 0 ? first : null

/** `docker logs web`, `container "web"`; a row of `docker ps` begins with an id and ends with the name. */
const NAMES = [
  /\bdocker (?:container )?(?:attach|cp|exec|inspect|kill|logs|pause|port|restart|rm|start|stats|stop|top|unpause|update|wait)\b[^\n|;&]*/g,
  /\bcontainer ["'`/]{0,2}[\w.-]+/gi,
  /^[\da-f]{12} .*$/gm,
] as const
/** Behind an address or a name; the minutes and seconds of a time are no ports. */
const ENDPOINT = /(?<=[\w-])(?<!(?:^|[\s:T[("'=])\d\d):(\d{2,5})\b/gm
const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g
const PORT = /\bports? (\d{2,5})\b|端口 ?(\d{2,5})/gi

function wordsOf(text: string) {
  const commands = NAMES.flatMap((pattern) => [...text.matchAll(pattern)].map(([match]) => match))
  const endpoints = [...text.matchAll(ENDPOINT)].map(([, port]) => port)
  const ports = [...text.matchAll(PORT)].map(([, english, chinese]) => english ?? chinese)
  return {
    names: new Set(commands.flatMap((line) => line.split(/[\s"'`/:,]+/))),
    ports: new Set([...endpoints, ...ports].map(Number)),
    hosts: new Set([...text.matchAll(ADDRESS)].map(([address]) => address)),
  }
}
