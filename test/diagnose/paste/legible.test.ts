import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parsePaste } from '../../../src/diagnose/paste/blocks.ts'
import { legible } from '../../../src/diagnose/paste/legible.ts'
import { told } from '../told.ts'

const base64 = randomBytes(900_000).toString('base64')
const rows = base64.replace(/.{76}/g, '$&\n')
const MESSAGE = 'WARNING: IPv4 forwarding is disabled. Networking will not work.'

describe('what is no text is left out', () => {
  it.each([
    ['base64 on one line', base64],
    ['base64 for a URL', base64.replaceAll('+', '-').replaceAll('/', '_')],
    ['hexadecimal digits', randomBytes(100_000).toString('hex')],
    ['base64 in rows', rows],
    ['a key in YAML', rows.replace(/^/gm, '    ')],
  ])('%s', (_, blob) => {
    const around = legible(`before\n${blob}\n${MESSAGE}`)
    expect(around.length).toBeLessThan(200)
    expect(around).toMatch(/^before\n/)
    expect(around).toContain(MESSAGE)
  })
  it('and implies nothing', async () => {
    expect((await told(base64)).causes).toEqual([])
    expect((await told(rows)).causes).toEqual([])
  })
})

describe('what stays', () => {
  const ID = '3f1f4ed1'.repeat(8)
  it.each([
    ['paths with ids', `lowerdir=/var/lib/docker/overlay2/l/ABCDEF:/var/lib/docker/overlay2/${ID}/diff`],
    ['a control group within another', `/kubepods/burstable/pod${ID.slice(0, 36)}/docker/${ID}/docker/${ID}`],
    ['a list of ids', `${ID}\n`.repeat(40)],
    ['a short line of base64', `${base64.slice(0, 76)}\n${MESSAGE}`],
  ])('%s', (_, text) => expect(legible(text)).toBe(text))
  it('a collapsed journal, and one that a program wrote as one string', () => {
    const lines = Array.from({ length: 2000 }, (_, at) => `Jan 09 10:01:02 web dockerd[${at}]: ${MESSAGE}`)
    const collapsed = lines.slice(0, 100).join(' ')
    expect(legible(collapsed)).toBe(collapsed)
    expect(parsePaste(lines.join('\\n')).text).toBe(lines.join('\n'))
  })
  it('the beginning and the end of a line of megabytes', async () => {
    const long = `error: first ${'/var/lib/docker/ '.repeat(600_000)} ${MESSAGE}`
    const started = performance.now()
    const { symptoms } = await told(long)
    expect(symptoms[0]?.text).toContain(MESSAGE)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
