/** The entry. It loads the program only when there is something to do. */
import { VERSION } from './version.ts'

const argv = process.argv.slice(2)

const OLDEST_NODE = [20, 19] as const
const EXIT_USAGE = 2

if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${VERSION}\n`)
else if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `seaworthy: needs Node.js ${OLDEST_NODE.join('.')} or later, and this is ${process.version}\n`,
  )
  process.exitCode = EXIT_USAGE
} else import('./program.ts').then(({ main }) => main(argv))

/** Said here, because an older Node.js does not even understand what the program is written in. */
function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
}
