import { clientPlugins, standaloneCompose } from '../../src/facts/client-plugins.ts'
import { enginePackages, type Packages } from '../../src/facts/engine-packages.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { type OsRelease, osRelease } from '../../src/facts/os-release.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { program } from '../../src/facts/programs.ts'
import { settings } from '../../src/facts/settings.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { type Known, maybe } from '../../src/model/fact.ts'
import {
  type Fix,
  fix,
  manualFix,
  type PackageFamily,
  removePath,
  setOwnership,
} from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'
import { atLeast } from '../../src/versions.ts'

/** The first engine whose answers lack what version 1 reads. @see https://github.com/docker/compose/issues/11742 */
const BREAKS_VERSION_1 = '25.0'
/** Clients pass over dead links since this version; older ones stop there. @see https://github.com/docker/cli/pull/6476 */
const PASSES_OVER_LINKS = '28.5'

/** The packages of a plugin, and where they are. */
const PACKAGES = {
  compose: {
    dockers: 'docker-compose-plugin',
    ubuntu: 'docker-compose-v2',
    own: { apk: ['docker-cli-compose'], pacman: ['docker-compose'] },
    told: 'docker-compose-plugin (of docker.com), docker-compose-v2 (Ubuntu), docker-compose (Debian 13, Fedora, Arch, openSUSE) or docker-cli-compose (Alpine)',
  },
  buildx: {
    dockers: 'docker-buildx-plugin',
    ubuntu: 'docker-buildx',
    own: { apk: ['docker-cli-buildx'], pacman: ['docker-buildx'] },
    told: 'docker-buildx-plugin (of docker.com), docker-buildx (Ubuntu, Debian 13, Fedora, Arch, openSUSE) or docker-cli-buildx (Alpine)',
  },
} as const
type Plugin = keyof typeof PACKAGES
const PLUGINS = ['compose', 'buildx'] as const satisfies readonly Plugin[]

interface Where {
  readonly packages: Known<Packages>
  readonly family: Known<PackageFamily | null>
  readonly os: Known<OsRelease | null>
}

/** @see https://docs.docker.com/compose/install/linux/ @see https://docs.docker.com/compose/releases/migrate/ */
function installPlugin(plugin: Plugin, { packages, family, os }: Where): Fix {
  const { dockers, ubuntu, own, told } = PACKAGES[plugin]
  const isDockers = packages.known && packages.value.has('docker-ce')
  const id = os.known ? os.value?.id : undefined
  const isUbuntu = id === 'ubuntu' && atLeast(os.known ? (os.value?.versionId ?? null) : null, '22.04')
  const names = isDockers ? { default: [dockers] } : isUbuntu ? { apt: [ubuntu] } : own
  const step = install(family.known ? family.value : null, names)
  if (step.kind === 'package') return fix(`Install the plugin; it is called as docker ${plugin}`, step)
  return manualFix(`Install the plugin: ${told}; then say docker ${plugin}`)
}

export default defineCheck({
  id: 'engine/compose',
  title: 'Compose and buildx work where they are installed',
  why: 'A broken plugin is no docker command, and the old docker-compose fails with newer engines.',
  profiles: ['docker', 'rootless'],
  needs: {
    docker: program('docker'),
    plugins: clientPlugins,
    standalone: maybe(standaloneCompose),
    engine: maybe(engineVersion),
    packages: maybe(enginePackages),
    family: maybe(packageFamily),
    os: maybe(osRelease),
    settings,
  },
  symptoms: () => [
    shows(/Not supported URL scheme http\+docker|KeyError: 'ContainerConfig'/, 0.93),
    shows(
      /Either specify a supported version \(e\.g|is not a supported version of the (?:config|compose)/,
      0.85,
    ),
    shows(/docker-compose: (?:command )?not found/, 0.93, {
      ofCommand:
        'docker-compose was the name of version 1, a program of its own: the plugin is called as docker compose',
    }),
    shows(
      /'(?:compose|buildx)' is not a docker command|unknown shorthand flag: '[df]' in -[df]|docker: unknown command: docker (?:compose|buildx)/,
      0.93,
    ),
    shows([/unknown shorthand flag: '[df]' in -[df]/, /docker --help/], 0.93, { isPlain: true }),
    shows(/(?:buildx|BuildKit)[^\n]{0,60}(?:not (?:found|installed)|is missing|component is missing)/, 0.9),
    says([/docker[- ]compose/, /\bnot found|\bcommand not|\bnot a docker command|\bplugin|找不到/], 0.8, {
      unless: /\bdocker: (?:command )?not found/,
    }),
  ],
  findings: {
    notInstalled: fail('the docker command has no plugin {name}: docker {name} does not work'),
    leadsNowhere: warn('{path} is a link to something that is gone: docker {name} does not work'),
    notExecutable: warn('{path} is no program that may be run: docker {name} does not work'),
    onlyVersion1: warn(
      '{path} is version 1 of Compose, which ended in July 2023, and no newer one is installed{detail}',
    ),
  },
  evaluate({ docker, plugins, standalone, engine, settings, ...where }, report) {
    const version = engine.known ? engine.value : null
    const found = plugins.flatMap(({ name, path, state, hasSpare }) => {
      // While Docker Desktop is stopped, all that it lends to a distribution of WSL leads nowhere, the command as well.
      if (state === 'leadsNowhere' && docker !== null) {
        const remove = fix('Remove the dead link', removePath(path))
        const isPassedOver = hasSpare && atLeast(version, PASSES_OVER_LINKS)
        return isPassedOver ? [] : [report('leadsNowhere', { name, path }, remove)]
      }
      const allow = fix('Let it be run', setOwnership(path, { mode: 0o755 }))
      return state === 'notExecutable' ? [report('notExecutable', { name, path }, allow)] : []
    })
    const isThere = (name: string) => plugins.some((plugin) => plugin.name === name)
    for (const name of docker === null
      ? []
      : PLUGINS.filter((one) => settings.refused?.plugins.includes(one)))
      if (!isThere(name)) found.push(report('notInstalled', { name }, installPlugin(name, where)))
    const old = standalone.known ? standalone.value : null
    if (!isThere('compose') && old && /^1\b/.test(old.version)) {
      const fails = atLeast(version, BREAKS_VERSION_1)
      const detail = fails ? `; with engine ${version} it fails with KeyError: 'ContainerConfig'` : ''
      found.push(report('onlyVersion1', { path: old.path, detail }, installPlugin('compose', where)))
    }
    return report.all(found, () => {
      if (docker === null && !old) return report.skip('no docker command is installed here')
      const names = [...plugins.map(({ path }) => path), ...(old ? [old.path] : [])]
      return report.pass(names.length > 0 ? names.join(', ') : 'neither is installed, and neither is needed')
    })
  },
})
