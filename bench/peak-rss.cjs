/** Preloaded by the benchmark: writes the process's peak memory in KiB to a file when it ends. */
const { writeFileSync } = require('node:fs')

process.on('exit', () =>
  writeFileSync(process.env.SEAWORTHY_RSS_FILE, String(process.resourceUsage().maxRSS)),
)
