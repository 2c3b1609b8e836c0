/** `seaworthy kernel-config FILE`: judge a kernel's .config. */
import type { CommandModule } from 'yargs'
import type { KernelConfigAnswer } from '../kernel-config/index.ts'
import { InputError } from '../model/errors.ts'
import { EXIT } from './exit-code.ts'
import { type Given, oneOf, single } from './options.ts'
import { print } from './print.ts'
import { readInput } from './read-input.ts'

interface KernelConfigArguments {
  readonly file?: Given
  readonly release?: Given
  readonly format?: Given
}

export const kernelConfigCommand = (
  done: (code: number) => void,
): CommandModule<object, KernelConfigArguments> => ({
  command: 'kernel-config <file>',
  describe: 'Judge a kernel .config (or .gz, .xz; - is the standard input)',
  builder: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'such as /boot/config-6.1.0-18-amd64',
      })
      .options({
        release: { type: 'string', describe: 'the kernel release to judge for' },
        format: { type: 'string', describe: 'text, json' },
      }),
  handler: async (args) => {
    const format = oneOf('format', args.format, ['text', 'json'])
    const answer = await answerFor(single('file', args.file) ?? '', single('release', args.release))
    const { renderKernelConfig } = await import('../kernel-config/index.ts')
    const { safeJson } = await import('../../reports/untrusted.ts')
    const text = format === 'json' ? safeJson(answer, 2) : renderKernelConfig(answer).join('\n')
    await print(`${text}\n`)
    done(answer.ready ? EXIT.ready : EXIT.notReady)
  },
})

async function answerFor(file: string, release: string | undefined): Promise<KernelConfigAnswer> {
  const library = await import('../kernel-config/index.ts')
  try {
    if (file !== '-') return await library.answerKernelConfigFile(file, release)
    const bytes = await readInput(file, library.kernelConfigLimit)
    const text = await library.decodeKernelConfig(bytes, 'standard input')
    return library.answerKernelConfig(text, release)
  } catch (error) {
    throw error instanceof library.KernelConfigError ? new InputError(error.message) : error
  }
}
