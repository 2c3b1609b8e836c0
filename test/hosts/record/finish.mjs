/**
 * Turns what a virtual machine handed out into the recorded hosts that are kept: NAME.json (root), and NAME.user.json
 * with what is otherwise for the ordinary user alice. Nothing that a check judges is changed, but for the world outside,
 * which a virtual machine without internet does not see.
 *   finish.mjs FROM NAME TO
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'

const HUB = '54.198.86.24'
const answer = (status, headers, body) => ({
  ok: true,
  addresses: [HUB],
  address: HUB,
  status,
  headers,
  body,
  timings: { dns: 11, tcp: 95, tls: 104, http: 98 },
})
/** What Docker Hub answers to who has not logged in. https://distribution.github.io/distribution/spec/auth/token/ */
const registry = answer(
  401,
  {
    'content-type': 'application/json',
    'docker-distribution-api-version': 'registry/2.0',
    'www-authenticate': 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
  },
  '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}\n',
)
const allowance = answer(200, {
  'ratelimit-limit': '100;w=21600',
  'ratelimit-remaining': '100;w=21600',
  'docker-ratelimit-source': '203.0.113.7',
})
const token = answer(200, { 'content-type': 'application/json' }, '{"token":"***"}')

const DEVICES =
  /^CONFIG_(?:SND|DRM|FB|USB|MEDIA|VIDEO|DVB|IIO|SENSORS|HID|INPUT|KEYBOARD|MOUSE|TOUCHSCREEN|JOYSTICK|RTC|GPIO|PINCTRL|REGULATOR|MFD|LEDS|I2C|SPI|W1|NET_VENDOR|ATH|IWL|MT7|RTL|RTW|BRCM|SCSI|ATA|SATA|PATA|MTD|PHY|COMMON_CLK|CHARGER|BATTERY|COMEDI|CAN|NFC|BT|INFINIBAND|STAGING|CRYPTO)_.*\n/gm

/** The lines that set an option, but those of devices' drivers, compressed: /boot/config-* may lie there so. */
function shortConfig(base64) {
  const bytes = Buffer.from(base64, 'base64')
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('latin1')
  return gzipSync(text.replace(/^# CONFIG_\w+ is not set\n/gm, '').replace(DEVICES, ''), {
    level: 9,
  }).toString('base64')
}

/** The names of modules, without what they need, and without most drivers of devices. */
const shortIndex = (text) =>
  text
    .replace(/:.*$/gm, ':')
    .replace(/^kernel\/(?:drivers\/(?!net\/[^/]*\.ko|md\/|block\/)|sound\/|crypto\/|arch\/).*\n/gm, '')

const LAST_LINES = /(?:.*\n){0,100}$/

function kept(source, reading) {
  if (source.startsWith('probe https://registry-1.docker.io/v2/')) return registry
  if (source.startsWith('probe HEAD https://registry-1.docker.io/v2/ratelimitpreview/')) return allowance
  if (source.startsWith('probe https://auth.docker.io/token')) return token
  if (source.startsWith('probe https://download.docker.com/'))
    return answer(200, { 'content-type': 'binary/octet-stream' }, '')
  if (source.startsWith('probe dns://')) return { ok: true, addresses: [HUB], timings: { dns: 11 } }
  if (typeof reading === 'string' && source.startsWith('base64 /boot/config-')) return shortConfig(reading)
  if (typeof reading === 'string' && source.endsWith('/modules.dep')) return shortIndex(reading)
  if (typeof reading === 'string' && source === '$ dmesg') return LAST_LINES.exec(reading)?.[0] ?? ''
  return reading !== null && 'durationMs' in Object(reading) ? { ...reading, durationMs: 0 } : reading
}

const [from, name, to] = process.argv.slice(2)
const read = (who) => {
  const snapshot = JSON.parse(readFileSync(`${from}/${who}.json`, 'utf8'))
  const readings = Object.entries(snapshot.readings).map(([source, reading]) => [
    source,
    kept(source, reading),
  ])
  return { ...snapshot, readings: Object.fromEntries(readings) }
}
/** One reading, one line. */
function write(file, { readings, ...about }) {
  const lines = Object.entries(readings).map((entry) => entry.map((part) => JSON.stringify(part)).join(': '))
  const head = JSON.stringify(about, null, 1).slice(0, -2)
  writeFileSync(`${to}/${file}`, `${head},\n "readings": {\n  ${lines.join(',\n  ')}\n }\n}\n`)
}

const root = read('root')
const user = read('user')
const unread = Object.keys(root.readings).filter((source) => !Object.hasOwn(user.readings, source))
const other = Object.entries(user.readings).filter(
  ([source, reading]) => JSON.stringify(reading) !== JSON.stringify(root.readings[source]),
)
const notRecorded = { state: 'notRecorded', reason: 'is not in the recording', durationMs: 0 }
write(`${name}.json`, root)
write(`${name}.user.json`, {
  ...user,
  readings: Object.fromEntries([...other, ...unread.map((source) => [source, notRecorded])]),
})
