/** Flags of dockerd that are gone, by the version that first refuses them. @see https://docs.docker.com/engine/deprecated/ */
export const REMOVED_FLAGS: Readonly<Record<string, string>> = {
  'api-cors-header': '28.0',
  'cluster-advertise': '24.0',
  'cluster-store': '24.0',
  'cluster-store-opt': '24.0',
  'disable-legacy-registry': '19.03',
  graph: '24.0',
  'oom-score-adjust': '25.0',
}
