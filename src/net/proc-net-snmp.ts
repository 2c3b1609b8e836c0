/**
 * Reads a number of `/proc/net/snmp`, which has two lines for each protocol: names, then values. Null where it is not there.
 * Never throws. @see https://www.rfc-editor.org/rfc/rfc2013
 */
export function parseSnmpNumber(text: string, protocol: string, name: string): number | null {
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith(`${protocol}: `))
  const at = names.split(' ').indexOf(name)
  const value = values.split(' ')[at] ?? ''
  return at > 0 && /^\d{1,15}$/.test(value) ? Number(value) : null
}
