/**
 * Lets V8 compile what a run needs, by judging a recorded host, and keeps the result beside the program.
 * Usage: node scripts/code-cache.cjs DIST SNAPSHOT
 */
const { writeFileSync } = require('node:fs')
const { join, resolve } = require('node:path')

const [, , dist, snapshot] = process.argv
const lib = resolve(dist, 'lib')
const { main, codeCacheOf } = require(join(lib, 'start.cjs'))

process.stdout.write = () => true
main(['--snapshot', snapshot, '--offline', '--format', 'json'])
process.on('exit', () => {
  writeFileSync(join(lib, 'program.cjs.cache'), codeCacheOf())
  process.exitCode = 0
})
