/** The kernel's command line, and the file that the Raspberry Pi's firmware takes it from. */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file } from '../model/source.ts'

/** The arguments that the kernel was booted with. */
export const kernelArguments: Fact<readonly string[]> = defineFact({
  name: 'kernelArguments',
  about: 'The arguments on the command line of the running kernel.',
  reads: { line: file('/proc/cmdline') },
  parse: ({ line }) => line.split(/\s+/).filter(Boolean),
})

export interface CommandLineFile {
  readonly path: string
  /** All arguments of the file on one line, as it should be. */
  readonly joined: string
}

/** @see https://www.raspberrypi.com/documentation/computers/configuration.html#kernel-command-line-cmdline-txt */
export const COMMAND_LINE_FILES = ['/boot/firmware/cmdline.txt', '/boot/cmdline.txt'] as const

/** Only the first line of cmdline.txt counts: what was added below it never reaches the kernel. */
export const splitCommandLine: Fact<CommandLineFile | null> = defineFact({
  name: 'splitCommandLine',
  about: 'The cmdline.txt that has arguments for control groups on a second line; null where none does.',
  reads: Object.fromEntries(COMMAND_LINE_FILES.map((path) => [path, orAbsent(file(path))])),
  parse: (texts): CommandLineFile | null => {
    for (const path of COMMAND_LINE_FILES) {
      const lines = (texts[path] ?? '').split('\n').map((line) => line.trim())
      const written = lines.filter((line) => line !== '' && !line.startsWith('#'))
      const lost = written.slice(1).some((line) => line.includes('cgroup_'))
      if (lost) return { path, joined: `${written.join(' ')}\n` }
    }
    return null
  },
})
