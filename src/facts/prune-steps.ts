/** What the engine may throw away without loss: what nobody named, and nobody uses. */
import { runCommand } from '../model/fix.ts'

/** Images with a name or a container stay. */
export const pruneLeftovers = runCommand(['docker', 'image', 'prune', '--force'])
/** The next builds take longer. */
export const pruneBuildCache = runCommand(['docker', 'builder', 'prune', '--force'])
