/** Ctrl-C and its like. */

/** The user, or the system, ended the run. */
export class Interrupted extends Error {
  /** As shells report it: 128 and the signal's number. */
  readonly code: number
  constructor(code: number) {
    super('interrupted')
    this.name = 'Interrupted'
    this.code = code
  }
}

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Programs that were started get this long to end. */
const GRACE_MS = 250

/**
 * Carries out what can be interrupted. At a signal its `AbortSignal` fires, what it started is given a moment to end,
 * and it rejects with {@link Interrupted}; at a second signal the program ends at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  let interrupt: (reason: Interrupted) => void = () => undefined
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = reject
  })
  const handlers = Object.entries(CODES).map(([name, code]) => {
    const handler = (): void => {
      if (stop.signal.aborted) process.exit(code)
      stop.abort()
      interrupt(new Interrupted(code))
    }
    process.on(name, handler)
    return [name, handler] as const
  })
  const working = work(stop.signal)
  try {
    return await Promise.race([working, interrupted])
  } catch (error) {
    if (error instanceof Interrupted) await settled(working)
    throw error
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler)
  }
}

async function settled(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const grace = new Promise((resolve) => {
    timer = setTimeout(resolve, GRACE_MS)
  })
  await Promise.race([work.catch(() => undefined), grace])
  clearTimeout(timer)
}
