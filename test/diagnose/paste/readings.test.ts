import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePaste } from '../../../src/diagnose/paste/blocks.ts'
import { readingsOf } from '../../../src/diagnose/paste/readings.ts'
import { fixture } from '../../net/fixture.ts'
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
  it('kernel parameters by their files', () =>
    expect(
      readings(
        "$ grep -H '^' /proc/sys/net/ipv4/conf/*/rp_filter\n/proc/sys/net/ipv4/conf/all/rp_filter:1\n",
      ),
    ).toEqual({ '/proc/sys/net/ipv4/conf/all/rp_filter': '1\n' }))
  it('the backend that update-alternatives displays', () =>
    expect(
      readings(
        '$ update-alternatives --display iptables\n  link currently points to /usr/sbin/iptables-legacy\n',
      ),
    ).toMatchObject({ 'stat /usr/sbin/iptables': { realPath: '/usr/sbin/xtables-legacy-multi' } }))
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
  it('the owner of the socket by name, where the text tells its number', () =>
    expect(
      readings(
        '$ ls -la /var/run/docker.sock\nsrw-rw---- 1 root docker 0 Jan 2 03:04 /var/run/docker.sock\n$ getent group docker\ndocker:x:998:me\n',
      )['stat /var/run/docker.sock'],
    ).toMatchObject({ uid: 0, gid: 998 }))
  it('what stat says of the socket', () =>
    expect(
      readings(
        '$ stat /var/run/docker.sock\n  File: /var/run/docker.sock\nAccess: (0660/srw-rw----)  Uid: (    0/    root)   Gid: (  998/  docker)\n',
      )['stat /var/run/docker.sock'],
    ).toMatchObject({ type: 'socket', mode: 0o660, uid: 0, gid: 998 }))
  it('df, as statfs of every folder, with the printed percentage', () => {
    const found = readings(
      '$ df\nFilesystem     1K-blocks     Used Available Use% Mounted on\ntmpfs            1000000        0   1000000   0% /run\n/dev/sda1       10000000  9000000    500000  95% /\n',
    )
    expect(Object.keys(found)).toEqual(['statfs /run', 'statfs /run/**', 'statfs /', 'statfs /**'])
    const { blocks, bfree, bavail } = found['statfs /'] as Record<'blocks' | 'bfree' | 'bavail', number>
    expect([blocks, bavail]).toEqual([10_240_000_000, 512_000_000])
    expect(Math.ceil(((blocks - bfree) / (blocks - bfree + bavail)) * 100)).toBe(95)
  })
  it('df -h and df -i together, of one file system', () => {
    const row = (numbers: string): string => `tmpfs 1M 0 1M 0% /run\n/dev/sda1 ${numbers} /\n`
    const found = readings(
      `$ df -h\nFilesystem Size Used Avail Use% Mounted on\n${row('40G 10G 30G 25%')}$ df -i\nFilesystem Inodes IUsed IFree IUse% Mounted on\ntmpfs 9 1 8 12% /run\n${'/dev/sda1 1000 900 100 90% /'}\n`,
    )
    expect(found['statfs /']).toMatchObject({ blocks: 40 * 1024 ** 3, files: 1000, ffree: 100 })
  })
  it('systemctl cat, as the unit’s files and the folder of its drop-ins', () =>
    expect(
      Object.entries(
        readings(
          '$ systemctl cat docker\n# /lib/systemd/system/docker.service\n[Service]\nExecStart=/usr/bin/dockerd\n\n# /etc/systemd/system/docker.service.d/a.conf\n[Service]\nExecStart=\n',
        ),
      ).filter(([key]) => !key.startsWith('stat')),
    ).toEqual([
      ['/lib/systemd/system/docker.service', '[Service]\nExecStart=/usr/bin/dockerd\n'],
      ['/etc/systemd/system/docker.service.d/a.conf', '[Service]\nExecStart=\n'],
      ['/etc/systemd/system/docker.service.d/', ['a.conf']],
    ]))
  it('a masked unit, as the link that it is', () =>
    expect(readings('$ systemctl is-enabled docker\nmasked\n')).toMatchObject({
      'stat /etc/systemd/system/docker.service': { realPath: '/dev/null' },
    }))
  it('ports that are listened on, by ss and by netstat', () => {
    const listed = (text: string): unknown => readings(text)['$ ss -H -l -n -t -u -p']
    expect(
      listed(
        '$ sudo ss -tlnp\nState Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=3))\n',
      ),
    ).toMatchObject({ stdout: 'tcp LISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=3))\n' })
    expect(
      listed(
        '$ netstat -tulpn\nProto Recv-Q Send-Q Local Address Foreign Address State PID/Program name\ntcp6 0 0 :::80 :::* LISTEN 7/nginx: master\nudp 0 0 127.0.0.53:53 0.0.0.0:* 8/systemd-resolve\n',
      ),
    ).toMatchObject({
      stdout:
        'tcp LISTEN 0 0 :::80 *:* users:(("nginx",pid=7,fd=0))\nudp LISTEN 0 0 127.0.0.53:53 *:* users:(("systemd-resolve",pid=8,fd=0))\n',
    })
  })
  it('iptables-save, and the backend that it names', () => {
    const found = readings(`$ sudo iptables-save\n${recorded('iptables-save.txt')}`)
    expect(found['$ iptables-save']).toMatchObject({ exit: 0 })
    expect(found['stat /usr/sbin/iptables']).toMatchObject({ realPath: '/usr/sbin/xtables-nft-multi' })
  })
  it('iptables -S of both tables, as one set of rules', () =>
    expect(
      readings('$ iptables -S\n-P FORWARD DROP\n$ iptables -t nat -S\n-P POSTROUTING ACCEPT\n')[
        '$ iptables-save'
      ],
    ).toMatchObject({
      stdout: '*filter\n-P FORWARD DROP\nCOMMIT\n*nat\n-P POSTROUTING ACCEPT\nCOMMIT\n\n',
    }))
  it('iptables -L -n -v of both tables, as iptables -S prints them', () => {
    const columns = (table: string) => fixture(`net/iptables-list/nft-${table}.txt`)
    const found = readings(
      `$ iptables -nvL\n${columns('filter')}\n$ iptables -t nat -nvL\n${columns('nat')}\n`,
    )['$ iptables-save'] as { stdout: string }
    const rules = ['filter', 'nat']
      .map((table) => fixture(`net/iptables-list/nft-${table}-rules.txt`))
      .join('')
    const rulesIn = (text: string) =>
      text
        .split('\n')
        .flatMap((line) => (line.startsWith('-A') ? [line.replace(/ -j LOG .*/, ' -j LOG')] : []))
    expect(rulesIn(found.stdout)).toEqual(rulesIn(rules))
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
    'a socket with an access list, which the bits do not show':
      '$ ls -l /var/run/docker.sock\nsrw-rw----+ 1 root root 0 Jan 2 03:04 /var/run/docker.sock\n',
    'inodes in rounded numbers':
      '$ df -ih\nFilesystem Inodes IUsed IFree IUse% Mounted on\ntmpfs 2.0M 1 2.0M 1% /run\n/dev/sda1 2.5M 2.5M 10K 100% /\n',
    'rules of a single chain': '$ iptables -S FORWARD\n-P FORWARD DROP\n',
    'connections instead of listeners':
      '$ ss -tnp\nESTAB 0 0 10.0.0.7:22 10.0.0.9:5000 users:(("sshd",pid=7,fd=3))\n',
    'a unit of another program': '$ systemctl cat nginx\n# /lib/systemd/system/nginx.service\n[Service]\n',
    'a client without a server': '$ docker version\nClient:\n Version: 24.0.7\n API version: 1.43\n',
  }
  for (const [name, text] of Object.entries(silent)) it(name, () => expect(readings(text)).toEqual({}))
})

it('takes the client’s own message for what connecting gave', () => {
  const text = 'dial unix /var/run/docker.sock: connect: permission denied'
  expect(readings(text)['GET unix:///var/run/docker.sock /version']).toMatchObject({ state: 'denied' })
})

/** Each with output of its own, and the words at which its parser breaks. */
const PARSERS: Readonly<Record<string, readonly [real: string, words: readonly string[]]>> = {
  'docker info and id': [
    `$ docker info\n${recorded('docker-info.txt').slice(0, 900)}\n$ id\nuid=0(root) gid=0(root)\n`,
    ['$ docker version\n', '$ ip a\n', '$ lsmod\n', 'Server:', '\n WARNING: '],
  ],
  df: [
    '$ df -h\nFilesystem Size Used Avail Use% Mounted on\ntmpfs 1.6G 0 1.6G 0% /run\n/dev/sda1 40G 12G 27G 31% /\n$ df -i /\nFilesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda1 9 8 1 89% /\n',
    ['100%', '0%', '1K-blocks', '999999999999999999999', '/var/lib/docker', '\n   '],
  ],
  'systemctl cat': [
    '$ systemctl cat docker\n# /lib/systemd/system/docker.service\n[Service]\nRequires=a.service\nExecStart=/usr/bin/dockerd\n# /etc/systemd/system/docker.service.d/a.conf\n[Service]\nExecStart=\n',
    [
      '# /etc/systemd/system/docker.service\n',
      'docker.service.d/',
      'Requires=',
      '__proto__.service',
      'Loaded: masked',
    ],
  ],
  iptables: [
    `$ iptables-save\n${recorded('iptables-save.txt').slice(0, 900)}\n$ iptables -S\n-P FORWARD DROP\n$ iptables -t nat -S\n-P POSTROUTING ACCEPT\n`,
    [
      '*nat\n',
      'COMMIT\n',
      ':FORWARD DROP [0:0]',
      'iptables v1.8.7 (nf_tables)',
      '172.17.0.0/16 dev docker0 \n',
    ],
  ],
  'check-config.sh': [
    'info: reading kernel config from /boot/config-5.10.63 ...\n- CONFIG_NET_NS: enabled\n- CONFIG_BRIDGE: missing\n- CONFIG_VETH: enabled (as module)\n'.repeat(
      5,
    ),
    ['CONFIG_', ': missing', ': enabled', '- CONFIG___PROTO__: missing\n'],
  ],
  'ss, netstat and the socket': [
    '$ ss -ltnp\nLISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=3))\n$ netstat -tlnp\ntcp 0 0 :::80 :::* LISTEN 7/nginx\n$ ls -l /var/run/docker.sock\nsrw-rw---- 1 root docker 0 Jan 2 03:04 /var/run/docker.sock\n$ getent group docker\ndocker:x:998:me\n',
    ['LISTEN', 'users:((', 'Gid: (', '998(docker)', '99999999999999999999:'],
  ],
}

describe('never throws', () => {
  for (const [name, [real, words]] of Object.entries(PARSERS))
    it(name, () =>
      hostileRuns(
        fc.property(hostile(real, words), (raw) => {
          for (const key of Object.keys(readings(raw)))
            expect(key).toMatch(/^(?:\/|\$ |GET |stat|env |base64 |identity$)/)
        }),
      ),
    )
})

it('takes time in proportion to the text', () => {
  const words = [
    'a',
    '1',
    '-',
    '/',
    '# /etc/systemd/system/',
    'Filesystem ',
    '- CONFIG_A: ',
    '998(',
    ' ',
    '\n',
  ]
  for (const word of words) expect(readings(`$ df -h\n${word.repeat(50_000)}`)).toBeTypeOf('object')
})

describe('a file is read', () => {
  const SOUND = { '/etc/docker/daemon.json': '{ "debug": true }\n' }
  const WAYS = {
    'from its folder': 'root@web1:/etc/docker# cat daemon.json\n{ "debug": true }\n',
    'from the end of its folder’s path': '[root@web1 docker]# cat daemon.json\n{ "debug": true }\n',
    'with numbers of lines': '$ cat -n /etc/docker/daemon.json\n     1\t{ "debug": true }\n',
    'behind root’s bare mark': '# cat /etc/docker/daemon.json\n{ "debug": true }\n',
    'out of an answer that quotes it':
      '> $ cat /etc/docker/daemon.json\n> { "debug": true }\n> $ uptime\nMe too!\n',
    'as a web page has it': '$ cat /etc/docker/daemon.json\n{ &quot;debug&quot;: true }\n',
  }
  for (const [name, text] of Object.entries(WAYS)) it(name, () => expect(readings(text)).toEqual(SOUND))

  it('only where nothing was left out', () =>
    expect(readings('$ cat /etc/docker/daemon.json\n{\n  ...\n  "debug": true\n}\n')).toMatchObject({
      '/etc/docker/daemon.json': { state: 'notRecorded' },
    }))
})

describe('of two machines', () => {
  const A = 'me@a:~$ id\nuid=1000(me) gid=1000(me) groups=1000(me),998(docker)\n'
  const B = 'me@b:~$ id\nuid=1000(me) gid=1000(me) groups=1000(me)\n'
  it('the one that complains is read', () =>
    expect(
      readings(`${A}${B}me@b:~$ docker ps\nCannot connect to the Docker daemon\n`).identity,
    ).toMatchObject({ groups: [1000] }))
  it('its rules alone are read', () => {
    const save = (host: string, policy: string) =>
      `me@${host}:~$ sudo iptables-save\n# Generated by iptables-save v1.8.7\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ${policy} [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n`
    const failing = 'me@a:~$ docker ps\nCannot connect to the Docker daemon\n'
    const told = JSON.stringify(readings(`${failing}${save('a', 'ACCEPT')}${save('b', 'DROP')}`))
    expect(told).toContain(':FORWARD ACCEPT')
    expect(told).not.toContain(':FORWARD DROP')
  })
  it('neither is, where none does', () => expect(readings(`${A}${B}`)).toEqual({}))
})

describe('whom the socket refuses', () => {
  const DENIED = '$ docker ps\ndial unix /var/run/docker.sock: connect: permission denied\n'
  const ANSWERED = '$ docker ps\nCONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n'
  const VERSION = 'GET unix:///var/run/docker.sock /version'
  it('was refused', () => expect(readings(DENIED)[VERSION]).toMatchObject({ state: 'denied' }))
  it('in newer words', () =>
    expect(
      readings('permission denied while trying to connect to the docker API at unix:///var/run/docker.sock')[
        VERSION
      ],
    ).toMatchObject({ state: 'denied' }))
  it('is let in later on', () =>
    expect(readings(`${DENIED}$ newgrp docker\n${ANSWERED}`)[VERSION]).not.toMatchObject({ state: 'denied' }))
  it('is not root', () =>
    expect(readings(`${DENIED}# id\nuid=0(root) gid=0(root) groups=0(root)\n`)).not.toHaveProperty(
      'identity',
    ))
  it('has the groups of a Chinese session', () =>
    expect(readings('$ id\n用户id=1000(me) 组id=1000(me) 组=1000(me),998(docker)\n').identity).toMatchObject({
      user: 'me',
      groups: [1000, 998],
    }))
  it('has groups by their names', () =>
    expect(
      readings('$ id -nG\nme sudo docker\n$ getent group docker\ndocker:x:998:me\n').identity,
    ).toMatchObject({ user: 'me', groups: [1000, 998] }))
})

it('the folder of modules', () =>
  expect(readings('$ ls /lib/modules\n6.1.0-18-amd64  6.1.0-20-amd64\n')).toEqual({
    '/lib/modules/': ['6.1.0-18-amd64', '6.1.0-20-amd64'],
  }))
