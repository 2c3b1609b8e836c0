/** The processor architecture, of the kernel and of the userland: they may differ. */
import { asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import { binaryFile, type CommandSource, command, file, sourceKey } from '../model/source.ts'

const ARCH_FILE = '/proc/sys/kernel/arch'
const UNAME = command(['uname', '-m'])

const archFile = defineFact({
  name: 'archFile',
  about: `What ${ARCH_FILE} says; null before Linux 6.1.`,
  reads: { arch: asReading(file(ARCH_FILE)) },
  parse: ({ arch }) => (arch.state === 'ok' ? arch.value.trim() : null),
})

/** The machine as the kernel names it. The file exists since Linux 6.1 (https://docs.kernel.org/admin-guide/sysctl/kernel.html#arch). */
export const kernelArch: Fact<string> = defineFact({
  name: 'kernelArch',
  about: "The kernel's architecture as uname -m prints it: x86_64, aarch64, armv7l, i686, …",
  needs: { fromFile: archFile },
  reads: ({ fromFile }): Record<string, CommandSource> => (fromFile ? {} : { uname: UNAME }),
  reading: '$ uname -m (before Linux 6.1)',
  parse: ({ uname }, { fromFile }) => fromFile ?? uname?.stdout.trim() ?? '',
})

export interface Userland {
  readonly bits: 32 | 64
  /** By the name that the kernel has for such a machine: `x86_64`, `i686`, `aarch64`, `arm`, …; `machine 40` where we have none. */
  readonly arch: string
}

/** `e_machine` of the ELF header. @see https://man7.org/linux/man-pages/man5/elf.5.html */
const MACHINES: Readonly<Record<number, string>> = {
  3: 'i686',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv64',
  258: 'loongarch64',
}

/** Everything runs through the shell, so the shell's own header tells what the userland is built for. */
export const userland: Fact<Userland> = defineFact({
  name: 'userland',
  about: 'The architecture that the programs of this host are built for, from the header of /bin/sh.',
  reads: { shell: asReading(binaryFile('/bin/sh', { maxBytes: 64 })) },
  parse: ({ shell }) => {
    if (shell.state !== 'ok') return unavailable('/bin/sh', shell)
    const parsed = parseElfHeader(Buffer.from(shell.value, 'base64'))
    const reason = 'is not an ELF program'
    return parsed ?? unavailable(sourceKey(binaryFile('/bin/sh')), { state: 'failed', reason, durationMs: 0 })
  },
})

/** Class and machine from the first bytes of an ELF file; null where they are none. */
export function parseElfHeader(bytes: Uint8Array): Userland | null {
  const [a, e, l, f, size, order] = bytes
  if (a !== 0x7f || e !== 0x45 || l !== 0x4c || f !== 0x46 || bytes.length < 20) return null
  if ((size !== 1 && size !== 2) || (order !== 1 && order !== 2)) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const machine = view.getUint16(18, order === 1)
  const ppcLittle = machine === 21 && order === 1
  return {
    bits: size === 1 ? 32 : 64,
    arch: ppcLittle ? 'ppc64le' : (MACHINES[machine] ?? `machine ${machine}`),
  }
}
