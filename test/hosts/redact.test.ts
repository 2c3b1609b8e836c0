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
    'curl -u': `curl -u bob:${SECRET} https://registry.example/v2/`,
    'curl -u, among other letters, quoted': `curl -sku 'bob:${SECRET} and more' https://registry.example/v2/`,
    'curl --user, over two lines': `curl -v \\\n  --user=bob:${SECRET} https://registry.example/v2/`,
    'curl --proxy-user': `curl --proxy-user bob:${SECRET} https://hub.example`,
    'curl -b': `curl -b 'session=${SECRET}; a=b' https://hub.example`,
    'docker login -p': `docker login -u bob -p ${SECRET} registry.example`,
    'docker login -pPASSWORD': `sudo docker login -u bob -p${SECRET} registry.example`,
    'docker login --password': `docker login --username bob --password  "${SECRET} and more" registry.example`,
    'echo | docker login': `echo ${SECRET} | docker login -u bob --password-stdin`,
    'echo -n, quoted, | docker login': `echo -n "my ${SECRET}" | sudo docker login --password-stdin registry.example`,
    'echo | sudo -S': `echo '${SECRET}' | sudo -S systemctl restart docker`,
    'echo | docker secret create': `printf '${SECRET}' | docker secret create db -`,
    'docker login <<<': `docker login -u bob --password-stdin <<< "${SECRET}"`,
    'mysql -p': `mysql -uroot -p${SECRET} -h 127.0.0.1 db`,
    'mysqldump -p, quoted': `docker exec db mysqldump -u root -p'${SECRET} x' db > db.sql`,
    'other clients with a letter': `sshpass -p ${SECRET} ssh root@host\nredis-cli -h r -a ${SECRET} ping\nmongosh -u x -p ${SECRET}`,
    'mysql -p, apart': `docker exec db mysql -u root -p ${SECRET}`,
    'a login in YAML': `  auth: Ym9i${SECRET}=\n`,
    'a token that one tells': `my api-key is ${SECRET}0123, I think`,
    'openssl -passin': `openssl rsa -in key.pem -passin pass:${SECRET}`,
    'a proxy that Go looks up': `proxyconnect tcp: dial tcp: lookup user:${SECRET}@proxy.corp: no such host`,
    'a proxy of a single name that Go looks up': `dial tcp: lookup user:p@${SECRET}@proxy: no such host`,
    'a port that Go cannot read': `invalid proxy URL port ":${SECRET}@proxy.corp:3128"`,
    'a password that Go takes for a port': `parse "http://***@proxy:3128": invalid port ":${SECRET}" after host`,
    'a URL without its scheme': `bob:${SECRET}@proxy.corp:3128 is refused`,
    'a variable of a database': `SMTP_PASS=${SECRET} MYSQL_PWD=${SECRET}`,
    'a setting in lower case': `token=${SECRET}`,
    'a setting of INI': `[default]\naws_secret_access_key = ab/${SECRET}+=\n`,
    'a part of a URL': `GET /v2/?access_token=${SECRET}&a=b`,
    'a setting of YAML': `services:\n  db:\n    db_password: ${SECRET}\n    image: postgres\n`,
    'a setting of YAML, quoted': `  "client-secret": '${SECRET} and more'\n`,
    'a member of JSON, in camel case': `{"dbPassword": "a\\"${SECRET}", "a": 1}`,
    'a member of JSON within JSON': `{"log":"{\\"accessToken\\":\\"${SECRET}\\"}"}`,
    'a password in a sentence': `user: bob, password: ${SECRET} and it still fails`,
    'a password that one tells': `the password is ${SECRET}, I think`,
    'a password in Chinese': `用户名: root 密码: ${SECRET} 登录失败`,
    'a password in Chinese, with its colon': `密码：${SECRET}，登录失败`,
    'a password in Chinese, without a colon': `密码是${SECRET}。`,
    'a cookie': `Cookie: session=${SECRET}; theme=dark`,
    'a cookie that is set': `< Set-Cookie: sid=${SECRET}; Path=/; HttpOnly`,
    'a header of GitLab': `curl -H "PRIVATE-TOKEN: ${SECRET}" https://gitlab.example`,
    'a header of GitHub': `Authorization: token ${SECRET}aaaaaaaa`,
    '.netrc': `machine registry.example\n  login bob\n  password ${SECRET}\n`,
    'a token of GitHub at the start of a line': `ghp_${SECRET}0123456789\nis what I use`,
    'a fine-grained token of GitHub': `I use github_pat_11AA_${SECRET}.`,
    'a token of GitLab': `(glpat-${SECRET}-0123)`,
    'a token of Docker': `token=dckr_pat_${SECRET} fails`,
    'a key of AWS': `AKIA0123456789HUNTER2 is the key`,
    'a JSON web token': `got eyJhbGciOiJSUzI1NiJ9.eyJzdWIi${SECRET}.c2ln${SECRET}-_ from it`,
    'a private key': `-----BEGIN EC PRIVATE KEY-----\n${SECRET}\n-----END EC PRIVATE KEY-----`,
  }
  for (const [name, text] of Object.entries(texts)) {
    it(name, () => {
      const cleaned = String(shown(text))
      expect(cleaned).not.toContain(SECRET)
      expect(cleaned).not.toContain('HUNTER2')
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
    'ports of a container':
      'docker run -d --name mysql -p 8080:80 -p 33060 -p $PORT:3306 -p127.0.0.1:3306:3306 mysql:8 -p 3306:3306/tcp',
    'a user of a container':
      'docker run -u 1000:1000 -p 8080:80 curlimages/curl curl -I http://a/ && sudo -u bob docker ps',
    'a user without a password': 'curl -u bob https://host:443/v2/ -o x',
    'ports of curl’s own image': 'docker run --rm curl -u 1000:1000 app',
    'a login without a password': 'docker login -u bob --password-stdin registry.example:5000',
    'the warning of docker login': 'WARNING! Using --password via the CLI is insecure. Use --password-stdin.',
    'what is echoed to another program': 'echo hello | grep hello',
    'messages about tokens':
      'invalid token: unexpected end of input\ntoken: invalid\nfailed to fetch oauth token: EOF\nfailed to fetch anonymous token: Get "https://auth.docker.io/token?scope=x": net/http: TLS handshake timeout\nfailed to fetch token: registry-1.docker.io:443 refuses',
    'messages about passwords':
      'unauthorized: incorrect username or password\npassword: incorrect\npassword is incorrect\npassword: authentication failed for user "x"\nPassword: \n密码: 错误\n密码错误\npassword: x509: unknown authority',
    'the databases of names': 'passwd:         files systemd\npasswd: files\ngroup: files\n',
    'the file of accounts':
      'open /etc/passwd: permission denied\n/etc/passwd:root:x:0:0:root:/root:/bin/bash',
    'a secret that is a file':
      'secrets:\n  db:\n    file: ./db_password\n  "db_password": not found\n/run/secrets/db_password: no such file',
    'an image by tag and digest': 'FROM app:1.0@sha256:abc, docker.io/library/nginx:1.25@sha256:abc',
    'a port that is none': 'invalid port "99999999x"',
    'a template of systemd': 'unit:user@1000.service /user.slice/user@1000.service',
    'a copy to another machine':
      'scp x.tar root@10.0.0.2:/tmp git@github.com:moby/moby.git bob@example.com:22',
    'interfaces of a peer': '4: eth0@if5: <UP> mtu 1500',
    'settings without a secret':
      'token=true\n{"EnableToken":false,"secret":null,"passwords":[]}\nCONFIG_NET_TOKEN=y',
    'cookies that one speaks of': 'cookies: none\nthe cookie: what is it',
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
    '"Env":['.repeat(140_000),
    '"Args":["'.repeat(110_000),
    '"Command":"'.repeat(20_000),
    `"Command":"${'x '.repeat(400_000)}`,
    '"auth":"'.repeat(100_000),
    `${'a:'.repeat(500_000)}@`,
    '"HttpHeaders":{'.repeat(50_000),
    'curl -u a'.repeat(100_000),
    'curl '.repeat(200_000),
    'docker login -p '.repeat(60_000),
    'docker '.repeat(140_000),
    'mysql -p\\\n'.repeat(100_000),
    'echo '.repeat(200_000),
    'echo |'.repeat(160_000),
    'lookup '.repeat(140_000),
    `${'=a:'.repeat(330_000)}@`,
    '=a:b@'.repeat(200_000),
    `=a:${'b.'.repeat(500_000)}@`,
    'password: '.repeat(100_000),
    'password:'.repeat(110_000),
    `password: ${' '.repeat(1_000_000)}x`,
    '"password":"'.repeat(80_000),
    'a_token=\\'.repeat(100_000),
    '密码：'.repeat(300_000),
    'cookie: '.repeat(120_000),
    'machine a login b '.repeat(55_000),
    'eyJ'.repeat(330_000),
    'ghp_'.repeat(250_000),
    '<<< --password-stdin '.repeat(45_000),
  ]
  const slow = hostile.flatMap((text) => {
    const started = performance.now()
    shown(text)
    const took = performance.now() - started
    return took < 5_000 ? [] : [`${text.slice(0, 20)}: ${Math.round(took)} ms`]
  })
  expect(slow).toEqual([])
})
