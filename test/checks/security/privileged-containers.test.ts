import check from '../../../checks/security/privileged-containers.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { api, captured, host, stopped } from '../engine-host.ts'

const answer = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) })
const agent = JSON.parse(captured('docker-inspect-agent.json'))
const web = JSON.parse(captured('docker-inspect-web.json'))
const fat = JSON.parse(captured('docker-inspect-privileged.json'))

/** Running containers, as the engine lists and describes them. */
const running = (...all: { Id: string; Name: string }[]): Readings => ({
  ...host,
  [api('/containers/json?all=1')]: answer(
    all.map(({ Id, Name }) => ({ Id, Names: [Name], State: 'running' })),
  ),
  ...Object.fromEntries(all.map((one) => [api(`/containers/${one.Id}/json`), answer(one)])),
})
const changed = (hostConfig: Readonly<Record<string, unknown>>, more = {}) => ({
  ...web,
  ...more,
  HostConfig: { ...web.HostConfig, ...hostConfig },
})

testCheck(check, {
  'a web server': passes(running(web), { says: '1 running container' }),
  'one privileged': finds('privileged', running(web, fat), { says: /on this host: fat$/ }),
  "an agent with SYS_ADMIN, the host's processes and its root folder": finds('capabilities', running(agent), {
    says: 'agent (SYS_ADMIN)',
  }),
  'all capabilities': finds('capabilities', running(changed({ CapAdd: ['CAP_ALL'] })), { says: 'web (ALL)' }),
  'a capability that stays in the container': passes(running(changed({ CapAdd: ['NET_ADMIN'] }))),
  'writes to /etc': finds(
    'hostFolders',
    running(changed({}, { Mounts: [{ Type: 'bind', Source: '/etc', RW: true }] })),
    { says: 'web (/etc)' },
  ),
  'reads the root folder': passes(
    running(changed({}, { Mounts: [{ Type: 'bind', Source: '/', RW: false }] })),
  ),
  "on the host's network": finds('hostNamespaces', running(changed({ NetworkMode: 'host' })), {
    says: 'web (network)',
  }),
  'without seccomp': finds('unconfined', running(changed({ SecurityOpt: ['seccomp=unconfined'] })), {
    says: 'web (seccomp)',
  }),
  'a stopped one may do nothing': passes({
    ...host,
    [api('/containers/json?all=1')]: answer([{ Id: fat.Id, Names: ['/fat'], State: 'exited' }]),
  }),
  'ended in the meantime': passes({
    ...running(fat),
    [api(`/containers/${fat.Id}/json`)]: {
      status: 404,
      headers: {},
      body: '{"message":"No such container"}',
    },
  }),
  'no answer about one': unknown({
    ...running(fat),
    [api(`/containers/${fat.Id}/json`)]: missing('timeout', 'no answer within 2 s'),
  }),
  'more than are looked at': unknown(
    running(...Array.from({ length: 101 }, (_, i) => ({ ...web, Id: `${i}`, Name: `/web${i}` }))),
    { says: '1 running container' },
  ),
  'no engine': skips(stopped),
  'not recorded': unknown({}),
})
