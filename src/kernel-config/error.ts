/** The input cannot be judged: the message is one printable line that names the input and says what was expected. */
export class KernelConfigError extends Error {
  override readonly name = 'KernelConfigError'
}

const shownLength = 200

/** Untrusted text made safe for one line of a terminal: control characters become `?`, long text is cut. */
export function printable(text: string): string {
  const safe = text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '?')
  return safe.length > shownLength ? `${safe.slice(0, shownLength)}…` : safe
}
