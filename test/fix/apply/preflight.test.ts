import { symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { preflight } from '../../../src/fix/apply/preflight.ts'
import { planOf } from '../../../src/fix/plan.ts'
import { fix, installPackages, runCommand, type Step, writeFile } from '../../../src/model/fix.ts'
import { bench } from './bench.ts'

const refused = async (...steps: readonly Step[]) =>
  Object.fromEntries(
    await preflight(
      planOf([{ finding: 'test/test#broken', level: 'fail', message: 'broken', fix: fix('Mend', ...steps) }]),
    ),
  )

describe('before anything is touched it is plain', () => {
  it('that a link is not followed', async () => {
    const host = bench()
    symlinkSync('/elsewhere/file', host.at('file'))
    expect(await refused(writeFile(host.at('file'), ''))).toEqual({
      'test/test#broken': expect.stringMatching(/is a symbolic link/),
    })
  })
  it('that a program is missing', async () => {
    expect(await refused(runCommand(['no-such-program', 'x']))).toEqual({
      'test/test#broken': 'no-such-program is not installed here',
    })
    expect(await refused(runCommand(['true']))).toEqual({})
  })
  it('not whether a package of the same fix brings a program', async () => {
    expect(await refused(installPackages('apt', 'x'), runCommand(['no-such-program']))).toEqual({})
  })
})
