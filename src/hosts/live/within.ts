/** Waits for a promise at most so long. Undefined when it did not settle in time; rejects as the promise does. */
export function within<T>(
  promise: Promise<T>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ value: T } | undefined> {
  return new Promise((resolve, reject) => {
    const give = (): void => finish(() => resolve(undefined))
    const timer = setTimeout(give, timeoutMs)
    const finish = (settle: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', give)
      settle()
    }
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
    promise.then(
      (value) => finish(() => resolve({ value })),
      (error: unknown) => finish(() => reject(error)),
    )
  })
}
