import { describe, expect, it } from 'vitest'
import { lintDaemonJson } from '../../src/daemon-json/index.ts'

/** The first failure, as `line:column finding`. */
function first(file: string, engineVersion = '29.7.2'): string {
  const problem = lintDaemonJson(file, { engineVersion }).problems.find(({ level }) => level === 'fail')
  return problem === undefined ? 'accepted' : `${problem.line}:${problem.column} ${problem.finding}`
}

describe('a text that is not JSON is explained', () => {
  it.each([
    ['{\n  "debug": true,\n}', '2:16 trailing-comma'],
    ['{"dns": ["8.8.8.8",]}', '1:19 trailing-comma'],
    ['{\n  // why\n  "debug": true\n}', '2:3 comment'],
    ['{\n  "debug": true /* why */\n}', '2:17 comment'],
    ['# why\n{}', '1:1 comment'],
    ['{\n  "debug": true\n  "icc": true\n}', '2:16 missing-comma'],
    ['{"dns": ["8.8.8.8" "1.1.1.1"]}', '1:19 missing-comma'],
    ['{"debug": true,, "icc": true}', '1:16 extra-comma'],
    ["{'debug': true}", '1:2 single-quotes'],
    ['{“debug”: true}', '1:2 typographic-quotes'],
    ['{„debug“: true}', '1:2 typographic-quotes'],
    ['{"debug"：true}', '1:9 full-width-punctuation'],
    ['{"debug": true，"icc": true}', '1:15 full-width-punctuation'],
    ['{"dns": 【"8.8.8.8"】}', '1:9 full-width-punctuation'],
    ['｛"debug": true｝', '1:1 full-width-punctuation'],
    ['{debug: true}', '1:2 unquoted-key'],
    ['{"debug": True}', '1:11 unquoted-value'],
    ['{"log-level": info}', '1:15 unquoted-value'],
    ['{"debug" true}', '1:10 missing-colon'],
    ['{"debug" = true}', '1:10 missing-colon'],
    ['{"debug":}', '1:10 missing-value'],
    ['{"mtu": 01400}', '1:10 bad-number'],
    ['{"mtu": +1400}', '1:9 bad-number'],
    ['{"mtu": 0x578}', '1:10 bad-number'],
    ['{"mtu": 1400MB}', '1:13 bad-number'],
    ['{"labels": ["a=C:\\dir"]}', '1:18 bad-escape'],
    ['{"labels": ["a=\tb"]}', '1:16 control-character'],
    ['{"labels": ["a=b]\n}', '1:18 unclosed-string'],
    ['{"debug": true', '1:15 truncated'],
    ['{"log-opts": {"max-size": "10m"}', '1:33 truncated'],
    ['{"log-level": "inf', '1:19 unclosed-string'],
    ['{"dns": ["8.8.8.8"}', '1:19 wrong-bracket'],
    ['{"debug": true]', '1:15 wrong-bracket'],
    ['{"debug": true}}', '1:16 text-after-end'],
    ['{"debug": true}\n{"icc": true}', '2:1 second-object'],
    ['{\u00a0"debug": true}', '1:2 invisible-character'],
    ['{"debug":\u200b true}', '1:10 invisible-character'],
    ['{"debug": true}\0\0\0', '1:16 nul-byte'],
    ['\0\0\0\0', '1:1 nul-byte'],
    ['<!DOCTYPE html>\n<html></html>', '1:1 html-page'],
    ['\n<html><body>404</body></html>', '2:1 html-page'],
    ['debug: true\nicc: false\n', '1:1 yaml'],
    ['---\nlog-driver: local\n', '1:1 yaml'],
    ['debug = true\n', '1:1 toml-or-ini'],
    ['[daemon]\ndebug = true\n', '1:1 toml-or-ini'],
    ['"debug": true,\n"icc": false', '1:1 missing-braces'],
    ['```json\n{}\n```', '1:1 code-fence'],
    ['sudo tee /etc/docker/daemon.json <<EOF\n{}\nEOF', '1:1 shell-command'],
    ['[]', '1:1 not-an-object'],
    ['[{"debug": true}]', '1:1 not-an-object'],
    ['"debug"', '1:1 not-an-object'],
    ['42', '1:1 not-an-object'],
    ['['.repeat(10_001), '1:10001 too-deep'],
  ])('%j: %s', (file, expected) => {
    expect(first(file)).toBe(expected)
  })

  it('an empty file is refused up to 20.10 only', () => {
    expect(first('', '20.10.24')).toBe('1:1 empty-file')
    expect(first('', '23.0.0')).toBe('accepted')
  })

  it('text behind the object is only ignored up to 20.10', () => {
    const { accepted, problems } = lintDaemonJson('{"debug": true}\n{"icc": true}', {
      engineVersion: '20.10',
    })
    expect(accepted).toBe(true)
    expect(problems).toMatchObject([{ level: 'warn', finding: 'second-object', line: 2, column: 1 }])
  })

  it('the rest is judged too where it is plain what was meant', () => {
    const { problems } = lintDaemonJson('{\n  // why\n  "bip": "10.0.0.0/24",\n}')
    expect(problems.map(({ finding, line }) => [finding, line])).toEqual([
      ['comment', 2],
      ['network-address', 3],
    ])
  })

  it('columns count characters, lines end at LF, CR LF and CR', () => {
    expect(first('{"labels": ["😀=1"], "x": 1}')).toBe('1:21 unknown-key')
    expect(first('{\r\n"x": 1}')).toBe('2:1 unknown-key')
    expect(first('{\r"x": 1}')).toBe('2:1 unknown-key')
  })
})
