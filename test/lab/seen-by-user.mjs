// Tags of faults that only the user meets: root may do everything.
export const SEEN_BY_USER = new Set([
  'user-not-in-docker-group',
  'group-not-in-session',
  'docker-group-missing',
  'socket-permissions',
  'socket-wrong-group',
  'cli-config-permissions',
])
