import { FAILS } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { judgedDaemonJson } from '../../src/facts/daemon-json-problems.ts'
import { repair } from '../../src/facts/daemon-json-repair.ts'
import { logDriver } from '../../src/facts/log-driver.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, restartEngine } from '../../src/model/fix.ts'
import { mentions, says, shows } from '../../src/model/symptom.ts'

/** What the linter says of options that make every container fail to start, although the engine starts. */
const BAD_OPTION = /^(unknown-log-option|bad-log-option|log-option-missing)$/

export default defineCheck({
  id: 'engine/log-driver',
  title: 'The log driver works here, and docker logs can read it',
  why: 'With a log driver that does not work here the engine starts, and no container does.',
  profiles: ['docker', 'swarm'],
  needs: { driver: logDriver, judged: maybe(judgedDaemonJson), settings: maybe(daemonSettings) },
  causedBy: ['engine/installed'],
  symptoms: () => [
    shows(/configured logging driver does not support reading/, 0.95, {
      ofCommand:
        "the container's own log driver keeps nothing that docker logs could read: docker inspect -f '{{.HostConfig.LogConfig.Type}}' names it; look where it sends the log, or create the container with --log-driver local",
    }),
    shows(
      /failed to initialize logging driver|logger: no log driver named|unknown log opt|looking up logging plugin/,
      0.95,
      {
        ofCommand:
          'the container asks for a log driver of its own (--log-driver, --log-opt; logging: in compose) that cannot be had: a name or an option that it does not know, or a server that does not answer',
      },
    ),
    mentions(/"?LogConfig"?: ?\{\s*"?Type"?: ?"(?:none|syslog|gelf|fluentd|awslogs|splunk|gcplogs)"/, 0.5),
    says(
      [
        /\bdocker logs\b|\bcontainer(?:'s)? logs?\b|\blogs? of (?:the |a |my )?containers?\b|容器(?:的)?日志/,
        /\bcan(?:no|')?t (?:see|read|view|get|show|run|find)|\bunable to (?:see|read|view|get|run)|\bempty\b|\bno (?:output|logs?)\b|\bshows? nothing|\bnothing (?:is )?(?:shown|printed|logged)|看不到|查看不了|无法查看|没有输出|为空/,
      ],
      0.7,
    ),
    says([/\blog[- ]driver\b|\blogging driver\b|\bfluentd\b|\bgelf\b|\bawslogs\b|日志驱动/, FAILS], 0.6, {
      unless: /daemon\.json|daemon config/,
    }),
  ],
  findings: {
    noSuchDriver: fail('the log driver is {name}, which the engine does not have: no container can start'),
    serviceMissing: fail('the log driver is {name}, and {socket} does not exist: no container can start'),
    badOption: fail('{file} line {line}: {problem}'),
    unreadable: warn('the log driver is none: docker logs has nothing to show'),
  },
  evaluate({ driver: { name, socket, socketExists, isKnown }, judged, settings }, report) {
    const file = judged.known ? judged.value : null
    const byDefault = settings.known
      ? fix(
          'Go back to json-file',
          ...changeSetting(settings.value, 'log-driver', 'json-file'),
          restartEngine,
        )
      : manualFix('Take log-driver out of daemon.json or the flags of dockerd, and restart it')
    if (isKnown === false) return report('noSuchDriver', { name }, byDefault)
    if (socket !== null && socketExists === false)
      return report('serviceMissing', { name, socket }, byDefault)
    const problem = file?.problems.find(({ finding }) => BAD_OPTION.test(finding))
    if (file && problem) {
      const cure = fix(`Correct ${file.path}, line ${problem.line}`, ...repair(problem, file), restartEngine)
      return report('badOption', { file: file.path, line: problem.line, problem: problem.message }, cure)
    }
    if (name === 'none') return report('unreadable', {}, byDefault)
    return isKnown === null ? report.unknown(`whether the plugin ${name} is installed`) : report.pass(name)
  },
})
