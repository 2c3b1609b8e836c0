/**
 * What is known of the host that the file is for. All of it may be left out: what cannot be known from the file
 * then becomes a warning instead of a failure, or is not mentioned.
 */
export interface HostContext {
  /** Whether a file or directory exists; undefined where that is not known. */
  readonly pathExists?: (path: string) => boolean | undefined
  /** Whether a user exists, by name or number. */
  readonly userExists?: (name: string) => boolean | undefined
  readonly groupExists?: (name: string) => boolean | undefined
  readonly interfaceKind?: (name: string) => 'bridge' | 'other' | 'absent' | undefined
  /** Whether a program is found in the daemon's PATH. */
  readonly commandExists?: (name: string) => boolean | undefined
  /** The file system that a path is (or would be) on: `ext`, `xfs`, `btrfs`, `zfs`, `tmpfs`, `overlayfs`. */
  readonly filesystemOf?: (path: string) => string | undefined
  /** Whether an interface of the host has the IP address. */
  readonly hasAddress?: (address: string) => boolean | undefined
  /** The file systems that the kernel has, from /proc/filesystems. */
  readonly kernelFilesystems?: readonly string[]
  /** A kernel setting by its dotted name: `net.ipv4.ip_forward` is `1`. */
  readonly sysctl?: (name: string) => string | undefined
  /** The flags that the daemon is started with: their long names, and their values as the daemon prints them. */
  readonly flags?: Readonly<Record<string, string>>
  /** Whether systemd hands the daemon its sockets. */
  readonly socketActivated?: boolean
  /** The driver that the daemon chooses where the file names none. */
  readonly cgroupDriver?: 'cgroupfs' | 'systemd' | 'none'
  readonly swarm?: boolean
}
