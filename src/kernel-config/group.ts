import type { KernelOption } from './options.ts'

/** The options of one feature. */
export interface FeatureOptions {
  readonly feature: string
  /** With `CONFIG_`. */
  readonly options: readonly string[]
}

/** Options by feature, both in the order of their first appearance. (Node 20 lacks Map.groupBy.) */
export function byFeature<T extends Pick<KernelOption, 'feature'>>(
  options: readonly T[],
): [feature: string, options: T[]][] {
  const groups = new Map<string, T[]>()
  for (const option of options) {
    const group = groups.get(option.feature)
    if (group === undefined) groups.set(option.feature, [option])
    else group.push(option)
  }
  return [...groups]
}
