import { CERTIFICATE_DATE } from '../../src/diagnose/phenomena.ts'
import { cureFor } from '../../src/facts/certificate-steps.ts'
import { inWords } from '../../src/facts/certificate-trouble.ts'
import { CERTS, type HalfPair, halfPairs, trustsElsewhere } from '../../src/facts/certs-folders.ts'
import { type MisplacedFolder, misplacedFolders } from '../../src/facts/certs-misplaced.ts'
import { now } from '../../src/facts/clock.ts'
import { registriesInUse } from '../../src/facts/registries-in-use.ts'
import { type DoubtedRegistry, registryCertificates } from '../../src/facts/registry-certificates.ts'
import { unlookedRegistries } from '../../src/facts/unlooked-registries.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { fix, manualFix, movePath, removePath } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const findings = {
  halfPair: fail('{path} has no {missing} beside it: the engine refuses to talk to {registry}'),
  wrongFolder: fail('{folder} is for port 443; {registry} is in use, and its certificate is not trusted'),
  nothingThere: fail(
    '{folder} is for {registry}, port 443, which refuses connections; for another port the folder must be named {registry}:PORT',
  ),
  untrusted: fail('the certificate of {registry} is not trusted: {reason} (issuer: {issuer})'),
  incomplete: fail(
    '{registry} sends its own certificate alone, and this host does not know who signed it ({issuer})',
  ),
  intercepted: fail(
    '{registry} is answered for by somebody in between: its certificate is from {issuer}, which this host does not trust',
  ),
  expired: fail('the certificate of {registry} expired on {when} (the clock here says {now})', {
    causedBy: ['host/clock'],
  }),
  notYetValid: fail('the certificate of {registry} is valid from {when} on; the clock here says {now}', {
    causedBy: ['host/clock'],
  }),
  wrongName: fail('{registry} shows a certificate for {names}, not for its own name'),
  unverified: warn('{what} {registry}, whose certificate the engine does not accept: {reason}'),
  expiresSoon: warn('the certificate of {registry} expires in {days} days, on {when}'),
}
type Report = Reporter<typeof findings>

function judgeHalf({ folder, file, missing, copyOf }: HalfPair, report: Report): Found {
  const path = `${folder.path}/${file}`
  const cure = copyOf
    ? fix(`Remove it: it is a copy of ${copyOf}`, removePath(path))
    : manualFix(
        'Complete the pair, or take it away',
        file.endsWith('.cert')
          ? `Put the key of ${path} beside it as ${missing}. Where it is the certificate of an authority, its name must end in .crt instead.`
          : `Put the certificate that belongs to ${path} beside it as ${missing}, or remove the key.`,
      )
  return report('halfPair', { path, missing, registry: folder.name }, cure)
}

function judgeFolder({ folder, meant }: MisplacedFolder, report: Report): Found {
  if (meant) {
    const cure = fix(`Name the folder ${meant}`, movePath(folder.path, `${CERTS}/${meant}`))
    return report('wrongFolder', { folder: folder.path, registry: meant }, cure)
  }
  const cure = manualFix(
    'Name the folder as images are named, or start the registry',
    `Where images are named ${folder.name}:PORT/…: mv ${folder.path} ${folder.path}:PORT. Otherwise look why nothing listens at ${folder.name}:443.`,
  )
  return report('nothingThere', { folder: folder.path, registry: folder.name }, cure)
}

function judgeCertificate(doubted: DoubtedRegistry, now: string, report: Report): Found[] {
  const { name: registry, trouble, trace, isPublic } = doubted
  const cure = cureFor(registry, trouble, isPublic)
  if (trace && trouble.kind === 'expiresSoon') return []
  if (trace) {
    const what = trace === 'image' ? 'images are named after' : 'there is a login for'
    return [report('unverified', { what, registry, reason: inWords(trouble) }, cure)]
  }
  switch (trouble.kind) {
    case 'untrusted':
    case 'incomplete': {
      const { issuer } = trouble
      if (isPublic) return [report('intercepted', { registry, issuer }, cure)]
      if (trouble.kind === 'incomplete') return [report('incomplete', { registry, issuer }, cure)]
      return [report('untrusted', { registry, reason: trouble.reason, issuer }, cure)]
    }
    case 'wrongName':
      return [report('wrongName', { registry, names: trouble.names }, cure)]
    case 'expiresSoon':
      return [report('expiresSoon', { registry, days: trouble.days, when: trouble.when }, cure)]
    default:
      return [report(trouble.kind, { registry, when: trouble.when, now: now.slice(0, 16) }, cure)]
  }
}

const SURE = ['certs.d', 'mirror'] as const

/** Who has certificate authorities of their own: not the engine's to trust. */
const OF_A_PROGRAM_INSIDE =
  /\bpip3? install|CERTIFICATE_VERIFY_FAILED|SSLError|\bpypi\.org|\bnpm ERR|scratch (?:container|image)|curl: \(60\)[\s\S]{0,200}(?:RUN|inside|container)/

export default defineCheck({
  id: 'registry/tls',
  title: 'The engine accepts the certificates of registries',
  why: 'A registry whose certificate is not accepted can be neither pulled from nor pushed to.',
  profiles: ['docker', 'swarm'],
  needs: {
    elsewhere: trustsElsewhere,
    registries: registriesInUse,
    halves: halfPairs,
    misplaced: misplacedFolders,
    seen: registryCertificates,
    unlooked: unlookedRegistries,
    now,
  },
  causedBy: ['network/dns', 'network/default-route'],
  symptoms: () => [
    shows(/certificate signed by unknown authority|unknown authority/, 0.93, { unless: OF_A_PROGRAM_INSIDE }),
    shows(
      /x509: (?:certificate is valid for|cannot validate certificate for|certificate relies on legacy)|doesn't contain any IP SANs|certificate is not trusted|unable to get local issuer|self[- ]signed certificate/,
      0.8,
      { unless: OF_A_PROGRAM_INSIDE },
    ),
    shows(/missing key \S+ for client certificate|certs\.d\b/, 0.85),
    shows(/remote error: tls: (?:bad certificate|handshake failure|unknown certificate)/, 0.8),
    shows(/current time \S+ is after/, 0.7),
    // When the root ended that Let's Encrypt was signed by.
    shows(/is after 2021-09-30T14:01:15Z/, 0.95),
    among(CERTIFICATE_DATE, 0.25),
    says(
      [
        /\bcertificate|\bx509|\bssl|证书/,
        /\bregistry|\bpull|\blogin|\bself-?signed|\bunknown authority|\bcompany|\bcorporate|仓库/,
      ],
      0.75,
    ),
    shows(
      /x509: (?!certificate has expired)|tls: failed to verify certificate(?!: x509: certificate has expired)/,
      0.8,
    ),
    says([/\bcertificate\b/, /\bexpired\b|\binvalid\b|\bself-?signed|\bverify/], 0.6, {
      unless: /not yet valid|clock|time/,
    }),
  ],
  findings,
  evaluate({ elsewhere, registries, halves, misplaced, seen, unlooked, now }, report) {
    if (elsewhere) return report.skip(elsewhere)
    const found = [
      ...halves.map((half) => judgeHalf(half, report)),
      ...misplaced.map((folder) => judgeFolder(folder, report)),
      ...seen.doubted.flatMap((doubted) => judgeCertificate(doubted, now, report)),
    ]
    return report.all(found, () => {
      if (unlooked.length > 0) return report.unknown(`${unlooked.join(', ')}: nobody asked`)
      if (seen.verified > 0) return report.pass(`${seen.verified} accepted`)
      // What only an image or a login leads to need not be there any more.
      const expected = registries.filter(
        ({ signs, insecure }) => !insecure && SURE.some((sign) => signs.has(sign)),
      )
      if (expected.length === 0) return report.skip('no registry with TLS but Docker Hub is in use here')
      return expected.some(({ direct }) => direct)
        ? report.unknown('no registry showed a certificate')
        : report.unknown('the engine goes through a proxy, behind which nothing is asked')
    })
  },
})
