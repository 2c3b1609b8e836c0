/** What one command asked for, on a host that is well. */
import { describe, expect, it } from 'vitest'
import { loadSnapshot } from '../../src/hosts/snapshot/load.ts'
import { snapshotHost } from '../../src/hosts/snapshot.ts'
import { told } from './told.ts'

const HOST = 'test/hosts/debian-12-sysvinit.json'
const onHost = async (text: string) => told(text, snapshotHost(await loadSnapshot(HOST)), { offline: false })
const NO_PROGRAM =
  'docker: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "bash": executable file not found in $PATH: unknown.'

describe('is likely still, and not ruled out by how the host is otherwise', () => {
  it.each([
    [
      'storage/quota',
      "docker: Error response from daemon: --storage-opt is supported only for overlay over xfs with 'pquota' mount option.",
    ],
    ['engine/runtime', 'docker: Error response from daemon: Unknown runtime specified foo.'],
    [
      'engine/runtime',
      'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
    ],
    [
      'network/subnet-overlap',
      'Error response from daemon: Pool overlaps with other one on this address space',
    ],
    [
      'engine/client-target',
      'Cannot connect to the Docker daemon at tcp://127.0.0.1:2375. Is the docker daemon running?',
    ],
    ['engine/client-target', 'unable to resolve docker endpoint: context "foo" does not exist'],
    [
      'host/cpus',
      'docker: Error response from daemon: Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available.',
    ],
    ['engine/containers', NO_PROGRAM],
    [
      'engine/containers',
      'Error response from daemon: error while removing network: network app_default id 3f2a has active endpoints',
    ],
    [
      'engine/log-driver',
      "docker: Error response from daemon: unknown log opt 'foo' for json-file log driver.",
    ],
    ['engine/images', 'no matching manifest for linux/amd64 in the manifest list entries'],
    [
      'engine/version',
      'Error response from daemon: client version 1.24 is too old. Minimum supported API version is 1.44',
    ],
  ])('%s: %s', async (check, text) => {
    const { causes, ruledOut } = await onHost(text)
    expect(causes[0]).toMatchObject({ check, confidence: 'likely', ofCommand: true })
    expect(ruledOut.map((one) => one.check)).not.toContain(check)
  })

  it('in words that say what to do, without a host, too', async () => {
    const [cause] = (await told(NO_PROGRAM)).causes
    expect(cause).toMatchObject({ check: 'engine/containers', confidence: 'likely' })
    expect(cause?.message).toContain('the image has no such program')
  })
})

describe('is found on the host, where the text names it', () => {
  it.each([
    [
      'network/ports',
      'held',
      'driver failed programming external connectivity on endpoint x: Bind for 0.0.0.0:8081 failed: port is already allocated.',
    ],
    ['engine/compose', 'notInstalled', "docker: 'compose' is not a docker command.\nSee 'docker --help'"],
    [
      'storage/mount-propagation',
      'privateMount',
      'docker: Error response from daemon: path / is mounted on / but it is not a shared mount.',
    ],
    [
      'registry/insecure',
      'refusedPlain',
      'Get "https://10.0.0.15:5000/v2/": http: server gave HTTP response to HTTPS client',
    ],
  ])('%s#%s', async (check, finding, text) => {
    expect((await onHost(text)).causes[0]).toMatchObject({ check, finding, confidence: 'confirmed' })
  })

  it('a port that nobody holds by now is ruled out', async () => {
    const { causes, ruledOut } = await onHost('Bind for 0.0.0.0:8099 failed: port is already allocated.')
    expect(causes.map(({ confidence }) => confidence)).not.toContain('likely')
    expect(ruledOut.find(({ check }) => check === 'network/ports')?.by).toBe('by now nothing holds port 8099')
  })

  it('a registry that nobody looked at is likely still', async () => {
    const text =
      'Get "https://10.9.8.7:5443/v2/": x509: cannot validate certificate for 10.9.8.7 because it doesn\'t contain any IP SANs'
    expect((await onHost(text)).causes[0]).toMatchObject({ check: 'registry/tls', confidence: 'likely' })
  })
})

describe('is not said of what the host would show', () => {
  it.each([
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'dial unix /var/run/docker.sock: connect: permission denied',
    'WARNING: IPv4 forwarding is disabled. Networking will not work.',
    'Could not resolve host: deb.debian.org, in the container',
    'exec: "docker-proxy": executable file not found in $PATH',
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  ])('%s', async (text) => {
    expect((await onHost(text)).causes.filter(({ ofCommand }) => ofCommand)).toEqual([])
  })
})
