import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KernelConfigError } from '../../src/kernel-config/error.ts'
import { answerKernelConfigFile } from '../../src/kernel-config/file.ts'
import { decodeKernelConfig, loadKernelConfig } from '../../src/kernel-config/load.ts'

const path = (name: string) => fileURLToPath(new URL(`fragments/${name}`, import.meta.url))
const plain = readFileSync(path('microvm-6.18.44.config'))
const xz = readFileSync(path('microvm-6.18.44.config.xz'))

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seaworthy-kernel-config-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('a kernel configuration', () => {
  it.each([
    ['plain', plain],
    ['gzip', gzipSync(plain)],
    ['xz', xz],
  ])('is read from a file that is %s, whatever its name', async (_, bytes) => {
    expect(await loadKernelConfig(file('config', bytes))).toBe(plain.toString('latin1'))
  })

  it('may hold nothing but what is not set', async () => {
    expect(await decodeKernelConfig(Buffer.from('# CONFIG_VETH is not set\n'), 'x')).toContain('VETH')
  })

  it('is answered in one call', async () => {
    const answer = await answerKernelConfigFile(path('microvm-6.18.44.config.xz'))
    expect(answer).toMatchObject({ release: '6.18.44', ready: false })
  })

  it('without a release in its header is refused by name', async () => {
    const name = file('defconfig', 'CONFIG_VETH=y\n')
    await expect(answerKernelConfigFile(name)).rejects.toThrow(`${name}: the configuration has no header`)
    await expect(answerKernelConfigFile(name, 'latest')).rejects.toThrow(
      `${name}: not a kernel release: "latest"`,
    )
    expect((await answerKernelConfigFile(name, '6.1.0')).release).toBe('6.1.0')
  })
})

describe('other input is named for what it is', () => {
  const elf = Buffer.concat([
    Buffer.from('\x7fELF\x02\x01\x01'),
    Buffer.alloc(100),
    Buffer.from('CONFIG_VETH=y'),
  ])
  it.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /found nothing: it is empty$/],
    ['white space', ' \n\t\n', /found nothing but white space$/],
    ['vmlinux', elf, /found an ELF binary, such as vmlinux$/],
    ['vmlinux.gz', gzipSync(elf), /found an ELF binary, such as vmlinux$/],
    ['vmlinuz', `MZ${'\0'.repeat(500)}`, /found a kernel image or another executable$/],
    ['a page that shows a configuration', '<!DOCTYPE html><pre>\nCONFIG_VETH=y\n', /found an HTML page$/],
    ['UTF-16', Buffer.from('\ufeffCONFIG_VETH=y\n', 'utf16le'), /found binary data$/],
    ['JSON', '{"CONFIG_VETH": "y"}', /found JSON$/],
    ['prose', 'nothing to see\n', /found text without any CONFIG_ line$/],
    ['zstd', Buffer.from('28b52ffd04000000', 'hex'), /found zstd data \(decompress it first\)$/],
    ['half a gzip', gzipSync(plain).subarray(0, 200), /found damaged gzip data$/],
    ['half an xz', xz.subarray(0, 400), /found xz data that is damaged/],
    ['a gzip in a gzip', gzipSync(gzipSync(plain)), /found gzip data within the compressed data$/],
  ])('%s', async (name, content, message) => {
    const input = file('input', content)
    await expect(loadKernelConfig(input), name).rejects.toThrow(message)
    await expect(loadKernelConfig(input)).rejects.toThrow(`${input}: expected a kernel configuration`)
  })

  it.each<[string, () => string | Uint8Array]>([
    ['a gzip bomb', () => gzipSync(Buffer.alloc(20 * 1024 * 1024))],
    ['an xz bomb', () => readFileSync(path('zeros-20MiB.xz'))],
    ['a huge file', () => Buffer.alloc(17 * 1024 * 1024, 'CONFIG_A=y\n')],
  ])('%s is cut off', async (_, content) => {
    await expect(loadKernelConfig(file('big', content()))).rejects.toThrow(/found more than 16 MiB$/)
  })

  it('an endless device is cut off', async () => {
    await expect(loadKernelConfig('/dev/zero')).rejects.toThrow(/found more than 16 MiB$/)
  })

  it('a file that cannot be read', async () => {
    await expect(loadKernelConfig(join(folder, 'none'))).rejects.toThrow(
      /none: cannot be read: no such file$/,
    )
    await expect(loadKernelConfig(folder)).rejects.toThrow(/cannot be read: it is a directory$/)
  })

  it('a file name with terminal escapes is printed without them', async () => {
    await expect(decodeKernelConfig(new Uint8Array(), '\u001b[2Jx\ny')).rejects.toThrow(
      /^\?\[2Jx\?y: expected/,
    )
  })

  it('arbitrary bytes are read or refused with one printable line, never anything else', async () => {
    const magic = fc.constantFrom([], [0x1f, 0x8b], [0x1f, 0x8b, 8, 0], [...xz.subarray(0, 24)])
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 60 }), async (start, rest) => {
        const refusal = await decodeKernelConfig(Uint8Array.from([...start, ...rest]), 'x').catch(
          (error) => error,
        )
        if (typeof refusal === 'string') return
        expect(refusal).toBeInstanceOf(KernelConfigError)
        expect(refusal.message).toMatch(/^[\x20-\x7e…]+$/)
      }),
      { numRuns: 1_000 },
    )
  })
})

it('xz is read when everything is bundled into one CommonJS file', async () => {
  const outfile = join(folder, 'bundle.cjs')
  const entry = fileURLToPath(new URL('../../src/kernel-config/file.ts', import.meta.url))
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
  })
  const script = `require(process.argv[1]).answerKernelConfigFile(process.argv[2]).then((a) => process.stdout.write(a.release))`
  const options = { cwd: folder, encoding: 'utf8' } as const
  expect(
    execFileSync(process.execPath, ['-e', script, outfile, path('microvm-6.18.44.config.xz')], options),
  ).toBe('6.18.44')
})
