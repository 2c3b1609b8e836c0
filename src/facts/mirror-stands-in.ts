import { defineFact, type Fact } from '../model/fact.ts'
import { apiUrl, mirrorAnswers, registryMirrors } from './registries.ts'
import { registryHealth } from './registry-answer.ts'

/** With one, images of Docker Hub are to be had without Docker Hub. */
export const standInMirror: Fact<string | null> = defineFact({
  name: 'standInMirror',
  about: 'The first registry mirror that answers as a registry; null where none does.',
  needs: { mirrors: registryMirrors, answers: mirrorAnswers },
  parse: (_, { mirrors, answers }): string | null =>
    mirrors.find((url) => {
      const answer = answers.get(apiUrl(url))
      return answer && registryHealth(answer).state === 'healthy'
    }) ?? null,
})
