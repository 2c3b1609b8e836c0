/** Whole posts, as people write them: what their pasted output shows is confirmed, and healthy output of the same commands says nothing. */
import { describe, expect, it } from 'vitest'
import { fixture } from '../net/fixture.ts'
import { told } from './told.ts'

const confirmed = async (post: string): Promise<string[]> =>
  (await told(post)).causes
    .filter(({ confidence }) => confidence === 'confirmed')
    .map(({ check, finding }) => `${check}#${finding}`)

const certain = async (post: string): Promise<string[]> =>
  (await told(post)).causes.filter(({ confidence }) => confidence !== 'possible').map(({ check }) => check)

const DISK = (row: string): string => `Filesystem      Size  Used Avail Use% Mounted on
udev            7.8G     0  7.8G   0% /dev
tmpfs           1.6G  1.1M  1.6G   1% /run
${row}
tmpfs           7.8G     0  7.8G   0% /dev/shm
/dev/vda15      105M  6.1M   99M   6% /boot/efi`
const FULL = '/dev/vda1        40G   40G     0 100% /'
const ROOMY = '/dev/vda1        40G   12G   27G  31% /'

describe('df', () => {
  it('of a full disk', async () =>
    expect(
      await confirmed(
        `Hi all, docker pull fails since this morning:\n\nfailed to register layer: write /usr/lib/x.so: no space left on device\n\nHere is my disk:\n\n\`\`\`\nme@web1:~$ df -h\n${DISK(FULL)}\n\`\`\`\n\nThanks for any help with this!`,
      ),
    ).toEqual(['storage/space#full']))

  it('of a full disk, without its command line, beneath Chinese prose', async () =>
    expect(
      await confirmed(
        `大家好，今天拉取镜像失败，提示 no space left on device，麻烦看一下：\n\`\`\`\n${DISK(FULL)}\n\`\`\`\n请问怎么解决？谢谢`,
      ),
    ).toEqual(['storage/space#full']))

  it('in Chinese', async () =>
    expect(
      await confirmed(
        `容器写入报错 no space left on device\n[root@node1 ~]# df -h\n文件系统        容量  已用  可用 已用% 挂载点\n/dev/sda3        36G   36G   20K  100% /\ntmpfs           1.9G     0  1.9G    0% /dev/shm\n`,
      ),
    ).toEqual(['storage/space#full']))

  it('of inodes that are used up, beside space that is not', async () =>
    expect(
      await confirmed(
        `mkdir /var/lib/docker/overlay2/1f: no space left on device\n\n$ df -h 2>&1\n${DISK(ROOMY)}\n\n# sudo df -i\nFilesystem      Inodes   IUsed   IFree IUse% Mounted on\nudev           2031610     420 2031190    1% /dev\n/dev/vda1      2621440 2621440       0  100% /\n`,
      ),
    ).toEqual(['storage/inodes#exhausted']))

  it('of the data folder itself', async () =>
    expect(
      await confirmed(
        `no space left on device\n➜  ~ df -h /var/lib/docker\nFilesystem  Size  Used Avail Use% Mounted on\n/dev/sdb1   100G  100G     0 100% /var/lib/docker\n`,
      ),
    ).toEqual(['storage/space#full']))

  it('of the disk that docker info names', async () =>
    expect(
      await confirmed(
        `no space left on device\n$ docker info\nServer:\n Server Version: 24.0.7\n Storage Driver: overlay2\n Docker Root Dir: /data/docker\n$ df -h\n${DISK(`${ROOMY}\n/dev/sdb1       500G  500G     0 100% /data`)}`,
      ),
    ).toEqual(['storage/space#full']))

  const silent: Readonly<Record<string, string>> = {
    'another disk than docker info names': `no space left on device\n$ docker info\nServer:\n Server Version: 24.0.7\n Storage Driver: overlay2\n Docker Root Dir: /data/docker\n$ df -h\n${DISK(`${FULL}\n/dev/sdb1       500G  100G  400G  20% /data`)}`,
    'a disk with room': `$ df -h\n${DISK(ROOMY)}`,
    'space, of which the inodes are not shown': `no space left on device\n$ df -h\n${DISK(ROOMY)}`,
    'images of snaps, which are always full': `$ df -h\n${DISK(`${ROOMY}\n/dev/loop0       64M   64M     0 100% /mnt/iso`)}`,
    'another folder': `no space left on device\n$ df -h /\nFilesystem  Size  Used Avail Use% Mounted on\n/dev/sda1    40G   40G     0 100% /`,
    'a single row': `no space left on device\n$ df -h\nFilesystem  Size  Used Avail Use% Mounted on\n/dev/sda1    40G   40G     0 100% /`,
    'picked rows': `no space left on device\n$ df -h | grep vda1\n${FULL}`,
    'a disk whose data lies on another': `no space left on device\n$ df -h\n${DISK(`${FULL}\n/dev/sdb1       500G  100G  400G  20% /mnt/docker-data`)}`,
    'a data folder that the writer moved': `no space left on device, although /var/lib/docker is a symlink to /data\n$ df -h\n${DISK(FULL)}`,
    'a container': `no space left on device\nroot@4f5a6b7c8d9e:/# df -h\nFilesystem  Size  Used Avail Use% Mounted on\noverlay      40G   40G     0 100% /\ntmpfs        64M     0   64M   0% /dev`,
    'a container, behind a prompt that does not say so': `no space left on device\n$ df -h\nFilesystem  Size  Used Avail Use% Mounted on\noverlay      40G   40G     0 100% /\ntmpfs        64M     0   64M   0% /dev`,
  }
  for (const [name, post] of Object.entries(silent))
    it(`confirms nothing: ${name}`, async () => expect(await confirmed(post)).toEqual([]))

  it('of a healthy disk makes a full one no longer likely', async () =>
    expect(await certain(`Should I worry?\n$ df -h\n${DISK(ROOMY)}`)).toEqual([]))
})

const UNIT = `# /lib/systemd/system/docker.service
[Unit]
Description=Docker Application Container Engine
After=network-online.target docker.socket firewalld.service containerd.service
Wants=network-online.target containerd.service
Requires=docker.socket

[Service]
Type=notify
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID

[Install]
WantedBy=multi-user.target`
const DROP_IN = '# /etc/systemd/system/docker.service.d/override.conf\n[Service]\n'

describe('systemctl cat', () => {
  it('with a setting that daemon.json has, too', async () =>
    expect(
      await confirmed(
        `Docker fails to start after I opened the API.\n\n[root@host ~]# systemctl cat docker\n${UNIT}\n\n[root@host ~]# cat /etc/docker/daemon.json\n{ "hosts": ["unix:///var/run/docker.sock"] }\n\nWhat is wrong with my config? docker won't start: job failed, the same directives are specified both as a flag and in the configuration file`,
      ),
    ).toContain('engine/config-flags#twice'))

  it('with a second ExecStart', async () =>
    expect(
      await confirmed(
        `docker.service: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.\n\n$ systemctl cat docker.service --no-pager\n${UNIT}\n\n${DROP_IN}ExecStart=/usr/bin/dockerd --mtu 1400\n`,
      ),
    ).toEqual(['engine/service#severalStarts']))

  it('with the command that is gone', async () =>
    expect(
      await confirmed(
        `docker.service: Main process exited, code=exited, status=125\n升级 docker 之后无法启动\n\n$ systemctl cat docker\n${UNIT.replace('/usr/bin/dockerd', '/usr/bin/docker daemon')}\n`,
      ),
    ).toEqual(['engine/service#oldCommand']))

  const silent: Readonly<Record<string, string>> = {
    'as the package brings it': UNIT,
    'a drop-in that clears ExecStart first': `${UNIT}\n\n${DROP_IN}ExecStart=\nExecStart=/usr/bin/dockerd --mtu 1400`,
    'a unit that requires another': UNIT.replace('docker.socket\n', 'docker.socket flanneld.service\n'),
    'a program in a folder of its own': UNIT.replace('/usr/bin/dockerd', '/opt/docker/dockerd'),
    'a drop-in without its unit': `${DROP_IN}ExecStart=/usr/bin/dockerd`,
  }
  for (const [name, output] of Object.entries(silent))
    it(`confirms nothing: ${name}`, async () =>
      expect(await confirmed(`docker.service failed to start\n$ systemctl cat docker\n${output}\n`)).toEqual(
        [],
      ))
})

describe('systemctl status', () => {
  const status = (loaded: string, active: string): string =>
    `$ sudo systemctl status docker\n● docker.service - Docker Application Container Engine\n     Loaded: ${loaded}\n     Active: ${active}\n`

  it('of a masked unit', async () =>
    expect(
      await confirmed(
        `docker won't start\n${status('masked (Reason: Unit docker.service is masked.)', 'inactive (dead)')}`,
      ),
    ).toEqual(['engine/service#masked']))

  it('confirms nothing where the writer has unmasked it', async () =>
    expect(
      await confirmed(
        `Failed to start docker.service: Unit docker.service is masked.\nSo I ran systemctl unmask docker, and now it hangs at start.`,
      ),
    ).toEqual([]))

  it('tells nothing more of a unit that failed', async () =>
    expect(
      await confirmed(
        status('loaded (/lib/systemd/system/docker.service; enabled)', 'failed (Result: exit-code)'),
      ),
    ).toEqual([]))

  it('of an engine that runs says so to all checks', async () =>
    expect(
      await confirmed(
        `Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n${status('loaded (/lib/systemd/system/docker.service; enabled)', 'active (running) since Fri 2026-01-02 03:04:05 UTC')}\n$ cat /etc/docker/daemon.json\n{ "debug": true }\n`,
      ),
    ).toEqual([]))
})

describe('check-config.sh', () => {
  const options = (bridge: string): string => `$ bash check-config.sh
info: reading kernel config from /boot/config-5.10.63-v7+ ...

Generally Necessary:
- cgroup hierarchy: properly mounted [/sys/fs/cgroup]
${['NAMESPACES', 'NET_NS', 'PID_NS', 'IPC_NS', 'UTS_NS', 'CGROUPS', 'CGROUP_DEVICE', 'MEMCG', 'KEYS', 'VETH']
  .map((name) => `- CONFIG_${name}: enabled`)
  .join('\n')}
- CONFIG_BRIDGE: ${bridge}

Optional Features:
- CONFIG_CGROUP_HUGETLB: missing
`
  it('that calls an option missing', async () =>
    expect(await confirmed(`Docker does not start on my board.\n${options('missing')}`)).toEqual([
      'kernel/config#missing',
    ]))
  it('confirms nothing where only optional ones are', async () =>
    expect(await confirmed(`Docker does not start on my board.\n${options('enabled (as module)')}`)).toEqual(
      [],
    ))
  it('confirms nothing where a few lines were picked', async () =>
    expect(
      await confirmed('Docker does not start.\n- CONFIG_BRIDGE: missing\n- CONFIG_VETH: missing\n'),
    ).toEqual([]))
})

describe('the socket and its group', () => {
  const DENIED =
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix /var/run/docker.sock: connect: permission denied'
  const post = (group: string, groups: string): string =>
    `${DENIED}\nme@box:~$ ls -l /var/run/docker.sock\nsrw-rw---- 1 root ${group} 0 Jan  2 03:04 /var/run/docker.sock\nme@box:~$ getent group docker\ndocker:x:998:\nme@box:~$ id\nuid=1000(me) gid=1000(me) groups=1000(me)${groups}\n`

  it('that root alone may use', async () =>
    expect(await confirmed(post('root', ''))).toContain('security/docker-socket#wrongGroup'))
  it('that the group may use, of which the user is not', async () =>
    expect(await confirmed(post('docker', ''))).toEqual(['security/docker-group#notMember']))
  it('confirms nothing of the socket where its group is right', async () =>
    expect((await confirmed(post('docker', ''))).join()).not.toContain('docker-socket'))
})

const INFO =
  'Server:\n Containers: 1\n Server Version: 24.0.7\n Storage Driver: overlay2\n Cgroup Driver: systemd\n Cgroup Version: 2\n Docker Root Dir: /var/lib/docker'
const ROUTES = `default via 10.0.0.1 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.7
172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1`
const ADDRESSES = `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq state UP group default qlen 1000
    link/ether 52:54:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.7/24 brd 10.0.0.255 scope global eth0
3: docker0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:42:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0`
const NAT = ['-P POSTROUTING ACCEPT', '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE']
const OURS = [
  '-A FORWARD -j DOCKER-USER',
  '-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A FORWARD -i docker0 -j ACCEPT',
]

describe('iptables', () => {
  const saved = (rules: readonly string[]): string => `# iptables-save
# Generated by iptables-save v1.8.7 on Fri Jan  2 03:04:05 2026
*nat
:POSTROUTING ACCEPT [0:0]
${NAT[1]}
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER-USER - [0:0]
${rules.join('\n')}
COMMIT`
  const listed = (rules: readonly string[]): string =>
    `$ sudo iptables -S\n-P INPUT ACCEPT\n-P FORWARD DROP\n-N DOCKER-USER\n${rules.join('\n')}\n$ sudo iptables -t nat -S\n${NAT.join('\n')}`
  const post = (rules: string): string =>
    `容器无法访问外网，宿主机正常，请问是什么原因？\n\n[root@node1 ~]# docker info\n${INFO}\n[root@node1 ~]# ip r\n${ROUTES}\n[root@node1 ~]# ip a\n${ADDRESSES}\n${rules}\n`

  it('that drops what no rule accepts', async () =>
    expect(await confirmed(post(saved([])))).toEqual(['firewall/forward-policy#policy']))
  it('that drops by a rule, listed table by table', async () =>
    expect(await confirmed(post(listed(['-A DOCKER-USER -o eth0 -j DROP', ...OURS])))).toEqual([
      'firewall/forward-policy#dropped',
    ]))

  const columns = (name: string, how = '-n -v'): string =>
    `[root@node1 ~]# iptables -L ${how}\n${fixture(`net/iptables-list/${name}.txt`)}\n[root@node1 ~]# iptables -t nat -L -n -v\n${fixture('net/iptables-list/healthy-nat.txt')}`
  it('that drops by a rule, in columns', async () =>
    expect(await confirmed(post(columns('docker-user-drop-filter')))).toEqual([
      'firewall/forward-policy#dropped',
    ]))

  const silent: Readonly<Record<string, string>> = {
    'the engine’s own rules': post(saved(OURS)),
    'the engine’s own rules, in columns': post(columns('healthy-filter')),
    'columns without interfaces': post(columns('nft-filter-brief', '-n')),
    'the same, listed table by table': post(listed(OURS)),
    'the rules of a newer engine': post(
      saved([
        ':DOCKER-FORWARD - [0:0]',
        '-A FORWARD -j DOCKER-USER',
        '-A FORWARD -j DOCKER-FORWARD',
        '-A DOCKER-FORWARD -m set --match-set docker-ext-bridges-v4 dst -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        '-A DOCKER-FORWARD -i docker0 -j ACCEPT',
      ]),
    ),
    'one table': post('$ iptables -S\n-P INPUT ACCEPT\n-P FORWARD DROP'),
    'one chain': post('$ iptables -S FORWARD\n-P FORWARD DROP\n$ iptables -t nat -S\n-P POSTROUTING ACCEPT'),
    'without an engine that answers': post(saved([])).replace(INFO, 'Server:\nERROR: Cannot connect'),
    'with rules that were left out': post(saved(['...'])),
  }
  for (const [name, text] of Object.entries(silent))
    it(`confirms nothing: ${name}`, async () => expect(await confirmed(text)).toEqual([]))
})

describe('what depends on the engine’s version', () => {
  const post = (file: string, more = ''): string =>
    `The docker daemon does not start any more.\n\n$ cat /etc/docker/daemon.json\n${file}\n${more}`
  const VERSION = '$ dockerd --version\nDocker version 24.0.7, build 311b9ff\n'

  it('is not confirmed without it', async () =>
    expect(await confirmed(post('{ "graph": "/data/docker" }'))).toEqual([]))
  it('is confirmed with it', async () =>
    expect(await confirmed(post('{ "graph": "/data/docker" }', VERSION))).toEqual([
      'engine/config#removedKey',
    ]))
  it('is confirmed where docker version shows it', async () =>
    expect(
      await confirmed(
        post('{ "storage-driver": "aufs" }', '$ docker version\nServer:\n Engine:\n  Version: 24.0.7\n'),
      ),
    ).toContain('engine/config#badDriver'))
  it('is no more than doubtful where that version still takes it', async () =>
    expect(
      await confirmed(post('{ "graph": "/data/docker" }', VERSION.replace('24.0.7', '19.03.8'))),
    ).toEqual(['engine/config#doubtful']))
  it('is confirmed where every engine refuses it', async () => {
    expect(await confirmed(post('{ "debug": "yes" }'))).toEqual(['engine/config#wrongType'])
    expect(await confirmed(post('{ "no-such-key": 1 }'))).toEqual(['engine/config#unknownKey'])
  })
})

describe('ports that are listened on', () => {
  const ss = (port: string): string => `State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
LISTEN 0      128          0.0.0.0:22        0.0.0.0:*     users:(("sshd",pid=700,fd=3))
LISTEN 0      4096               *:${port}            *:*     users:(("socat",pid=900,fd=4))`
  const post = (list: string): string =>
    `failed to load listeners: listen tcp 0.0.0.0:2375: bind: address already in use\n$ cat /etc/docker/daemon.json\n{ "hosts": ["tcp://0.0.0.0:2375"] }\n${list}`

  it('name who holds the engine’s own', async () => {
    expect(await confirmed(post(`$ sudo ss -ltnp\n${ss('2375')}\n`))).toContain('network/ports#engineBarred')
  })
  const silent: Readonly<Record<string, string>> = {
    'where it is free': `$ sudo ss -ltnp\n${ss('8080')}\n`,
    'where the engine itself has it': `$ sudo ss -ltnp\n${ss('2375').replace('socat', 'dockerd')}\n`,
    'where nobody tells who has it': `$ ss -ltn\n${ss('2375').replace(/users:.*$/gm, '')}\n`,
    'where netstat shows the engine': '$ netstat -tlnp\ntcp6 0 0 :::2375 :::* LISTEN 812/dockerd\n',
  }
  for (const [name, list] of Object.entries(silent))
    it(`confirm nothing ${name}`, async () =>
      expect((await confirmed(post(list))).join()).not.toContain('network/ports'))
})

describe('what was, and what is', () => {
  it('a setting that was corrected implies nothing', async () =>
    expect(
      await certain(
        '$ sysctl net.ipv4.ip_forward\nnet.ipv4.ip_forward = 0\n$ sudo sysctl -w net.ipv4.ip_forward=1\n$ sysctl net.ipv4.ip_forward\nnet.ipv4.ip_forward = 1\nThe containers still cannot reach the internet.',
      ),
    ).not.toContain('network/ip-forward'))

  it('a message keeps its weight beside output of what is well', async () =>
    expect(
      await certain(
        "$ docker compose up\ndocker: 'compose' is not a docker command.\nSee 'docker --help'\n$ systemctl status docker\n● docker.service - Docker Application Container Engine\n     Loaded: loaded (/lib/systemd/system/docker.service; enabled; vendor preset: enabled)\n     Active: active (running) since Mon 2026-01-05 10:00:00 UTC; 1h ago\n   Main PID: 812 (dockerd)\n",
      ),
    ).toContain('engine/compose'))
})
