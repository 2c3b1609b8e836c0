import { type Family, formatCidr, parseCidr } from './cidr.ts'

/** A destination as iproute2 spells it (`default`, `10.0.0.1`, `10.0.0.0/8`) as a block with its family. */
export function toBlock(
  text: string,
  family: Family,
): { readonly dst: string; readonly family: Family } | undefined {
  if (text === 'default' || text === 'all') return { dst: family === 4 ? '0.0.0.0/0' : '::/0', family }
  const cidr = parseCidr(padded(text))
  return cidr === undefined ? undefined : { dst: formatCidr(cidr), family: cidr.family }
}

// Old versions leave out trailing zero octets: `10/8`, `172.16/12`.
function padded(text: string): string {
  const [address = '', length] = text.split('/')
  if (length === undefined || !/^\d+(\.\d+){0,2}$/.test(address)) return text
  return `${[...address.split('.'), '0', '0', '0'].slice(0, 4).join('.')}/${length}`
}
