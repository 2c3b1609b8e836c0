import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePaste } from '../../../src/diagnose/paste/blocks.ts'
import { readingsOf } from '../../../src/diagnose/paste/readings.ts'
import { hostile, hostileRuns } from '../../net/hostile.ts'

const FIXTURES = 'test/fixtures/debian-12-docker-20.10'
const recorded = (name: string): string => readFileSync(`${FIXTURES}/${name}`, 'utf8')
const readings = (text: string) => readingsOf(parsePaste(text))

describe('says the same as the source that it is translated to', () => {
  it('a file', () =>
    expect(readings('$ cat /etc/docker/daemon.json\n{ "debug": true }\n')).toEqual({
      '/etc/docker/daemon.json': '{ "debug": true }\n',
    }))
  it('kernel parameters', () =>
    expect(readings('$ sudo sysctl -a | grep forward\nnet.ipv4.ip_forward = 0\n')).toEqual({
      '/proc/sys/net/ipv4/ip_forward': '0\n',
    }))
  it('uname -a', () =>
    expect(readings('$ uname -a\nLinux web1 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux\n')).toEqual({
      '/proc/sys/kernel/osrelease': '5.15.0-91-generic\n',
      '/proc/sys/kernel/arch': 'x86_64\n',
    }))
  it('id, as the session and the account', () =>
    expect(readings('$ id\nuid=1000(me) gid=1000(me) groups=1000(me),27(sudo)\n')).toEqual({
      identity: { uid: 1000, gid: 1000, user: 'me', groups: [1000, 27], pid: 0 },
      '/etc/passwd': 'me:x:1000:1000::/home/me:/bin/sh\n',
    }))
  it('the owner and mode of the socket', () =>
    expect(
      readings('$ ls -l /var/run/docker.sock\nsrw-rw---- 1 root root 0 Jan 2 03:04 /var/run/docker.sock\n'),
    ).toMatchObject({
      'stat /var/run/docker.sock': { type: 'socket', mode: 0o660, uid: 0, gid: 0 },
    }))
  it('routes, as an ip too old for JSON prints them', () => {
    const found = readings(
      '$ ip r\ndefault via 10.0.0.1 dev eth0\n172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1\n',
    )
    expect(found['$ ip -4 route show table all']).toMatchObject({ exit: 0 })
    expect(found['$ ip -j -4 route show table all']).toMatchObject({ exit: 255 })
  })
  it('docker info, as the engine’s API', () => {
    const { body } = readings(`$ docker info\n${recorded('docker-info.txt')}`)[
      'GET unix:///var/run/docker.sock /info'
    ] as { body: string }
    const real = JSON.parse(recorded('docker-info.json')) as Record<string, unknown>
    const {
      ServerVersion,
      Driver,
      CgroupDriver,
      CgroupVersion,
      DockerRootDir,
      LoggingDriver,
      KernelVersion,
      SecurityOptions,
    } = real
    expect(JSON.parse(body)).toMatchObject({
      ServerVersion,
      Driver,
      CgroupDriver,
      CgroupVersion,
      DockerRootDir,
      LoggingDriver,
      KernelVersion,
      SecurityOptions,
    })
  })
  it('docker version, as the engine’s API', () => {
    const { body } = readings(`$ docker version\n${recorded('docker-version.txt')}`)[
      'GET unix:///var/run/docker.sock /version'
    ] as { body: string }
    const { Version, ApiVersion, MinAPIVersion } = JSON.parse(recorded('docker-version.json')) as Record<
      string,
      unknown
    >
    expect(JSON.parse(body)).toMatchObject({ Version, ApiVersion, MinAPIVersion })
  })
})

describe('is silent where the text shows less than the source', () => {
  const silent = {
    'what a container says of itself': 'root@4f5a6b7c8d9e:/# cat /etc/resolv.conf\nnameserver 127.0.0.11\n',
    'lines of a file that were picked': '$ grep nameserver /etc/resolv.conf\nnameserver 127.0.0.53\n',
    'the rules of one table': '$ sudo iptables-save\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n',
    'a file that is not there':
      '$ cat /etc/docker/daemon.json\ncat: /etc/docker/daemon.json: No such file or directory\n',
    'a program that is not there': '$ getenforce\nbash: getenforce: command not found\n',
    'an owner by a name whose number is not shown':
      '$ ls -l /var/run/docker.sock\nsrw-rw---- 1 root docker 0 Jan 2 03:04 /var/run/docker.sock\n',
    'a client without a server': '$ docker version\nClient:\n Version: 24.0.7\n API version: 1.43\n',
  }
  for (const [name, text] of Object.entries(silent)) it(name, () => expect(readings(text)).toEqual({}))
})

it('takes the client’s own message for what connecting gave', () => {
  const text = 'dial unix /var/run/docker.sock: connect: permission denied'
  expect(readings(text)['GET unix:///var/run/docker.sock /version']).toMatchObject({ state: 'denied' })
})

it('never throws', () => {
  const real = `$ docker info\n${recorded('docker-info.txt').slice(0, 900)}\n$ id\nuid=0(root) gid=0(root)\n`
  hostileRuns(
    fc.property(
      hostile(real, ['$ docker version\n', '$ ip a\n', '$ lsmod\n', 'Server:', '\n WARNING: ']),
      (raw) => {
        expect(typeof readings(raw)).toBe('object')
      },
    ),
  )
})
