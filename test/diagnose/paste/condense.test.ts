import { describe, expect, it } from 'vitest'
import { condensed } from '../../../src/diagnose/paste/condense.ts'

const logged = (second: number, message: string): string =>
  `Jan 09 10:01:${String(second).padStart(2, '0')} web dockerd[${second}]: ${message}`
const journal = Array.from({ length: 600 }, (_, at) =>
  logged(at % 60, `shim ${at} of the container disconnected`),
)

describe('of a long text', () => {
  it('what a log says again, but for numbers, is left out, and what it says once stays', () => {
    const last = logged(59, 'failed to start daemon')
    expect(condensed([...journal, last].join('\n')).split('\n')).toEqual([journal[0], last])
  })

  it('rules and lists stay as they are: each counts', () => {
    const rules = Array.from({ length: 2000 }, (_, at) => `-A DOCKER -p tcp --dport ${at} -j ACCEPT`).join(
      '\n',
    )
    expect(condensed(rules)).toBe(rules)
  })
})

it('a short text stays as it is', () => {
  const text = `${logged(1, 'starting')}\n${logged(2, 'starting')}`
  expect(condensed(text)).toBe(text)
})

it('a text of very many lines is judged', async () => {
  const { parsePaste } = await import('../../../src/diagnose/paste/blocks.ts')
  expect(parsePaste('"\n'.repeat(300_000)).blocks).toEqual([])
})
