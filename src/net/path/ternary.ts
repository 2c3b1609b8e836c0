/** Whether a condition holds: `maybe` when what is known does not tell. */
export type Ternary = 'yes' | 'no' | 'maybe'

export function fromBoolean(value: boolean): Ternary {
  return value ? 'yes' : 'no'
}

export function not(value: Ternary): Ternary {
  if (value === 'maybe') return value
  return fromBoolean(value === 'no')
}

/** `no` if any is `no`; else `maybe` if any is `maybe`. */
export function all(values: Iterable<Ternary>): Ternary {
  let result: Ternary = 'yes'
  for (const value of values) {
    if (value === 'no') return 'no'
    if (value === 'maybe') result = 'maybe'
  }
  return result
}

/** `yes` if any is `yes`; else `maybe` if any is `maybe`. */
export function any(values: Iterable<Ternary>): Ternary {
  let result: Ternary = 'no'
  for (const value of values) {
    if (value === 'yes') return 'yes'
    if (value === 'maybe') result = 'maybe'
  }
  return result
}
