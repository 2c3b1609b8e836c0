/** What a healthy host prints implies nothing, whoever pastes it. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { implied } from './told.ts'

const FIXTURES = 'test/fixtures/debian-12-docker-20.10'

/** As they are printed, with the command before them. */
const PRINTED = {
  'docker info': 'docker-info.txt',
  'docker version': 'docker-version.txt',
  'cat /var/log/docker.log': 'docker.log',
  'iptables-save': 'iptables-save.txt',
  'cat /etc/group': 'group.txt',
  'cat /etc/os-release': 'os-release.txt',
  'cat /proc/mounts': 'mountinfo.txt',
}

describe('nothing is called confirmed or likely in', () => {
  for (const [command, file] of Object.entries(PRINTED)) {
    it(command, async () => {
      const output = readFileSync(`${FIXTURES}/${file}`, 'utf8')
      expect(await implied(output)).toEqual([])
      expect(await implied(`$ ${command}\n${output}`)).toEqual([])
    })
  }

  it('the processor of a virtual machine that has all of x86-64-v2', async () => {
    const flags =
      'flags\t\t: fpu sse sse2 ht syscall nx lm rep_good nopl cpuid ssse3 cx16 sse4_1 sse4_2 popcnt hypervisor'
    expect(await implied(`$ cat /proc/cpuinfo\nmodel name\t: QEMU Virtual CPU\n${flags}`)).toEqual([])
  })

  for (const text of [
    'DiskPressure     False   KubeletHasNoDiskPressure   kubelet has no disk pressure',
    'WARNING: No blkio weight support\nWARNING: No blkio weight_device support',
    '$ cat /sys/fs/cgroup/memory.swap.max\nmax',
    '# iptables -P FORWARD ACCEPT\n# docker run hello-world\nHello from Docker!',
    '请在 /etc/docker/daemon.json 中加入 "registry-mirrors"：\n{ "registry-mirrors": ["https://a.example"] }',
    'table inet f2b-table {\n\tset addr { type ipv4_addr; }\n}\ntable ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; policy drop;\n\t\tjump DOCKER-USER\n\t}\n}',
  ])
    it(text.replace(/\s+/g, ' ').slice(0, 60), async () => expect(await implied(text)).toEqual([]))

  it('the journal of a start', async () => {
    expect(
      await implied(`systemd[1]: Starting docker.service - Docker Application Container Engine...
dockerd[812]: time="2026-01-02T03:04:05.1Z" level=info msg="Starting up"
dockerd[812]: time="2026-01-02T03:04:05.2Z" level=info msg="[graphdriver] trying configured driver: overlay2"
dockerd[812]: time="2026-01-02T03:04:05.3Z" level=info msg="Loading containers: start."
dockerd[812]: time="2026-01-02T03:04:05.4Z" level=info msg="Default bridge (docker0) is assigned with an IP address 172.17.0.0/16. Daemon option --bip can be used to set a preferred IP address"
dockerd[812]: time="2026-01-02T03:04:05.5Z" level=info msg="Daemon has completed initialization"
dockerd[812]: time="2026-01-02T03:04:05.6Z" level=info msg="API listen on /run/docker.sock"
systemd[1]: Started docker.service - Docker Application Container Engine.`),
    ).toEqual([])
  })

  it('systemctl status', async () => {
    expect(
      await implied(`● docker.service - Docker Application Container Engine
     Loaded: loaded (/lib/systemd/system/docker.service; enabled; preset: enabled)
     Active: active (running) since Fri 2026-01-02 03:04:05 UTC; 2h ago
TriggeredBy: ● docker.socket
       Docs: https://docs.docker.com
   Main PID: 812 (dockerd)
      Tasks: 9
     Memory: 98.3M
        CPU: 1.2s
     CGroup: /system.slice/docker.service
             └─812 /usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock`),
    ).toEqual([])
  })

  it('a pull and a run that work', async () => {
    expect(
      await implied(`$ docker pull busybox
Using default tag: latest
latest: Pulling from library/busybox
Digest: sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79
Status: Downloaded newer image for busybox:latest
docker.io/library/busybox:latest
$ docker run --rm busybox ping -c 1 1.1.1.1
PING 1.1.1.1 (1.1.1.1): 56 data bytes
64 bytes from 1.1.1.1: seq=0 ttl=57 time=4.1 ms

--- 1.1.1.1 ping statistics ---
1 packets transmitted, 1 packets received, 0% packet loss
$ df -h /
Filesystem      Size  Used Avail Use% Mounted on
/dev/vda1        40G   12G   27G  31% /
$ docker ps
CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES`),
    ).toEqual([])
  })

  const WELL = {
    thanks: 'I updated the kernel. Everything works well. Just wanted to say thanks for this great tool!',
    'what ufw keeps off the host':
      'Jan 09 10:01:11 srv kernel: [UFW BLOCK] IN=eth0 OUT= SRC=203.0.113.9 DST=192.0.2.5 PROTO=TCP DPT=23',
    'a name that is taken':
      'Error response from daemon: Conflict. The container name "/web" is already in use by container "0f1a2b3c4d5e". You have to remove (or rename) that container to be able to reuse that name.',
    'a folder of root, where there is no SELinux':
      "mysqld: Can't create/write to file '/var/lib/mysql/x' (Errcode: 13 - Permission denied). The folder is a bind mount, owned by root. Ubuntu 22.04, no selinux.",
    'a full snap among file systems with room': `$ df -h
Filesystem      Size  Used Avail Use% Mounted on
tmpfs           3.2G  2.1M  3.2G   1% /run
/dev/sda2       234G   61G  162G  28% /
/dev/loop0       64M   64M     0 100% /snap/core20/1974`,
    'one row of it': '/dev/loop0 64M 64M 0 100% /snap/core20/1974',
    'the socket, and how many files a container may open': `srw-rw---- 1 root docker 0 Jan  2 03:04 /var/run/docker.sock
1073741816`,
    inodes: `Filesystem       Inodes  IUsed    IFree IUse% Mounted on
tmpfs           4096000   1200  4094800    1% /run
/dev/sda2      15630336 530123 15100213    4% /`,
    'ports that the engine publishes': `State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
LISTEN 0      4096         0.0.0.0:80         0.0.0.0:*     users:(("docker-proxy",pid=2201,fd=4))
LISTEN 0      128          0.0.0.0:22         0.0.0.0:*     users:(("sshd",pid=812,fd=3))`,
    'routes of networks side by side': `default via 192.168.1.1 dev eth0 proto dhcp metric 100
172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
172.18.0.0/16 dev br-0a1b2c3d4e5f proto kernel scope link src 172.18.0.1
192.168.1.0/24 dev eth0 proto kernel scope link src 192.168.1.7`,
    'a database that is not published': `CONTAINER ID   IMAGE   COMMAND                  CREATED      STATUS      PORTS      NAMES
0f1a2b3c4d5e   mysql   "docker-entrypoint.s…"   2 days ago   Up 2 days   3306/tcp   db`,
    'the host by name, and a health check': `services:
  web:
    extra_hosts: ["host.lab:host-gateway"]
    healthcheck:
      test: curl -f http://localhost/ || exit 1
      timeout: 10s`,
    'a host that lets in what it knows': `table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    tcp dport 22 accept
  }
}`,
    'a proxy for the engine': `$ cat /etc/systemd/system/docker.service.d/http-proxy.conf
[Service]
TimeoutStartSec=0
Environment="HTTP_PROXY=http://proxy.corp.example:3128"`,
    'a cgroup driver of one’s own choice': `$ cat /etc/docker/daemon.json
{ "exec-opts": ["native.cgroupdriver=systemd"] }`,
    'interfaces, without the command': `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
5: wg0: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1420 qdisc noqueue state UNKNOWN group default qlen 1000
    link/none
    inet 10.9.0.2/24 scope global wg0
       valid_lft forever preferred_lft forever`,
    'a kernel that lacks what is optional': `info: reading kernel config from /boot/config-6.2.0-36-generic ...
Generally Necessary:
- CONFIG_NAMESPACES: enabled
- CONFIG_BRIDGE: enabled (as module)

Optional Features:
- CONFIG_MEMCG_SWAP: missing
    (cgroup swap accounting is currently enabled)
- CONFIG_IOSCHED_CFQ: missing`,
    'the driver that the engine goes on using':
      'dockerd[812]: time="2026-01-02T03:04:05Z" level=info msg="[graphdriver] using prior storage driver: overlay2"',
  }
  for (const [name, text] of Object.entries(WELL)) {
    it(name, async () => expect(await implied(text)).toEqual([]))
  }
})
