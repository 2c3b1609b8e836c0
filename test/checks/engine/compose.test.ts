import check from '../../../checks/engine/compose.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answer, base64 } from '../containers-host.ts'
import { api, captured, host, statOf, stopped } from '../engine-host.ts'

const OWN = '/root/.docker/cli-plugins'
const SYSTEM = '/usr/libexec/docker/cli-plugins'
const plugin = (folder: string, name: string, mode = 0o755): Readings => ({
  [`${folder}/`]: [name],
  [`stat ${folder}/${name}`]: statOf('file', mode),
})
const deadLink: Readings = {
  [`${OWN}/`]: ['docker-compose', 'docker-scan'],
  [`stat ${OWN}/docker-compose`]: null,
}
const PROGRAM = '/usr/bin/docker-compose'
const standalone = (head: string, version: Readings[string] = null): Readings => ({
  [`stat ${PROGRAM}`]: statOf('file', 0o755),
  [`base64 ${PROGRAM}`]: base64(head),
  '$ docker-compose version --short': version,
})
const ELF = `\x7fELF\x02\x01\x01${'\0'.repeat(9)}\x02\0\x3e\0`
const script = standalone('#!/usr/bin/python3\n# EASY-INSTALL')
const engine = (Version: string): Readings => ({
  [api('/version')]: answer({ ...JSON.parse(captured('docker-version.json')), Version }),
})

/** What a text says was refused. */
const refused = (...plugins: readonly string[]) => ({
  settings: { refused: { ports: [], plugins, mounts: [], registries: { plain: [], others: [] } } },
})
const ofDocker = { ...host, '$ dpkg-query**': { stdout: 'ii \tdocker-ce\t5:27.5.1\n', stderr: '', exit: 0 } }

testCheck(check, {
  'a command calls a plugin that is not there': finds('notInstalled', host, {
    ...refused('buildx'),
    says: 'the docker command has no plugin buildx',
  }),
  "the same beside Docker's own packages": finds('notInstalled', ofDocker, {
    ...refused('compose'),
    after: plugin(SYSTEM, 'docker-compose'),
  }),
  'a command called a plugin that is there by now': passes(
    { ...host, ...plugin(SYSTEM, 'docker-compose') },
    refused('compose'),
  ),
  neither: passes(host, { says: 'neither is installed' }),
  'the plugins of docker.com': passes(
    {
      ...host,
      ...plugin(SYSTEM, 'docker-compose'),
      [`${SYSTEM}/`]: ['docker-buildx', 'docker-compose'],
      [`stat ${SYSTEM}/docker-buildx`]: statOf('file', 0o755),
    },
    { says: `${SYSTEM}/docker-compose` },
  ),
  'downloaded, and not made executable': finds(
    'notExecutable',
    { ...host, ...plugin(OWN, 'docker-compose', 0o644) },
    {
      says: /cli-plugins\/docker-compose .* docker compose does not work/,
      after: {},
    },
  ),
  'what is left of Docker Desktop': finds(
    'leadsNowhere',
    { ...host, ...deadLink },
    { after: { [`${OWN}/`]: [] } },
  ),
  'what is left of Docker Desktop, before the plugin of the system': finds(
    'leadsNowhere',
    { ...host, ...deadLink, ...plugin(SYSTEM, 'docker-compose') },
    { after: { [`${OWN}/`]: [] } },
  ),
  'Docker Desktop is stopped, and with it all that it lends to WSL': skips({
    ...host,
    ...deadLink,
    'stat /usr/bin/docker': null,
  }),
  'the same with a client that passes over it': passes({
    ...host,
    ...engine('29.0.1'),
    ...deadLink,
    ...plugin(SYSTEM, 'docker-compose'),
  }),
  'only version 1, as Debian 12 has it': finds(
    'onlyVersion1',
    { ...host, ...script },
    { says: /is installed$/ },
  ),
  'only version 1, and an engine that it fails with': finds(
    'onlyVersion1',
    { ...host, ...engine('27.5.1'), ...script },
    { says: 'ContainerConfig' },
  ),
  "only version 1, beside Docker's own packages": finds(
    'onlyVersion1',
    {
      ...host,
      ...script,
      '$ dpkg-query**': { stdout: 'ii \tdocker-ce\t5:27.5.1\n', stderr: '', exit: 0 },
    },
    { after: plugin(SYSTEM, 'docker-compose') },
  ),
  'only version 1, on Ubuntu': finds(
    'onlyVersion1',
    { ...host, ...script, '/etc/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\n' },
    { after: plugin(SYSTEM, 'docker-compose') },
  ),
  'only version 1, downloaded': finds('onlyVersion1', { ...host, ...standalone(ELF, '1.29.2\n') }),
  'version 1 beside the plugin': passes(
    { ...host, ...script, ...plugin(SYSTEM, 'docker-compose') },
    { says: PROGRAM },
  ),
  'version 2 as a program of its own': passes({ ...host, ...standalone(ELF, '2.24.5\n') }),
  'version 2 that does not say so': passes({
    ...host,
    ...standalone(ELF, { stdout: '', stderr: 'broken', exit: 1 }),
  }),
  'a script that wraps the plugin': passes({
    ...host,
    ...standalone('#!/bin/sh\nexec docker compose "$@"\n', 'Docker Compose version v2.40.2\n'),
    ...plugin(SYSTEM, 'docker-compose'),
  }),
  "another user's folder": passes({ ...host, [`${OWN}/`]: missing('denied', 'permission denied') }),
  'no docker command': skips({ ...stopped, 'stat /usr/bin/docker': null }),
  'nothing recorded': unknown({}),
})
