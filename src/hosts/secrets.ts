/**
 * Where secrets stand in texts: files, arguments, answers of the engine, messages, what people paste. Data; `redact.ts` applies it, in this order.
 *
 * A hostile text must not make a pattern slow: a repeat is bounded, or begins only where it cannot begin again within what it has passed.
 */

export interface Place {
  /** A cheap sign that there may be one at all. */
  readonly sign: RegExp
  /** Only in the parts that this matches: the rest of a command line. */
  readonly within?: RegExp
  /** What comes before the secret; the secret. All of it is matched, where there is no second group. */
  readonly pattern: RegExp
  /** What it would be taken for a secret, and is none: words of messages, references. */
  readonly unless?: RegExp
  readonly to: string
}

export const HIDDEN = '***'
const BEFORE = `$1${HIDDEN}`

/** A word of a command line, quoted or not. */
const WORD = String.raw`(?:"(?:[^"\\\n]|\\.){1,4096}"|'[^'\n]{1,4096}'|[^\s\0"',]{1,4096})`
/** Between an option and its value: `=`, blanks, the NUL of /proc/PID/cmdline, or the comma of a JSON array. */
const GAP = String.raw`(?:=|[ \t\0]{1,8}|",\s?")`
/** The same where the value may follow at once. */
const NO_GAP = String.raw`(?:=|[ \t\0]{0,8}|",\s?")`
/** A command line from the name of a program on, with the lines that a backslash joins to it. */
const commandLine = (programs: string): RegExp =>
  new RegExp(String.raw`(?<![\w-])(?:${programs})(?![\w])[^\n]*(?:(?<=\\\r?)\n[^\n]*)*`, 'g')

/** `8080:80`, `127.0.0.1:53:53/udp`, `1000:1000`: ports and ids, which docker's options of the same letter take. */
const NO_NUMBERS = String.raw`(?!["']?[\d.-]{1,40}:[\d.:-]{1,40}(?:\/\w{1,8})?["']?(?:[\s\0,\]]|$))`

/** What messages say of a secret that they do not tell, what has no letter and no digit, and the databases of nsswitch.conf. */
const SAID =
  /^[["'(]?(?:[^A-Za-z\d]*$|(?:a|access|accepted|an|and|are|authentication|auth|been|can|cannot|compat|contains|could|db|denied|does|empty|eof|error|expired|failed|failure|false|files|flag|for|forbidden|from|get|has|if|in|incorrect|invalid|is|ldap|may|mismatch|missing|must|needs|nil|nis|no|none|not|null|of|on|only|option|or|please|post|prompt|provided|rejected|required|requires|set|should|sss|systemd|than|that|the|this|to|true|unauthorized|undefined|unexpected|unknown|unset|using|via|was|were|will|winbind|with|without|wrong|yes|you|your)(?![\w@#$%^&*+=/\\-]))/i
/** One ordinary word, or a part of a sentence: `x509:`, `net/http:`. */
const ORDINARY = /^[["'(]?(?:(?:[A-Z]?[a-z]*|[A-Z]*|\d{1,3})[^\w@#$%^&*!+=/~-]*|\S*:["']?)$/
const SAID_OR_ORDINARY = new RegExp(`${SAID.source}|${ORDINARY.source}`, 'i')
/** Nor a host, which messages name after a token: `registry-1.docker.io:443`. */
const NO_TOKEN = new RegExp(
  String.raw`${SAID_OR_ORDINARY.source}|^(?!\S*[A-Za-z])|^(?!\S*\d)|^.{0,7}$|:\/\/|^[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d+)?$`,
  'i',
)

const PASSWORDS = String.raw`(?:[\w.-]{0,64}(?:password|passwd|passphrase|passwort)|[\w.]{1,64}[_-](?:pass|pwd|pw))`
const TOKENS = '(?:token|secret|api[-_]?key|access[-_]?key|secret[-_]?key|private[-_]?key|dockerconfigjson)'
/** In other languages of those who ask. Nothing need stand between it and the word before. */
const PASSWORDS_ABROAD = String.raw`(?:密\s?[码碼]|口令|パスワード|비밀번호|пароль|contraseña|mot de passe)`
/** A name of its own, as settings have: `client-secret`, `X-Auth-Token`. */
const NAMED_TOKENS = String.raw`[\w.-]{0,64}[_.-]${TOKENS}`
const QUOTE = String.raw`(?:\\{0,3}["'])?`
/** `key: value`, and the colon of Chinese texts. */
const COLON = String.raw`${QUOTE}[ \t]{0,16}[:：][ \t]{0,16}`
/** Up to the quote that closes it, a blank, or the end of a clause in Chinese. */
const value = (longest: number): string =>
  String.raw`((?<=\\")[^"\\\n]{1,${longest}}|(?<=(?<!\\)")(?:[^"\\\n]|\\.){1,${longest}}|(?<=')[^'\n]{1,${longest}}|(?<!["'])[^\s"'，。；、）]{1,${longest}})`
const BEGIN = String.raw`(?<![\w./-])`

/** What GitHub, GitLab, Docker, Slack, npm, PyPI, Vault and Google give out: the letters that it begins with. */
const MADE = String.raw`(?<![A-Za-z\d])(gh[oprsu]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-|dckr_[po]at_|dckr_jti_|xox[abeoprs]-|npm_(?=[A-Za-z\d]{30})|pypi-(?=\w{16})|hv[sbr]\.|ya29\.)[\w.-]{6,}`

/** Programs that take a password with a letter of their own. */
const LETTERS = [
  ['sshpass|mongo(?:sh|dump|restore|export|import)?', 'p'],
  ['redis-cli', 'a'],
  ['ldap(?:search|add|modify|delete|passwd|whoami)', 'w'],
  ['sqlcmd|unzip', 'P'],
] as const

export const PLACES: readonly Place[] = [
  {
    // A proxy without its scheme: "https-proxy": "user:password@proxy:3128", HTTP_PROXY=user:password@proxy.
    sign: /@/,
    pattern: /(proxy["']?\s{0,8}[:=]\s{0,8}["']?)[^\s"'@/:]{1,256}:[^\s"'@/]{1,512}@/gi,
    to: `${BEFORE}@`,
  },
  {
    // scheme://user:password@host. The last @ of the authority counts, as it does for those who read URLs.
    sign: /@/,
    pattern: /(\b[a-z][a-z0-9+.-]{0,30}:(?:\\?\/){2})[^\s/?#"'<>\\\0]{1,1024}@/gi,
    to: `${BEFORE}@`,
  },
  {
    // A password with an unescaped slash. `host:5000/image@digest` is none.
    sign: /@/,
    pattern:
      /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>\\\0@:]{1,256}:(?!\d{1,5}[/?#])[^\s"'<>\\\0@]{1,256}@/gi,
    to: `${BEFORE}@`,
  },
  {
    // What is left of a URL in messages of Go: `lookup user:password@proxy.corp`, `invalid port ":password@proxy:3128"`. No image by digest, no unit.
    sign: /@/,
    pattern:
      /(?<=^|[\s"'(=/])(?!mailto:|sha\d{3}:)[^\s:@/"'\\()[\]{}<>,=*]{0,64}:(?!\d{1,5}\/)[^\s/"'\\()[\]{}<>]{1,200}@(?!sha\d{3}:|[\w-]{1,64}\.(?:service|slice|socket))(?=(?:\d{1,3}\.){3}\d{1,3}\b|localhost\b|[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}(?:\.[a-z][\w-]{0,62}\b|:\d{2,5}\b))/gim,
    to: `${HIDDEN}@`,
  },
  {
    // The same where the proxy is a single name: Go asks for its address.
    sign: /lookup [^\s@]{0,1024}@/,
    pattern: /(\blookup )[^\s/"']{1,1024}@/g,
    to: `${BEFORE}@`,
  },
  {
    // A password with a slash or a hash, which Go takes for a port.
    sign: /invalid (?:proxy URL )?port "/,
    pattern: /(\binvalid (?:proxy URL )?port \\?":)(?!\d{1,6}\\?")[^"\n\\]{1,1024}/g,
    to: BEFORE,
  },
  {
    // Logins as the client, podman and containerd keep them, in JSON or TOML; also tokens of log drivers.
    sign: /auth|token|password|passwd|secret|api[-_]?key|access[-_]?key/i,
    pattern:
      /(["']?\b(?:auth|(?:[\w-]{1,40}[-_.])?(?:identitytoken|registrytoken|access_?token|token|password|passwd|secret|api[-_]?key|secret[-_]access[-_]key))["']?\s{0,8}[:=]\s{0,8}")(?:[^"\\\n]|\\.){1,65536}"/gi,
    to: `${BEFORE}"`,
  },
  {
    // The like under any name, in JSON within a text too.
    sign: /(?:pass|pwd|_pw|token|secret|key|json)\w{0,8}\\{0,3}["']/i,
    pattern: new RegExp(
      String.raw`(${BEGIN}(?:${PASSWORDS}|[\w.-]{0,64}${TOKENS})\\{0,3}["'][ \t]{0,8}[:=][ \t]{0,8}\\{0,3}["'])${value(4096)}`,
      'gi',
    ),
    to: BEFORE,
  },
  {
    // Options of any command line.
    sign: /--/,
    pattern: new RegExp(
      String.raw`((?<![\w-])--?[\w-]{0,40}(?:pass(?:word|wd|phrase)?|masterauth|token|secret|api-?key)${GAP}(?:\\?["'])?)((?!-)(?:(?<=")[^"\\\n]{1,4096}|(?<=')[^'\n]{1,4096}|[^\s\0"',]{1,4096}))`,
      'gi',
    ),
    unless: SAID,
    to: BEFORE,
  },
  {
    // curl -u user:password, --proxy-user.
    sign: /\b(?:curl|wget|httpie|xh)\b/,
    within: commandLine('curl|wget2?|httpie|xh'),
    pattern: new RegExp(
      String.raw`([\s"\0](?:-[A-Za-z#]{0,10}[uU]${NO_GAP}|--(?:proxy-)?user${GAP})${NO_NUMBERS}(?:\\?["'])?[^\s:"'\0]{1,256}:)(?:(?<="[^\s:"'\0]{1,256}:)[^"\\\n]{1,1024}|(?<='[^\s:"'\0]{1,256}:)[^'\n]{1,1024}|[^\s"'\\\0]{1,1024})`,
      'g',
    ),
    to: BEFORE,
  },
  {
    // curl -b 'session=…'.
    sign: /\bcurl\b/,
    within: commandLine('curl'),
    pattern: new RegExp(String.raw`([\s"\0](?:-b${NO_GAP}|--cookie${GAP}))(?=[^\s=]{1,256}=)${WORD}`, 'g'),
    to: BEFORE,
  },
  {
    // docker login -p password; -p of docker run publishes a port.
    sign: /\blogin\b/,
    within:
      /(?<![\w-])(?:docker|podman|nerdctl|buildah|skopeo|helm|oras|crane|regctl|oc|az|vault|argocd)\b[^\n|;&]{0,80}?\blogin\b[^\n]*(?:(?<=\\\r?)\n[^\n]*)*/g,
    pattern: new RegExp(String.raw`([\s"\0]-p${NO_GAP})(?!-)${NO_NUMBERS}${WORD}`, 'g'),
    to: BEFORE,
  },
  {
    // mysql -ppassword, or apart from it, as people write it: then a port is one of docker run.
    sign: /mysql|mariadb|7z/i,
    within: commandLine(String.raw`(?:mysql|mariadb)[\w-]{0,20}|7z[ar]?`),
    pattern: new RegExp(
      String.raw`([\s"\0]-p(?:[ \t\0]{1,8}(?!-|\d{2,5}(?:\s|$)|\S{1,64}:\d{1,5}(?:\s|$)))?)${NO_NUMBERS}${WORD}`,
      'g',
    ),
    to: BEFORE,
  },
  // Clients of other servers; a port after -p is one of docker run.
  ...LETTERS.map(([programs, letter]) => ({
    sign: new RegExp(programs),
    within: commandLine(programs),
    pattern: new RegExp(String.raw`([\s"\0]-${letter}${NO_GAP})(?!-)${NO_NUMBERS}${WORD}`, 'g'),
    to: BEFORE,
  })),
  {
    // openssl -passin pass:….
    sign: /-pass/,
    pattern: /(-pass(?:in|out)?[ \t\0]{1,8}pass:)[^\s\0"']{1,1024}/g,
    to: BEFORE,
  },
  {
    // echo password | docker login --password-stdin; | sudo -S; | chpasswd; | docker secret create.
    sign: /\b(?:echo|printf)\b/,
    pattern:
      /((?<![\w-])(?:echo|printf)[ \t]{1,8}(?:-\w{1,4}[ \t]{1,8})?)[^\n|]{1,256}(?=\|[^\n|]{0,200}(?:--password-stdin|\bchpasswd\b|\bpasswd --stdin|\bsudo (?:-\w{1,8} ){0,4}-\w{0,4}S|\bsecret create\b))/g,
    to: `${BEFORE} `,
  },
  {
    // docker login --password-stdin <<< password.
    sign: /<<</,
    pattern: new RegExp(String.raw`(--password-stdin[^\n<]{0,200}<<<[ \t]{0,8})${WORD}`, 'g'),
    to: BEFORE,
  },
  {
    // Variables: `DB_PASSWORD=…` in units, environments and arguments. Kernel options look alike and are no secrets.
    sign: /(?:PASS|PWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|CREDENTIALS?)/,
    pattern:
      /\b(?!CONFIG_)([A-Z0-9_]{0,64}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|CREDENTIALS?|_PASS|_PWD)[A-Z0-9_]{0,32}=)(?:"[^"\n]{1,4096}"|'[^'\n]{1,4096}'|[^\s"'\0]{1,4096})/g,
    to: BEFORE,
  },
  {
    // Settings of files, parts of a URL, fields of a log: password=…, aws_secret_access_key = …, ?access_token=….
    sign: /(?:pass|pwd|token|secret|key)\w{0,8}["']?[ \t]{0,8}=/i,
    pattern: new RegExp(
      String.raw`(${BEGIN}(?!CONFIG_)(?:${PASSWORDS}|[\w.-]{0,64}${TOKENS})["']?[ \t]{0,8}=[ \t]{0,8}${QUOTE})([^\s"',;\\\0]{1,4096})`,
      'gi',
    ),
    unless: SAID,
    to: BEFORE,
  },
  {
    // Mount options of network file systems.
    sign: /password=/,
    pattern: /((?:^|[,\s])password=)[^\s,]{1,1024}/gm,
    to: BEFORE,
  },
  {
    // Lines of YAML and of people: `db_password: …`, "password: …" with nothing behind it, be it an ordinary word.
    sign: /(?:pass|pwd|_pw|token|secret|key|json)\w{0,8}["']?[ \t]{0,16}[:：]/i,
    pattern: new RegExp(
      String.raw`(${BEGIN}(?:${PASSWORDS}|${NAMED_TOKENS})${COLON}${QUOTE})${value(64)}(?=${QUOTE}[,;}\]]{0,3}[ \t\r]*$)`,
      'gim',
    ),
    unless: SAID,
    to: BEFORE,
  },
  {
    // A password amid a sentence, where it looks like one. "password: authentication failed" tells none.
    sign: /pass|pwd|_pw|token|secret|key/i,
    pattern: new RegExp(
      String.raw`(${BEGIN}(?:${PASSWORDS}|${NAMED_TOKENS})(?:${COLON}|[ \t](?:is|was)[ \t])${QUOTE})${value(4096)}`,
      'gi',
    ),
    unless: SAID_OR_ORDINARY,
    to: BEFORE,
  },
  {
    // The same in other languages.
    sign: /[^\0-\x7f]|mot de passe/i,
    pattern: new RegExp(`(${PASSWORDS_ABROAD}${COLON}["'“‘「]?)([!-~]{3,512})`, 'gi'),
    unless: SAID,
    to: BEFORE,
  },
  {
    // And without a colon: 密码是….
    sign: /[^\0-\x7f]|mot de passe/i,
    pattern: new RegExp(
      String.raw`(${PASSWORDS_ABROAD}(?:[ \t]?(?:是|为|為|[=＝])[ \t]{0,8}|[ \t])["'“‘「]?)([!-~]{3,512})`,
      'gi',
    ),
    unless: SAID_OR_ORDINARY,
    to: BEFORE,
  },
  {
    // A token amid a sentence, where it looks like one.
    sign: /token|secret|key|json|auth/i,
    pattern: new RegExp(
      String.raw`(${BEGIN}(?:[\w.-]{0,64}${TOKENS}|auth)(?:${COLON}|[ \t](?:is|was)[ \t])${QUOTE})${value(4096)}`,
      'gi',
    ),
    unless: NO_TOKEN,
    to: BEFORE,
  },
  {
    // Headers of a request.
    sign: /authorization|registry-auth|registry-config/i,
    pattern:
      /((?:\bauthorization|x-registry-(?:auth|config))"?\s?[:=]\s?"?(?:(?:basic|bearer|token|negotiate|digest|apikey) )?)[\w+/=.~-]{8,8192}/gi,
    to: BEFORE,
  },
  {
    // What a browser or a server keeps: Cookie: session=…, Set-Cookie.
    sign: /cookie/i,
    pattern: /(\b(?:set-)?cookie2?["']?\s?:\s?["']?)(?=[^\s=;"']{1,256}=)[^\r\n"']{1,8192}/gi,
    to: BEFORE,
  },
  {
    // .netrc: machine host login user password ….
    sign: /\bmachine\s/,
    pattern: /(\bmachine\s{1,8}\S{1,256}\s{1,8}login\s{1,8}\S{1,256}\s{1,8}password\s{1,8})\S{1,1024}/g,
    to: BEFORE,
  },
  { sign: /SWMTKN-/, pattern: /SWMTKN-[\w-]{1,200}/g, to: `SWMTKN-${HIDDEN}` },
  {
    // Tokens that tell by themselves what they are, wherever they stand.
    sign: /_pat_|gh[oprsu]_|gl[a-z]{2,5}-|dckr_|xox|npm_|pypi-|hv[sbr]\.|ya29\./,
    pattern: new RegExp(MADE, 'g'),
    to: BEFORE,
  },
  {
    // Keys of AWS, by their number.
    sign: /A(?:KI|SI)A/,
    pattern: /(?<![A-Za-z\d])(A(?:KI|SI)A)[A-Z\d]{8,}/g,
    to: BEFORE,
  },
  {
    // JSON web tokens: three parts of base64, of which the first is an object.
    sign: /eyJ/,
    pattern: /(?<![\w.-])(eyJ)[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g,
    to: BEFORE,
  },
  {
    sign: /PRIVATE KEY-----/,
    pattern: /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[^-]{1,65536}(-----END)/g,
    to: `${BEFORE}$2`,
  },
]
