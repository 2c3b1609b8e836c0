import { answerKernelConfig, type KernelConfigAnswer } from './answer.ts'
import { KernelConfigError, printable } from './error.ts'
import { loadKernelConfig } from './load.ts'

/**
 * Answers for a file: plain, gzip or xz.
 * @param release the kernel release to judge for; by default the one in the configuration's header
 * @throws KernelConfigError with one line for the user: the file cannot be read, holds something else, or names no release
 */
export async function answerKernelConfigFile(file: string, release?: string): Promise<KernelConfigAnswer> {
  const text = await loadKernelConfig(file)
  try {
    return answerKernelConfig(text, release)
  } catch (error) {
    if (error instanceof KernelConfigError)
      throw new KernelConfigError(`${printable(file)}: ${error.message}`)
    throw error
  }
}
