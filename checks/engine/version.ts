import { dataset } from '../../src/data/dataset.ts'
import { DOCKER, UPGRADE } from '../../src/diagnose/words.ts'
import { clientEndpoint, clientEnvironment, isSystemEngine } from '../../src/facts/client-endpoint.ts'
import { now } from '../../src/facts/clock.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { clientApi, clientVersion, isApiVersion, lineOf } from '../../src/facts/engine-lines.ts'
import { enginePackages } from '../../src/facts/engine-packages.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { forgetVariable, whereVariableIsSet } from '../../src/facts/shell-variables.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, updatePackage } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'
import { compareVersions } from '../../src/versions.ts'

const CLIENT_PACKAGE = 'docker-ce-cli'
const PIN = 'DOCKER_API_VERSION'

export default defineCheck({
  id: 'engine/version',
  title: 'The engine is maintained and speaks with its client',
  why: 'A release line past its end gets no fixes, and versions too far apart refuse to speak with each other.',
  profiles: ['docker', 'swarm'],
  needs: {
    version: engineVersion,
    running: maybe(runningEngine),
    packages: maybe(enginePackages),
    family: maybe(packageFamily),
    client: clientVersion,
    environment: clientEnvironment,
    endpoint: maybe(clientEndpoint),
    pin: whereVariableIsSet(PIN),
    now: maybe(now),
    lines: dataset('engine-lines'),
  },
  causedBy: ['engine/installed', 'engine/running', 'security/docker-group', 'security/docker-socket'],
  symptoms: () => [
    shows(/client version \S+ is too (?:new|old)/, 0.97, {
      ofCommand:
        'the program that asked speaks another API than the engine, and it need not be the docker command: update it where it runs, often in a container (Traefik, Portainer, Watchtower, …), or take DOCKER_API_VERSION out of its environment',
    }),
    shows(/(?:Maximum|Minimum) supported API version/, 0.95),
    shows(
      /client (?:and|is newer than) server(?: don't have same version)?|client is newer than server|client API version: \S+, server API version/,
      0.95,
    ),
    says(
      [
        /\bapi version|\bminimum api|\bapi\b.{0,20}\b1\.(?:2\d|4\d|5\d)|\bdocker (?:engine )?(?:v)?29/,
        /\btraefik|\bportainer|\bwatchtower|\bclient|\btoo (?:old|new)|\bsupported|\bcompat|\bbroke|\bstopped|\bfail|版本/,
      ],
      0.85,
    ),
    says(
      [
        /\bapi ?版本/,
        /过低|过高|太低|太高|太旧|太新|不匹配|不兼容|不支持|不一致/,
        /docker|compose|客户端|\bclient|daemon/,
      ],
      0.75,
    ),
    says(
      [
        /\bdocker (?:engine |ce )?v?29\b|\b(?:revert|downgrad|roll)\w*\b.{0,30}\b28\.\d/,
        /\berror|\bfix|\bstopped|\bbroke|\bfail|\bno longer\b/,
      ],
      0.7,
    ),
    says([/\btraefik|\bportainer|\bwatchtower|\btestcontainers/, UPGRADE, DOCKER], 0.7),
  ],
  findings: {
    pinned: fail(`${PIN} is {pin}, and this engine speaks {min} to {max}: every docker command fails`),
    notAVersion: fail(`${PIN} is {pin}, which is no API version such as {max}`),
    clientTooOld: fail(
      'the docker command {client} speaks API {api} at most, and the engine {version} at least {min}',
    ),
    ended: warn('engine {version}: Docker ended the maintenance of {line} on {end}'),
  },
  evaluate({ version, running, packages, family, client, environment, endpoint, pin, now, lines }, report) {
    if (version === null) return report.skip('no engine is installed here')
    const engine = running.known ? running.value : null
    const { apiVersion: max, minApiVersion: min } = engine?.version ?? { apiVersion: '', minApiVersion: '' }
    const theirs = environment.apiVersion
    const meant = !endpoint.known || isSystemEngine(endpoint.value.host)
    const found = []
    if (theirs && meant && engine) {
      const forget = fix(`Take ${PIN} out of the environment`, ...forgetVariable(PIN, pin))
      const fits = compareVersions(theirs, max) <= 0 && compareVersions(theirs, min || '1.12') >= 0
      if (!isApiVersion(theirs)) found.push(report('notAVersion', { pin: theirs, max }, forget))
      else if (!fits) found.push(report('pinned', { pin: theirs, min: min || '1.12', max }, forget))
    }
    const api = client ? clientApi(client, lines) : null
    if (api && client && min && compareVersions(api, min) < 0) {
      const isDockers = packages.known && packages.value.has(CLIENT_PACKAGE)
      const manager = family.known ? family.value : null
      const cure =
        manager && isDockers
          ? fix('Update the docker command', updatePackage(manager, CLIENT_PACKAGE))
          : manualFix(`Update the docker command to a version that speaks API ${min}`)
      found.push(report('clientTooOld', { client, api, version, min }, cure))
    }
    // A distribution's build gets its fixes from the distribution, whatever the line.
    const isDockers =
      engine?.version.platform.startsWith('Docker Engine') ??
      (packages.known && packages.value.has('docker-ce'))
    const line = isDockers ? lineOf(version, lines) : null
    if (line?.end && now.known && now.value.slice(0, 10) > line.end) {
      const cure = manualFix('Update docker-ce, docker-ce-cli and containerd.io to a maintained line')
      found.push(report('ended', { version, line: line.line, end: line.end }, cure))
    }
    return report.all(found, () =>
      running.known || isDockers
        ? report.pass(`engine ${version}${client ? `, client ${client}` : ''}`, { version, client, api: max })
        : report.unknown(running.why),
    )
  },
})
