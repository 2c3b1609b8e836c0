/** YAML that Ansible reads: what comes from a host is data, never a template, and never another type. */
import { Document, type Node, Scalar } from 'yaml'

/**
 * A text as it is. Ansible takes what holds `{{`, `{%` or `{#` for a template, and turns text that looks like JSON into a structure, unless it is
 * tagged.
 * @see https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_advanced_syntax.html#unsafe-or-raw-strings
 */
export function data(text: string): Scalar<string> {
  const scalar = new Scalar(text)
  scalar.type = isPlainText(text) ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE'
  if (text.includes('{')) scalar.tag = '!unsafe'
  return scalar
}

/** Several lines that need no escape, the last one ended: to be read as they stand. */
const isPlainText = (text: string): boolean => /^(?! )(?:[\x20-\x7e\t]*[\x21-\x7e]\n){2,}$/.test(text)

/** Characters that YAML 1.1 wants escaped, or takes for the end of a line. */
const ESCAPED = /[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]/g

const MERGE = 'tag:yaml.org,2002:merge'

/** @param comment stands at its head */
export function yamlOf(value: unknown, comment: string): string {
  const document = new Document(value, {
    // Ansible's parser reads YAML 1.1, where `yes` and `0644` are no strings.
    version: '1.1',
    // It would take a text `<<` for the key that merges.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== MERGE),
    aliasDuplicateObjects: false,
  })
  const text = document.toString({ lineWidth: 0, indentSeq: true })
  const body = text.replace(/^%YAML 1\.1\n/, '')
  return `${comment}\n${body}`.replace(
    ESCAPED,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export type Yaml = Node | string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml }
