/** `seaworthy list`: every check. */
import type { CommandModule } from 'yargs'
import { catalogue } from '../engine/catalogue.ts'

export const listCommand = (done: (code: number) => void): CommandModule<object, { format: string }> => ({
  command: 'list',
  describe: 'every check: id, title, profiles',
  builder: (yargs) => yargs.option('format', { choices: ['text', 'json'], default: 'text' }),
  handler: ({ format }) => {
    const checks = catalogue.map(({ id, title, profiles, needsRoot }) => ({
      id,
      title,
      profiles,
      needsRoot: !!needsRoot,
    }))
    const text = checks.map(({ id, title }) => `${id.padEnd(32)} ${title}`).join('\n')
    process.stdout.write(`${format === 'json' ? JSON.stringify({ checks }, null, 2) : text}\n`)
    done(0)
  },
})
