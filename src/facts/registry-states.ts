/** What each registry in use says at /v2/, in one word. */
import { defineFact, type Fact } from '../model/fact.ts'
import type { ProbeAnswer } from '../model/source.ts'
import { misplacedFolders } from './certs-misplaced.ts'
import { type Registry, registriesInUse, registryAnswers, urlsOf } from './registries-in-use.ts'
import { registryHealth } from './registry-answer.ts'

export type RegistryState =
  | { readonly state: 'answers' }
  /** It wants a name and password of everybody: there is no anonymous token to be had. */
  | { readonly state: 'wantsLogin' }
  | { readonly state: 'speaksHttp' }
  | { readonly state: 'broken'; readonly reason: string }
  | { readonly state: 'silent'; readonly reason: string }
  /** It was not asked, or its certificate is in the way. */
  | { readonly state: 'unknown' }

export interface JudgedRegistry extends Registry {
  readonly answer: RegistryState
}

export const registryStates: Fact<readonly JudgedRegistry[]> = defineFact({
  name: 'registryStates',
  about: 'How the registries in use answer at /v2/.',
  needs: { registries: registriesInUse, answers: registryAnswers, misplaced: misplacedFolders },
  parse: (_, { registries, answers, misplaced }): readonly JudgedRegistry[] =>
    registries
      .filter(({ name, signs }) => !isSpare(name, signs, registries))
      .filter(({ name }) => !misplaced.some(({ folder }) => folder.name === name))
      .map((registry) => {
        const given = urlsOf(registry).flatMap((url) => answers.get(url) ?? [])
        const states = given.map((answer) => stateOf(answer, registry.insecure))
        const best = states.find(({ state }) => state !== 'silent') ?? states[0]
        return { ...registry, answer: best ?? { state: 'unknown' } }
      }),
})

/** A folder without a port beside one with a port is for those who are not sure which is right. */
const isSpare = (name: string, signs: Registry['signs'], all: readonly Registry[]): boolean =>
  signs.size === 1 && signs.has('certs.d') && all.some((other) => other.name.startsWith(`${name}:`))

function stateOf(answer: ProbeAnswer, insecure: boolean): RegistryState {
  const health = registryHealth(answer)
  const { status = 0, stage, code } = answer
  if (answer.ok) {
    if (status === 401 && /^\s*basic\b/i.test(answer.headers?.['www-authenticate'] ?? ''))
      return { state: 'wantsLogin' }
    return status >= 500 ? { state: 'broken', reason: `HTTP ${status}` } : { state: 'answers' }
  }
  if (stage === 'dns' || stage === 'tcp' || code === 'TIMEOUT') {
    return { state: 'silent', reason: 'reason' in health ? health.reason : (code ?? '') }
  }
  if (health.state === 'speaksHttp' && !insecure) return { state: 'speaksHttp' }
  // With an entry in insecure-registries it is enough that something speaks there.
  return insecure ? { state: 'answers' } : { state: 'unknown' }
}
