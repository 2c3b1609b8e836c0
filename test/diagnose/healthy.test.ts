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
})
