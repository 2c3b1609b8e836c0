import { expect, it } from 'vitest'
import { answerKernelConfig } from '../../src/kernel-config/answer.ts'
import { listedOptions } from '../../src/kernel-config/options.ts'
import { renderKernelConfig } from '../../src/kernel-config/render.ts'

const everything = listedOptions.map(({ name }) => `CONFIG_${name}=y`).join('\n')

it('the text lists every option once and ends with the verdict', () => {
  const lines = renderKernelConfig(answerKernelConfig(everything, '6.12.0'))
  expect(lines.filter((line) => line.includes('CONFIG_'))).toHaveLength(90)
  expect(lines.at(0)).toBe('Required')
  expect(lines.at(-1)).toBe('Linux 6.12.0: ready to carry containers')
})

it('the text names what is missing just before the verdict', () => {
  const text = everything.replace('CONFIG_VETH=y', 'CONFIG_VETH=m').replace('CONFIG_KEYS=y\n', '')
  const lines = renderKernelConfig(answerKernelConfig(text, '6.12.0'))
  expect(lines).toContain('    module    CONFIG_VETH')
  expect(lines).toContain('    missing   CONFIG_KEYS')
  expect(lines.slice(-2)).toEqual([
    'Missing, required: CONFIG_KEYS',
    'Linux 6.12.0: not ready to carry containers',
  ])
})
