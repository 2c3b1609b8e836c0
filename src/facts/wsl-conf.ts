/** /etc/wsl.conf, which says what Windows Subsystem for Linux starts. @see https://learn.microsoft.com/windows/wsl/wsl-config */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file } from '../model/source.ts'

export const WSL_CONF = '/etc/wsl.conf'

/** The text of the file; null where there is none. */
export const wslConf: Fact<string | null> = defineFact({
  name: 'wslConf',
  about: `The text of ${WSL_CONF}; null where there is none.`,
  reads: { text: orAbsent(file(WSL_CONF)) },
  parse: ({ text }) => text,
})

const SECTION = /^\s*\[([^\]]*)\]/
const SYSTEMD = /^\s*systemd\s*=/i

/** The file with `systemd=true` in its section `boot`, all else as it stands. */
export function withSystemd(text: string): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const start = lines.findIndex((line) => SECTION.exec(line)?.[1]?.trim().toLowerCase() === 'boot')
  if (start < 0) return [...lines, '[boot]', 'systemd=true', ''].join('\n')
  const next = lines.findIndex((line, index) => index > start && SECTION.test(line))
  const end = next < 0 ? lines.length : next
  const others = lines.slice(start + 1, end).filter((line) => !SYSTEMD.test(line))
  return [...lines.slice(0, start + 1), 'systemd=true', ...others, ...lines.slice(end), ''].join('\n')
}
