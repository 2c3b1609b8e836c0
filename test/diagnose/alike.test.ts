/** Texts that sound like one cause and are another's, or nobody's: that one is not called likely. */
import { describe, expect, it } from 'vitest'
import { implied, told } from './told.ts'

/** Ids of the checks that are more than possible. */
const likely = async (text: string): Promise<string[]> =>
  (await implied(text)).map((one) => one.split(' ')[1]?.replace(/:$/, '') ?? '')

const MIRROR =
  '$ cat /etc/docker/daemon.json\n{\n  "registry-mirrors": ["https://docker.mirrors.ustc.edu.cn"]\n}\n'

describe('a mirror among the settings is not why', () => {
  for (const text of [
    'dial unix /var/run/docker.sock: connect: permission denied',
    'docker: Error response from daemon: driver failed programming external connectivity: listen tcp4 0.0.0.0:80: bind: address already in use.',
    'Error response from daemon: Get "https://harbor.corp/v2/": x509: certificate signed by unknown authority',
  ])
    it(text.slice(0, 60), async () =>
      expect(await likely(`${text}\n${MIRROR}`)).not.toContain('registry/mirrors'),
    )

  it('where it is asked, it may be', async () =>
    expect(
      await likely(`docker pull nginx\nGet "https://docker.mirrors.ustc.edu.cn/v2/": EOF\n${MIRROR}`),
    ).toContain('registry/mirrors'))
})

describe('not likely', () => {
  const SOUNDS: Readonly<Record<string, readonly [check: string, text: string]>> = {
    'a database that knows who asks, and refuses the password': [
      'firewall/input',
      "ERROR 1045 (28000): Access denied for user 'root'@'172.17.0.1' (using password: YES)",
    ],
    'firewalld, where there is none': [
      'firewall/firewalld',
      '$ systemctl status firewalld\nUnit firewalld.service could not be found.\n(iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 80: iptables: No chain/target/match by that name.',
    ],
    'a network that a container is attached to': [
      'storage/integrity',
      'Error response from daemon: error while removing network: network app_default id 3f2a has active endpoints',
    ],
    'a file system that needs a check': [
      'storage/backing-filesystem',
      'error creating overlay mount to /var/lib/docker/overlay2/a/merged: structure needs cleaning',
    ],
    'authorities of a program inside': [
      'registry/tls',
      'RUN pip install requests\nSSLError: CERTIFICATE_VERIFY_FAILED: unable to get local issuer certificate (https://pypi.org/simple/)',
    ],
    'inodes that were looked at': ['storage/inodes', 'my build fails, here is df -i /: 10% used'],
    'a driver that somebody chose': [
      'cgroup/driver',
      'docker: \'compose\' is not a docker command.\n{ "exec-opts": ["native.cgroupdriver=systemd"] }',
    ],
  }
  for (const [name, [check, text]] of Object.entries(SOUNDS))
    it(name, async () => expect(await likely(text)).not.toContain(check))
})

it('a size that the disk cannot hold to is a quota’s', async () =>
  expect(
    await likely(
      'failed to start daemon: error initializing graphdriver: Storage Option overlay2.size only supported for backingFS XFS. Found extfs',
    ),
  ).toContain('storage/quota'))

describe('nothing is known of', () => {
  for (const text of [
    'The quick brown fox jumps over the lazy dog',
    'Everything works fine, thank you!',
    "TypeError: Cannot read properties of undefined (reading 'map')",
    'yaml: line 12: mapping values are not allowed in this context',
    '怎么做红烧肉',
  ])
    it(text, async () => {
      const { causes, collect } = await told(text)
      expect(causes).toEqual([])
      expect(collect).not.toEqual([])
    })
})
