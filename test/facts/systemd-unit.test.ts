import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseUnit, systemdUnit, unitValues } from '../../src/facts/systemd-unit.ts'
import type { Readings } from '../../src/hosts/memory.ts'
import { missing } from '../../src/model/reading.ts'
import { factOn, valueOn } from './fact.ts'

const bare: Readings = { '/etc/**': null, '/run/**': null, '/usr/**': null, '/lib/**': null }
const meta = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 10, mtimeMs: 0, ino: 1, dev: 1 } as const
const LIB = '/lib/systemd/system/docker.service'
const ETC = '/etc/systemd/system/docker.service'
const packaged: Readings = {
  ...bare,
  [`stat ${LIB}`]: meta,
  [LIB]: '[Service]\nExecStart=/usr/bin/dockerd\n',
}
const unit = systemdUnit('docker.service')

it('joins continued lines and passes over comments', () => {
  const text =
    '; c\n[Service]\nExecStart=/usr/bin/dockerd \\\n# between\n  -H fd:// \\\n  -D\n[Install]\nWantedBy=x\n'
  expect(parseUnit('u', text)).toEqual([
    {
      section: 'Service',
      key: 'ExecStart',
      value: '/usr/bin/dockerd  -H fd://  -D',
      file: 'u',
      line: 3,
      text: null,
    },
    { section: 'Install', key: 'WantedBy', value: 'x', file: 'u', line: 8, text: 'WantedBy=x' },
  ])
})
it('finds the unit', async () =>
  expect(await valueOn(unit, packaged)).toMatchObject({ fragment: LIB, masked: false }))
it('says that there is none', async () => expect((await valueOn(unit, bare)).fragment).toBeNull())
it.each([
  { ...meta, realPath: '/dev/null', type: 'character' as const },
  { ...meta, size: 0 },
])('sees a mask', async (stat) =>
  expect(await valueOn(unit, { ...packaged, [`stat ${ETC}`]: stat, [ETC]: '' })).toMatchObject({
    masked: true,
    fragment: ETC,
  }),
)
it('lets an empty assignment reset', async () => {
  const folder = `${ETC}.d`
  const host = {
    ...packaged,
    [`${folder}/`]: ['10-a.conf', '20-b.conf', '30-gone.conf'],
    [`${folder}/10-a.conf`]: '[Service]\nExecStart=/usr/bin/docker daemon\n',
    [`${folder}/20-b.conf`]: '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -D\n',
    [`${folder}/30-gone.conf`]: null,
  }
  expect(unitValues(await valueOn(unit, host), 'ExecStart').map(({ value }) => value)).toEqual([
    '/usr/bin/dockerd -D',
  ])
})
it('does not guess at a drop-in that may not be read', async () => {
  const host = {
    ...packaged,
    [`${ETC}.d/`]: ['a.conf'],
    [`${ETC}.d/a.conf`]: missing('denied', 'permission denied'),
  }
  expect((await factOn(unit, host)).known).toBe(false)
})
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('[', ']', 'A', '=', '\\', '\n', '\r', '#', ' ') }),
      (text) => {
        const lines = text.split('\n').length
        for (const { line } of parseUnit('u', text)) expect(line).toBeLessThanOrEqual(lines)
      },
    ),
    { numRuns: 10_000 },
  ))
