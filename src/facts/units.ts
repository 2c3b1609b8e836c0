/** Numbers for people. */

export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB

/** `9.5 MiB`, `12 GiB`. */
export function bytes(count: number): string {
  const [size, unit] = count >= GIB ? [GIB, 'GiB'] : count >= MIB ? [MIB, 'MiB'] : [KIB, 'KiB']
  const value = count / size
  return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`
}

/** `1 container`, `3 containers`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
