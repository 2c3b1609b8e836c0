/**
 * What the engine warns of in `docker info`, and the check that says more of it.
 * @see https://github.com/moby/moby/blob/master/daemon/info_unix.go
 * @see https://github.com/moby/moby/blob/master/daemon/info.go
 */
export const EXPLAINED_WARNINGS: readonly { readonly pattern: RegExp; readonly check: string }[] = [
  { pattern: /No swap limit support/, check: 'cgroup/swap-accounting' },
  {
    pattern: /No (?:kernel memory|memory|oom kill disable|cpu|cpuset|pids|blkio|io\.)\b.*support/,
    check: 'cgroup/controllers',
  },
  // Said by 20.10 up to 20.10.5 alone: https://docs.docker.com/engine/release-notes/20.10/
  { pattern: /cgroup v2 is experimental/, check: 'cgroup/hierarchy' },
  { pattern: /cgroup v1 is deprecated/, check: 'cgroup/hierarchy' },
  { pattern: /IPv[46] forwarding is disabled/, check: 'network/ip-forward' },
  { pattern: /bridge-nf-call-ip6?tables is disabled/, check: 'network/bridge-netfilter' },
  { pattern: /API is accessible on https?:/, check: 'security/remote-api' },
  { pattern: /storage-driver is deprecated|usage of loopback devices/, check: 'storage/driver' },
  { pattern: /without d_type support/, check: 'storage/backing-filesystem' },
  { pattern: /Running in rootless-mode without/, check: 'engine/rootless' },
]
