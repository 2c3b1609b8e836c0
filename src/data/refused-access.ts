/** How programs say that they were refused access: the only lines of a container's log that are read. */
export const REFUSED_ACCESS =
  /permission denied|operation not permitted|EACCES|EPERM|not writable|read-only file system/i
