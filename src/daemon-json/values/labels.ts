import type { ConfigFile } from '../config-file.ts'
import { goInteger } from '../go-text.ts'
import { fail, type Issue, show, warn } from '../problem.ts'

/*
 * Labels of the daemon and generic resources.
 * Rules: ValidateLabel in https://github.com/moby/moby/blob/master/daemon/pkg/opts/opts.go, GetConflictFreeLabels in
 * daemon/config/config.go, https://github.com/moby/swarmkit/blob/master/api/genericresource/parse.go.
 */

export function* labelRules(file: ConfigFile): Generator<Issue> {
  const values = new Map<string, string>()
  for (const [index, label] of file.texts('labels').entries()) {
    const key = `labels.${index}`
    const cut = label.text.indexOf('=')
    const name = label.text.slice(0, Math.max(cut, 0))
    const value = label.text.slice(cut + 1)
    const earlier = values.get(name)
    if (cut < 0) {
      yield fail(
        label,
        key,
        'label-without-value',
        `${show(label.text)} is not of the form name=value`,
        'write "name=value"',
      )
    } else if (/^(?:com\.docker|io\.docker|org\.dockerproject)\./i.test(label.text)) {
      const message = `${show(label.text)} is in a namespace that the engine keeps to itself`
      yield fail(
        label,
        key,
        'reserved-label',
        message,
        'choose a name of your own, such as "com.example.name=value"',
      )
    } else if (earlier !== undefined && earlier !== value) {
      const message = `the label ${show(name)} is given twice, as ${show(earlier)} and ${show(value)}`
      yield fail(label, key, 'label-conflict', message, 'keep one of the two')
    } else if (name === '') {
      yield warn(label, key, 'label-without-name', `${show(label.text)} has no name`, 'write "name=value"')
    }
    if (cut >= 0) values.set(name, value)
  }
  yield* genericResources(file)
}

function* genericResources(file: ConfigFile): Generator<Issue> {
  const kinds = new Map<string, string[]>()
  for (const [index, resource] of file.texts('node-generic-resources').entries()) {
    const key = `node-generic-resources.${index}`
    const [name = '', value, ...rest] = resource.text.split('=')
    if (value === undefined || rest.length > 0) {
      const message = `${show(resource.text)} is not of the form kind=value`
      yield fail(resource, key, 'bad-generic-resource', message, 'write "GPU=UUID1", or "SSD=3" for a number')
      continue
    }
    const values = [...(kinds.get(name.trim()) ?? []), value.trim()]
    kinds.set(name.trim(), values)
    const number = goInteger(value.trim())
    const mixed = values.length > 1 && values.some((each) => goInteger(each) !== undefined)
    if (mixed || (number !== undefined && number < 0)) {
      const message = mixed
        ? `${show(name)} is given as a number and again`
        : `${show(name)} cannot be negative`
      yield fail(resource, key, 'bad-generic-resource', message, 'give one number, or several names')
    }
  }
}
