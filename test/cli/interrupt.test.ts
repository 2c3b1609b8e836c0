import { describe, expect, it } from 'vitest'
import { Interrupted, interruptible } from '../../src/cli/interrupt.ts'

/** Work that ends when it is told to, or never. */
const until = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('ended')))

describe('interruptible', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s fires the signal, lets the work end, and rejects with %d', async (name, code) => {
    let ended: string | undefined
    const work = interruptible(async (signal) => {
      ended = await until(signal)
    })
    process.emit(name)
    await expect(work).rejects.toEqual(expect.objectContaining({ name: 'Interrupted', code }))
    expect(ended).toBe('ended')
  })
  it('waits only so long for work that does not end', async () => {
    const started = performance.now()
    const work = interruptible(() => new Promise<never>(() => undefined))
    process.emit('SIGINT')
    await expect(work).rejects.toBeInstanceOf(Interrupted)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
  it('gives what the work gives, and leaves no handler behind', async () => {
    const before = process.listenerCount('SIGINT')
    await expect(interruptible(async () => 42)).resolves.toBe(42)
    await expect(interruptible(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(process.listenerCount('SIGINT')).toBe(before)
  })
})
