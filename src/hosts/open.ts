/** The host that the command line names. */
import { UsageError } from '../model/errors.ts'
import type { Host } from './host.ts'

export interface HostArguments {
  /** A recorded host's file. */
  readonly snapshot?: string | undefined
  /** A mounted file system's folder. */
  readonly root?: string | undefined
}

/**
 * `--snapshot FILE`, `--root DIR`, or this machine.
 * @throws {UsageError} when both are given
 * @throws {InputError} when what is given cannot be used
 */
export async function openHost({ snapshot, root }: HostArguments): Promise<Host> {
  if (snapshot !== undefined && root !== undefined) {
    throw new UsageError('--snapshot and --root cannot be used together')
  }
  if (snapshot !== undefined) {
    const { loadSnapshot } = await import('./snapshot/load.ts')
    const { snapshotHost } = await import('./snapshot.ts')
    return snapshotHost(await loadSnapshot(snapshot))
  }
  if (root !== undefined) return (await import('./root.ts')).rootHost(root)
  return (await import('./live.ts')).liveHost
}
