import check from '../../../checks/engine/warnings.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answer } from '../containers-host.ts'
import { api, captured, host, refusedTo, stopped, tester } from '../engine-host.ts'

const warning = (Warnings: readonly string[], more: Record<string, unknown> = {}): Readings => ({
  ...host,
  [api('/info')]: answer({ ...JSON.parse(captured('docker-info.json')), Warnings, ...more }),
})
const API = `[DEPRECATION NOTICE]: API is accessible on http://0.0.0.0:2375 without encryption.
         Access to the remote API is equivalent to root access on the host. Refer
         to the 'Docker daemon attack surface' section in the documentation for
         more information: https://docs.docker.com/go/attack-surface/
In future versions this will be a hard failure preventing the daemon from starting! Learn more at: https://docs.docker.com/go/api-security/`

testCheck(check, {
  none: passes(host, { says: 'no warnings' }),
  'of an Ubuntu host': passes(warning(['WARNING: No swap limit support']), {
    says: 'cgroup/swap-accounting',
  }),
  'of a host with cgroup v1': passes(
    warning([
      'WARNING: No blkio throttle.read_bps_device support',
      'WARNING: Support for cgroup v1 is deprecated and planned to be removed by no later than May 2029 (https://github.com/moby/moby/issues/51111)',
    ]),
    { says: 'cgroup/controllers, cgroup/hierarchy' },
  ),
  'of a Debian 11 host': passes(warning(['WARNING: Support for cgroup v2 is experimental']), {
    says: 'cgroup/hierarchy',
  }),
  'of a Raspberry Pi': passes(
    warning([
      'WARNING: No memory limit support',
      'WARNING: No swap limit support',
      'WARNING: No kernel memory limit support',
      'WARNING: No oom kill disable support',
      'WARNING: No cpu cfs quota support',
    ]),
  ),
  'of cgroup v2': passes(
    warning([
      'WARNING: No cpuset support',
      'WARNING: No io.weight support',
      'WARNING: No io.max (rbps) support',
    ]),
  ),
  'of the network': passes(
    warning([
      'WARNING: IPv4 forwarding is disabled',
      'WARNING: bridge-nf-call-iptables is disabled',
      'WARNING: bridge-nf-call-ip6tables is disabled',
    ]),
  ),
  'of the API': passes(warning([API]), { says: 'security/remote-api' }),
  'of storage': passes(
    warning([
      '\nWARNING: The overlay storage-driver is deprecated, and will be removed in a future release.\n         Refer to the documentation for more information: https://docs.docker.com/go/storage-driver/',
      'WARNING: overlay2: the backing xfs filesystem is formatted without d_type support, which leads to incorrect behavior.\n         Reformat the filesystem with ftype=1 to enable d_type support.\n',
    ]),
    { says: 'storage/driver, storage/backing-filesystem' },
  ),
  'of something else': finds(
    'warned',
    warning(['WARNING: daemon is not using the default seccomp profile']),
    {
      says: 'the engine warns: daemon is not using the default seccomp profile',
    },
  ),
  'of a swarm': finds(
    'warned',
    warning([], {
      Swarm: {
        LocalNodeState: 'active',
        Warnings: [
          'WARNING: Running Swarm in a two-manager configuration. This configuration provides\n         no fault tolerance, and poses a high risk to lose control over the cluster.',
        ],
      },
    }),
    { says: 'provides no fault tolerance' },
  ),
  'not running': skips(stopped),
  'not for this user': unknown(refusedTo(tester)),
  'nothing recorded': unknown({}),
})
