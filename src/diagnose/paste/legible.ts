/** What of a text may be words: no message is as long as a dump, and none is written in base64. */

/** Characters; `docker inspect` of a container without line breaks is some 10,000. Own choice. */
const LONGEST_LINE = 16_384
const OMITTED = '…'

/** What no path, id or token reaches: base64 or hexadecimal digits without a blank. */
const BLOB = /(?<![\w+/=-])[\w+/=-]{256,}/g

/** Rows of base64, as `base64`, certificates and keys have them; of what they spell by chance nothing follows. Taken in bounded portions: more in one would be too much for a pattern. */
const ROWS = /(?:^[ \t]*(?=\S*[A-Z])(?=\S*[a-z])(?=\S*\d)[A-Za-z0-9+/]{60,}={0,2}(?:\n|$)){3,1000}/gm

/** Without base64 and the like, and of each very long line its beginning and its end. */
export function legible(text: string): string {
  const lines = text.length > LONGEST_LINE ? text.split('\n').map(beginningAndEnd).join('\n') : text
  return lines.replace(BLOB, OMITTED).replace(ROWS, `${OMITTED}\n`)
}

const beginningAndEnd = (line: string): string =>
  line.length <= LONGEST_LINE
    ? line
    : `${line.slice(0, LONGEST_LINE / 2)} ${OMITTED} ${line.slice(-LONGEST_LINE / 2)}`
