/**
 * Lets V8 compile what a run needs, by judging recorded hosts and this one, and keeps the result beside the program.
 * Usage: node scripts/code-cache.cjs DIST SNAPSHOT...
 */
const { writeFileSync } = require('node:fs')
const { join, resolve } = require('node:path')
const v8 = require('node:v8')

// A run sets them when the cache has long been read: V8 takes it for these flags alone.
v8.setFlagsFromString = () => undefined

const [, , dist, ...snapshots] = process.argv
const lib = resolve(dist, 'lib')
const { main, codeCacheOf } = require(join(lib, 'start.cjs'))

process.stdout.write = () => true
for (const snapshot of snapshots) main(['--snapshot', snapshot, '--offline'])
// Files are read and programs are run on a live host alone.
main(['--offline', '--format', 'json', '--timeout', '5'])
process.on('exit', () => {
  writeFileSync(join(lib, 'program.cjs.cache'), codeCacheOf())
  process.exitCode = 0
})
