/** A text that was made to hold a pattern up is answered all the same: a pattern that looks again from each place would go on for minutes here. */
import { describe, expect, it } from 'vitest'
import { told } from './told.ts'

const LENGTH = 60_000
const BEGUN = [
  'Up ',
  'permission denied while ',
  'lsof -',
  '/dev/sda ',
  'flags: ',
  'Running modprobe ',
  'inet 10.0.0.1/8 ',
  'fork/exec ',
  'accept',
  'ExecStart=',
]

describe('much of the same is judged', () => {
  for (const more of [' ', 'a', 'i', '/a', '-v1', '\t', '0 '])
    it(JSON.stringify(more), async () => {
      const text = BEGUN.map((begun) => begun + more.repeat(LENGTH / BEGUN.length / more.length)).join('\n')
      expect((await told(text)).causes).toBeDefined()
    })
  for (const begun of BEGUN)
    it(`${begun}again and again`, async () => {
      expect((await told(begun.repeat(LENGTH / begun.length))).causes).toBeDefined()
    })
})
