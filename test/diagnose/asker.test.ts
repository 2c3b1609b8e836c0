import { describe, expect, it } from 'vitest'
import { askerIn } from '../../src/diagnose/asker.ts'
import { diagnose } from '../../src/diagnose/judge.ts'
import { catalogue } from '../../src/engine/catalogue.ts'
import { memoryHost, type Readings } from '../../src/hosts/memory.ts'
import { host, root, stopped, tester } from '../checks/engine-host.ts'

const DENIED =
  'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied'
const GROUP = 'security/docker-group'

describe('who was refused', () => {
  it.each([
    [`tester@web-1:~$ docker ps\n${DENIED}`, 'tester'],
    [`[ann.b@web ~]$ docker ps\n${DENIED}`, 'ann.b'],
    [`root@web:~# docker ps\n${DENIED}`, 'root'],
    [`tester@web:~$ sudo docker ps\n${DENIED}`, 'root'],
    [`# docker ps\n${DENIED}`, 'root'],
    [`root@web:~# su - tester\ntester@web:~$ docker ps\n${DENIED}`, 'tester'],
    [`$ docker ps\n${DENIED}`, null],
    [`$ sudo docker ps\n${DENIED}`, 'root'],
    [`$ sudo usermod -aG docker $USER\n$ docker ps\n${DENIED}`, null],
    [`sudo usermod -aG docker $USER\ndocker ps\n${DENIED}`, null],
    [`$ sudo docker ps\nCONTAINER ID\n$ docker ps\n${DENIED}`, null],
    [`sudo docker ps works fine, but without it:\n${DENIED}`, null],
    [
      `root@web:~# cat x\ncat: x: Permission denied\nroot@web:~# su - tester\ntester@web:~$ docker ps\n${DENIED}`,
      'tester',
    ],
    [DENIED, null],
  ])('%s', (text, name) => expect(askerIn(text)).toBe(name))
})

describe('a refusal that root shows to diagnose', () => {
  const groups = String(host['/etc/group'])
  const withoutMember = { ...host, '/etc/group': groups.replace('docker:x:106:tester', 'docker:x:106:') }
  const said = async (text: string, readings: Readings, user?: string) => {
    const { causes, ruledOut } = await diagnose(text, {
      checks: catalogue.filter(({ id }) => id.startsWith('security/docker-')),
      host: memoryHost(readings),
      settings: { profile: 'docker', ...(user === undefined ? {} : { user }) },
      offline: true,
      timeoutS: 30,
      version: '0',
    })
    const { confidence, finding, open } = causes.find(({ check }) => check === GROUP) ?? {}
    return { confidence, finding, open, isRuledOut: ruledOut.some(({ check }) => check === GROUP) }
  }

  it('is somebody else’s: whose, root is asked', async () => {
    const answer = await said(DENIED, host)
    expect(answer).toMatchObject({ confidence: 'likely', isRuledOut: false })
    expect(answer.open).toContain('--user NAME')
  })
  it('is somebody else’s, too, where sudo was asked for something else', async () =>
    expect(await said(`$ sudo usermod -aG docker $USER\n$ docker ps\n${DENIED}`, host)).toMatchObject({
      confidence: 'likely',
      isRuledOut: false,
    }))
  it('is that of the user of the prompt', async () =>
    expect(await said(`tester@web:~$ docker ps\n${DENIED}`, withoutMember)).toMatchObject({
      confidence: 'confirmed',
      finding: 'notMember',
    }))
  it('is that of who is no member any more, whatever an older session has', async () =>
    expect(
      await said(`tester@web:~$ docker ps\n${DENIED}`, {
        ...withoutMember,
        '/proc/': ['77/'],
        '/proc/77/status':
          'Name:\tbash\nState:\tS (sleeping)\nPPid:\t1\nUid:\t4242\t4242\t4242\t4242\nGid:\t4242\t4242\t4242\t4242\nGroups:\t106 4242 \n',
      }),
    ).toMatchObject({ confidence: 'confirmed', finding: 'notMember' }))
  it('is nobody’s whom this host knows', async () =>
    expect(await said(`ann@web:~$ docker ps\n${DENIED}`, withoutMember)).toMatchObject({
      confidence: 'likely',
    }))
  it('is that of the user who is named', async () =>
    expect(await said(DENIED, withoutMember, 'tester')).toMatchObject({ finding: 'notMember' }))
  it('is root’s own where root asked', async () =>
    expect(await said(`root@web:~# docker ps\n${DENIED}`, host)).toMatchObject({ isRuledOut: true }))
  it('is not what an engine that does not run says', async () =>
    expect(
      await said(
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
        { ...stopped, '/etc/group': withoutMember['/etc/group'], identity: { ...tester, groups: [4242] } },
      ),
    ).toMatchObject({ confidence: undefined }))
  it('may be of a session of a member that is not seen', async () => {
    const bySudo = { ...root, sudo: { user: 'tester', uid: 4242, gid: 4242 } }
    const answer = await said(DENIED, { ...host, identity: bySudo })
    expect(answer).toMatchObject({ confidence: 'likely', isRuledOut: false })
    expect(answer.open).toMatch(/log in again there, or run newgrp docker/)
  })
})
