/** Certificates for servers of the tests, made with openssl. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface KeyPair {
  readonly key: string
  readonly cert: string
}
export interface Authority {
  /** The authority's own certificate. */
  readonly path: string
  /** @param names as in a certificate, e.g. `DNS:a.example`, `IP:127.0.0.1`; none at all when empty */
  issue(name: string, options: { names: string; days?: readonly [from: string, to: string] }): KeyPair
}

const openssl = (folder: string, ...args: string[]): void => {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
}

/** Times as openssl writes them. */
export const PAST = ['20200101000000Z', '20200201000000Z'] as const
export const FUTURE = ['20900101000000Z', '20900201000000Z'] as const
const NOW = ['20200101000000Z', '20900201000000Z'] as const

export function authority(parent: string, name: string): Authority {
  const folder = join(parent, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'index.txt'), '')
  writeFileSync(
    join(folder, 'ca.cnf'),
    `[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=any
unique_subject=no\ncopy_extensions=copy\n[any]\ncommonName=supplied\n`,
  )
  const subject = ['-subj', `/CN=${name}`]
  openssl(
    folder,
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '3650',
    ...subject,
  )
  return {
    path: join(folder, 'ca.crt'),
    issue: (leaf, { names, days = NOW }) => {
      const extension = names === '' ? [] : ['-addext', `subjectAltName=${names}`]
      openssl(
        folder,
        'req',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        `${leaf}.key`,
        '-out',
        `${leaf}.csr`,
        '-subj',
        `/CN=${leaf}`,
        ...extension,
      )
      openssl(
        folder,
        'ca',
        '-batch',
        '-config',
        'ca.cnf',
        '-keyfile',
        'ca.key',
        '-cert',
        'ca.crt',
        '-in',
        `${leaf}.csr`,
        '-out',
        `${leaf}.crt`,
        '-startdate',
        days[0],
        '-enddate',
        days[1],
        '-notext',
      )
      return {
        key: readFileSync(join(folder, `${leaf}.key`), 'utf8'),
        cert: readFileSync(join(folder, `${leaf}.crt`), 'utf8'),
      }
    },
  }
}
