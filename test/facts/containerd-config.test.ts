import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseContainerdConfig } from '../../src/facts/containerd-config.ts'

it('reads what matters', () => {
  // What containerd 1.7 prints with "containerd config default", in parts.
  const text = `disabled_plugins = []
imports = []
oom_score = 0
version = 2

[plugins]
  [plugins."io.containerd.grpc.v1.cri"]
    systemd_cgroup = false
`
  expect(parseContainerdConfig(text)).toEqual({ version: 2, disablesCri: null, oldCgroupKey: null })
})
it('says what to write instead', () => {
  expect(parseContainerdConfig('disabled_plugins = ["cri", "zfs"]').disablesCri).toEqual({
    text: 'disabled_plugins = ["cri", "zfs"]',
    wanted: 'disabled_plugins = ["zfs"]',
  })
  expect(parseContainerdConfig('    systemd_cgroup = true\n').oldCgroupKey?.wanted).toBe(
    '    systemd_cgroup = false',
  )
})
it('passes over comments', () =>
  expect(parseContainerdConfig('#disabled_plugins = ["cri"]\n # systemd_cgroup = true\n')).toEqual({
    version: 1,
    disablesCri: null,
    oldCgroupKey: null,
  }))
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.stringMatching(
          /^(?:(?:version|disabled_plugins|systemd_cgroup) ?= ?[[\]"'cri,\n0-9true#]{0,20}\n){0,4}$/,
        ),
      ),
      (text) => {
        parseContainerdConfig(text)
      },
    ),
    { numRuns: 10_000 },
  ))
