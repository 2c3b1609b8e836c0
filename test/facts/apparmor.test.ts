import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDenials, parseProfileError } from '../../src/facts/apparmor.ts'

it('reads a line of the kernel log (Ubuntu 24.04)', () => {
  const line =
    'Apr 28 16:48:31 server kernel: audit: type=1400 audit(1745819311.037:2350): apparmor="DENIED" operation="signal" class="signal" profile="docker-default" pid=776562 comm="runc" requested_mask="receive" denied_mask="receive" signal=quit peer="snap.docker.dockerd"'
  expect(parseDenials(`${line}\n`)).toEqual([
    {
      at: 1745819311,
      operation: 'signal',
      profile: 'docker-default',
      program: 'runc',
      peer: 'snap.docker.dockerd',
      asked: 'receive',
      path: '',
    },
  ])
})
it('reads a line of dmesg (a Raspberry Pi with the snap)', () => {
  const line =
    '[ 2386.934067] audit: type=1400 audit(1478425942.891:15996): apparmor="DENIED" operation="open" profile="snap.docker.dockerd" name="/var/lib/snapd/hostfs/sys/kernel/security/apparmor/" pid=24541 comm="apparmor_parser" requested_mask="r" denied_mask="r" fsuid=0 ouid=0'
  expect(parseDenials(line)).toMatchObject([
    {
      at: 1478425942,
      program: 'apparmor_parser',
      path: '/var/lib/snapd/hostfs/sys/kernel/security/apparmor/',
    },
  ])
})
it('passes over what is allowed, and what is no line of AppArmor', () => {
  const allowed =
    'kernel: [97412.645481] audit: type=1400 audit(1438089330.235:1517): apparmor="ALLOWED" operation="open" profile="/usr/bin/docker" comm="docker"'
  expect(parseDenials(`${allowed}\napparmor="DENIED"\n`)).toEqual([])
})
it('reads what the parser said, from the journal', () => {
  const said =
    'AppArmor enabled on system but the docker-default profile could not be loaded: running `apparmor_parser apparmor_parser --version` failed with output: \nerror: exec: "apparmor_parser": executable file not found in $PATH'
  expect(parseProfileError(said)).toContain('running `apparmor_parser')
  expect(parseProfileError(said.replace('output: \n', 'output: \\n'))).toBe(
    'error: exec: "apparmor_parser": executable file not found in $PATH',
  )
})
it('reads the last of several, and nothing where there is none', () => {
  const one = (reason: string) =>
    `AppArmor enabled on system but the docker-default profile could not be loaded: running x failed with output: ${reason}\n`
  expect(parseProfileError(`${one('first')}${one('second')}`)).toBe('second')
  expect(parseProfileError('API listen on /run/docker.sock')).toBeNull()
})
it('never throws', () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.string().map((text) => `audit(1.2:3): apparmor="DENIED" ${text}`),
    fc.string().map((text) => `AppArmor enabled on system but the x profile could not be loaded: ${text}`),
  )
  fc.assert(
    fc.property(hostile, (text) => {
      parseDenials(text)
      parseProfileError(text)
    }),
    { numRuns: 10_000 },
  )
})
