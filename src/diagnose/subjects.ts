/** Every check that a text may speak of: the catalogue, and those of a container, which belong to no run but that of a named one. */
import { type Check, type CheckId, defineCheck } from '../model/check.ts'
import { CONTAINER_SYMPTOMS } from './container-symptoms.ts'

const TITLES = {
  'container/running': 'The container runs',
  'container/listening': 'The container listens where it can be reached',
  'container/published': 'The port is published where it is asked for',
  'container/attached': 'The container is attached to its network',
  'container/reachable': 'The container can be reached',
} as const

const IDS = Object.keys(TITLES) as (keyof typeof TITLES)[]

/** Stands for a check that this run cannot make. */
const unnamed = (id: CheckId, title: string): Check =>
  defineCheck({
    id,
    title,
    why: 'It shows once the container is named: seaworthy diagnose --container NAME.',
    profiles: ['docker'],
    needs: {},
    symptoms: [],
    findings: {},
    evaluate: (_, report) => report.unknown('no container is named'),
  })

export function subjectsOf(catalogue: readonly Check[]): readonly Check[] {
  const inPlace = IDS.map((id) => {
    const check = catalogue.find((one) => one.id === id) ?? unnamed(id, TITLES[id])
    return { ...check, symptoms: [...check.symptoms, ...CONTAINER_SYMPTOMS[id]] }
  })
  return [...catalogue.filter(({ id }) => !IDS.some((one) => one === id)), ...inPlace]
}
