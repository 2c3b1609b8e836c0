import { PODMAN } from '../../src/diagnose/words.ts'
import { daemonFile } from '../../src/facts/daemon-config.ts'
import { ENOUGH_IDS, grantIds, makeDockremap } from '../../src/facts/subordinate-steps.ts'
import { usernsRemap } from '../../src/facts/userns-remap.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { disruptive, manualFix, service, setJson } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'security/userns-remap',
  title: 'The ids that containers are mapped to exist',
  why: 'With a mapping to a user that does not exist, or without ids of its own, the engine does not start.',
  profiles: ['docker', 'swarm'],
  needs: { remap: usernsRemap, file: daemonFile },
  symptoms: () => [
    shows(
      /newgidmap: write to gid_map failed: Invalid argument|newuidmap: write to uid_map failed: Invalid argument/,
      0.7,
    ),
    shows(
      /no sub[ug]id ranges|Can't create ID mappings|looking for sub[ug]id ranges|Couldn't create subordinate ID ranges|Error during "?\S+"? user creation|Error during [ug]id lookup/,
      0.96,
    ),
    shows(
      /(?:potentially )?insufficient UIDs or GIDs|there might not be enough IDs|not enough (?:UIDs|GIDs|IDs)|cannot find (?:UID\/GID|mappings) for user|cannot find mappings|No subuid ranges found|not enough unused (?:UIDs|GIDs)|cannot setup namespace using newuidmap|uid range \S+ -> \S+ not allowed/,
      0.93,
      { unless: PODMAN },
    ),
    shows(/\/etc\/sub[ug]id\b/, 0.55),
    shows(/lchown \S+: invalid argument|requested \d+:\d+ for/, 0.8, { unless: PODMAN }),
    shows(/userns-remap|\bdockremap\b/, 0.7),
    says(/\bsub[ug]id|\buserns-remap|\bdockremap|subordinate/, 0.8),
    shows(/no line matching user[^\n]*sub[ug]id/, 0.3),
    shows(
      /cannot set up namespace using newuidmap|newuidmap: [^\n]*not allowed|rootless containers? not able to run/,
      0.6,
    ),
  ],
  findings: {
    noUser: fail('userns-remap is {setting}, and there is no user {user}: the engine does not start'),
    noGroup: fail('userns-remap is {setting}, and there is no group {group}: the engine does not start'),
    noIds: fail('userns-remap is {setting}, and {file} gives {owner} no ids: the engine does not start'),
    fewIds: warn('{file} gives {owner} {count} ids: images that use more cannot be unpacked'),
  },
  evaluate({ remap, file }, report) {
    if (!remap) return report.skip('userns-remap is not set')
    const { setting, user, group, isDefault, userExists, groupExists, uids, gids, freeUid, freeGid } = remap
    if (isDefault && uids + gids === 0) return report.pass('dockremap, which the engine makes itself')
    const inFile = file.state === 'present' && Object.hasOwn(file.value, 'userns-remap')
    const byDefault = inFile
      ? disruptive(
          'Map to dockremap, a user for that alone; present images are hidden by that',
          ...makeDockremap(freeUid, freeGid),
          setJson(file.path, ['userns-remap'], 'default'),
          service('docker', 'restart'),
        )
      : manualFix('Write --userns-remap=default, or make the user and its ranges')
    if (userExists === false && !isDefault) return report('noUser', { setting, user }, byDefault)
    if (groupExists === false && !isDefault) return report('noGroup', { setting, group }, byDefault)
    if (userExists === null && uids === 0)
      return report.unknown(`whether a directory service gives ${user} subordinate ids`)
    const sides = [
      { path: '/etc/subuid', of: 'uids', owner: user, count: uids, first: freeUid },
      { path: '/etc/subgid', of: 'gids', owner: group, count: gids, first: freeGid },
    ] as const
    const found = sides.flatMap(({ path, of, owner, count, first }) => {
      if (count >= ENOUGH_IDS) return []
      const grant = grantIds(of, owner, first)
      const cure = disruptive(`Give ${owner} a range of ids`, grant, service('docker', 'restart'))
      return count === 0
        ? [report('noIds', { setting, file: path, owner }, cure)]
        : [report('fewIds', { file: path, owner, count }, cure)]
    })
    return report.all(found, () => report.pass(`${user}:${group}, ${uids} and ${gids} ids`))
  },
})
