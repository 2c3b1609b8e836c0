/**
 * Loads program.cjs, which lies beside this file in `dist/lib`. What V8 made of it at build time is kept in program.cjs.cache and spares most of
 * the compiling; where it does not fit this Node.js, V8 says so and compiles as usual.
 */
const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const filename = join(__dirname, 'program.cjs')
const program = { exports: {} }

/** Node's own wrapper around a CommonJS module. */
const wrapped = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'utf8')}\n})`

function codeCache() {
  try {
    return { cachedData: readFileSync(`${filename}.cache`) }
  } catch {
    return {}
  }
}

const script = new Script(wrapped, { filename, ...codeCache() })
script.runInThisContext()(program.exports, createRequire(filename), program, filename, dirname(filename))

module.exports = program.exports
/** For the build, which makes the cache: what has been compiled by now. */
module.exports.codeCacheOf = () => script.createCachedData()
