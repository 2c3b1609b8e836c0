import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import check from '../../../checks/storage/integrity.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { Stat } from '../../../src/model/source.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const statOf = (type: Stat['type'], size = 4096): Stat => ({
  type,
  mode: 0o600,
  uid: 0,
  gid: 0,
  size,
  mtimeMs: 0,
  ino: 1,
  dev: 1,
})
const KV = '/var/lib/docker/network/files/local-kv.db'
const kv = gunzipSync(readFileSync(new URL('../../fixtures/bolt/local-kv.db.gz', import.meta.url)))
const database = (bytes: Buffer): Readings => ({
  [`base64 ${KV}`]: bytes.toString('base64'),
  [`stat ${KV}`]: statOf('file', bytes.length),
})
const noDatabase = { [`base64 ${KV}`]: null, [`stat ${KV}`]: null }

const LAYERS = '/var/lib/docker/image/overlay2/layerdb/sha256'
const OVERLAY = '/var/lib/docker/overlay2'
const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
/** Two layers are on record, in the folders `one` and `two`. */
const layers = (folders: readonly string[], links: readonly string[] = ['L1', 'L2']): Readings => ({
  [`${OVERLAY}/`]: ['l/', ...folders.map((name) => `${name}/`)],
  [`${OVERLAY}/l/`]: links,
  [`${LAYERS}/`]: [`${A}/`, `${B}/`],
  [`${LAYERS}/${A}/cache-id`]: 'one',
  [`${LAYERS}/${B}/cache-id`]: 'two',
  [`stat ${LAYERS}/${A}`]: statOf('directory'),
  [`stat ${LAYERS}/${B}`]: statOf('directory'),
  ...Object.fromEntries(folders.map((name) => [`stat ${OVERLAY}/${name}`, statOf('directory')])),
})

const stopped: Readings = { ...hostWithDisk(), '/var/lib/docker/**': null, '/proc/**': null }
const whole: Readings = { ...layers(['one', 'two']), ...database(kv), ...stopped }
const running = withEngine(whole)
const logged = (text: string): Readings => ({
  ...whole,
  'stat /run/systemd/system': statOf('directory'),
  '$ dockerd --version': 'Docker version 20.10.24, build 5d6db84\n',
  '$ journalctl -u docker.service -u snap.docker.dockerd.service -n 400 --no-pager -o cat': text,
})

testCheck(check, {
  'stopped, and whole': passes(whole),
  'running, and whole': passes(running),
  'nothing installed': passes(stopped),
  'an empty database is made anew': passes({ ...whole, ...database(Buffer.alloc(0)) }),
  'a pid file of nobody is no obstacle': passes({ ...whole, '/var/run/docker.pid': '321' }),
  'more folders than layers': passes({ ...layers(['one', 'two', 'three', 'three-init']), ...stopped }),
  'a link that leads nowhere, and every layer there': passes({
    ...layers(['one', 'two'], ['L1', 'L2', 'L3']),
    ...stopped,
  }),
  'a layer that is being removed': passes({
    ...layers(['one']),
    [`stat ${LAYERS}/${B}`]: null,
    ...stopped,
  }),
  'a pid file names another process': finds(
    'stalePid',
    {
      ...whole,
      '/var/run/docker.pid': '321\n',
      '/proc/321/status': 'Name:\tsshd\nState:\tS (sleeping)\nPPid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n',
    },
    { says: 'names process 321, which is sshd' },
  ),
  'a database was cut off': finds(
    'damagedDatabase',
    { ...whole, ...database(kv.subarray(0, 8192)) },
    { says: 'was cut off', after: noDatabase },
  ),
  'a database was overwritten': finds(
    'damagedDatabase',
    { ...whole, ...database(Buffer.alloc(65_536, 7)) },
    { says: `${KV} is damaged (it has no valid header)`, after: noDatabase },
  ),
  'what a running engine writes to is not judged': passes({ ...running, ...database(kv.subarray(0, 8192)) }),
  'a panic over a database that is too large to be read': finds(
    'databaseError',
    logged('panic: invalid page type: 7161042456432239721: 6974\n\ngoroutine 1 [running]:\n'),
    { says: 'invalid page type' },
  ),
  'an old panic, and a start since': passes(
    logged('panic: page 26 already freed\nlevel=info msg="Daemon has completed initialization"\n'),
  ),
  'a layer was deleted by hand': finds('lostLayers', withEngine({ ...layers(['one']), ...stopped }), {
    says: `1 layer of images, such as ${OVERLAY}/two, is gone`,
  }),
  'all layers were deleted by hand': finds(
    'lostLayers',
    { ...layers([], []), ...stopped },
    {
      says: '2 layers of images',
    },
  ),
  'an ordinary user': unknown({
    ...running,
    [`${OVERLAY}/`]: { state: 'denied', reason: 'permission denied', durationMs: 0 },
  }),
  'nothing recorded': unknown({}),
})
