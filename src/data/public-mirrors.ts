/**
 * Public mirrors of Docker Hub that are known to be gone, or closed to the public. They change; what a probe says comes first.
 * @see https://github.com/dongyubin/DockerHub
 */
export const AS_OF = '2026-06-13'

export const CLOSED_MIRRORS: readonly { readonly host: RegExp; readonly state: string }[] = [
  { host: /^docker\.mirrors\.ustc\.edu\.cn$/, state: 'closed to the public' },
  { host: /^hub-mirror\.c\.163\.com$/, state: 'shut down' },
  { host: /^registry\.docker-cn\.com$/, state: 'shut down' },
  { host: /^docker\.mirrors\.sjtug\.sjtu\.edu\.cn$/, state: 'shut down on 2024-06-06' },
  { host: /^atomhub\.openatom\.cn$/, state: 'shut down on 2024-12-30' },
  { host: /\.mirror\.aliyuncs\.com$/, state: "open to the cloud's own customers only, with old images" },
  { host: /^mirror\.ccs\.tencentyun\.com$/, state: "reachable inside the cloud's own network only" },
]
