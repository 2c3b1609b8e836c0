import { ENGINE_DOWN, SOCKET_DENIED } from '../../src/diagnose/phenomena.ts'
import { FAILS, REACH } from '../../src/diagnose/words.ts'
import { clientConfig, clientEnvironment } from '../../src/facts/client-endpoint.ts'
import { clientReach } from '../../src/facts/client-reach.ts'
import { clientCertificate } from '../../src/facts/client-tls.ts'
import { engineState } from '../../src/facts/engine.ts'
import { copies } from '../../src/facts/engine-binaries.ts'
import { judgedUser } from '../../src/facts/judged-user.ts'
import { forgetVariable, whereVariableIsSet } from '../../src/facts/shell-variables.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, setJson } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const ELSEWHERE =
  'the client was sent to another address than the socket of this host, and no engine answers there: leave out -H and --context, and see echo $DOCKER_HOST and docker context ls'

export default defineCheck({
  id: 'engine/client-target',
  title: "docker commands go to this host's engine",
  why: 'A variable or a context that leads elsewhere makes a healthy engine look dead, or shows the containers of another.',
  profiles: ['docker', 'swarm'],
  needs: {
    user: judgedUser,
    reach: clientReach,
    environment: clientEnvironment,
    config: clientConfig,
    certificate: clientCertificate,
    hostOrigin: whereVariableIsSet('DOCKER_HOST'),
    contextOrigin: whereVariableIsSet('DOCKER_CONTEXT'),
    tlsOrigin: whereVariableIsSet('DOCKER_TLS_VERIFY'),
    engine: engineState,
    dockerd: maybe(copies('dockerd')),
  },
  causedBy: [],
  symptoms: () => [
    shows(/malformed HTTP response "\\x15\\x03\\x0[1-3]/, 0.85),
    shows(/Cannot connect to the Docker daemon at (?:tcp|https?|ssh|npipe):\/\//, 0.92, {
      ofCommand: ELSEWHERE,
    }),
    shows(/Couldn't connect to (?:the )?Docker daemon at (?:tcp|https?):\/\//, 0.92, {
      ofCommand: ELSEWHERE,
    }),
    // One's own socket there refuses nobody.
    shows(/permission denied while [^\n]{0,60} unix:\/\/\/run\/user\/\d+\//, 0.85),
    // The scheme was taken for a name.
    shows(/lookup (?:unix|npipe|fd)(?: on \S+)?: /, 0.93, { isPlain: true }),
    shows(/lookup docker(?: on \S+)?: (?:no such host|server misbehaving)|tcp:\/\/docker:237[56]/, 0.85),
    shows(/DOCKER_HOST=["']?\//, 0.9),
    shows(/failed to connect to the docker API at (?:tcp|https?|ssh|npipe):\/\//, 0.92, {
      ofCommand: ELSEWHERE,
    }),
    shows(/\.docker\/(?:desktop|run)\/docker\.sock|\.(?:colima|rd|orbstack)\/\S*docker\.sock/, 0.95, {
      ofCommand: ELSEWHERE,
    }),
    shows(/unix:\/\/\/run\/user\/0\/docker\.sock/, 0.93),
    shows(/unix:\/\/\/run\/user\/[1-9]\d*\/docker\.sock/, 0.3),
    shows(/\/run\/user\/\d+\/docker\.sock: connect: permission denied/, 0.8),
    shows(
      /error during connect: [^\n]*(?:docker_engine|dockerDesktop\w*Engine|pipe)|\/\/\.\/pipe\/|docker_engine: The system cannot find/,
      0.9,
    ),
    shows(/could not be found in this WSL (?:2 )?distro/, 0.9),
    shows(/could not be found in this WSL 1 distro/, 0.4),
    shows(
      /context "[^"]*"(?: is)? (?:not found|does not exist)|unable to resolve docker endpoint|context was not found for the docker endpoint/,
      0.95,
      {
        ofCommand:
          'the command names a context that this user does not have: docker context ls lists those that there are',
      },
    ),
    shows(
      /unable to parse docker host|Invalid bind address format|unsupported protocol scheme "?(?:unix|tcp)|invalid DOCKER_HOST|DOCKER_HOST environment variable/,
      0.85,
    ),
    shows(/(?:dial tcp|Get "?https?:\/\/)\S*:237[56]\b/, 0.85),
    shows(
      /Client sent an HTTP request to an HTTPS server|\.docker\/\S*(?:ca|cert|key)\.pem: no such file|could not read CA certificate/,
      0.85,
    ),
    shows(
      /image operating system "linux" cannot be used on this platform|no matching manifest for windows|(?:docker engine|daemon)[^\n]{0,60}OSType=windows|windows containers/,
      0.9,
    ),
    shows(/^[ \t]{0,16}(?:export )?DOCKER_(?:HOST|CONTEXT)=/, 0.5),
    says(/\bDOCKER_(?:HOST|CONTEXT|TLS_VERIFY)\b|docker context|\bdesktop-linux\b/, 0.7),
    says(
      [
        /docker desktop/,
        /\bwsl\b|\bnot running|\bnot start|\bstopped|\buninstall|\bremoved|\bintegration|\bdistro|\bconnect/,
      ],
      0.75,
    ),
    says([/\bwsl/, /\bintegration\b|\bdocker desktop/], 0.8),
    says([/\bdind\b|docker-in-docker/, /\bdaemon\b/, FAILS, REACH], 0.6),
    says([/\bdaemon\b|\bconnect|连接/, /\b(?:127\.0\.0\.1|localhost|docker):237[56]\b/], 0.75),
    among(ENGINE_DOWN, 0.08),
    among(SOCKET_DENIED, 0.03),
    shows(/Is the docker daemon running on this host/, 0.2),
    shows(/docker-machine|boot2docker/, 0.2),
    among(ENGINE_DOWN, 0.1),
  ],
  findings: {
    noContext: fail(
      '{from} names the context {context}, which does not exist: every docker command of {user} fails',
    ),
    nowhere: fail('{from} sends the docker commands of {user} to {host}, where nothing answers: {reason}'),
    noCertificate: fail(
      'DOCKER_TLS_VERIFY demands certificates, and {path} does not exist: every docker command of {user} fails',
    ),
    elsewhere: warn("{from} sends the docker commands of {user} to {host}, not to this host's engine"),
  },
  evaluate(host, report) {
    const { user, reach, environment, config, certificate, engine } = host
    const { endpoint, leads, reason } = reach
    const cure = () => {
      if (endpoint.from === 'DOCKER_HOST')
        return fix('Unset DOCKER_HOST', ...forgetVariable('DOCKER_HOST', host.hostOrigin))
      if (endpoint.from === 'DOCKER_CONTEXT')
        return fix('Unset DOCKER_CONTEXT', ...forgetVariable('DOCKER_CONTEXT', host.contextOrigin))
      return config
        ? fix('Go back to the default context', setJson(config.path, ['currentContext'], undefined))
        : manualFix('Run: docker --context default context use default')
    }
    const from = endpoint.from === 'config.json' ? (config?.path ?? 'config.json') : endpoint.from
    const slots = {
      from: endpoint.context && endpoint.host !== null ? `the context ${endpoint.context}` : from,
      user: user.name,
    }
    const found = []
    if (endpoint.host === null)
      found.push(report('noContext', { ...slots, context: endpoint.context }, cure()))
    else if (leads === 'nowhere')
      found.push(report('nowhere', { ...slots, host: endpoint.host, reason }, cure()))
    else if (leads === 'other' && hasEngine())
      found.push(report('elsewhere', { ...slots, host: endpoint.host }, cure()))
    if (
      environment.tlsVerify &&
      certificate?.exists === false &&
      (endpoint.from === 'DOCKER_HOST' || endpoint.from === 'default')
    ) {
      const forget = forgetVariable('DOCKER_TLS_VERIFY', host.tlsOrigin)
      found.push(
        report(
          'noCertificate',
          { path: certificate.path, user: user.name },
          fix('Unset DOCKER_TLS_VERIFY', ...forget),
        ),
      )
    }
    return report.all(found, () => {
      if (leads === 'unknown')
        return report.unknown(`whether anything answers at ${endpoint.host}: ${reason}`)
      const shown = environment.isTheirs
        ? ''
        : `; the variables of ${user.name}'s own shell cannot be seen from here`
      return report.pass(`${endpoint.host}${shown}`)
    })

    function hasEngine(): boolean {
      return engine.state === 'answers' || (host.dockerd.known && host.dockerd.value.length > 0)
    }
  },
})
