import { describe, expect, it } from 'vitest'
import type { Host } from '../../src/hosts/host.ts'
import { liveHost } from '../../src/hosts/live.ts'
import { memoryHost } from '../../src/hosts/memory.ts'
import { loadSnapshot } from '../../src/hosts/snapshot/load.ts'
import { snapshotHost } from '../../src/hosts/snapshot.ts'
import { missing } from '../../src/model/reading.ts'
import { inspected, listed, web } from '../checks/container/web.ts'
import { host, statOf, tester } from '../checks/engine-host.ts'
import { first, implied, told } from './told.ts'

const REFUSED =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'
const DENIED =
  'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied'

describe('what programs print names its cause', () => {
  const texts: Readonly<Record<string, readonly string[]>> = {
    'engine/config': [
      '{\n  "log-driver": "local"\n  "live-restore": true\n}\ndocker does not start',
      `dockerd[812]: unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid character '"' after object key:value pair`,
      'json: cannot unmarshal string into Go struct field Config.ipv6 of type bool',
    ],
    'engine/config-flags': [
      'the following directives are specified both as a flag and in the configuration file: hosts: (from flag: [fd://], from file: [tcp://0.0.0.0:2376])',
      '{ "hosts": ["tcp://127.0.0.1:2375", "unix:///var/run/docker.sock"] }\nProcess: 812 ExecStart=/usr/bin/dockerd -H fd:// (code=exited, status=1/FAILURE)',
    ],
    'engine/service': [
      'failed to load listeners: no sockets found via socket activation: make sure the service was started by systemd',
      'Failed to start docker.service: Unit docker.service is masked.',
    ],
    'engine/client-target': [
      'Cannot connect to the Docker daemon at tcp://127.0.0.1:2375. Is the docker daemon running?',
      'Cannot connect to the Docker daemon at unix:///home/me/.docker/desktop/docker.sock. Is the docker daemon running?',
    ],
    'engine/limits': [
      '[alert] 23#23: *9 socket() failed (24: Too many open files) while connecting to upstream',
    ],
    'engine/log-driver': ['I cannot see the container logs: docker logs shows nothing'],
    'security/remote-api': ['top shows kinsing at 100 % CPU, and a container that nobody started'],
    'security/apparmor': [
      'unable to apply apparmor profile: apparmor failed to apply profile: write /proc/self/attr/apparmor/exec: no such file or directory',
    ],
    'host/architecture': ['docker: no matching manifest for linux/arm/v8 in the manifest list entries.'],
    'host/memory': [
      'kernel: Out of memory: Killed process 812 (mysqld) total-vm:1812836kB, anon-rss:178840kB, file-rss:0kB',
    ],
    'host/limits': ['tail: inotify cannot be used, reverting to polling: Too many open files'],
    'firewall/cluster-ports': [
      'Error response from daemon: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial tcp 10.77.0.2:2377: connect: no route to host"',
    ],
    'engine/version': [
      'Error response from daemon: client version 1.24 is too old. Minimum supported API version is 1.44',
    ],
    'kernel/modules-match': [
      'failed to add the host (veth1a2b3c4) <=> sandbox (veth5d6e7f8) pair interfaces: operation not supported',
    ],
    'kernel/seccomp': ['curl: (6) getaddrinfo() thread failed to start'],
    'kernel/namespaces': [
      '[rootlesskit:parent] error: failed to start the child: fork/exec /proc/self/exe: no space left on device',
    ],
    'cgroup/driver': [
      'misconfiguration: kubelet cgroup driver: "cgroupfs" is different from docker cgroup driver: "systemd"',
    ],
    'network/ip-forward': ['WARNING: IPv4 forwarding is disabled. Networking will not work.'],
    'network/conntrack': ['nf_conntrack: nf_conntrack: table full, dropping packet'],
    'network/ports': [
      'Error starting userland proxy: listen tcp4 0.0.0.0:5432: bind: address already in use',
    ],
    'firewall/firewalld': [
      "Error: ZONE_CONFLICT: 'docker0' already bound to a zone",
      'kernel: filter_FWD_docker_REJECT: IN=br-0a1b2c3d4e5f OUT=eth0 SRC=172.18.0.2 DST=192.0.2.9 PROTO=TCP DPT=443',
    ],
    'firewall/forward-policy': ['From 10.0.0.5 icmp_seq=1 Destination Host Prohibited'],
    'security/selinux': ['error while loading shared libraries: libc.so.6: cannot change memory protections'],
    'security/userns-remap': [`Can't create ID mappings: no subuid ranges found for user "dockremap"`],
    'storage/backing-filesystem': [
      'overlay2: the backing xfs filesystem is formatted without d_type support',
    ],
    'storage/inodes': [
      'mkdir /var/lib/docker/overlay2/1f/diff: no space left on device\nno space left on device, but df shows plenty',
    ],
    'storage/integrity': ['panic: invalid page type: 7161042456432239721: 6974'],
    'registry/rate-limit': ['toomanyrequests: You have reached your unauthenticated pull rate limit.'],
    'registry/insecure': [
      'Get "https://10.0.0.15:5000/v2/": http: server gave HTTP response to HTTPS client',
    ],
    'registry/tls': ['Get "https://reg.example.com/v2/": x509: certificate signed by unknown authority'],
    'registry/proxy': ['proxyconnect tcp: dial tcp 127.0.0.1:7890: connect: connection refused'],
    'container/listening': [
      'curl: (52) Empty reply from server',
      ' * Running on http://127.0.0.1:5000\n$ curl localhost:5000\ncurl: (7) connection refused',
    ],
    'network/mtu': ['From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)'],
    'network/subnet-overlap': [
      'default via 192.168.32.254 dev eth0\n192.168.32.0/20 dev br-0a1b2c3d4e5f proto kernel scope link src 192.168.32.1\n192.168.32.0/20 dev eth0 proto kernel scope link src 192.168.32.7',
      'cannot program address 10.0.1.4/24 in sandbox interface because it conflicts with existing route {Ifindex: 9 Dst: 10.0.1.0/24}',
    ],
  }
  for (const [check, each] of Object.entries(texts)) {
    for (const text of each)
      it(`${check}: ${text.slice(0, 60)}`, async () => expect(await first(text)).toBe(check))
  }
})

describe('people’s own words name it', () => {
  const texts: Readonly<Record<string, readonly string[]>> = {
    'security/docker-group': [
      'I added myself to the docker group, and docker still says permission denied without sudo',
    ],
    'network/mtu': ['pip install hangs inside the container while the host is on WireGuard'],
    'network/dns': ['容器内无法解析域名', 'the container can ping 8.8.8.8 but no names are resolved'],
    'network/subnet-overlap': [
      'our office uses 172.17.0.0/16, which conflicts with docker',
      'as soon as docker starts, the server drops my ssh connection',
    ],
    'firewall/cluster-ports': ['containers on different swarm nodes cannot ping each other'],
    'kernel/modules-match': ['内核升级后 docker 启动失败'],
    'host/clock': ['docker pull fails, and the server time is two hours behind'],
    'engine/rootless': ['rootless docker stops as soon as I log out of ssh'],
    'network/bridge-netfilter': [
      'pods cannot reach a service when its endpoint is on the same node',
      'I set icc=false, and containers on docker0 are still able to reach each other',
    ],
    'network/conntrack': ['the table gets full and new connections to the host are dropped'],
    'firewall/forward-policy': ['since docker was installed my libvirt VMs have lost the network'],
    'firewall/ufw': [
      'I enabled ufw to keep the database safe, but the published port of the container is not blocked',
    ],
  }
  for (const [check, each] of Object.entries(texts)) {
    for (const text of each) it(`${check}: ${text}`, async () => expect(await first(text)).toBe(check))
  }
})

describe('a phrase that several causes share', () => {
  it('is no more than possible, and asks what decides', async () => {
    const { causes } = await told(REFUSED)
    expect(causes.length).toBeGreaterThan(2)
    expect(causes.map(({ confidence }) => confidence)).not.toContain('likely')
    expect(causes[0]?.ask).toContain('systemctl status docker')
  })

  it('is decided by what stands beside it', async () => {
    const { causes } = await told(
      `${REFUSED}\njournal: failed to start daemon: error initializing graphdriver: /var/lib/docker contains several valid graphdrivers: aufs, overlay2`,
    )
    expect(causes[0]).toMatchObject({ check: 'storage/driver', confidence: 'likely' })
  })
})

describe('what is pasted is judged by the checks', () => {
  it('confirms a cause, with the pasted reading as evidence', async () => {
    const { causes } = await told(`${REFUSED}\n$ cat /etc/docker/daemon.json\n{ "debug": true, }\n`)
    expect(causes[0]).toMatchObject({ check: 'engine/config', confidence: 'confirmed', finding: 'syntax' })
    expect(causes[0]?.evidence[0]?.source).toBe('pasted /etc/docker/daemon.json')
  })

  it('tells a session that is older than the membership from no membership', async () => {
    const id = (groups: string) => `$ id\nuid=1000(me) gid=1000(me) groups=1000(me)${groups}\n`
    const members = (names: string) => `$ getent group docker\ndocker:x:998:${names}\n`
    const older = await told(`${DENIED}\n${id('')}${members('me')}`)
    const none = await told(`${DENIED}\n${id('')}${members('')}`)
    expect(older.causes[0]).toMatchObject({
      check: 'security/docker-group',
      finding: 'staleSession',
      confidence: 'confirmed',
    })
    expect(none.causes[0]).toMatchObject({
      check: 'security/docker-group',
      finding: 'notMember',
      confidence: 'confirmed',
    })
  })

  it('rules a cause out, where it suffices by itself', async () => {
    const { ruledOut } = await told(
      'connect: network is unreachable\n$ ip r\ndefault via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link\n$ ip a\n2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc fq state UP\n    inet 10.0.0.7/24 scope global eth0\n',
    )
    expect(ruledOut.map(({ check }) => check)).toContain('network/default-route')
  })

  it('hides credentials, in readings and in what is quoted of the text', async () => {
    const diagnosis = await told(
      'proxyconnect tcp: dial tcp: lookup http://user:s3cret@proxy:3128: no such host\nHTTP_PROXY=http://user:s3cret@proxy:3128',
    )
    expect(JSON.stringify(diagnosis)).not.toContain('s3cret')
  })
})

describe('on a host', () => {
  const HOST = 'test/hosts/debian-12-sysvinit.json'
  const well = async () => snapshotHost(await loadSnapshot(HOST))
  const withBadConfiguration = async () => {
    const recorded = (await loadSnapshot(HOST)).readings
    return memoryHost({
      ...recorded,
      '/etc/docker/daemon.json': '{ "debug": true, }',
      'GET unix:///var/run/docker.sock /version': {
        state: 'failed',
        reason: 'connection refused',
        durationMs: 0,
      },
      'GET unix:///var/run/docker.sock /info': {
        state: 'failed',
        reason: 'connection refused',
        durationMs: 0,
      },
    })
  }

  it('rules out what is well there, with the observation', async () => {
    const { causes, ruledOut } = await told(REFUSED, await well())
    expect(causes.filter(({ confidence }) => confidence === 'confirmed')).toEqual([])
    expect(ruledOut.find(({ check }) => check === 'engine/running')?.by).toContain('answers')
  })

  it('names the root cause first, and what follows from it after it', async () => {
    const { causes } = await told(REFUSED, await withBadConfiguration())
    expect(causes[0]).toMatchObject({ check: 'engine/config', confidence: 'confirmed' })
    expect(causes[0]?.explains).toContain('engine/running')
    expect(causes.find(({ check }) => check === 'engine/running')?.causedBy).toContain('engine/config')
  })

  it('is told what is wrong, where the text is certain of nothing', async () => {
    const { causes } = await told('the container exited with code 1', await withBadConfiguration())
    const [first] = causes
    expect(first).toMatchObject({ check: 'engine/config', confidence: 'confirmed', unspoken: true })
    expect(first?.evidence.some(({ source }) => source === 'text')).toBe(false)
  })

  it('is not said to be well where only the words of a text suggested anything', async () => {
    const { causes, ruledOut, collect } = await told(
      'docker: "build" requires exactly 1 argument.',
      await well(),
    )
    expect({ causes, ruledOut }).toEqual({ causes: [], ruledOut: [] })
    expect(collect).not.toEqual([])
  })

  it('is not asked about a text that says nothing', async () => {
    const { causes, collect } = await told('lorem ipsum dolor sit amet', liveHost)
    expect(causes).toEqual([])
    expect(collect.length).toBeGreaterThan(0)
  })
})

describe('a setting counts in full where something went wrong', () => {
  it('a proxy and a pull that fails', async () => {
    expect(
      await first(
        'Environment="HTTPS_PROXY=http://proxy.example:3128"\nERROR: failed to pull: connection reset',
      ),
    ).toBe('registry/proxy')
  })

  it('a required option that check-config.sh misses, before the optional ones', async () => {
    expect(
      await implied(
        'Generally Necessary:\n- CONFIG_CGROUP_DEVICE: missing\n\nOptional Features:\n- CONFIG_USER_NS: enabled',
      ),
    ).toEqual(['likely kernel/config: - CONFIG_CGROUP_DEVICE: missing'])
  })
})

it('no version is named that nobody pasted', async () => {
  const [cause] = (await told('$ cat /etc/docker/daemon.json\n{ "foo": true }')).causes
  expect(cause?.message).toContain('"foo" is no option that the engine knows')
})

describe('a permission that is denied', () => {
  it('to root is none of a group’s', async () => {
    const { causes } = await told(
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n# id\nuid=0(root) gid=0(root) groups=0(root)',
    )
    expect(causes.filter(({ confidence }) => confidence !== 'possible')).toEqual([])
    expect(causes[0]?.check).not.toBe('security/docker-group')
  })

  const DENIED = 'dial unix /var/run/docker.sock: connect: permission denied'

  it('by a socket that no group may have', async () => {
    const [cause] = (
      await told(`me@host:~$ docker ps
${DENIED}
me@host:~$ getent group docker
me@host:~$ ls -l /var/run/docker.sock
srw-rw---- 1 root root 0 Jan  9 10:01 /var/run/docker.sock
me@host:~$ id
uid=1000(me) gid=1000(me) groups=1000(me),27(sudo)`)
    ).causes
    expect(cause).toMatchObject({
      check: 'security/docker-group',
      finding: 'noGroup',
      confidence: 'confirmed',
    })
  })

  it('by the socket of another user’s engine is none of a group’s', async () => {
    expect(
      await first(
        'permission denied while trying to connect to the Docker daemon socket at unix:///run/user/1001/docker.sock: dial unix /run/user/1001/docker.sock: connect: permission denied\n$ echo $DOCKER_HOST\nunix:///run/user/1001/docker.sock',
      ),
    ).toBe('engine/client-target')
  })
})

it('an engine that was stopped is likely the cause that nothing answers', async () => {
  expect(
    (
      await told(`Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
● docker.service - Docker Application Container Engine
     Loaded: loaded (/lib/systemd/system/docker.service; enabled; vendor preset: enabled)
     Active: inactive (dead) since Tue 2024-01-09 10:00:00 UTC; 5min ago`)
    ).causes[0],
  ).toMatchObject({ check: 'engine/running', confidence: 'likely' })
})

describe('what an engine without root lacks', () => {
  const LAYER =
    '$ unshare --user --map-auto tar -xf layer.tar\ntar: file: Cannot change ownership to uid 70000, gid 70000: Invalid argument'
  const withIds = (count: number) =>
    memoryHost({
      ...host,
      identity: tester,
      '/etc/passwd': `${host['/etc/passwd']}tester:x:4242:4242::/home/tester:/bin/bash\n`,
      '/etc/subuid': `tester:100000:${count}\n`,
      '/etc/subgid': `tester:100000:${count}\n`,
      'stat /usr/bin/newuidmap': statOf('file', 0o4755),
      'stat /usr/bin/newgidmap': statOf('file', 0o4755),
    })
  it('is looked for by its own profile: the ids that an image needs', async () => {
    const { causes } = await told(LAYER, withIds(1000))
    expect(causes[0]).toMatchObject({ check: 'engine/rootless', finding: 'fewIds', confidence: 'confirmed' })
  })
  it('is not said where the user has them', async () => {
    const { causes } = await told(LAYER, withIds(65_536))
    const confirmed = causes.filter(({ confidence }) => confidence === 'confirmed')
    expect(confirmed.map(({ finding }) => finding)).not.toContain('fewIds')
  })
})

describe('a host that answers nothing', () => {
  const silent: Host = {
    kind: 'live',
    read: (_, signal) =>
      new Promise((resolve) => {
        const alive = setTimeout(() => undefined, 60_000)
        signal.addEventListener('abort', () => {
          clearTimeout(alive)
          resolve(missing('timeout', 'the run ended first'))
        })
      }),
  }
  it('is answered when its time is up, and is not called hung', async () => {
    const { causes } = await told(`${REFUSED} The container of port 8080 cannot be reached`, silent, {
      timeoutS: 0.5,
    })
    expect(causes.filter(({ confidence }) => confidence === 'confirmed')).toEqual([])
  })
})

describe('what was not looked at is not ruled out', () => {
  it('where the network is not to be asked', async () => {
    const { ruledOut, causes } = await told(
      `$ docker pull nginx\nGet "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded)\n$ uname -r\n6.1.0-18-amd64\n`,
    )
    expect(ruledOut).toEqual([])
    expect(causes.map(({ check }) => check)).toContain('registry/hub')
  })
})

it('a container that its own check finds unhealthy is named for it', async () => {
  const unhealthy = {
    ...web,
    ...listed({ Status: 'Up 2 minutes (unhealthy)' }),
    ...inspected({ Health: { Status: 'unhealthy' } }),
  }
  const { causes } = await told('container web is unhealthy', memoryHost(unhealthy))
  expect(causes[0]).toMatchObject({
    check: 'container/running',
    finding: 'unhealthy',
    confidence: 'confirmed',
  })
})
