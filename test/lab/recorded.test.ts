/**
 * What this machine's kernel cannot do for real: a recorded host that is well, with the readings that such a kernel would give laid over it.
 * As in the lab, each fault must be named first, and what only looks odd must not be named at all.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { catalogue } from '../../src/engine/catalogue.ts'
import { run } from '../../src/engine/run.ts'
import { PROGRAM_FOLDERS } from '../../src/facts/programs.ts'
import { loadSnapshot } from '../../src/hosts/snapshot/load.ts'
import { snapshotHost } from '../../src/hosts/snapshot.ts'
import type { Result } from '../../src/model/report.ts'

interface Case {
  readonly desc: string
  /** The finding that must be named first; none of a decoy. */
  readonly first?: string
  readonly readings: Readonly<Record<string, unknown>>
}

const HOST = 'test/hosts/debian-12-sysvinit.json'
const recorded = JSON.parse(readFileSync(HOST, 'utf8')) as { readings: Record<string, unknown> }

const FILE = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 4096, mtimeMs: 0, ino: 1, dev: 1 }
const printed = (stdout: string) => ({ stdout, stderr: '', exit: 0 })
const text = (key: string): string => String(recorded.readings[key])

/** The answer of the engine, with its security options as they are where it uses SELinux or AppArmor. */
function info(edit: (body: Record<string, unknown>) => void): Record<string, unknown> {
  const key = 'GET unix:///var/run/docker.sock /info'
  const answer = structuredClone(recorded.readings[key]) as { body: string }
  const body = JSON.parse(answer.body) as Record<string, unknown>
  edit(body)
  return { [key]: { ...answer, body: JSON.stringify(body) } }
}
const withOptions = (...options: string[]) =>
  info((body) => {
    body.SecurityOptions = [...options, 'name=seccomp,profile=default']
  })

/** A kernel with SELinux, in the mode that `getenforce` and /etc/selinux/config say, and labels as `ls -Z` shows them. */
const selinux = (now: '0' | '1', config: string, label = 'container_var_lib_t') => ({
  '/proc/filesystems': `${text('/proc/filesystems')}nodev\tselinuxfs\n`,
  '/sys/fs/selinux/enforce': now,
  '/etc/selinux/config': `# This file controls the state of SELinux on the system.\nSELINUX=${config}\nSELINUXTYPE=targeted\n`,
  '$ stat -c %C /var/lib/docker': printed(`system_u:object_r:${label}:s0\n`),
})
const POLICY = { 'stat /usr/share/selinux/packages/container.pp.bz2': FILE }

/** A kernel with AppArmor, as of Debian and Ubuntu; the engine says whether it found it usable. */
const apparmor = (profiles: string, parser: boolean) => ({
  '/sys/module/apparmor/parameters/enabled': 'Y\n',
  '/sys/kernel/security/apparmor/profiles': profiles,
  ...Object.fromEntries(PROGRAM_FOLDERS.map((folder) => [`stat ${folder}/apparmor_parser`, null])),
  ...(parser ? { 'stat /usr/sbin/apparmor_parser': { ...FILE, mode: 0o755 } } : {}),
  ...withOptions('name=apparmor'),
})
const LOADED = 'docker-default (enforce)\n/usr/sbin/ntpd (enforce)\n'
/** The recording's minute, as the kernel counts it. */
const recordedAt = Math.floor(Date.parse(String(recorded.readings.clock)) / 1000)
const denial = (fields: string) =>
  `Nov 21 05:05:10 host kernel: [ 8123.4] audit: type=1400 audit(${recordedAt - 60}.113:61): apparmor="DENIED" ${fields}\n`

/** The data root on an xfs of its own, as the kernel and xfs_info say it. */
const xfs = (ftype: 0 | 1, options: string) => ({
  '/proc/self/mountinfo': `${text('/proc/self/mountinfo')}900 48 253:1 / /var/lib/docker rw,relatime - xfs /dev/vdb1 rw,attr2,inode64,${options}\n`,
  '$ xfs_info /var/lib/docker': printed(
    `meta-data=/dev/vdb1              isize=512    agcount=4, agsize=3276800 blks\nnaming   =version 2              bsize=4096   ascii-ci=0, ftype=${ftype}\n`,
  ),
})
const DAEMON_JSON = '/etc/docker/daemon.json'
const sized = {
  [DAEMON_JSON]: JSON.stringify({ ...JSON.parse(text(DAEMON_JSON)), 'storage-opts': ['overlay2.size=10G'] }),
}

const CASES: Case[] = [
  {
    desc: 'SELinux enforces without the policy for containers',
    first: 'security/selinux#noPolicy',
    readings: selinux('1', 'enforcing', 'var_lib_t'),
  },
  {
    desc: 'SELinux enforces, and the data root was moved with the label of its parent',
    first: 'security/selinux#dataRootLabel',
    readings: { ...selinux('1', 'enforcing', 'var_lib_t'), ...POLICY, ...withOptions('name=selinux') },
  },
  {
    desc: 'SELinux enforces, and the engine was never told',
    first: 'security/selinux#engineFlagOff',
    readings: { ...selinux('1', 'enforcing'), ...POLICY },
  },
  {
    desc: 'SELinux was made permissive by hand, and enforces again at the next boot',
    first: 'security/selinux#modeDiffers',
    readings: { ...selinux('0', 'enforcing'), ...POLICY, ...withOptions('name=selinux') },
  },
  {
    desc: 'SELinux enforces, with policy, labels and the engine at one',
    readings: { ...selinux('1', 'enforcing'), ...POLICY, ...withOptions('name=selinux') },
  },
  {
    desc: 'SELinux is permissive, now and at the next boot, without a policy for containers',
    readings: selinux('0', 'permissive', 'var_lib_t'),
  },
  {
    desc: 'AppArmor is on, and its parser was removed',
    first: 'security/apparmor#parserMissing',
    readings: apparmor('', false),
  },
  {
    desc: 'AppArmor keeps runc from stopping a container',
    first: 'security/apparmor#unstoppable',
    readings: {
      ...apparmor(LOADED, true),
      'end /var/log/kern.log': denial(
        'operation="signal" class="signal" profile="docker-default" pid=71 comm="runc" requested_mask="receive" denied_mask="receive" signal=kill peer="snap.docker.dockerd"',
      ),
    },
  },
  {
    desc: 'AppArmor denies a program in a container what its profile is for',
    readings: {
      ...apparmor(LOADED, true),
      'end /var/log/kern.log': denial(
        'operation="mount" profile="docker-default" name="/proc/" pid=72 comm="mount" flags="rw"',
      ),
    },
  },
  {
    desc: 'AppArmor is on, with its parser and the profile of the engine',
    readings: { ...apparmor(LOADED, true), 'end /var/log/kern.log': '' },
  },
  {
    desc: 'the data root is on xfs with ftype=0',
    first: 'storage/backing-filesystem#noDtype',
    readings: xfs(0, 'noquota'),
  },
  {
    desc: 'the data root is on xfs without pquota, and overlay2.size is set',
    first: 'storage/quota#noQuota',
    readings: { ...xfs(1, 'noquota'), ...sized },
  },
  {
    desc: 'the data root is on xfs with pquota, and overlay2.size is set',
    readings: { ...xfs(1, 'prjquota'), ...sized },
  },
]

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-recorded-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function judge(readings: Case['readings']) {
  const path = join(folder, 'host.json')
  writeFileSync(path, JSON.stringify({ ...recorded, readings: { ...recorded.readings, ...readings } }))
  const host = snapshotHost(await loadSnapshot(path))
  return run(host, {
    checks: catalogue.filter(({ profiles }) => profiles.includes('docker')),
    settings: { profile: 'docker' },
    offline: false,
    timeoutS: 20,
    version: '0.0.0',
  })
}
const named = ({ id, finding }: Result) => `${id}#${finding}`

describe('faults and decoys on a recorded host', () => {
  test.each(CASES)('$desc', async ({ first, readings }) => {
    const { results, causes } = await judge(readings)
    const troubles = results.filter(({ status }) => status === 'fail' || status === 'warn')
    if (!first) return expect(troubles.map(named)).toEqual([])
    const cause = results.find(({ id }) => id === causes[0])
    expect(cause && named(cause)).toBe(first)
  })
})
