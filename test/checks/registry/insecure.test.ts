import check from '../../../checks/registry/insecure.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { answers, configured, registry } from './host.ts'

const MIRROR = 'http://10.9.8.7:5000'
const host = (
  listed: readonly string[],
  repositories: readonly string[] = ['app', 'library/alpine'],
): Readings => ({
  ...configured({ 'registry-mirrors': [MIRROR], 'insecure-registries': listed }),
  ...registry(MIRROR, answers(200), repositories),
})

const ASKED = '10.0.0.15:5000'
/** What a text says was refused. */
const refused = {
  settings: {
    refused: { ports: [], plugins: [], mounts: [], registries: { plain: [ASKED], others: [] } },
  },
}

testCheck(check, {
  'a text names a registry without TLS': finds('refusedPlain', configured(null), {
    ...refused,
    says: `the registry ${ASKED} answered without TLS`,
  }),
  'a text names a registry that is listed by now': passes(
    configured({ 'insecure-registries': [ASKED] }),
    refused,
  ),
  'none listed, none needed': passes(configured(null)),
  'listed by host and port': passes(host(['10.9.8.7:5000'])),
  'listed with a scheme, which the engine takes off': passes(host(['http://10.9.8.7:5000'])),
  'listed by network': passes(host(['10.0.0.0/8'])),
  'a cache of Docker Hub alone needs no entry': passes(host([], ['library/alpine', 'grafana/grafana'])),
  'images of its own, and not listed': finds('notListed', host([]), { says: '10.9.8.7:5000/app' }),
  'the wrong port': finds('notListed', host(['10.9.8.7'])),
  'with a path': finds('misspelt', configured({ 'insecure-registries': ['reg.example:5000/team'] })),
  'with a wildcard': finds('misspelt', configured({ 'insecure-registries': ['*.example'] })),
  everything: finds('tooWide', configured({ 'insecure-registries': ['0.0.0.0/0'] })),
  'everything, and a mirror that needs an entry of its own': finds('tooWide', host(['0.0.0.0/0'])),
  'the mirror was not asked': unknown(configured({ 'registry-mirrors': [MIRROR] })),
})
