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

/** Long enough that a pattern which looks again from each place needs minutes. */
const LONG = 200_000
const numbered = (part: (at: number) => string): string =>
  Array.from({ length: (2 * LONG) / part(0).length }, (_, at) => part(at)).join('')
const PASTED: Readonly<Record<string, string>> = {
  'words joined by hyphens': 'a-'.repeat(LONG / 2),
  'words joined by dots': 'a.'.repeat(LONG / 2),
  digits: '1'.repeat(LONG),
  'empty lines': '\n'.repeat(LONG),
  'marks of escaping': '\\'.repeat(LONG),
  'blanks in docker info': `$ docker info\nServer Version: 20.10.1\nStorage Driver: vfs\n${' '.repeat(LONG)}\nx`,
  'a file that never ends': `$ cat /etc/docker/daemon.json\n{${'\na'.repeat(LONG / 2)}{}`,
  'a command line of blanks': `$ docker info${' '.repeat(LONG)}x`,
  'a command line of options': `$ docker info${' -l'.repeat(LONG / 3)} x`,
  'names that never end': `$ id\n${'uid=1('.repeat(LONG / 6)}`,
  'files without end': numbered((at) => `$ cat /etc/x${at}\nx\n`),
  'machines without end': numbered((at) => `me@x${at}:~$ getenforce\nEnforcing\n`),
  'members without end': numbered((at) => `$ groups\nx${at} docker\n`),
}

describe('a long paste is judged', () => {
  for (const [what, text] of Object.entries(PASTED))
    it(what, async () => expect((await told(text)).causes).toBeDefined())
})
