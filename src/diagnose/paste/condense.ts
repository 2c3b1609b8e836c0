/** A long journal says the same again and again. */

/** Characters: what is shorter is soon read. Own choice. */
const LONG = 20_000

/** What a journal, the kernel or a daemon writes in front of a message. Other lines may be rules or lists, of which each counts. */
const LOGGED =
  /^\s*(?:\[\s*\d+\.\d+\] |\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d |\d{1,2}月 +\d{1,2} \d\d:\d\d:\d\d |time=")/

/** Numbers, times and ids: what differs between two messages that say the same. */
const VARYING = /\b(?:0x)?[0-9a-f]*\d[0-9a-f]*\b/gi

/** A long text without the lines of a log that an earlier one has said, but for numbers and ids; any other text as it is. */
export function condensed(text: string): string {
  if (text.length <= LONG) return text
  const said = new Set<string>()
  return text
    .split('\n')
    .filter((line) => {
      if (!LOGGED.test(line)) return true
      const message = line.replace(VARYING, '0')
      if (said.has(message)) return false
      said.add(message)
      return true
    })
    .join('\n')
}
