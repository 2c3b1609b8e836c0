import { describe, expect, it } from 'vitest'
import { setKey } from '../../src/daemon-json/edit.ts'

describe('a new key looks like those around it', () => {
  it.each([
    [
      'behind the others, on a line of its own',
      '{\n\t"a": [1, 2]\n}\n',
      ['mtu'],
      1400,
      '{\n\t"a": [1, 2],\n\t"mtu": 1400\n}\n',
    ],
    [
      'behind a nested object',
      '{\n  "a": {\n    "b": 1\n  }\n}\n',
      ['z'],
      1,
      '{\n  "a": {\n    "b": 1\n  },\n  "z": 1\n}\n',
    ],
    [
      'inside a nested object',
      '{\n  "a": {\n    "b": 1\n  }\n}\n',
      ['a', 'z'],
      1,
      '{\n  "a": {\n    "b": 1,\n    "z": 1\n  }\n}\n',
    ],
    ['on one line with the others', '{ "a": 1 }', ['mtu'], 1400, '{ "a": 1, "mtu": 1400 }'],
    [
      'with the objects that lead to it',
      '{\n  "a": 1\n}\n',
      ['x', 'y'],
      '3',
      '{\n  "a": 1,\n  "x": {\n    "y": "3"\n  }\n}\n',
    ],
    ['with Windows line ends', '{\r\n  "a": 1\r\n}\r\n', ['b'], 2, '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'],
    ['in an empty object', '{}\n', ['a'], 1, '{\n  "a": 1\n}\n'],
  ])('%s', (_, text, path, value, expected) => {
    expect(setKey(text, path, value)).toBe(expected)
  })
})
