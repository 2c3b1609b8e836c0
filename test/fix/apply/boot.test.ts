import { describe, expect, it } from 'vitest'
import { bootsSo, inFirmwareLine, inGrubDefaults } from '../../../src/fix/apply/boot.ts'
import { kernelArgument, removeKernelArgument } from '../../../src/model/fix.ts'

const add = kernelArgument('systemd.unified_cgroup_hierarchy=1')
const drop = removeKernelArgument('cgroup_disable=memory')

describe("GRUB's defaults", () => {
  it.each([
    ['GRUB_CMDLINE_LINUX=""\n', `GRUB_CMDLINE_LINUX="${add.argument}"\n`],
    ["GRUB_CMDLINE_LINUX='quiet'\nX=1\n", `GRUB_CMDLINE_LINUX='quiet ${add.argument}'\nX=1\n`],
    ['GRUB_CMDLINE_LINUX=quiet\n', `GRUB_CMDLINE_LINUX="quiet ${add.argument}"\n`],
    ['GRUB_TIMEOUT=5', `GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="${add.argument}"\n`],
    [
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
      `GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="${add.argument}"\n`,
    ],
    ['GRUB_CMDLINE_LINUX="quiet" # why\n', `GRUB_CMDLINE_LINUX="quiet ${add.argument}" # why\n`],
    ['  export GRUB_CMDLINE_LINUX="a"\n', `  export GRUB_CMDLINE_LINUX="a ${add.argument}"\n`],
    [
      'GRUB_CMDLINE_LINUX="a"\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX b"\n',
      `GRUB_CMDLINE_LINUX="a"\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX b ${add.argument}"\n`,
    ],
    [
      'GRUB_CMDLINE_LINUX="acpi_osi=\\"Linux\\""\n',
      `GRUB_CMDLINE_LINUX="acpi_osi=\\"Linux\\" ${add.argument}"\n`,
    ],
    [`GRUB_CMDLINE_LINUX='dm="a b"'\n`, `GRUB_CMDLINE_LINUX='dm="a b" ${add.argument}'\n`],
  ])('%j gets an argument, once', (before, after) => {
    expect(inGrubDefaults(before, add)).toBe(after)
    expect(inGrubDefaults(after, add)).toBe(after)
  })
  it('lose one, and keep the others', () => {
    expect(inGrubDefaults('GRUB_CMDLINE_LINUX="a cgroup_disable=memory b"\n', drop)).toBe(
      'GRUB_CMDLINE_LINUX="a b"\n',
    )
    expect(inGrubDefaults('X=1\n', drop)).toBe('X=1\n')
  })
  it('lose one of ordinary boots, too', () => {
    expect(
      inGrubDefaults(
        'GRUB_CMDLINE_LINUX_DEFAULT="quiet cgroup_disable=memory"\nGRUB_CMDLINE_LINUX=\'\'\n',
        drop,
      ),
    ).toBe('GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=\'\'\n')
  })
  it.each([
    'GRUB_CMDLINE_LINUX="one \\\ntwo"\n',
    'GRUB_CMDLINE_LINUX="one"two\n',
    'GRUB_CMDLINE_LINUX=one\\ two\n',
    'GRUB_CMDLINE_LINUX="one" ; x=1\n',
    'GRUB_CMDLINE_LINUX=$(cat /x)\n',
  ])('are left alone where they are not plain: %j', (text) => {
    expect(inGrubDefaults(text, add)).toBeNull()
    expect(inGrubDefaults(text, drop)).toBeNull()
  })
  it('take an argument as it is, whatever it holds', () => {
    expect(inGrubDefaults('GRUB_CMDLINE_LINUX=""\n', kernelArgument("a=$1$&$'"))).toBe(
      'GRUB_CMDLINE_LINUX="a=$1$&$\'"\n',
    )
  })
})

describe('what grubby lists', () => {
  const listing = (...args: readonly string[]): string =>
    args.map((one, index) => `index=${index}\nkernel="/boot/vmlinuz-${index}"\nargs="${one}"\n`).join('')
  it.each([
    [['ro quiet', `ro ${add.argument}`], false],
    [[`ro ${add.argument}`, `${add.argument} ro`], true],
    [['ro cgroup_disable=memory', 'ro'], false],
    [[], false],
  ])('%j: has the one %s', (args, has) => {
    expect(bootsSo(listing(...args), add)).toBe(has)
  })
  it('is without an argument where no kernel is given it', () => {
    expect(bootsSo(listing('ro', 'quiet'), drop)).toBe(true)
    expect(bootsSo(listing('ro', 'cgroup_disable=memory'), drop)).toBe(false)
  })
})

describe("the firmware's line", () => {
  it('stays one line', () => {
    expect(inFirmwareLine('console=tty1 root=/dev/sda\n', add)).toBe(
      `console=tty1 root=/dev/sda ${add.argument}\n`,
    )
    expect(inFirmwareLine(`x ${add.argument}\n`, add)).toBe(`x ${add.argument}\n`)
    expect(inFirmwareLine('a cgroup_disable=memory b', drop)).toBe('a b')
  })
})
