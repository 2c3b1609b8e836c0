import fc from 'fast-check'
import { expect, it } from 'vitest'
import check from '../../../checks/security/userns-remap.ts'
import { parseSubordinate } from '../../../src/facts/userns-remap.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { host } from '../engine-host.ts'

const remap = (setting: string, uids = '', gids = uids): Readings => ({
  ...host,
  '/etc/docker/daemon.json': JSON.stringify({ 'userns-remap': setting }),
  '/etc/subuid': uids,
  '/etc/subgid': gids,
})
const cured = { after: {} }
/** What usermod makes of both files. */
const granted = (ranges: string) => ({ after: { '/etc/subuid': ranges, '/etc/subgid': ranges } })

testCheck(check, {
  'not set': skips(host),
  default: passes(remap('default')),
  'default, already made': passes(remap('default', 'dockremap:100000:65536\n')),
  'a user with ids': passes(remap('tester', 'ann:100000:65536\ntester:165536:65536\n')),
  'a user and a group by number': passes(remap('4242:106', 'tester:1:65536\n', 'docker:1:65536\n')),
  'a user nobody knows': finds('noUser', remap('remapper'), { ...cured, says: 'there is no user remapper' }),
  'a group nobody knows': finds('noGroup', remap('tester:nosuch', 'tester:1:65536\n'), cured),
  'a user without ids': finds(
    'noIds',
    remap('tester', 'ann:100000:65536\n'),
    granted('ann:100000:65536\ntester:165536:65536\n'),
  ),
  'a user with few ids': finds(
    'fewIds',
    remap('tester', 'tester:100000:1000\n'),
    granted('tester:100000:1000\ntester:101000:65536\n'),
  ),
  'a user of a directory': unknown({ ...remap('ann'), '/etc/nsswitch.conf': 'passwd: files sss\n' }),
  'nothing recorded': unknown({}),
})

it('never throws', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ':', '1', '\n', '#', ' ') }), (text) => {
      for (const { count } of parseSubordinate(text)) expect(count).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 10_000 },
  ))
