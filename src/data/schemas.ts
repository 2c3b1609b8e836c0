/**
 * What the data files hold. Types come from these schemas; at run time they are loaded only to check files of other origin than the build,
 * and to publish them.
 */

import * as z from 'zod/mini'
import en from 'zod/v4/locales/en.js'

z.config(en())

const day = z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/, 'expected a day such as 2026-10-04'))
const text = z.string().check(z.minLength(1))
/** A release or a pre-release: `1.1.12`, `1.0.0-rc93`, `1.2.0-rc.3`. */
const exactVersion = z
  .string()
  .check(z.regex(/^\d+(\.\d+)*(-(alpha|beta|rc)\.?\d+)?$/, 'expected a version such as 1.2.0-rc.3'))
/** Dotted numbers: `28`, `20.10`, `1.44`. */
const version = z.string().check(z.regex(/^\d+(\.\d+)*$/, 'expected a version such as 28.0'))

const sources = z
  .array(z.string().check(z.regex(/^https:\/\/\S+$/, 'expected an https:// address')))
  .check(z.minLength(1))

/** What every data file says of itself. */
const dated = {
  /** The day on which the file was compared with its sources. */
  asOf: day,
  sources,
}

const life = z.strictObject({
  /** Begins `VERSION_ID`, component by component: `9` stands for 9.4. For openEuler with the edition: `22.03 LTS-SP4`. */
  version: text,
  /** The last day of updates for everybody; for Debian that of its free LTS. */
  until: day,
  /** The last day of updates for those who subscribe to the programme. */
  extended: z.optional(day),
})

const distribution = z.strictObject({
  name: text,
  /** What `extended` is called. */
  programme: z.optional(text),
  /** Releases below this have a kernel before 3.10, on which no engine runs. */
  enginesFrom: z.optional(version),
  /** Newest first; releases below the last one ended before it. Empty where no dates are published. */
  releases: z.array(life),
})

const engineLine = z.strictObject({
  /** The first numbers of its versions: `28` or `20.10`. */
  line: version,
  /** The day after which Docker makes no more fixes for it; null while it is maintained. */
  end: z.nullable(day),
})

const removal = z.strictObject({
  name: text,
  /** The first engine that refuses it. */
  removedIn: version,
})

const removedKey = z.strictObject({
  name: text,
  /** The first engine that refuses a value for it. */
  removedIn: version,
  /** The first that does not even know the name, where that is a later one: until then an empty value does no harm. */
  unknownFrom: z.optional(version),
  /** What to write instead, as an imperative. */
  instead: text,
})

/** Parts of an engine, as `src/facts/engine-builds.ts` names them. */
const part = z.enum(['engine', 'containerd', 'runc', 'client', 'compose', 'buildx'])
/** All of these must be at work (`src/facts/circumstances.ts`); one that cannot be told of a host keeps the alarm back. */
const only = z.optional(z.array(text))

const hole = z.strictObject({
  id: text,
  component: part,
  /** The publisher's own word. */
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  /** Each from one version (or the first) up to the one that has the fix. */
  affected: z
    .array(z.strictObject({ from: z.optional(exactVersion), before: exactVersion }))
    .check(z.minLength(1)),
  /** What comes of it, as the end of a sentence. */
  title: text,
  only,
  sources,
})

const engineBug = z.strictObject({
  /** Kebab case, and never changed. */
  id: text,
  level: z.enum(['fail', 'warn']),
  /** Versions that do not work, or not together: all of these. */
  when: z
    .array(
      z.strictObject({
        part: z.union([part, z.literal('kernel')]),
        from: z.optional(exactVersion),
        before: z.optional(exactVersion),
      }),
    )
    .check(z.minLength(1)),
  only,
  /** It keeps the engine from starting: where the engine runs, it is not hit. */
  stopsStart: z.optional(z.literal(true)),
  /** Of distributions' builds too: what is missing in a version they do not add. */
  anyBuild: z.optional(z.literal(true)),
  /** What comes of it, as the end of a sentence. */
  effect: text,
  /** The update that cures it. */
  fixed: z.strictObject({ part, version: exactVersion }),
  /** What helps instead of the update, as an imperative. */
  instead: z.optional(text),
  sources,
})

/** As `uname -r` begins: `3.10.0-1062.4.1`. */
const release = z.string().check(z.regex(/^\d+([.-]\d+)*$/, 'expected a kernel release such as 4.15.0-62'))

const kernelBug = z.strictObject({
  /** Kebab case, and never changed. */
  id: text,
  /** Who built the kernels, as `src/facts/kernel-release.ts` tells: others count their releases differently. */
  vendor: text,
  /** The major release of Enterprise Linux. */
  enterprise: z.optional(z.number()),
  /** The last word of the release: `aws`. */
  flavour: z.optional(text),
  from: release,
  /** The first release with the fix. */
  before: release,
  /** An argument on the kernel's command line that avoids it. */
  argument: z.optional(text),
  /** What comes of it, as the end of a sentence. */
  effect: text,
  sources,
})

export const SCHEMAS = {
  distributions: z.strictObject({
    ...dated,
    /** By `ID` of os-release in lower case; `centos-stream` for the Stream releases of `centos`. */
    distributions: z.record(text, distribution),
  }),
  'engine-bugs': z.strictObject({
    ...dated,
    bugs: z.array(engineBug),
  }),
  'engine-lines': z.strictObject({
    ...dated,
    /** Newest first. */
    lines: z.array(engineLine),
    /** The newest API that a client speaks, by the first version that does; oldest first. */
    clientApi: z.array(z.strictObject({ since: version, api: version })),
  }),
  'kernel-bugs': z.strictObject({
    ...dated,
    bugs: z.array(kernelBug),
  }),
  'public-mirrors': z.strictObject({
    ...dated,
    /** Mirrors of Docker Hub that are gone, or closed to the public. `*.` stands for any name beneath. */
    closed: z.array(z.strictObject({ host: text, state: text })),
  }),
  removals: z.strictObject({
    ...dated,
    /** Keys of daemon.json. */
    keys: z.array(removedKey),
    /** Flags of dockerd, without dashes. */
    flags: z.array(removal),
    storageDrivers: z.array(removal),
    logDrivers: z.array(removal),
    /** Options of log drivers, whose names are their own. */
    logOptions: z.array(removal),
  }),
  vulnerabilities: z.strictObject({
    ...dated,
    /** Known holes of upstream builds. */
    holes: z.array(hole),
  }),
}

export type Datasets = { readonly [N in keyof typeof SCHEMAS]: z.infer<(typeof SCHEMAS)[N]> }
export type DatasetName = keyof Datasets
