import { describe, expect, it } from 'vitest'
import { redact } from '../../src/hosts/redact.ts'
import { missing, ok } from '../../src/model/reading.ts'
import {
  binaryFile,
  command,
  environment,
  file,
  fileEnd,
  probe,
  type Source,
  sourceKey,
  unixHttp,
} from '../../src/model/source.ts'

const anyFile = file('/etc/some.conf')
const shown = (text: string, source: Source = anyFile): unknown => {
  const reading = redact(source, ok(text))
  return reading.state === 'ok' ? reading.value : reading.reason
}

describe('what is taken out', () => {
  const SECRET = 'hunter2'
  const texts: Record<string, string> = {
    'a proxy of daemon.json without its scheme': `{"proxies": {"https-proxy": "bob:${SECRET}@proxy:3128"}}`,
    'a proxy of a unit without its scheme': `Environment="HTTP_PROXY=bob:${SECRET}@proxy"`,
    'a proxy of a unit': `[Service]\nEnvironment="HTTP_PROXY=http://bob:${SECRET}@proxy.example:3128"\n`,
    'a mirror': `{"registry-mirrors": ["https://bob:${SECRET}@mirror.example/"]}`,
    'a password with @': `http://bob:p@${SECRET}@proxy:3128/`,
    'a password with /': `http://bob:a/${SECRET}@proxy:3128/`,
    'a user alone, who may be a token': `https://${SECRET}@host/`,
    'a password alone': `http://:${SECRET}@host/`,
    'slashes escaped in JSON': `{"p":"http:\\/\\/bob:${SECRET}@proxy"}`,
    'apt sources': `deb https://bob:${SECRET}@repo.example/debian stable main`,
    'the login of config.json': `{"auths":{"https://index.docker.io/v1/":{"auth":"${SECRET}"}}}`,
    'an identity token': `{"auths":{"r":{"identitytoken" : "a\\"${SECRET}"}}}`,
    'headers of the client': `{"HttpHeaders": {"X-Login": "${SECRET}"}, "credsStore": "pass"}`,
    'the login of containerd': `[plugins."cri".registry.configs."r".auth]\n  password = "${SECRET}"\n`,
    'a log driver': `{"log-opts":{"splunk-token":"${SECRET}"}}`,
    'an option with =': `dockerd --log-opt splunk-token=${SECRET} -H unix://`,
    'an option with a blank': `agent --token ${SECRET} --debug`,
    'an option in /proc/PID/cmdline': `agent\0--password\0${SECRET}\0--debug\0`,
    'an option in JSON': `{"Cmd":["--password","${SECRET}"]}`,
    'an option of redis': `{"Path":"redis-server","Args":["--requirepass","${SECRET}"]}`,
    'an option with quotes': `sh -c 'app --password "${SECRET}"'`,
    "a container's arguments": `{"Args":["mysqladmin","-uroot","-p${SECRET}","--host=db"]}`,
    "a container's arguments in a shell": `{"Entrypoint":null,"Cmd":["sh","-c","echo \\"${SECRET}\\" ] | app"]}`,
    "a container's command in a list": `[{"Command":"mysqld -p${SECRET} \\"x\\"","State":"running"}]`,
    "a container's own check of its health": `{"Healthcheck":{"Test":["CMD-SHELL","mysqladmin ping -p${SECRET}"]}}`,
    'a variable': `Environment=DB_PASSWORD=${SECRET}\n`,
    'a quoted variable': `AWS_SECRET_ACCESS_KEY="${SECRET} and more"`,
    "a container's environment": `{"Env":["PATH=/bin","PIN=${SECRET}"],"x":1}`,
    "a container's environment with brackets": `{"Env":["A=]","PIN=${SECRET}"],"x":1}`,
    "an address of the host in a container's environment": `{"Env":["DB=postgres://bob:${SECRET}@host.docker.internal:5432/x?k=${SECRET}"]}`,
    'a mount option': `//nas/x /mnt cifs username=bob,password=${SECRET},rw 0 0`,
    'a header': `authorization: Bearer ${SECRET}.abc`,
    'a join token': `{"JoinTokens":{"Worker":"SWMTKN-1-${SECRET}"}}`,
    'a private key': `-----BEGIN EC PRIVATE KEY-----\n${SECRET}\n-----END EC PRIVATE KEY-----`,
  }
  for (const [name, text] of Object.entries(texts)) {
    it(name, () => {
      const cleaned = String(shown(text))
      expect(cleaned).not.toContain(SECRET)
      expect(cleaned).toContain('***')
      expect(shown(cleaned)).toBe(cleaned)
      expect(cleaned.split('\n').length >= text.split('\n').length - 2).toBe(true)
    })
  }

  it('of a container’s log, all but lines about refused access', () => {
    const body = `\u0001\0\0\0\0\0\0\u001epassword is ${SECRET}\n\u0002\0\0\0\0\0\0"touch: /data/x: Permission denied\n`
    const logs = unixHttp('/run/docker.sock', '/containers/0a1b/logs?stdout=1&stderr=1&tail=20')
    const reading = redact(logs, ok({ status: 200, headers: {}, body }))
    expect(JSON.stringify(reading)).not.toContain(SECRET)
    expect(JSON.stringify(reading)).toContain('touch: /data/x: Permission denied')
  })
  it('of the logs of the kernel, all but what AppArmor denied', () => {
    const denial =
      'audit: type=1400 audit(1713905126.444:253): apparmor="DENIED" operation="signal" profile="docker-default" comm="runc"'
    const executed = `type=EXECVE msg=audit(1713905126.444:254): argc=3 a0="mysql" a1="-p${SECRET}" a2="db"`
    const text = `${executed}\n${denial}\n`
    for (const path of ['/var/log/audit/audit.log', '/var/log/kern.log'])
      expect(shown(text, fileEnd(path, 1024))).toBe(denial)
    const dmesg = redact(command(['dmesg']), ok({ stdout: text, stderr: '', exit: 0 }))
    expect(dmesg).toMatchObject({ value: { stdout: denial, exit: 0 } })
  })
  it('in every part of an answer', () => {
    const body = `{"HttpProxy":"http://bob:${SECRET}@p:1"}`
    const value = { status: 200, headers: { 'Set-Cookie': SECRET }, body }
    const reading = redact(unixHttp('/run/docker.sock', '/info'), ok(value))
    expect(JSON.stringify(reading)).not.toContain(SECRET)
    const output = { stdout: `http://bob:${SECRET}@p`, stderr: `http://bob:${SECRET}@p`, exit: 0 }
    expect(JSON.stringify(redact(command(['x']), ok(output)))).not.toContain(SECRET)
  })

  it('in reasons', () => {
    const reading = redact(anyFile, missing('failed', `cannot reach http://bob:${SECRET}@p`))
    expect(JSON.stringify(reading)).not.toContain(SECRET)
  })

  it('a proxy variable without a scheme, and a variable that is named a secret', () => {
    expect(shown(`bob:${SECRET}@proxy:3128`, environment('https_proxy'))).toBe('***@proxy:3128')
    expect(shown(SECRET, environment('MY_TOKEN'))).toBe('***')
    expect(shown('/home/bob', environment('HOME'))).toBe('/home/bob')
  })

  it("a process's environment, but for what judging needs", () => {
    const text = `container=lxc\0PIN=${SECRET}\0HTTP_PROXY=http://bob:${SECRET}@p:1\0${SECRET}\0`
    expect(shown(text, file('/proc/1/environ'))).toBe(
      'container=lxc\0PIN=***\0HTTP_PROXY=http://***@p:1\0***\0',
    )
  })

  it("of a container's environment all but addresses of the host", () => {
    const once = shown('{"Env":["A=http://host.docker.internal:11434/v1","B=172.17.0.1:5432","C=9.9.9.9:1"]}')
    expect(once).toBe('{"Env":["A=***host.docker.internal:11434***","B=***172.17.0.1:5432***","C=***"]}')
    expect(shown(String(once))).toBe(once)
  })

  it("a login in a probe's name", () => {
    expect(sourceKey(probe(`https://bob:${SECRET}@mirror/v2/`))).toBe('probe https://mirror/v2/')
  })
})

describe('what stays as it is', () => {
  const texts: Record<string, string> = {
    'an image by digest': 'docker pull http://registry:5000/team/app@sha256:abc',
    'a mail address after a URL': 'see http://host/page or mail me@host',
    'a NUL between a URL and an @': 'http://mirror\0--label\0owner=a@b',
    'a kernel configuration': 'CONFIG_SECRETMEM=y\nCONFIG_TRUSTED_KEYS=m\nCONFIG_NET_TOKEN=y',
    'helpers of the client': '{"credsStore": "pass", "credHelpers": {"gcr.io": "gcloud"}}',
    'plugins of authorization': '{"authorization-plugins": ["opa"], "Authorization": null}',
    'realms of a registry': 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
    'a proxy without a login': '{"HttpProxy":"http://proxy.example:3128","NoProxy":"localhost"}',
    'files of certificates': '{"tlskey": "/etc/docker/key.pem"}',
    'an option that follows': 'agent --no-token --debug',
    'options of dockerd that name files': '{"Args":["--password-file"],"Test":["CMD","***"],"Cmd":null}',
    'the program of a container': '[{"Command":"\\"/sbin/init\\"","State":"running"}]',
    'the proxies of a container': '{"Env":["http_proxy=http://proxy:3128"]}',
  }
  for (const [name, text] of Object.entries(texts)) it(name, () => expect(shown(text)).toBe(text))

  it('bytes in base64', () => {
    expect(shown('aHR0cDovL2E6YkBj', binaryFile('/boot/config.gz'))).toBe('aHR0cDovL2E6YkBj')
  })
})

it('is quick with hostile texts', () => {
  const hostile = [
    'A'.repeat(1_000_000),
    'TOKEN'.repeat(200_000),
    'x://'.repeat(250_000),
    '--token'.repeat(140_000),
    '"Env":['.repeat(20_000),
    '"Args":["'.repeat(10_000),
    '"Command":"'.repeat(20_000),
    `"Command":"${'x '.repeat(400_000)}`,
    '"auth":"'.repeat(100_000),
    `${'a:'.repeat(500_000)}@`,
    '"HttpHeaders":{'.repeat(50_000),
  ]
  const started = performance.now()
  for (const text of hostile) shown(text)
  expect(performance.now() - started).toBeLessThan(5_000)
})
