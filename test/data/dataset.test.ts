import { describe, expect, it } from 'vitest'
import { BUILT_IN, DATASET_NAMES } from '../../src/data/dataset.ts'
import { SCHEMAS } from '../../src/data/schemas.ts'

describe.each(DATASET_NAMES)('the table %s', (name) => {
  it('is as its schema says', () => {
    expect(SCHEMAS[name].safeParse(BUILT_IN[name]).error?.issues ?? []).toEqual([])
  })
  it('is of a day that exists', () => {
    const { asOf } = BUILT_IN[name]
    expect(new Date(asOf).toISOString().slice(0, 10)).toBe(asOf)
  })
})

it('there is a schema for each table, and a table for each schema', () => {
  expect([...DATASET_NAMES].sort()).toEqual(Object.keys(SCHEMAS).sort())
})
