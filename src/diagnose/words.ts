/** Notions in people's own words, English and Chinese. Each is one regular expression, for a passage of prose. */

/** A container, or what speaks for one. */
export const CONTAINER =
  /\bcontainers?\b|\bpods?\b|\bdocker(?!\s?(?:hub|desktop|daemon|engine|socket|service|ps|info|version|registry|[.]))|\bcompose\b|\bpodman\b|nspawn|容器/
export const DOCKER = /\bdocker\b|\bdockerd\b|\bdaemon\b|\bengine\b/
/** Containers, and what carries them. A text without any of it is hardly about a host. */
export const FIELD = new RegExp(
  [
    /docker|containe?r|\bimages?\b|\blayers?\b|\bpods?\b|kube|podman|compose|swarm|registry|\bmoby|\brunc\b|build(?:x|kit)|volume|overlay|entrypoint|log-opts|容器|镜像|拉取/,
    /kernel|glibc|systemd|cgroup|daemon|\bservices?\b|socket|memory|\boom\b|\bcpu\b|\blimits?\b|fs\.[\w-]+ =|\bSIG[A-Z]{3}|exit(?:ed)?(?: with)? (?:status|code)|\bcode:? 1\d\d\b|non-zero|内核|内存|服务/,
    /network|interface|subnet|gateway|\bports?\b|iptable|firewall|\bnft\b|\bufw\b|\bvpn|proxy|\bdns\b|resolv|nslookup|\bping\b|\bcurl\b|\bssh\b|\btcp\b|\bip(?:v[46])?\b|\b\d+\.\d+\.\d+\.\d+\b|\bmtu\b|RTNETLINK|EADDR|网络|端口|防火墙|代理|域名|外网/,
    /\bhosts?\b|server|\bmount|\bdisk|no space|symbolic link|\b\d+(?:\.\d+)? ?[KMGT]i?B\b|^\/?(?:[\w.-]+\/){2}|\s\/(?:etc|var|usr|dev|proc|sys|lib|run|opt|bin|home|srv|mnt)\b|主机|磁盘|挂载/,
    /\bsudo\b|\broot\b|permission|\bgroups?\b|\bchown|\btoken\b|权限/,
    /linux|ubuntu|debian|centos|rhel|red ?hat|fedora|rocky|alma|suse|raspb|\bpi \d|synology|\bnas\b|\barm\b|aarch64/,
    /\bapt\b|\byum\b|\bdnf\b|\bapk\b|\bpip3?\b|install|upgrade|restart|reboot|安装|启动|重启/,
    /database|\bdb\b|websites?|traefik|haproxy|nextcloud|wordpress|grafana|prometheus|elastic|kafka|hypervisor|postgres|mysql|mongo|redis|nginx|jenkins|gitlab/,
  ]
    .map(({ source }) => source)
    .join('|'),
)
/** It does not work, or no longer. */
export const FAILS =
  /\bcan(?:no|')?t\b|cannot|can not|unable|\bfail|\bnot (?:able|work|possible|reach|resolv|connect|ping|respond|accessible|available|start|get|have)|\b(?:do|does|did|is|are|was|could|would|wo|has|have)n'?t\b|\b(?:do|does|did|is|are|was|could|would|will|has|have) not\b|\bno longer\b|refuse|tim(?:e|ed|es|ing)[ -]?out|\bhang|\bhung\b|\bstuck\b|\blos(?:t|e|es|ing)\b|\bloos(?:e|es|ing)\b|\bbroken?\b|\bbreaks?\b|\bbreaking\b|\bstop(?:s|ped)?\b|\bdrop|unreachable|inaccessible|denied|\bwithout\b|\berrors?\b|\bkills?\b|\bdead\b|\bno (?:internet|network|connect|access|traffic|route|response|reply|dns)|\bwrong\b|\bissues?\b|\bproblems?\b|disappear|removed|不能|无法|失败|不通|不了|超时|不上|断开|丢失|异常|不可用|报错|问题|访问不/
/** A program, or a person, says that something went wrong. */
export const COMPLAINT =
  /\berrors?\b|\bfail|\bdenied\b|\bforbidden\b|\bprohibited\b|\bcan(?:no|')?t\b|\bunable\b|\brefus|unreachable|\btim(?:ed?|ing)[ -]?out\b|\bhang|\bhung\b|\bstuck\b|\bstall|\bslow\b|\bfatal?\b|\bpanic\b|\binvalid\b|\bunsupported\b|\bdeprecated\b|\bexpired\b|\bunexpected|\bexit status\b|\bwarn|\bnot?\b(?!-)|n't\b|\bbad\b|already in use|\bwrong\b|\bproblem|\bissues?\b|\bbroken?\b|\bbreaks?\b|\bblock(?:s|ed|ing)?\b(?! state| device| size)|\bprevent|\bkill(?:s|ed)\b|\bconflicts?\b(?!=)|\bfreez(?:e|es|ing)\b|\bmalware\b|\bhacked\b|\bdrop(?:s|ped|ping)\b|\bdisappear|\bremoved\b|\bloo?(?:st|se[ds]?|sing)\b|\b[1-9]\d?0?% packet loss|\bunstable\b|\boverflow|\breset by\b|\bcrash|\bretrying\b|\b50[234]\b|失败|无法|不能|不了|不通|不上|没有|报错|错误|超时|异常|问题|拒绝|慢|断|怎么办|木马|挖矿/
/** To get somewhere over the network. */
export const REACH =
  /\breach|\bconnect|\baccess|\bping|\bcurl\b|\bwget\b|communicat|\btraffic\b|\bnetwork|\bpackets?\b|\btalk\b|\brequests?\b|通信|通讯|访问|连接|连通|网络|ping/
/** What lies beyond the host. */
export const OUTSIDE =
  /\binternet\b|\boutside\b|\boutbound\b|\bexternal|\bupstream\b|\bwebsites?\b|\bweb ?sites?\b|\bworld\b|\bout of the (?:host|container|instance)|\b8\.8\.8\.8|\b1\.1\.1\.1|\bgoogle\b|\bapt(?:-get)?\b|外网|上网|互联网|公网|外部/
/** From elsewhere into the host. */
export const INBOUND =
  /\bfrom (?:the |my |a |an |any )?(?:lan|local network|outside|elsewhere|another|other|remote|external|different|internet|laptop|pc|client|browser)|\bexternally\b|\bremote(?:ly)?\b|\boutside\b|\bincoming\b|\binbound\b|局域网|外部|其他(?:机器|主机)|外网访问/
export const HOST = /\bhost(?:'s)?\b|\bserver\b|\bmachine\b|\bgateway\b|\binstance\b|宿主|主机|服务器/
export const PORT = /\bports?\b|\bpublish|\bexpos|\bmapp(?:ed|ing)\b|-p \d|\blocalhost\b|端口|映射/
export const NAMES =
  /\bdns\b|\bresolv|name resolution|\bnslookup\b|\bnameservers?\b|\bhost ?names?\b|\bdomain|\bby (?:the )?name\b|through the name|域名|解析/
export const PULL =
  /\bpull|\bregistry\b|docker ?hub|\bdownload(?:s|ed|ing)? (?:the |an |any )?images?|\bimages?\b.{0,30}\bdownload|拉取|镜像|下载/
export const UPGRADE =
  /\bup(?:grad|dat)(?:e|es|ed|ing)\b|\bafter (?:the |an? )?(?:new|install|migrat)|升级|更新|\bapt(?:-get)? (?:dist-)?upgrade|\byum update/
export const RESTART = /\brestart|\breload|\breboot|重启|重新加载/
export const WAKES =
  /\b(?:after|from|on) (?:a |the )?(?:suspend|sleep|hibernat|resum|wak)|\b(?:is|was|are|were) (?:resumed|suspended)|休眠|唤醒/
/** Its users have ids of their own, whatever the engine maps. */
export const PODMAN = /\blibpod\b|\bpodman\b|\bbuildah\b|\bskopeo\b|\bkeep-id\b/
export const VPN =
  /\b\w{0,12}vpn\b|\bwireguard\b|\btailscale\b|\btailnet\b|\bnetbird\b|\banyconnect\b|\bopenconnect\b|\bforticlient\b|\bmullvad\b|\bsurfshark\b|\bzerotier\b|\bwarp\b|\bglobalprotect\b|\bclash\b|\bexit node/
export const CLUSTER =
  /\bswarm\b|\boverlay network|\boverlay\b(?=.{0,40}network)|\bmulti-?host\b|\bdocker node|\bnodes?\b/
