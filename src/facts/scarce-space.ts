/** When a disk counts as full. */
import type { FileSystem } from './data-root.ts'
import { GIB } from './units.ts'

/**
 * A percentage alone condemns large disks: like minikube, nothing is said while this much is free.
 * @see https://github.com/kubernetes/minikube/blob/master/pkg/minikube/machine/start.go
 */
const PLENTY = 20 * GIB
const FULL_PERCENT = 98
const NEARLY_FULL_PERCENT = 85

/** One large image needs about a GiB; of a small disk a tenth is asked. */
export const isFull = ({ bytes: { available, total, usedPercent } }: FileSystem): boolean =>
  available < Math.min(GIB, total / 10) || (usedPercent > FULL_PERCENT && available < PLENTY)

export const isScarce = (disk: FileSystem): boolean =>
  isFull(disk) || (disk.bytes.usedPercent > NEARLY_FULL_PERCENT && disk.bytes.available < PLENTY)
