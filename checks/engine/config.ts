import type { Problem } from '../../src/daemon-json/index.ts'
import { ENGINE_DOWN, START_FAILED, START_PROSE } from '../../src/diagnose/phenomena.ts'
import { daemonFile, misnamedDaemonFile } from '../../src/facts/daemon-config.ts'
import { type Kind, kindOf } from '../../src/facts/daemon-json-kinds.ts'
import { notLoadedSettings } from '../../src/facts/daemon-json-loaded.ts'
import { judgedDaemonJson } from '../../src/facts/daemon-json-problems.ts'
import { repair, repairAll } from '../../src/facts/daemon-json-repair.ts'
import { engineState } from '../../src/facts/engine.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { type Fix, fix, movePath, removePath, restartEngine, service } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const AT = '{file} line {line}: {problem}'
/** Problems that say of themselves what comes of them. */
const SAYS_SO = /does not start|refuses/
/** Findings that say nothing of the next start. */
const HARMLESS: ReadonlySet<string> = new Set(['singular', 'doubtful'])
/** What no other check judges, in the order in which the engine refuses it. */
const REFUSED: readonly (Kind | null)[] = [
  'encoding',
  'empty',
  'syntax',
  'unknownKey',
  'removedKey',
  'singular',
  'wrongType',
  'badValue',
]
/** Behind them stands what others judge. */
function orderOf(problem: Problem): number {
  const at = REFUSED.indexOf(kindOf(problem))
  return at < 0 ? REFUSED.length : at
}

const listed = (lines: readonly number[]): string => {
  const all = [...new Set(lines)].sort((a, b) => a - b)
  return all.length > 1 ? `lines ${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : `line ${all[0]}`
}

export default defineCheck({
  id: 'engine/config',
  title: 'daemon.json is as this engine wants it, and in effect',
  why: 'With a daemon.json that it refuses the engine does not start; one that it does not read changes nothing.',
  profiles: ['docker', 'swarm'],
  needs: {
    file: daemonFile,
    judged: judgedDaemonJson,
    misnamed: misnamedDaemonFile,
    notLoaded: maybe(notLoadedSettings),
    engine: maybe(engineState),
  },
  symptoms: () => [
    shows(/unable to configure the Docker daemon with file/, 0.9, {
      unless: /both as a flag and in the|default runtime|invalid mirror/,
    }),
    shows(/directives don't match any configuration option/, 0.95),
    shows(
      /daemon\.json[^\n]{0,120}(?:invalid character|unexpected end|: EOF|is a directory|cannot unmarshal|no such file|BOM)/,
      0.93,
    ),
    shows(/cannot unmarshal \w+ into Go (?:struct field|value)/, 0.75),
    shows(/configuration validation (?:from file )?failed|configuration validation .{0,60}failed/, 0.75, {
      unless: /default runtime|invalid mirror/,
    }),
    shows(
      /(?:dockerd|docker\.service|daemon)[\s\S]{0,200}(?:unknown (?:shorthand )?flag|flag provided but not defined)/,
      0.7,
    ),
    shows(/unknown (?:shorthand )?flag: '?-/, 0.5),
    shows(
      /ExecStart=\S*dockerd[^\n]*(?:--disable-legacy-registry|--cluster-|--graph|--api-enable-cors|-g )/,
      0.9,
    ),
    shows(
      /(?:Status: |Error: )?the ['"`]?-?-?(?:g|graph|cluster-store|disable-legacy-registry)\b[^\n]{0,60}(?:deprecated|removed)/,
      0.8,
    ),
    shows(/invalid character '[^\n]{1,4}' (?:looking for|after|in)/, 0.35),
    shows(
      /unable to parse (?:docker )?(?:daemon )?config|error (?:reading|parsing) (?:the )?daemon config/,
      0.85,
    ),
    says(
      /daemon\.json.{0,160}(?:invalid|syntax|typo|pars|comma|quote|typo|error|fails?|not start|won't start|can't start|cannot start|crash|格式|错误|失败|启动不|无法启动)|(?:invalid|syntax|fails?|not start|won't start|格式|错误|失败|无法启动).{0,160}daemon\.json/,
      0.7,
      { unless: /both as a flag/ },
    ),
    among(START_FAILED, 0.16),
    among(ENGINE_DOWN, 0.1),
    among(START_PROSE, 0.14),
    says(
      [
        /daemon\.json/,
        /\b(?:edit|chang|modif|add|put)\w*|修改|添加|配置/,
        /\bstart|\bfail|\berror|起不来|启动|失败/,
      ],
      0.8,
      { unless: /hosts?\b.{0,60}(?:flag|fd:|systemd|tcp)/ },
    ),
    shows(/json: unknown field/, 0.85),
    // A key after a value without a comma, a comma before the end, wide blanks and colons.
    shows(
      [
        /["'](?:registry-mirrors|insecure-registries|runtimes|default-runtime|exec-opts|log-driver|log-opts|storage-driver|data-root|default-address-pools|live-restore)["']/,
        /["\]}][ \t]{0,20}\n[ \t]{0,20}"[\w-]{1,40}"[ \t]{0,20}:|,[ \t]{0,20}\n[ \t]{0,20}\}\s*$|^\s{0,20}\u3000["{}]|^[ \t]{0,20}"[\w-]{1,40}"：[ \t]{0,20}["[{\dtf]/,
      ],
      0.85,
    ),
    says(
      [
        /\b(?:mv|mov|renam|remov|delet|rm|without)\w*\b.{0,40}daemon\.json|(?:删除|删掉|移走|改名|重命名).{0,10}daemon\.json|daemon\.json.{0,10}(?:删除|删掉|移走|改名|重命名)/,
        /\bworks?\b|\bstarts?\b|可以|成功|正常|启动/,
      ],
      0.75,
    ),
  ],
  findings: {
    notAFile: fail('{file} {reason}{effect}'),
    encoding: fail(AT),
    empty: fail(AT),
    syntax: fail(AT),
    unknownKey: fail(AT),
    removedKey: fail(AT),
    wrongType: fail(AT),
    badValue: fail(AT),
    badDriver: fail(AT, { causedBy: ['storage/driver'] }),
    badRegistry: fail(AT, { causedBy: ['registry/mirrors', 'registry/insecure'] }),
    badNetwork: fail(AT, {
      causedBy: ['network/docker-bridge', 'network/address-pools', 'network/ipv6-forward'],
    }),
    badRuntime: fail(AT, { causedBy: ['engine/runtime'] }),
    badLogging: fail(AT, { causedBy: ['engine/log-driver'] }),
    badSecurity: fail(AT, { causedBy: ['security/remote-api', 'security/userns-remap'] }),
    singular: fail(AT),
    misnamed: fail('{file} is never read: the engine looks for {wanted}, which does not exist'),
    notLoaded: fail('{key} {wanted} of {file} is not in effect: the engine has not read it yet'),
    pending: warn('{key} {wanted} of {file} takes effect only when the engine is restarted'),
    doubtful: warn(AT),
  },
  evaluate({ file, judged, misnamed, notLoaded, engine }, report) {
    const runs = engine.known && ['answers', 'denied', 'hung'].includes(engine.value.state)
    const effect = runs ? '; the next start of the engine will fail' : '; the engine does not start with it'
    const start = runs ? restartEngine : service('docker', 'start')
    const path = file.path
    if (file.state === 'notAFile')
      return report(
        'notAFile',
        { file: path, reason: file.reason, effect },
        fix('Remove it', removePath(path), start),
      )
    if (misnamed !== null)
      return report(
        'misnamed',
        { file: misnamed, wanted: path },
        fix('Give it its name', movePath(misnamed, path), restartEngine),
      )
    if (!judged) return report.pass('there is no daemon.json: the engine uses its defaults')
    const isRefused = (problem: Problem): boolean => REFUSED.includes(kindOf(problem))
    const { steps, left } = repairAll(judged, isRefused)
    const lines = judged.problems.filter(isRefused).map(({ line }) => line)
    const rest = left.length < lines.length && left.length > 0 ? `; ${left.length} of them by hand` : ''
    // With one of them left the engine stays down.
    const whole = (): Fix => fix(`Correct ${path}, ${listed(lines)}${rest}`, ...steps, start)
    const cure = (problem: Problem): Fix =>
      isRefused(problem)
        ? whole()
        : fix(`Correct ${path}, line ${problem.line}`, ...repair(problem, judged), start)
    const inOrder = [...judged.problems].sort((a, b) => orderOf(a) - orderOf(b))
    const found = inOrder.flatMap((problem) => {
      const kind = kindOf(problem)
      if (kind === null) return []
      const { line, message } = problem
      const isSaid = HARMLESS.has(kind) || (!runs && SAYS_SO.test(message))
      const slots = { file: path, line, problem: isSaid ? message : `${message}${effect}` }
      return [report(kind, slots, cure(problem))]
    })
    if (found.some(({ status }) => status === 'fail')) return report.all(found, () => report.pass())
    for (const { key, wanted, reloadable } of notLoaded.known ? notLoaded.value : []) {
      const how = reloadable
        ? fix('Let the engine read it again', service('docker', 'reload'))
        : fix('Restart the engine', restartEngine)
      found.push(report(reloadable ? 'notLoaded' : 'pending', { key, wanted, file: path }, how))
    }
    return report.all(found, () => report.pass(`${path} is right`))
  },
})
