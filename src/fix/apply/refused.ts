/** A step that must not, or cannot, be carried out on this host as it is: nothing was touched. */
export class Refused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Refused'
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'no space left',
  EDQUOT: 'the quota is used up',
  EROFS: 'read-only file system',
  ENOTEMPTY: 'the folder is not empty',
  EXDEV: 'it would have to cross file systems',
  EBUSY: 'it is in use',
  EINVAL: 'the kernel does not take this value',
}

/** The code of a failed system call; empty for any other error. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** Why something failed, in words. */
export const wordsOf = (error: unknown): string =>
  REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error))
