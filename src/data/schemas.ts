/**
 * What the data files hold. Types come from these schemas; at run time they are loaded only to check files of other origin than the build,
 * and to publish them.
 */

import * as z from 'zod/mini'
import en from 'zod/v4/locales/en.js'

z.config(en())

const day = z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/, 'expected a day such as 2026-10-04'))
const text = z.string().check(z.minLength(1))
/** Dotted numbers: `28`, `20.10`, `1.44`. */
const version = z.string().check(z.regex(/^\d+(\.\d+)*$/, 'expected a version such as 28.0'))

/** What every data file says of itself. */
const dated = {
  /** The day on which the file was compared with its sources. */
  asOf: day,
  sources: z
    .array(z.string().check(z.regex(/^https:\/\/\S+$/, 'expected an https:// address')))
    .check(z.minLength(1)),
}

const release = z.strictObject({
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
  releases: z.array(release),
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

export const SCHEMAS = {
  distributions: z.strictObject({
    ...dated,
    /** By `ID` of os-release in lower case; `centos-stream` for the Stream releases of `centos`. */
    distributions: z.record(text, distribution),
  }),
  'engine-lines': z.strictObject({
    ...dated,
    /** Newest first. */
    lines: z.array(engineLine),
    /** The newest API that a client speaks, by the first version that does; oldest first. */
    clientApi: z.array(z.strictObject({ since: version, api: version })),
  }),
  'public-mirrors': z.strictObject({
    ...dated,
    /** Mirrors of Docker Hub that are gone, or closed to the public. `*.` stands for any name beneath. */
    closed: z.array(z.strictObject({ host: text, state: text })),
  }),
  removals: z.strictObject({
    ...dated,
    /** Flags of dockerd, without dashes. */
    flags: z.array(removal),
    storageDrivers: z.array(removal),
  }),
}

export type Datasets = { readonly [N in keyof typeof SCHEMAS]: z.infer<(typeof SCHEMAS)[N]> }
export type DatasetName = keyof Datasets
