import type { ConfigFile, TextAt } from '../config-file.ts'
import { goBool, isSize } from '../go-text.ts'
import { memberOf } from '../json-tree.ts'
import { fail, type Issue, type Place, show, warn } from '../problem.ts'
import { removalOf, removedIn } from '../removals.ts'
import { nearestName } from '../unknown-keys.ts'

/*
 * Storage drivers and their options.
 * Rules: https://github.com/moby/moby/tree/master/daemon/graphdriver, daemon/image_store_choice.go;
 * https://docs.docker.com/engine/storage/drivers/select-storage-driver/ and https://docs.docker.com/engine/deprecated/.
 */

/** Drivers of the classic image store. */
const GRAPH_DRIVERS = new Set([
  'overlay2',
  'vfs',
  'btrfs',
  'zfs',
  'fuse-overlayfs',
  'aufs',
  'overlay',
  'devicemapper',
])

/** Snapshotters that containerd always has, and those that must be set up in it. */
const SNAPSHOTTERS = new Set(['overlayfs', 'native'])
const EXTRA_SNAPSHOTTERS = new Set(['blockfile', 'devmapper', 'erofs', 'nydus', 'soci', 'stargz'])

export function* storageRules(file: ConfigFile): Generator<Issue> {
  yield* driver(file)
  yield* storeConflicts(file)
  yield* storageOptions(file)
}

/** Whether the classic drivers are used, as far as the file says: undefined where the engine decides by itself. */
function classicStore(file: ConfigFile): boolean | undefined {
  const asked = feature(file, 'containerd-snapshotter')
  if (!file.from('24.0')) return true
  if (asked !== undefined) return !asked
  if (!file.from('29.0') || file.text('userns-remap') !== undefined) return true
  const name = file.text('storage-driver')?.text
  return name === undefined ? undefined : isGraphDriver(file, name)
}

function feature(file: ConfigFile, name: string): boolean | undefined {
  const node = file.object('features')
  const value = node === undefined ? undefined : memberOf(node, name)?.value
  return value?.kind === 'boolean' ? value.value : undefined
}

function isGraphDriver(file: ConfigFile, name: string): boolean {
  return GRAPH_DRIVERS.has(name) && removedIn('storageDrivers', name, file.version) === undefined
}

function* driver(file: ConfigFile): Generator<Issue> {
  const value = file.text('storage-driver')
  if (value === undefined) return
  const name = value.text
  if (isGraphDriver(file, name)) yield* graphDriver(file, value)
  else if (classicStore(file) === true) yield notClassic(file, value)
  else if (!file.from('29.0')) yield* oddSnapshotter(file, value)
  else if (EXTRA_SNAPSHOTTERS.has(name)) {
    const message = `${show(name)} is a snapshotter that must first be set up in containerd`
    yield warn(
      value,
      'storage-driver',
      'snapshotter-needs-setup',
      message,
      'set it up in containerd, or write "overlayfs"',
    )
  } else if (!SNAPSHOTTERS.has(name)) yield unknownDriver(file, value)
}

function notClassic(file: ConfigFile, value: TextAt): Issue {
  if (SNAPSHOTTERS.has(value.text) || EXTRA_SNAPSHOTTERS.has(value.text)) {
    const message = `${show(value.text)} is a containerd snapshotter; this engine (${file.version.text}) uses the classic image store here`
    const suggestion = file.from('24.0')
      ? 'add "features": {"containerd-snapshotter": true}, or write "overlay2"'
      : 'write "overlay2"'
    return fail(value, 'storage-driver', 'unknown-storage-driver', message, suggestion)
  }
  return unknownDriver(file, value)
}

function unknownDriver(file: ConfigFile, value: TextAt): Issue {
  const removed = removedIn('storageDrivers', value.text, file.version)
  if (removed !== undefined) return removedDriver(value, removed)
  const candidates = [...GRAPH_DRIVERS].filter((name) => isGraphDriver(file, name))
  const nearest = nearestName(value.text, file.from('29.0') ? [...candidates, ...SNAPSHOTTERS] : candidates)
  const message = `${show(value.text)} is no storage driver of engine ${file.version.text}`
  return fail(
    value,
    'storage-driver',
    'unknown-storage-driver',
    message,
    `write ${show(nearest ?? 'overlay2')}, or remove the key`,
  )
}

function removedDriver(value: TextAt, until: string): Issue {
  const message = `the storage driver ${show(value.text)} was removed in engine ${until}`
  const suggestion = 'save the images (docker save, docker push), then write "overlay2"'
  return fail(value, 'storage-driver', 'removed-storage-driver', message, suggestion)
}

function* oddSnapshotter(file: ConfigFile, value: TextAt): Generator<Issue> {
  if (SNAPSHOTTERS.has(value.text) || EXTRA_SNAPSHOTTERS.has(value.text)) return
  const message = `${show(value.text)} is no snapshotter of containerd; engine ${file.version.text} starts, but containers do not`
  yield warn(value, 'storage-driver', 'unknown-storage-driver', message, 'write "overlayfs"')
}

function* graphDriver(file: ConfigFile, value: TextAt): Generator<Issue> {
  const { text: name } = value
  const filesystem = dataRootFilesystem(file)
  if ((name === 'btrfs' || name === 'zfs') && classicStore(file) === true) {
    const message = `the storage driver ${name} works only where the data root is on ${name}`
    const suggestion = `write "overlay2", or put the data root on ${name}`
    if (filesystem === undefined)
      yield warn(value, 'storage-driver', 'driver-needs-filesystem', message, suggestion)
    else if (filesystem !== name)
      yield fail(
        value,
        'storage-driver',
        'driver-needs-filesystem',
        `${message}; it is on ${filesystem}`,
        suggestion,
      )
  } else if (name === 'aufs' || name === 'overlay') yield* oldDriver(file, value, name)
  else if (name === 'fuse-overlayfs') yield* fuse(file, value)
  else if (name === 'devicemapper') {
    const message = `devicemapper is deprecated, some packages (Debian) are built without it${removal(file, name)}`
    yield warn(
      value,
      'storage-driver',
      'deprecated-storage-driver',
      message,
      'save the images, then write "overlay2"',
    )
  } else if (name === 'vfs') {
    const message = 'vfs copies every layer of every container: slow, and hungry for disk space'
    yield warn(value, 'storage-driver', 'slow-storage-driver', message, 'write "overlay2"')
  }
}

function removal(file: ConfigFile, name: string): string {
  const since = removalOf('storageDrivers', name, file.version)
  return since === undefined ? '' : `, and engine ${since} removed it`
}

function dataRootFilesystem(file: ConfigFile): string | undefined {
  return file.host.filesystemOf?.(file.text('data-root')?.text ?? '/var/lib/docker')
}

function* oldDriver(file: ConfigFile, value: TextAt, name: string): Generator<Issue> {
  const missing = file.host.kernelFilesystems !== undefined && !file.host.kernelFilesystems.includes(name)
  const suggestion = 'save the images, then write "overlay2"'
  if (missing) {
    const message = `this kernel has no ${name}`
    yield fail(value, 'storage-driver', 'driver-needs-kernel', message, suggestion)
  } else {
    const message = `the storage driver ${name} is deprecated${removal(file, name)}`
    yield warn(value, 'storage-driver', 'deprecated-storage-driver', message, suggestion)
  }
}

function* fuse(file: ConfigFile, value: TextAt): Generator<Issue> {
  if (file.host.commandExists?.('fuse-overlayfs') !== false) return
  const message = 'the program fuse-overlayfs is not installed on this host'
  yield fail(
    value,
    'storage-driver',
    'driver-needs-program',
    message,
    'install fuse-overlayfs, or write "overlay2"',
  )
}

/** From 29.0 the two image stores exclude each other; before, the feature silently won. */
function* storeConflicts(file: ConfigFile): Generator<Issue> {
  const asked = feature(file, 'containerd-snapshotter')
  const name = file.text('storage-driver')
  if (asked !== true || !file.from('24.0')) return
  if (name !== undefined && isGraphDriver(file, name.text) && !SNAPSHOTTERS.has(name.text)) {
    const message = `the driver ${show(name.text)} belongs to the classic image store, which features.containerd-snapshotter replaces`
    const suggestion = 'write "overlayfs", or remove storage-driver'
    if (file.from('29.0')) yield fail(name, 'storage-driver', 'driver-and-snapshotter', message, suggestion)
    else
      yield warn(
        name,
        'storage-driver',
        'driver-and-snapshotter',
        `${message}; engine 29 will refuse this`,
        suggestion,
      )
  }
  const remap = file.text('userns-remap')
  if (remap !== undefined && file.from('29.0')) {
    const message =
      'userns-remap does not work with the containerd image store, which features.containerd-snapshotter forces'
    yield fail(
      remap,
      'userns-remap',
      'userns-and-snapshotter',
      message,
      'remove features.containerd-snapshotter, or userns-remap',
    )
  }
}

function* storageOptions(file: ConfigFile): Generator<Issue> {
  const options = file.texts('storage-opts')
  const [first] = options
  const name = file.text('storage-driver')?.text
  if (first === undefined) return
  if (classicStore(file) !== true) {
    const message =
      'storage-opts have no effect on the containerd image store, which this engine uses on a fresh host'
    yield warn(
      first,
      'storage-opts',
      'no-effect',
      message,
      'remove them, or add "storage-driver": "overlay2"',
    )
    return
  }
  for (const [index, option] of options.entries()) {
    yield* storageOption(file, option, name ?? assumedDriver(file), `storage-opts.${index}`)
  }
}

/** The engine's choice on almost every host; another one only where the data root is on that file system. */
function assumedDriver(file: ConfigFile): string {
  const filesystem = dataRootFilesystem(file)
  const special = filesystem === 'btrfs' || filesystem === 'zfs'
  return special && !file.from('23.0') ? filesystem : 'overlay2'
}

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  overlay2: ['overlay2.size'],
  btrfs: ['btrfs.min_space'],
  zfs: ['zfs.fsname'],
  vfs: ['size'],
  overlay: [],
  'fuse-overlayfs': [],
}

function* storageOption(file: ConfigFile, option: TextAt, name: string, key: string): Generator<Issue> {
  const cut = option.text.indexOf('=')
  const optionName = option.text.slice(0, Math.max(cut, 0)).trim().toLowerCase()
  const value = option.text.slice(cut + 1).trim()
  const kernelCheck =
    optionName === 'overlay2.override_kernel_check' && name === 'overlay2' && !file.from('24.0')
  const known = OPTIONS[name]
  if (cut < 0) {
    const message = `${show(option.text)} has no value`
    yield fail(
      option,
      key,
      'storage-option-without-value',
      message,
      'write name=value, such as "overlay2.size=10G"',
    )
  } else if (kernelCheck) {
    if (goBool(value) !== undefined) return
    yield fail(
      option,
      key,
      'bad-storage-option',
      `${show(value)} is neither true nor false`,
      'remove the option',
    )
  } else if (known === undefined) return
  else if (!known.includes(optionName)) {
    const message = `the storage driver ${name} has no option ${show(optionName)}`
    const suggestion = known.length === 0 ? 'remove it' : `remove it (known: ${known.join(', ')})`
    yield fail(option, key, 'unknown-storage-option', message, suggestion)
  } else if (optionName !== 'zfs.fsname' && !isSize(value, file.version)) {
    yield fail(option, key, 'bad-storage-option', `${show(value)} is no size`, 'write a size such as "10G"')
  } else if (optionName === 'overlay2.size' || optionName === 'size')
    yield* quota(file, option, optionName, key)
}

function* quota(file: ConfigFile, place: Place, option: string, key: string): Generator<Issue> {
  const filesystem = dataRootFilesystem(file)
  const message = `${option} needs a data root on XFS that is mounted with pquota`
  const suggestion = 'remove it, or put the data root on XFS mounted with pquota'
  if (filesystem === undefined) yield warn(place, key, 'option-needs-xfs', message, suggestion)
  else if (filesystem !== 'xfs')
    yield fail(place, key, 'option-needs-xfs', `${message}; it is on ${filesystem}`, suggestion)
}

/** Features whose names the engine knows, with the first engine that does. */
const FEATURES: Readonly<Record<string, { readonly since?: string }>> = {
  buildkit: {},
  cdi: { since: '25.0' },
  'containerd-migration': { since: '29.0' },
  'containerd-snapshotter': { since: '24.0' },
  'embedded-containerd': { since: '29.7' },
  'swarm-nftables': { since: '29.6' },
  'time-namespaces': { since: '29.5' },
  'windows-dns-proxy': { since: '26.0' },
}

/** Names of features are never checked. */
export function* featureRules(file: ConfigFile): Generator<Issue> {
  for (const { key: name, offset } of file.object('features')?.members ?? []) {
    const known = Object.hasOwn(FEATURES, name) ? FEATURES[name] : undefined
    const place = { offset }
    if (known === undefined) {
      const nearest = nearestName(name, Object.keys(FEATURES))
      const suggestion = nearest === undefined ? 'remove it' : `write ${show(nearest)}`
      yield warn(
        place,
        `features.${name}`,
        'unknown-feature',
        `there is no feature ${show(name)}; the engine ignores it`,
        suggestion,
      )
    } else if (known.since !== undefined && !file.from(known.since)) {
      const message = `the feature ${show(name)} is known from engine ${known.since} on; ${file.version.text} ignores it`
      yield warn(
        place,
        `features.${name}`,
        'feature-too-new',
        message,
        `remove it, or upgrade the engine to ${known.since}`,
      )
    }
  }
  if (!file.from('29.7') || feature(file, 'embedded-containerd') !== true || !file.isOn('cri-containerd'))
    return
  const message = 'features.embedded-containerd and cri-containerd exclude each other'
  yield fail(
    file.placeOf('cri-containerd'),
    'cri-containerd',
    'cri-and-embedded',
    message,
    'remove one of the two',
  )
}
