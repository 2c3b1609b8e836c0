/**
 * What `rc-service NAME status` ends with where the daemon (32) or its supervisor (64) has died. OpenRC counts the service as started still: `start` does
 * nothing, `restart` brings it back. @see https://github.com/OpenRC/openrc/blob/master/sh/supervise-daemon.sh
 */
export const CRASHED: readonly number[] = [32, 64]
