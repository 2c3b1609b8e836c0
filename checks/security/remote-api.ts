import { INTRUDED } from '../../src/diagnose/phenomena.ts'
import { editArguments, withFlag } from '../../src/facts/command-line-steps.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { configuredCommandLine } from '../../src/facts/dockerd-flags.ts'
import { containers } from '../../src/facts/engine.ts'
import { type ApiAddress, apiExposure, missingCertificates } from '../../src/facts/engine-addresses.ts'
import { isLoopback, tcpListeners } from '../../src/facts/tcp-listeners.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { type Fix, fix, manualFix, restartEngine, setJson } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/** IANA's port for the API without TLS. @see https://www.iana.org/assignments/service-names-port-numbers/ */
const PLAIN_PORT = 2375

export default defineCheck({
  id: 'security/remote-api',
  title: "The engine's API is not open to the network",
  why: 'Whoever reaches the API without a certificate is root on this host; such ports are found and abused within hours.',
  profiles: ['docker', 'swarm', 'hardening'],
  needs: {
    exposure: apiExposure,
    certificates: missingCertificates,
    settings: daemonSettings,
    line: maybe(configuredCommandLine),
    listeners: maybe(tcpListeners),
    containers: maybe(containers),
  },
  symptoms: () => [
    shows(
      /API is accessible on http:\/\/[^\n]*without encryption|Could not load X509 key pair|failed to create API server/,
      0.85,
    ),
    shows(/\bkdevtmpfsi\b|\bkinsing\b/, 0.65),
    says(
      [
        /\bxmrig\b|\bcryptonight\b|stratum\+tcp:|\bminerd\b|\bc3pool\b/,
        /\bunknown\b|\bnobody\b|\bcpu\b|\b100 ?%|\bkeeps? (?:coming|spinning|start)/,
      ],
      0.6,
    ),
    among(INTRUDED, 0.75),
    says([/\b237[56]\b|remote api/, /\bexpos|\bopen\b|\btls\b|\bmalware|\bminer|挖矿/], 0.85),
  ],
  findings: {
    exposed: fail('{address} ({origin}) makes everybody who reaches this host root on it: no TLS'),
    certificateMissing: fail('{key} names {path}, which does not exist: the engine does not start with it'),
    unverified: warn('{address} ({origin}) is encrypted, but asks no client for a certificate'),
    localOnly: warn('{address} ({origin}) makes every local user root, and some web pages: no TLS'),
    unexplained: warn('something listens on port 2375 of {address}, the port of an open engine API'),
  },
  evaluate({ exposure, certificates, settings, line, listeners, containers }, report) {
    const { addresses, protection } = exposure
    const open = addresses.filter(
      ({ reach }) => protection === 'none' || (protection === 'encrypt' && reach !== 'local'),
    )
    const { file } = settings
    const isClosed = (host: string): boolean => !open.some(({ text }) => text === host)
    const close = ({ text, origin }: ApiAddress): Fix => {
      const left = settings.list('hosts').filter(isClosed)
      const steps =
        file.state === 'present' && origin === file.path
          ? [setJson(file.path, ['hosts'], left.length > 0 ? left : undefined)]
          : editArguments(
              line.known ? line.value : null,
              withFlag('host', (hosts) => hosts.filter(isClosed)),
            )
      return steps
        ? fix(`Take it out of ${origin}`, ...steps, restartEngine)
        : manualFix(
            `Take ${text} out of ${origin}, or set tlsverify with certificates; then restart the engine`,
          )
    }
    const tls = manualFix(
      'Make the certificates as https://docs.docker.com/engine/security/protect-access/ says, or take tlsverify out',
    )
    const found = [
      ...certificates.map(({ key, path }) => report('certificateMissing', { key, path }, tls)),
      ...open.map((address) => {
        const { text, origin, reach } = address
        const finding = protection === 'encrypt' ? 'unverified' : reach === 'local' ? 'localOnly' : 'exposed'
        return report(finding, { address: text, origin }, close(address))
      }),
    ]
    const foreign = (listeners.known ? listeners.value : []).find(
      ({ port, address }) =>
        port === PLAIN_PORT && !isLoopback(address) && !addresses.some((one) => one.port === port),
    )
    if (foreign) {
      const published =
        containers.known &&
        containers.value.find(({ ports }) => ports.some(({ publicPort }) => publicPort === PLAIN_PORT))
      const who = published ? `container ${published.name}` : 'the program that sudo ss -ltnp names'
      const look = manualFix(
        `See whether ${who} gives the engine's API away; publish it on 127.0.0.1 only, or stop it`,
      )
      found.push(report('unexplained', { address: foreign.address }, look))
    }
    return report.all(found, () =>
      addresses.length > 0
        ? report.pass('every TCP address asks for a certificate')
        : report.pass('it listens on no TCP address'),
    )
  },
})
