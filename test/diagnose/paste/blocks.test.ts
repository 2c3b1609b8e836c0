import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePaste } from '../../../src/diagnose/paste/blocks.ts'
import { hostile, hostileRuns } from '../../net/hostile.ts'

const commands = (text: string): [string, string][] =>
  parsePaste(text).blocks.map(({ command, output }) => [command, output])

describe('a command and its output are found behind', () => {
  const prompts = {
    'a dollar': '$ uname -r\n6.1.0-18-amd64\n',
    'a dollar without a blank': '$uname -r\n6.1.0-18-amd64\n',
    'root’s number sign': '# uname -r\n6.1.0-18-amd64\n',
    'a bracketed prompt': '[root@web1 ~]# uname -r\n6.1.0-18-amd64\n',
    'Debian’s prompt': 'me@web1:~/src$ uname -r\n6.1.0-18-amd64\n',
    'a virtual environment': '(venv) me@web1:~$ uname -r\n6.1.0-18-amd64\n',
    'zsh with a theme': '➜  ~ uname -r\n6.1.0-18-amd64\n',
    PowerShell: 'PS C:\\Users\\me> uname -r\n6.1.0-18-amd64\n',
    'a mark of a quotation': '> uname -r\n6.1.0-18-amd64\n',
    'a fence of markdown': '```console\n$ uname -r\n6.1.0-18-amd64\n```\n',
    'a headline and a fence': 'Output of `uname -r`:\n\n```\n6.1.0-18-amd64\n```\n',
    'a Chinese headline': '执行 `uname -r`：\n```\n6.1.0-18-amd64\n```\n',
    nothing: 'uname -r\n6.1.0-18-amd64\n',
  }
  for (const [name, text] of Object.entries(prompts)) {
    it(name, () => expect(commands(text)).toEqual([['uname -r', '6.1.0-18-amd64']]))
  }
})

describe('a file is found behind', () => {
  const daemonJson = '{\n  "bip": "10.9.0.1/24"\n}'
  const headlines = {
    'a command': `$ cat /etc/docker/daemon.json\n${daemonJson}\n`,
    'its path': `/etc/docker/daemon.json:\n\`\`\`json\n${daemonJson}\n\`\`\`\n`,
    'its name': `My daemon.json:\n\n\`\`\`\n${daemonJson}\n\`\`\`\n`,
    'the mark of head and tail': `==> /etc/docker/daemon.json <==\n${daemonJson}\n`,
  }
  for (const [name, text] of Object.entries(headlines)) {
    it(name, () => expect(commands(text)).toEqual([['cat /etc/docker/daemon.json', daemonJson]]))
  }
})

it('ends with the next prompt', () => {
  expect(commands('$ uname -m\nx86_64\n$ getenforce\nEnforcing\n')).toEqual([
    ['uname -m', 'x86_64'],
    ['getenforce', 'Enforcing'],
  ])
})

it('ends where prose begins after an empty line, which belongs to the passages', () => {
  const { blocks, passages } = parsePaste('$ uname -m\nx86_64\n\nAny idea why my container is so slow now?\n')
  expect(blocks).toEqual([{ command: 'uname -m', output: 'x86_64', inContainer: false }])
  expect(passages.join()).toContain('Any idea why')
})

it('knows the shell of a container by its host name', () => {
  const { blocks } = parsePaste('root@4f5a6b7c8d9e:/# cat /etc/resolv.conf\nnameserver 127.0.0.11\n')
  expect(blocks[0]?.inContainer).toBe(true)
})

it('takes a sentence that begins with the name of a program for prose', () => {
  expect(commands('docker is not able to start since the update.\n')).toEqual([])
})

it('does not take lines of a log for a person’s words', () => {
  const { passages } = parsePaste('time="2026-01-02T03:04:05Z" level=error msg="container cannot reach"\n')
  expect(passages).toEqual([])
})

it('undoes what logs, URLs, typography and terminals make of a text', () => {
  const { text } = parsePaste(
    'msg=\\"it’s\\" GET http://%2Fvar%2Frun%2Fdocker.sock \u001b[31mred\u001b[0m\r\n',
  )
  expect(text).toBe('msg="it\'s" GET http:///var/run/docker.sock red\n')
})

const REAL = `I cannot start it:
\`\`\`
[root@web1 ~]# systemctl status docker
● docker.service - Docker Application Container Engine
   Active: failed (Result: exit-code)
$ cat /etc/docker/daemon.json
{ "hosts": ["fd://"] }
==> /etc/hosts <==
127.0.0.1 localhost
\`\`\`
Output of \`docker info\`:
容器无法上网`

it('never throws, and makes no text of its own', () => {
  hostileRuns(
    fc.property(hostile(REAL, ['```', '$ ', '\n# ', '==> /a <==', '：', '\u001b[', '%2F']), (raw) => {
      const { text, blocks } = parsePaste(raw)
      for (const { output } of blocks) expect(text).toContain(output.split('\n')[0])
    }),
  )
})
