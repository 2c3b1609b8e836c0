import { clientConfig } from '../../src/facts/client-endpoint.ts'
import { clientConfigState, missingHelpers } from '../../src/facts/client-helpers.ts'
import { textOf } from '../../src/facts/json.ts'
import { judgedUser } from '../../src/facts/judged-user.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manual, manualFix, movePath, setJson, setOwnership } from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'

/** The client passes over the file as it is: what it loses by that is lost already. */
const putAside = (path: string) =>
  fix(
    'Put the file aside',
    movePath(path, `${path}.invalid`),
    manual(`Write what was meant into ${path} again (it is kept as ${path}.invalid), or log in again.`),
  )

export default defineCheck({
  id: 'engine/client-config',
  title: "The client's configuration can be read and used",
  why: 'Without it the docker command forgets logins, proxies and contexts, or fails to log in at all.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs: {
    user: judgedUser,
    state: clientConfigState,
    config: maybe(clientConfig),
    missing: maybe(missingHelpers),
  },
  causedBy: [],
  symptoms: () => [
    shows(/error getting credentials|error storing credentials|docker-credential-\S+/, 0.92),
    // The client warns of its file and goes on: where the socket refuses it, that is what stops it.
    shows(/Error loading config file/, 0.92, { unless: /docker\.sock[^\n]{0,40}permission denied/ }),
    shows(/Error loading config file/, 0.3),
    shows(
      /\.docker\/(?:buildx|cli-plugins|config|contexts|manifests|trust)\b[^\n]{0,80}permission denied|mkdir \S+\/\.docker: permission denied/,
      0.95,
      { unless: /docker\.sock[^\n]{0,40}permission denied/ },
    ),
    shows(/no basic auth credentials/, 0.5),
    shows(/\.docker\/config\.json[^\n]{0,80}(?:permission denied|invalid character|is a directory)/, 0.9),
    shows(
      /unauthorized: |authentication required|pull access denied|requested access to the resource is denied/,
      0.1,
    ),
  ],
  findings: {
    helperMissing: fail(
      '{path} names the credential helper {helper}, which is not installed: docker login fails',
    ),
    unreadable: fail('{user} may not read {path}: logins, proxies and contexts in it are ignored', {
      causedBy: ['security/file-permissions#clientDenied'],
    }),
    invalid: warn('{path} is not JSON: logins, proxies and contexts in it are ignored'),
  },
  evaluate({ user, state, config, missing }, report) {
    if (state.state === 'absent') return report.pass('there is none: the client uses its defaults')
    const { path } = state
    if (state.state === 'denied') {
      const own = fix('Give it back to its user', setOwnership(path, { owner: user.name, mode: 0o600 }))
      return report('unreadable', { user: user.name, path }, own)
    }
    if (state.state === 'invalid') return report('invalid', { path }, putAside(path))
    if (!missing.known) return report.unknown(missing.why)
    const [helper] = missing.value
    if (!helper) return report.pass(path)
    const isStore = config.known && `docker-credential-${textOf(config.value?.value.credsStore)}` === helper
    const forget = isStore
      ? fix('Keep logins in the file itself', setJson(path, ['credsStore'], undefined))
      : manualFix(`Install ${helper}, or take it out of credHelpers in ${path}`)
    return report('helperMissing', { path, helper }, forget)
  },
})
