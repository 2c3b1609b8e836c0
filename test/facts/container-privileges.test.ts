import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseContainer } from '../../src/facts/container-privileges.ts'
import { captured } from '../checks/engine-host.ts'

it('reads what docker run --cap-add SYS_ADMIN --pid host -v /:/host gives', () => {
  expect(parseContainer(captured('docker-inspect-agent.json'))).toEqual({
    name: 'agent',
    privileged: false,
    hostNamespaces: ['pid'],
    addedCapabilities: ['SYS_ADMIN'],
    writableBinds: ['/'],
    unconfined: [],
  })
})
it('reads a privileged container', () =>
  expect(parseContainer(captured('docker-inspect-privileged.json'))).toMatchObject({ privileged: true }))
it('reads an ordinary one', () =>
  expect(parseContainer(captured('docker-inspect-web.json'))).toMatchObject({
    privileged: false,
    hostNamespaces: [],
    addedCapabilities: [],
    writableBinds: [],
  }))
it('never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      parseContainer(text)
    }),
    { numRuns: 10_000 },
  )
})
