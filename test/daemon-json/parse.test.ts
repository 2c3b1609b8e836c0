import { describe, expect, it } from 'vitest'
import { parseDaemonJson, parseEngineVersion, setKey } from '../../src/daemon-json/index.ts'

describe('parseDaemonJson', () => {
  it('gives the value and the places', () => {
    const { value, valid, positionOf } = parseDaemonJson(
      '{\n  "log-opts": {"max-size": "10m"},\n  "dns": ["a", "b"]\n}',
    )
    expect(value).toEqual({ 'log-opts': { 'max-size': '10m' }, dns: ['a', 'b'] })
    expect(valid).toBe(true)
    expect(positionOf(['log-opts', 'max-size'])).toEqual({ line: 2, column: 28 })
    expect(positionOf(['dns', 1])).toEqual({ line: 3, column: 16 })
    expect(positionOf(['dns', 2])).toBeUndefined()
    expect(positionOf(['debug', 'x'])).toBeUndefined()
  })

  it('makes the best of a text that is not JSON', () => {
    expect(parseDaemonJson('{"debug": true, // why\n}')).toMatchObject({
      value: { debug: true },
      valid: false,
    })
    expect(parseDaemonJson('debug: true')).toMatchObject({ value: {}, valid: false })
    expect(parseDaemonJson('')).toMatchObject({ value: {}, valid: true })
    expect(parseDaemonJson('[1]')).toMatchObject({ value: {}, valid: false })
  })

  it('keeps hostile names apart from the object itself', () => {
    const { value } = parseDaemonJson('{"__proto__": {"debug": true}, "a": 1}')
    expect(Object.keys(value)).toEqual(['__proto__', 'a'])
    expect(({} as Record<string, unknown>).debug).toBeUndefined()
  })
})

describe('setKey', () => {
  const text = '{\n    "zebra": 1,\n    "log-opts": {\n        "max-size": "1m"\n    }\n}\n'

  it('keeps order, indentation and the rest', () => {
    expect(setKey(text, ['log-opts', 'max-size'], '10m')).toBe(text.replace('"1m"', '"10m"'))
    expect(setKey(text, ['zebra'], undefined)).toBe(
      '{\n    "log-opts": {\n        "max-size": "1m"\n    }\n}\n',
    )
    expect(setKey(text, ['debug'], true)).toBe(text.replace('    }\n}', '    },\n    "debug": true\n}'))
  })

  it('starts an empty file', () => {
    expect(JSON.parse(setKey('', ['debug'], true))).toEqual({ debug: true })
    expect(JSON.parse(setKey('{}', ['log-opts', 'max-size'], '10m'))).toEqual({
      'log-opts': { 'max-size': '10m' },
    })
  })

  it('leaves the last of several', () => {
    const text = '{\n  "bip": "a",\n  "icc": true,\n  "bip": "b"\n}\n'
    expect(setKey(text, ['bip'], 'c')).toBe('{\n  "icc": true,\n  "bip": "c"\n}\n')
    expect(setKey(text, ['bip'], 'b')).toBe('{\n  "icc": true,\n  "bip": "b"\n}\n')
    expect(setKey(text, ['bip'], undefined)).toBe('{\n  "icc": true\n}\n')
  })

  it('keeps tabs and CR LF', () => {
    const changed = setKey('{\r\n\t"debug": true\r\n}\r\n', ['icc'], false)
    expect(changed).toBe('{\r\n\t"debug": true,\r\n\t"icc": false\r\n}\r\n')
  })
})

describe('parseEngineVersion', () => {
  it.each([
    ['20.10.24', '20.10.24'],
    ['20.10.24+dfsg1', '20.10.24'],
    ['28.5.2+dfsg3-2', '28.5.2'],
    ['5:28.5.2-1~debian.12~bookworm', '28.5.2'],
    ['v29.0.0-rc.1', '29.0.0'],
    ['27.3', '27.3.0'],
    ['29', '29.0.0'],
    [' 25.0.5\n', '25.0.5'],
  ])('%j is %s', (text, expected) => {
    expect(parseEngineVersion(text)?.text).toBe(expected)
  })

  it.each(['', 'latest', 'v', '.5', '99999.1'])('%j is none', (text) => {
    expect(parseEngineVersion(text)).toBeUndefined()
  })
})
