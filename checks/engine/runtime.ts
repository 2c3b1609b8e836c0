import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import { type DaemonFile, daemonFile, daemonSettings } from '../../src/facts/daemon-config.ts'
import { runtimes } from '../../src/facts/engine-runtimes.ts'
import { recordOf } from '../../src/facts/json.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { type Fix, fix, manualFix, restartEngine, service, setJson } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** The engine reads its runtimes again without a restart. @see https://docs.docker.com/reference/cli/dockerd/#configuration-reload-behavior */
const takeOut = (file: DaemonFile, name: string, program: string): Fix =>
  file.state === 'present' && Object.hasOwn(recordOf(file.value.runtimes), name)
    ? fix(
        `Take the runtime out, unless the package that brings ${program} is to come back`,
        setJson(file.path, ['runtimes', name], undefined),
        service('docker', 'reload'),
      )
    : manualFix(`Install the package that brings ${program}, or take the runtime out of dockerd's flags`)

export default defineCheck({
  id: 'engine/runtime',
  title: 'The configured runtimes exist',
  why: 'The engine does not start with a default runtime that nobody defines, and a runtime without its program starts nothing.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs: { runtimes, file: daemonFile, settings: daemonSettings },
  symptoms: () => [
    shows(/unknown or invalid runtime name|Unknown runtime specified/, 0.85, {
      ofCommand:
        'the command names a runtime (--runtime) that the engine does not know: leave it out, or install it and enter it under runtimes in daemon.json; docker info lists those that there are',
    }),
    shows(/default runtime '?[^' ]+'? does not exist/, 0.95),
    shows(/could not select device driver "?[^"\n]*"? with capabilities: \[\[gpu\]\]/, 0.88, {
      ofCommand:
        'the command asks for a GPU (--gpus), and the engine knows no driver that gives one: install nvidia-container-toolkit, run nvidia-ctk runtime configure, and restart the engine',
    }),
    shows(
      /exec: "nvidia-container-runtime(?:-hook)?"|nvidia-container-(?:runtime|cli)[^\n]{0,60}(?:not found|no such file)/,
      0.88,
    ),
    shows(
      /containerd-shim-(?!runc-)[\w-]{1,40}-v\d\S{0,20}[^\n]{0,40}(?:no such file|not found|not installed)/,
      0.9,
    ),
    says([/\bdefault[- ]runtime\b|默认运行时/, FAILS], 0.6),
    says(
      [
        /\bnvidia|\bgpu\b|\bruntime\b|显卡/,
        /\bnot (?:found|registered|recogni)|\bunknown\b|\binvalid\b|\bruntime name|找不到/,
        CONTAINER,
      ],
      0.55,
    ),
  ],
  findings: {
    unknownDefault: fail(
      '{name} is the default runtime, and nothing defines it: the engine does not start with that',
    ),
    defaultMissing: fail(
      'the default runtime {name} is {program}, which does not exist: no container can start',
    ),
    missing: warn(
      'runtime {name} is {program}, which does not exist: a container that asks for it cannot start',
    ),
  },
  evaluate({ runtimes: { chosen, isKnown, defined }, file, settings }, report) {
    const definedThere = file.state === 'present' && Object.hasOwn(recordOf(file.value.runtimes), chosen)
    const forget = definedThere ? [setJson(file.path, ['runtimes', chosen], undefined)] : []
    const goBack = changeSetting(settings, 'default-runtime', undefined)
    const byDefault = fix('Go back to runc', ...goBack, ...forget, restartEngine)
    if (!isKnown) return report('unknownDefault', { name: chosen }, byDefault)
    const found = defined.flatMap(({ name, program, exists }) => {
      if (exists !== false) return []
      if (name === chosen) return [report('defaultMissing', { name, program }, byDefault)]
      return [report('missing', { name, program }, takeOut(file, name, program))]
    })
    if (found.length === 0 && defined.some(({ exists }) => exists === null))
      return report.unknown('the program of a runtime cannot be seen by this user; run it as root')
    return report.all(found, () => report.pass(`the default is ${chosen}`))
  },
})
