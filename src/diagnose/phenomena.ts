/** What several causes look like from outside. None of these decides: each opens the candidates that share it. */
import { output, type Phenomenon, prose } from '../model/symptom.ts'
import { CONTAINER, DOCKER, FAILS, HOST, INBOUND, NAMES, OUTSIDE, PORT, REACH } from './words.ts'

export const ENGINE_DOWN: Phenomenon = {
  name: 'nothing answers at the engine’s socket',
  sights: [
    output(
      /Cannot connect to (?:the )?Docker daemon(?: at unix:\/\/(?:\/var)?\/run\/docker\.sock|\. Is| on)/,
    ),
    output(/failed to connect to the docker API at unix:\/\/(?:\/var)?\/run\/docker\.sock/),
    output(/dial unix (?:\/var)?\/run\/docker\.sock: connect: (?:connection refused|no such file)/),
    output(/Is the docker daemon running|Couldn't connect to (?:the )?Docker daemon/),
    output(
      /Connection refused.{0,40}docker\.sock|docker\.sock.{0,80}(?:connection refused|No such file or directory)/,
    ),
    output(/Error while fetching server API version/),
  ],
  ask: 'What does the engine say first when it is started? `systemctl status docker`, then `journalctl -u docker -n 50 --no-pager` (or the end of /var/log/docker.log)',
}

export const START_FAILED: Phenomenon = {
  name: 'the engine’s service does not start',
  sights: [
    output(/Job for docker\.service failed/),
    output(
      /docker\.service: (?:Start request repeated too quickly|Failed with result|Unit entered failed state|Main process exited, code=exited|main process exited)/,
    ),
    output(/Failed to start (?:docker\.service - )?Docker Application Container Engine/),
    output(/failed to start daemon|Error starting daemon/),
  ],
  ask: 'What is the first line of dockerd in the last start? `journalctl -u docker -n 50 --no-pager`',
}

export const SOCKET_DENIED: Phenomenon = {
  name: 'the engine’s socket refuses the user',
  sights: [
    output(/permission denied while trying to connect to the docker (?:daemon|API)/),
    output(/(?:dial unix|unix:\/\/)\S*docker\.sock:? (?:connect: )?\[?permission denied/),
    output(
      /PermissionError.{0,40}(?:docker\.sock|Permission denied.{0,80}docker)|docker\.sock.{0,120}(?:permission denied|EACCES)|EACCES.{0,40}docker\.sock/,
    ),
    prose([/docker/, /permission denied|权限/, /\bsudo\b|\buser\b|\bgroup\b|\bsocket\b|docker\.sock|用户/]),
  ],
  ask: 'Is the user in the group, and has the session got it that was refused? `seaworthy diagnose --user NAME`; in that session `id -nG` beside `getent group docker`; and `ls -l /var/run/docker.sock`',
}

export const UNREACHABLE: Phenomenon = {
  name: 'somebody answers that the host cannot be reached (EHOSTUNREACH)',
  sights: [
    output(/No route to host/),
    output(/Host is unreachable|\bEHOSTUNREACH\b|host unreachable/),
    output(/Destination Host (?:Unreachable|Prohibited)|Unknown Code: 10/),
  ],
  ask: 'Who says so? `ping` the address: the sender behind "From". `… Prohibited` is a REJECT rule of that sender: `iptables -S` there',
}

export const NO_OUTBOUND: Phenomenon = {
  name: 'containers do not get out',
  sights: [
    prose([CONTAINER, FAILS, OUTSIDE, REACH]),
    prose([
      CONTAINER,
      /断网|连不?上?外网|(?:不能|无法|不可以|没法|不了).{0,8}(?:外网|上网|联网)|外网.{0,4}(?:不通|不了)/,
    ]),
    prose([
      CONTAINER,
      /\bno (?:internet|network|outbound|outside|external)|无法.{0,6}上网|没有网络|不能上网/,
    ]),
    output(/\b100% packet loss/),
    prose([CONTAINER, FAILS, /\bto (?:the )?(?:internet|outside|upstream)|\btalk outside|\bips?\b/]),
  ],
  ask: 'Does it work with `docker run --rm --network host`, and by address where it does not by name? Then `sysctl net.ipv4.ip_forward`, `sudo iptables-save`',
}

export const NO_NAMES: Phenomenon = {
  name: 'names are not resolved',
  sights: [
    output(/Temporary failure (?:in name resolution|resolving)/),
    output(
      /Could not resolve (?:host|proxy|:|'(?![./@~])[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}'(?! from))|couldn't resolve host|Name or service not known|\bEAI_AGAIN\b|getaddrinfo(?!\(\) thread)|\bENOTFOUND\b|UnknownHostException|NameResolutionError|ERR_NAME_NOT_RESOLVED/,
    ),
    output(
      /\bbad address '|can't resolve '|nodename nor servname|server can't find|SERVFAIL|no servers could be reached/,
    ),
    prose([CONTAINER, FAILS, NAMES]),
    prose([/\bdns\b|域名|解析/, FAILS]),
  ],
  ask: 'Which servers does the container ask, and do they answer? `docker run --rm busybox cat /etc/resolv.conf` beside the host’s, then `nslookup registry-1.docker.io SERVER` on the host',
}

export const PORT_DEAD: Phenomenon = {
  name: 'a published port does not answer',
  sights: [
    prose([CONTAINER, FAILS, REACH, PORT]),
    prose([CONTAINER, FAILS, INBOUND, REACH]),
    prose([/\blocalhost\b|\bfrom the host\b/, /\bnot from\b|\bbut not\b|elsewhere|outside/]),
  ],
  ask: 'What listens in the container, and what on the host? `docker port NAME`, `docker exec NAME ss -ltn`, `ss -ltn`; from the host first, then from elsewhere',
}

export const PULL_TIMEOUT: Phenomenon = {
  name: 'Docker Hub does not answer the engine',
  sights: [
    output(
      /(?:registry-1|index|auth|hub|production\.cloudflare)\.docker\.(?:io|com)[^\n]{0,300}(?:i\/o timeout|Client\.Timeout|connection refused|connection reset|TLS handshake timeout|context deadline exceeded|request canceled|: EOF|no route to host|network is unreachable|unreachable|no such host|unexpected EOF)/,
    ),
    output(/request canceled while waiting for connection|net\/http: request canceled/),
    prose(
      /(?:\bpull(?:ing|ed)?\b|\bregistry\b|docker ?hub|download(?:ing)? (?:the |an |any )?images?).{0,60}(?:\bfail|\btime|\bslow|\bhang|\bstuck|\berror|\bcan'?t|cannot|unable|refused|reset|unreachable)|(?:\bcan(?:no|')?t|cannot|unable to|fail(?:s|ed)? to|error) .{0,20}(?:\bpull\b|\bdownload)|拉取.{0,20}(?:失败|超时|不了|慢|错)|(?:无法|不能).{0,8}(?:拉取|下载)/,
    ),
    output(/download failed after attempts|error pulling image configuration/),
  ],
  ask: 'Does each mirror of `docker info` answer (`curl -sI MIRROR/v2/`), and does Docker Hub itself (`curl -sI https://registry-1.docker.io/v2/`)? Is there a proxy in the shell (`env | grep -i proxy`) that `systemctl show -p Environment docker` lacks?',
}

export const NO_SPACE: Phenomenon = {
  name: 'no space left on device (ENOSPC)',
  sights: [
    output(/no space left on device|\bENOSPC\b/),
    prose([/no space|disk (?:is )?full|磁盘(?:空间)?(?:已)?满|空间不足/]),
  ],
  ask: 'Bytes or inodes, and of which file system? `df -h` and `df -i` of /, /run and the data root',
}

export const NO_MODULE: Phenomenon = {
  name: 'the kernel lacks a part that the engine asks for',
  sights: [
    output(/can't initialize ip6?tables table|Table does not exist \(do you need to insmod/),
    output(/Failed to initialize nft: Protocol not supported/),
    output(
      /Module \S+ not found in directory|could not open moddep file|modprobe: (?:FATAL|ERROR|can't change directory)/,
    ),
    output(/Running modprobe [\w ]+ failed with message/),
    output(
      /pair interfaces: operation not supported|Error creating default "bridge" network: operation not supported/,
    ),
    output(/not found as a supported filesystem on this host/),
    output(/missing kernel module|Couldn't load (?:match|target) `(?!DOCKER)/),
    output(/bridge network package not found|package not found: bridge/),
    output(
      /failed to (?:get link by name|add (?:the host|interface))[^\n]{0,80}(?:Link not found|not supported)/,
    ),
  ],
  ask: 'Are the modules of the running kernel on the disk? `ls /lib/modules/` beside `uname -r`',
}

export const CHAIN_GONE: Phenomenon = {
  name: 'a chain of the engine is not there',
  sights: [
    output(/No chain\/target\/match by that name/),
    output(/Chain '?(?:DOCKER|CNI)[\w-]*'? does not exist/),
    output(/Couldn't load target `DOCKER/),
    output(
      /Failed to (?:Setup IP tables|program (?:FILTER|NAT) chain)|Unable to enable (?:SKIP DNAT|ACCEPT|DROP|NAT) /,
    ),
  ],
  ask: 'Did a firewall start or reload after the engine (`systemctl status firewalld docker`: since when), and what has the other backend (`iptables-legacy-save`, `iptables-nft-save`)?',
}

export const NO_POOL: Phenomenon = {
  name: 'no free address range for a network',
  sights: [
    output(/could not find an available,? (?:non-overlapping IPv4 address pool|predefined network)/),
    output(/list bridge addresses failed|no available network/),
  ],
  ask: 'What holds the ranges? `ip route`: a VPN’s 0.0.0.0/1 or 10.0.0.0/8, or many br-* networks (`docker network ls`)',
}

export const FOREIGN_PROGRAM: Phenomenon = {
  name: 'a program for another machine (ENOEXEC)',
  sights: [output(/exec format error/), prose([/exec format error|格式错误/])],
  ask: 'Which machine is the image for? `docker image inspect -f "{{.Os}}/{{.Architecture}}" IMAGE` beside `uname -m` and `getconf LONG_BIT`',
}

export const FORBIDDEN_INSIDE: Phenomenon = {
  name: 'a container may not do what its program asks (EPERM)',
  sights: [output(/\bOperation not permitted\b/)],
  ask: 'Does it work with `--security-opt seccomp=unconfined`, as a test? Then the engine or its libseccomp is too old for the image',
}

export const DENIED_INSIDE: Phenomenon = {
  name: 'a container may not use a file (EACCES)',
  sights: [
    output(
      /(?:open|mkdir|chown|chmod|touch|cat|ls|cp|mv|cannot (?:open|create|access|touch))[^\n]{0,120}: Permission denied/,
    ),
    output(/\[Errno 13\] Permission denied|EACCES: permission denied/),
    prose([CONTAINER, /permission denied|权限/, /\bvolumes?\b|\bmount|\bbind\b|\bdirector|\bfiles?\b|挂载/]),
  ],
  ask: 'Only below a bind mount, or everywhere? `getenforce`; `ls -ldZ` of the folder; `sudo dmesg | grep -i denied`',
}

export const NETWORK_LOST: Phenomenon = {
  name: 'the host or its containers lose the network when containers start or stop',
  sights: [
    prose([
      CONTAINER,
      HOST,
      /\blos(?:t|e|es|ing)\b|\bdrop|\bdisconnect|\bkills?\b|\bdown\b|unresponsive|断网|失联/,
      REACH,
    ]),
    prose([/\bveth|\bdocker0\b|\bbr-[0-9a-f]+/, /\blos|\bloos|\bdisappear|\bremove|\bwithout\b|\bdrop/]),
    output(/ssh: connect to host [^\n]{0,80}No route to host/),
  ],
  ask: 'Who manages docker0 and veth*? `networkctl`, `nmcli dev`, `pgrep -a "dhcpcd|connmand"`; and `ip route` for a range of docker that the LAN has, too',
}

export const CERTIFICATE_DATE: Phenomenon = {
  name: 'a certificate is not valid at this time',
  sights: [output(/certificate has expired or is not yet valid/)],
  ask: 'Is the clock right? `date -u`; and what the certificate says: `openssl s_client -connect HOST:443 </dev/null | openssl x509 -noout -dates`',
}

export const TLS_STALLS: Phenomenon = {
  name: 'connections hang once they carry more than a few bytes',
  sights: [
    output(/TLS handshake timeout/),
    prose([
      CONTAINER,
      /\bhttps\b|\btls\b|\bssl\b|\blarge\b|\bdownload/,
      /\bhang|\bhung|\bstuck|\bstall|\btime|\bslow|\bcannot|\bcan't|\bunable/,
    ]),
  ],
  ask: 'Is an MTU on the way smaller? `ip link` of the uplink beside docker0; `ping -M do -s 1472 1.1.1.1`',
}

export const PROGRAM_MISSING: Phenomenon = {
  name: 'a program is not found',
  sights: [output(/executable file not found in \$PATH/)],
  ask: 'Which program, and whose? `type -a` it on the host; if every image fails, `systemctl cat docker | grep MountFlags`',
}

export const EXEC_DENIED: Phenomenon = {
  name: 'a program of the image may not be run (EACCES)',
  sights: [
    output(
      /exec user process caused:? "?permission denied|unable to start container process: exec: [^\n]*: permission denied|starting container process caused[^\n]*permission denied|System error: permission denied/,
    ),
    output(
      /exec \/\S+: permission denied|(?:\/bin\/sh|\/bin\/bash|entrypoint\S*)[^\n]{0,20}: [Pp]ermission denied/,
    ),
    output(/^(?:\S+ \| +)?(?:\/bin\/)?(?:ba|da)?sh: (?:line )?(?:\d+: )?\/\S+: [Pp]ermission denied/),
  ],
  ask: 'For every image, or one? `findmnt -no OPTIONS -T /var/lib/docker` (noexec?), `getenforce`, `umask` of the daemon, and the file’s mode in the image',
}

export const NETWORK_BROKEN: Phenomenon = {
  name: 'the network of containers does not work',
  sights: [
    prose([CONTAINER, FAILS, REACH]),
    prose([CONTAINER, /网络|断网|不通|连不上|访问不了/]),
    prose([
      /\bservices?\b|\bapps?\b/,
      /unreachable|no longer (?:reachable|accessible)|unable to access|502|504/,
    ]),
  ],
  ask: 'From where to where? Container to the internet, to its host, to a neighbour; the LAN to a published port. Then `sysctl net.ipv4.ip_forward` and `sudo iptables-save`',
}

export const START_PROSE: Phenomenon = {
  name: 'the engine does not start',
  sights: [
    prose([
      DOCKER,
      /\b(?:can(?:no|')?t|cannot|unable to|fail(?:s|ed)?(?: to)?|won't|doesn't|does not|didn't|not|never|refuses to)\b.{0,20}\b(?:re)?star\w*|启动(?:失败|不了|不起来|报错)|无法启动|起不来/,
    ]),
  ],
  ask: 'What is the first line of dockerd in the last start? `journalctl -u docker -n 50 --no-pager`',
}

export const TIMEOUT: Phenomenon = {
  name: 'a connection is given no answer',
  sights: [
    output(/(?:[Oo]peration|[Cc]onnection) timed out|\bETIMEDOUT\b|\bno answer\b|[Cc]onnect(?:ion)? timeout/),
  ],
  ask: 'From where to where, and does it get to the host at all? `sudo tcpdump -ni any host ADDRESS` while trying; a silent drop is a DROP rule on the way: `sudo iptables-save -c`',
}

export const REFUSED: Phenomenon = {
  name: 'nobody listens at that address and port (ECONNREFUSED)',
  sights: [
    output(
      /[Cc]onnection refused|\bECONNREFUSED\b|ERR_CONNECTION_REFUSED|refused to connect|actively refused/,
    ),
  ],
  ask: 'What listens there? `docker port NAME`, `ss -ltn` on the host, `docker exec NAME ss -ltn` in the container',
}

/** EMFILE of a server: its own limit, and none of the host's (ENFILE) or of inotify. */
export const EMFILE =
  /\(24: Too many open files\)|\(24\) Too many open files|\baccept4?\b[^\n]{0,60} too many open files|\[Errno 24\]|\bEMFILE\b/

export const OWN_FILES: Phenomenon = {
  name: 'a process may open no more files (EMFILE)',
  sights: [output(EMFILE)],
  ask: 'How many may that process open? `grep "open files" /proc/PID/limits`, in the container `ulimit -n`',
}

export const NFT_REFUSED: Phenomenon = {
  name: 'the kernel cannot make a table, chain or rule (EOPNOTSUPP)',
  sights: [
    output(/(?:TABLE|CHAIN|RULE)_(?:ADD|APPEND|INSERT) failed \((?:Not supported|Operation not supported)\)/),
  ],
  ask: 'Has the running kernel that part, and its modules on the disk? `uname -r`, `ls /lib/modules/`, `zgrep -E "NF_TABLES|NFT_" /proc/config.gz /boot/config-$(uname -r)`',
}

export const NO_ARM_IMAGE: Phenomenon = {
  name: 'no image for linux/arm/v8',
  sights: [output(/no matching manifest for linux\/arm\/v8/)],
  ask: 'Is the engine one of 32 bits? `docker version -f "{{.Server.Arch}}"` beside `uname -m`',
}

export const INTRUDED: Phenomenon = {
  name: 'foreign programs use the machine',
  sights: [
    prose(
      /\bkdevtmpfsi|\bkinsing|\b(?:crypto(?:currency)?|bitcoin|monero|coin)[- ]{0,2}min(?:er|ing)|\bminers?\b|\bfor mining\b|\bmalware\b|\bhacked\b|\bbotnet\b|挖矿|木马|被黑|被入侵/,
    ),
  ],
  ask: 'By which door? `ss -ltnp` for the engine’s port 2375, and for databases that containers publish: `docker ps --format "{{.Names}} {{.Ports}}"`',
}
