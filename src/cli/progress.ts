/** What is under way, drawn on the standard error while a run takes long. */
import { areaOf, type Check } from '../model/check.ts'
import type { Result } from '../model/report.ts'

export interface Progress {
  readonly onResult: (result: Result) => void
  /** Takes the drawing away. */
  readonly stop: () => Promise<void>
}

/** A run that ends sooner draws nothing, and loads nothing to draw with. */
const DRAW_AFTER_MS = 300

interface AreaProgress {
  readonly total: number
  done: number
  changed: () => void
}

export function progressOf(checks: readonly Check[]): Progress {
  const areas = new Map<string, AreaProgress>()
  for (const { id } of checks) {
    const area = areas.get(areaOf(id))
    areas.set(areaOf(id), { total: (area?.total ?? 0) + 1, done: 0, changed: () => undefined })
  }
  let stopped = false
  let drawing: Promise<void> | undefined
  const timer = setTimeout(() => {
    drawing = draw(areas, () => stopped)
  }, DRAW_AFTER_MS)
  return {
    onResult: ({ area: name }) => {
      const area = areas.get(name)
      if (!area) return
      area.done++
      area.changed()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      for (const area of areas.values()) area.changed()
      await drawing
    },
  }
}

async function draw(areas: ReadonlyMap<string, AreaProgress>, isStopped: () => boolean): Promise<void> {
  const { DefaultRenderer, Listr, ListrLogger, ProcessOutput } = await import('listr2')
  if (isStopped() || [...areas.values()].every(({ done, total }) => done === total)) return
  const logger = new ListrLogger({
    useIcons: true,
    toStderr: [],
    processOutput: new ProcessOutput(process.stderr, process.stderr, { leaveEmptyLine: false }),
  })
  const widest = Math.max(...[...areas.keys()].map((name) => name.length))
  const tasks = [...areas].map(([name, area]) => ({
    title: name,
    task: (_: unknown, task: { title: string | undefined }) =>
      new Promise<void>((resolve) => {
        area.changed = () => {
          task.title = `${name.padEnd(widest)}  ${area.done} of ${area.total}`
          if (!isStopped() && area.done < area.total) return
          // A title that is set once all is done would be drawn again.
          area.changed = () => undefined
          resolve()
        }
        area.changed()
      }),
  }))
  // The renderer asks whether the standard output is a terminal; it is the standard error that is drawn on.
  const renderer = class extends DefaultRenderer {
    static override nonTTY = true as unknown as false
  }
  await new Listr(tasks, {
    concurrent: true,
    registerSignalListeners: false,
    renderer,
    rendererOptions: { logger, clearOutput: true },
  }).run()
}
