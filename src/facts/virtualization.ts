/** What the host is: metal, a virtual machine, a container, a subsystem of Windows. */
import { asReading, defineFact, type Fact } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { directory, type FileSource, file, stat } from '../model/source.ts'
import { processorFlags } from './hardware.ts'
import { type Kernel, kernel } from './kernel-release.ts'
import { type Mount, mountOf, mounts } from './mountinfo.ts'

export type Container = 'docker' | 'podman' | 'lxc' | 'openvz' | 'systemd-nspawn' | 'wsl1' | 'container'

export interface Virtualization {
  /** The hypervisor: `kvm`, `vmware`, `microsoft`, `xen`, …, `wsl2`; `vm` for one without a name; null on metal or where unseen. */
  readonly machine: string | null
  /** null outside containers. */
  readonly container: Container | null
  /** For the report: the container, else the machine, else `none`. */
  readonly name: string
}

/** Substrings of the vendor and product that firmware tells. @see https://github.com/systemd/systemd/blob/v256/src/basic/virt.c */
const PRODUCTS: readonly (readonly [string, string])[] = [
  ['KVM', 'kvm'],
  ['OpenStack', 'kvm'],
  ['Amazon EC2', 'amazon'],
  ['QEMU', 'qemu'],
  ['VMware', 'vmware'],
  ['VMW', 'vmware'],
  ['innotek GmbH', 'virtualbox'],
  ['VirtualBox', 'virtualbox'],
  ['Oracle Corporation', 'virtualbox'],
  ['Xen', 'xen'],
  ['Bochs', 'bochs'],
  ['Parallels', 'parallels'],
  ['BHYVE', 'bhyve'],
  ['Hyper-V', 'microsoft'],
  ['Virtual Machine', 'microsoft'],
  ['Apple Virtualization', 'apple'],
  ['Google Compute Engine', 'google'],
  ['Alibaba Cloud ECS', 'kvm'],
]
const DMI = '/sys/class/dmi/id'

export const virtualization: Fact<Virtualization> = defineFact({
  name: 'virtualization',
  about: 'Metal, virtual machine (by which hypervisor) or container (by which manager).',
  needs: { kernel, mounts, flags: processorFlags },
  reads: {
    vendor: asReading(file(`${DMI}/sys_vendor`)),
    product: asReading(file(`${DMI}/product_name`)),
    hypervisor: asReading(file('/sys/hypervisor/type')),
    systemd: asReading(file('/run/systemd/container')),
    environment: asReading(file('/proc/1/environ')),
    podman: asReading(stat('/run/.containerenv')),
    docker: asReading(stat('/.dockerenv')),
    vz: asReading(directory('/proc/vz')),
    bc: asReading(directory('/proc/bc')),
  },
  parse: (readings, { kernel, mounts, flags }) => {
    const seen = (name: keyof typeof readings): boolean => readings[name].state === 'ok'
    const container = containerOf({
      kernel,
      root: mountOf(mounts, '/'),
      told: textOf(readings.systemd) || environmentOf(textOf(readings.environment)),
      podman: seen('podman'),
      docker: seen('docker'),
      openvz: seen('vz') && !seen('bc'),
      lxcfs: mounts.some(
        ({ fsType, mountPoint }) => fsType === 'fuse.lxcfs' && mountPoint.startsWith('/proc/'),
      ),
    })
    const firmware = `${textOf(readings.vendor)} ${textOf(readings.product)}`
    const machine = machineOf(kernel, firmware, textOf(readings.hypervisor), flags.hypervisor)
    return { machine, container, name: container ?? machine ?? 'none' }
  },
})

const textOf = (reading: Reading<FileSource>): string => (reading.state === 'ok' ? reading.value.trim() : '')

/** Container managers set `container=` for PID 1. @see https://systemd.io/CONTAINER_INTERFACE/ */
const environmentOf = (environ: string): string =>
  environ
    .split('\0')
    .find((pair) => pair.startsWith('container='))
    ?.slice('container='.length) ?? ''

const TOLD: ReadonlyMap<string, Container> = new Map([
  ['lxc', 'lxc'],
  ['lxc-libvirt', 'lxc'],
  ['docker', 'docker'],
  ['podman', 'podman'],
  ['oci', 'container'],
  ['openvz', 'openvz'],
  ['systemd-nspawn', 'systemd-nspawn'],
])

function containerOf(signs: {
  kernel: Kernel | null
  root: Mount | null
  told: string
  podman: boolean
  docker: boolean
  openvz: boolean
  lxcfs: boolean
}): Container | null {
  const { kernel, root, told, podman, docker, openvz, lxcfs } = signs
  if (kernel?.vendor === 'wsl1') return 'wsl1'
  if (openvz) return 'openvz'
  if (podman) return 'podman'
  if (told !== '' && told !== 'wsl') return TOLD.get(told) ?? 'container'
  if (docker && !isOwnRoot(root)) return 'docker'
  return lxcfs ? 'lxc' : null
}

/** An image unpacked onto a disk keeps its /.dockerenv: a whole block device as root is a machine all the same. */
const isOwnRoot = (root: Mount | null): boolean =>
  root !== null && root.root === '/' && root.source.startsWith('/dev/')

function machineOf(
  kernel: Kernel | null,
  firmware: string,
  hypervisor: string,
  flag: boolean,
): string | null {
  if (kernel?.vendor === 'wsl2') return 'wsl2'
  const product = PRODUCTS.find(([mark]) => firmware.includes(mark))?.[1]
  return product ?? (hypervisor || (flag ? 'vm' : null))
}
