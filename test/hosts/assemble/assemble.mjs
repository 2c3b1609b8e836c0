/**
 * Writes the assembled hosts: NAME.mjs beside this file says what is put together, README.md where each part is from.
 *   assemble.mjs [NAME...]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const here = import.meta.dirname
const SOCKET = 'GET unix:///var/run/docker.sock'
/** All files of an assembled host are as old as this. */
const mtimeMs = 1_718_000_000_000

const stat = (type, mode, more = {}) => ({
  type,
  mode,
  uid: 0,
  gid: 0,
  size: 4096,
  mtimeMs,
  ino: 1,
  dev: 64768,
  ...more,
})

/** Files with their text, and for each the stat and the listings of the folders above. */
function files(texts) {
  const readings = {}
  const list = (path, name) => {
    const folder = `${path === '/' ? '' : path}/`
    readings[folder] = [...new Set([...(readings[folder] ?? []), name])].sort()
  }
  for (const [path, text] of Object.entries(texts)) {
    readings[path] = text
    readings[`stat ${path}`] = stat('file', 0o644, { size: text.length })
    list(dirname(path), path.slice(path.lastIndexOf('/') + 1))
  }
  return readings
}

/** Programs by their path; a size, or the path that a link leads to. `/bin` and `/sbin` lead to `/usr`. */
function programs(sizes) {
  const one = ([path, what]) => {
    const seen = stat(
      'file',
      0o755,
      typeof what === 'number' ? { size: what } : { size: 100_000, realPath: what },
    )
    const short = path.replace(/^\/usr/, '')
    return [
      [`stat ${path}`, seen],
      [`stat ${short}`, { ...seen, realPath: seen.realPath ?? path }],
    ]
  }
  return Object.fromEntries(Object.entries(sizes).flatMap(one))
}

/** The engine's answers as a recorded engine gave them, with what is otherwise here. */
function engine(recording, changes) {
  const { readings } = JSON.parse(readFileSync(`${here}/../${recording}.json`, 'utf8'))
  const answers = Object.entries(readings).filter(([source]) => source.startsWith(SOCKET))
  return Object.fromEntries(
    answers.map(([source, answer]) => {
      const change = changes[source.slice(SOCKET.length + 1)]
      if (!change || answer.status !== 200) return [source, answer]
      const body = JSON.stringify(change(JSON.parse(answer.body)))
      return [source, { status: 200, headers: { 'content-type': 'application/json' }, body }]
    }),
  )
}

/** Some readings of a recorded host, chosen by their source's name. */
function from(recording, pattern) {
  const { readings } = JSON.parse(readFileSync(`${here}/../${recording}.json`, 'utf8'))
  return Object.fromEntries(Object.entries(readings).filter(([source]) => pattern.test(source)))
}

const absent = (...folders) => Object.fromEntries(folders.map((folder) => [`${folder}**`, null]))

/** What is outside: as it was recorded elsewhere. */
const outside = (recording) => from(recording, /^probe (HEAD )?https:/)

/** As a unit with LimitNOFILE=infinity gets them where fs.nr_open is 1048576. */
const limits = `Limit                     Soft Limit           Hard Limit           Units     
Max processes             unlimited            unlimited            processes 
Max open files            1048576              1048576              files     
Max locked memory         65536                65536                bytes     
`

const root = {
  identity: { uid: 0, gid: 0, user: 'root', groups: [0], pid: 4242, capEff: '0000001fffffffff' },
  'env **': null,
  'env HOME': '/root',
  'env PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/root/bin',
}

const kit = { files, from, programs, engine, absent, outside, limits, root, stat }
const all = readdirSync(here).filter((name) => name.endsWith('.mjs') && name !== 'assemble.mjs')
const wanted = process.argv.length > 2 ? process.argv.slice(2).map((name) => `${name}.mjs`) : all
for (const name of wanted) {
  const { about, readings } = (await import(`./${name}`)).default(kit)
  const lines = Object.entries(readings).map((entry) => entry.map((part) => JSON.stringify(part)).join(': '))
  const head = JSON.stringify({ seaworthySnapshot: 1, assembled: about, tool: 'by hand' }, null, 1).slice(
    0,
    -2,
  )
  writeFileSync(
    `${here}/../${name.replace(/\.mjs$/, '.json')}`,
    `${head},\n "readings": {\n  ${lines.join(',\n  ')}\n }\n}\n`,
  )
}
