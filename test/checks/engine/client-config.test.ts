import check from '../../../checks/engine/client-config.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { host, root, statOf } from '../engine-host.ts'

const CONFIG = '/root/.docker/config.json'
const desktop = JSON.stringify({ auths: {}, credsStore: 'desktop', currentContext: 'default' })

testCheck(check, {
  none: passes(host),
  'logins in the file': passes({ ...host, [CONFIG]: '{"auths": {"registry.example.org": {"auth": "***"}}}' }),
  'a helper that is gone': finds(
    'helperMissing',
    { ...host, [CONFIG]: desktop },
    { says: 'docker-credential-desktop' },
  ),
  'a helper of one registry that is gone': finds('helperMissing', {
    ...host,
    [CONFIG]: '{"credHelpers": {"gcr.io": "gcloud"}}',
  }),
  'a helper that is there': passes({
    ...host,
    [CONFIG]: desktop,
    'env PATH': '/opt/desktop/bin',
    'stat /opt/desktop/bin/docker-credential-desktop': statOf('file', 0o755),
  }),
  'not JSON': finds('invalid', { ...host, [CONFIG]: "{'auths': {}}" }),
  'not to be read by its own user': finds(
    'unreadable',
    {
      ...host,
      [CONFIG]: missing('denied', 'permission denied'),
      [`stat ${CONFIG}`]: statOf('file', 0o600, 4242),
    },
    { after: { [CONFIG]: '{}' } },
  ),
  'left behind by sudo docker login': finds(
    'unreadable',
    {
      ...host,
      identity: { ...root, sudo: { user: 'tester', uid: 4242, gid: 4242 } },
      '/home/tester/.docker/config.json': '{}',
      'stat /home/tester/.docker/config.json': statOf('file', 0o600),
    },
    { says: 'tester may not read' },
  ),
  'of who called sudo': passes({
    ...host,
    identity: { ...root, sudo: { user: 'tester', uid: 4242, gid: 4242 } },
    '/home/tester/.docker/config.json': '{}',
    'stat /home/tester/.docker/config.json': statOf('file', 0o600, 4242, 4242),
  }),
  "another user's, not to be read": passes(
    {
      ...host,
      identity: { ...root, user: 'ann', uid: 1001 },
      '/home/tester/.docker/config.json': missing('denied', 'permission denied'),
    },
    { settings: { user: 'tester' } },
  ),
  'another folder': finds('invalid', {
    ...host,
    'env DOCKER_CONFIG': '/srv/ci',
    '/srv/ci/config.json': 'x',
    '/srv/ci/contexts/meta/': null,
  }),
  'nothing recorded': unknown({}),
})
