/** `seaworthy fix`: print what would mend the host, carry it out, take it back. */
import type { CommandModule } from 'yargs'
import type { FixArguments } from './fix/arguments.ts'

export const fixCommand = (done: (code: number) => void): CommandModule<object, FixArguments> => ({
  command: 'fix [ids..]',
  describe: 'Print what would mend the host; carry it out; take it back',
  builder: (yargs) =>
    yargs
      .positional('ids', { type: 'string', array: true, describe: 'checks or areas; all without' })
      .options({
        apply: { type: 'boolean', describe: 'carry it out (as root)' },
        yes: { type: 'boolean', describe: 'do not ask first' },
        allow: { type: 'string', describe: 'disruptive: also what restarts the engine or drops containers' },
        undo: { type: 'string', describe: 'take back the last run, or RUN' },
        format: { type: 'string', describe: 'text, shell, ansible, json' },
        profile: { type: 'string', describe: 'what the host is meant for; docker' },
        user: { type: 'string', describe: 'mend the access of this user' },
        offline: { type: 'boolean', describe: 'contact nothing outside this host' },
        timeout: { type: 'string', describe: 'seconds that looking may take; 30' },
        snapshot: { type: 'string', describe: 'plan for a recorded host, from a file' },
        root: { type: 'string', describe: 'plan for a mounted file system, from a directory' },
        data: { type: 'string', describe: 'judge by the newer data files (NAME.json) of this folder' },
        'no-color': { type: 'boolean', describe: 'no colour' },
      }),
  handler: async (args) => {
    const { runFix } = await import('./fix/run.ts')
    done(await runFix(args))
  },
})
