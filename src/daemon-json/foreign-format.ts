/** What a text is that was expected to be JSON and is not. */
export interface ForeignFormat {
  readonly finding: string
  readonly message: string
  readonly suggestion: string
}

const FETCH_AGAIN =
  'fetch the file again from an address that gives the file itself (a "raw" link), not a page about it'

/** Recognises, by its look, text of another format in the place of JSON. */
export function recognise(text: string): ForeignFormat | undefined {
  const start = text.trimStart()
  if (/^<(?:!doctype|html|head|body|\?xml|!--|[a-z])/i.test(start)) {
    return {
      finding: 'html-page',
      message:
        'the file is an HTML or XML page: it was downloaded from the wrong address, or an error page was saved',
      suggestion: FETCH_AGAIN,
    }
  }
  if (start.startsWith('```')) {
    return {
      finding: 'code-fence',
      message: 'the file starts with ``` as in Markdown: it was copied together with the marks around it',
      suggestion: 'remove the lines with ```',
    }
  }
  if (/^(?:sudo\s|cat\s|tee\s|echo\s|#!\/)/.test(start)) {
    return {
      finding: 'shell-command',
      message: 'the file holds a shell command, not its outcome',
      suggestion: 'keep only what stands between the outermost braces { and }',
    }
  }
  if (start.startsWith('{') || start.startsWith('[{')) return undefined
  return ofLines(start)
}

function ofLines(text: string): ForeignFormat | undefined {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '' && !/^\s*[#;]/.test(line))
  const [first = ''] = lines
  if (/^\s*"[^"]*"\s*:/.test(first)) {
    return {
      finding: 'missing-braces',
      message: 'the keys stand alone: the braces around them are missing',
      suggestion: 'put { before the first key and } behind the last value',
    }
  }
  if (/^\s*\[[^\]"{}]*\]\s*$/.test(first) && first.trim() !== '[]') {
    return toml(`the file looks like TOML or INI (it starts with ${first.trim()})`)
  }
  if (/^\s*[\w.-]+\s*=/.test(first))
    return toml('the file looks like TOML, INI or a list of variables (name = value)')
  if (/^---\s*$/.test(first) || /^\s*-\s+\S/.test(first) || /^\s*[\w.-]+\s*:(?:\s|$)/.test(first)) {
    return {
      finding: 'yaml',
      message: 'the file looks like YAML; the engine reads JSON only',
      suggestion: 'write it as JSON: {"key": value, …}',
    }
  }
  return undefined
}

function toml(message: string): ForeignFormat {
  return {
    finding: 'toml-or-ini',
    message: `${message}; the engine reads JSON only`,
    suggestion: 'write it as JSON: {"key": value, …}',
  }
}
