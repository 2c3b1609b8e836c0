/**
 * How long releases of distributions get updates.
 * Dates as of 2026-10-04 from https://endoflife.date (by distribution: /ubuntu, /debian, /rhel, …) and, where it says so, from the
 * vendors' own pages: https://www.openeuler.org/en/other/lifecycle/, https://openanolis.cn/anolisos,
 * https://www.alibabacloud.com/help/en/ecs/user-guide/solution-for-alibaba-cloud-linux-2-entering-the-els-phase.
 */

/** The day on which the table was compared with its sources. */
export const DISTRIBUTIONS_AS_OF = '2026-10-04'

export interface ReleaseLife {
  /** Begins `VERSION_ID`, component by component: `9` stands for 9.4. For openEuler with the edition: `22.03 LTS-SP4`. */
  readonly version: string
  /** The last day of updates for everybody, RFC 3339; for Debian that of its free LTS. */
  readonly until: string
  /** The last day of updates for those who subscribe to the programme. */
  readonly extended?: string
}
export interface DistributionLife {
  readonly name: string
  /** What {@link ReleaseLife.extended} is called. */
  readonly programme?: string
  /** Releases below this have a kernel before 3.10, on which no engine runs. */
  readonly enginesFrom?: string
  /** Newest first; releases below the last one ended before it. Empty where no dates are published. */
  readonly releases: readonly ReleaseLife[]
}

/** One row a release: version, end, end of the extended programme. */
const rows = (table: string): readonly ReleaseLife[] =>
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [version = '', until = '', extended] = line.split('|').map((cell) => cell.trim())
      return { version, until, ...(extended ? { extended } : {}) }
    })

const enterprise = (name: string): DistributionLife => ({
  name,
  enginesFrom: '7',
  releases: rows(`
    10 | 2035-05-31
     9 | 2032-05-31
     8 | 2029-05-31`),
})

/** By `ID` of os-release in lower case; `centos-stream` for the Stream releases of `centos`. */
export const DISTRIBUTIONS: Readonly<Record<string, DistributionLife>> = {
  ubuntu: {
    name: 'Ubuntu',
    programme: 'Ubuntu Pro (ESM)',
    enginesFrom: '14.04',
    releases: rows(`
      26.04 | 2031-04-30 | 2036-04-30
      25.10 | 2026-07-01
      25.04 | 2026-01-17
      24.10 | 2025-07-10
      24.04 | 2029-05-31 | 2036-05-31
      23.10 | 2024-07-11
      23.04 | 2024-01-25
      22.10 | 2023-07-20
      22.04 | 2027-04-01 | 2032-04-09
      21.10 | 2022-07-14
      21.04 | 2022-01-20
      20.10 | 2021-07-22
      20.04 | 2025-05-31 | 2030-04-02
      18.04 | 2023-05-31 | 2028-04-01
      16.04 | 2021-04-30`),
  },
  debian: {
    name: 'Debian',
    enginesFrom: '8',
    releases: rows(`
      13 | 2030-06-30
      12 | 2028-06-30
      11 | 2026-08-31
      10 | 2024-06-30
       9 | 2022-06-30`),
  },
  fedora: {
    name: 'Fedora',
    releases: rows(`
      44 | 2027-06-02
      43 | 2026-12-09
      42 | 2026-05-27
      41 | 2025-12-15
      40 | 2025-05-13`),
  },
  rhel: {
    name: 'Red Hat Enterprise Linux',
    programme: 'Extended Life Cycle Support',
    enginesFrom: '7',
    releases: rows(`
      10 | 2035-05-31 | 2039-05-31
       9 | 2032-05-31 | 2036-05-31
       8 | 2029-05-31 | 2033-05-31
       7 | 2024-06-30 | 2029-05-31`),
  },
  'centos-stream': {
    name: 'CentOS Stream',
    releases: rows(`
      10 | 2030-05-31
       9 | 2027-05-31
       8 | 2024-05-31`),
  },
  centos: {
    name: 'CentOS',
    enginesFrom: '7',
    releases: rows(`
       8 | 2021-12-31
       7 | 2024-06-30`),
  },
  rocky: enterprise('Rocky Linux'),
  almalinux: enterprise('AlmaLinux'),
  ol: {
    name: 'Oracle Linux',
    programme: 'Extended Support',
    enginesFrom: '7',
    releases: rows(`
       9 | 2032-06-30 | 2035-06-30
       8 | 2029-07-31 | 2032-07-31
       7 | 2024-12-31 | 2028-06-30`),
  },
  sles: {
    name: 'SUSE Linux Enterprise Server',
    programme: 'LTSS',
    enginesFrom: '12',
    releases: rows(`
      16.0 | 2027-11-30 | 2030-11-30
      15.7 | 2031-07-31 | 2034-07-31
      15.6 | 2025-12-31 | 2028-12-31
      15.5 | 2024-12-31 | 2027-12-31
      15.4 | 2023-12-31 | 2026-12-31
      12.5 | 2024-10-31 | 2027-10-31`),
  },
  'opensuse-leap': {
    name: 'openSUSE Leap',
    releases: rows(`
      16.0 | 2027-10-31
      15.6 | 2026-04-30
      15.5 | 2024-12-31`),
  },
  alpine: {
    name: 'Alpine Linux',
    releases: rows(`
      3.24 | 2028-06-01
      3.23 | 2027-11-01
      3.22 | 2027-05-01
      3.21 | 2026-11-01
      3.20 | 2026-04-01
      3.19 | 2025-11-01`),
  },
  amzn: {
    name: 'Amazon Linux',
    releases: rows(`
      2023 | 2029-06-30
      2    | 2026-06-30`),
  },
  linuxmint: {
    name: 'Linux Mint',
    releases: rows(`
      22 | 2029-04-30
      21 | 2027-04-30
      20 | 2025-04-30`),
  },
  openeuler: {
    name: 'openEuler',
    releases: rows(`
      26.09         | 2027-03-31
      25.09         | 2026-03-31
      25.03         | 2025-09-30
      24.09         | 2025-03-31
      24.03 LTS-SP4 | 2027-03-31
      24.03 LTS-SP3 | 2027-12-31
      24.03 LTS-SP2 | 2026-03-31
      24.03 LTS-SP1 | 2026-12-31
      24.03 LTS     | 2026-05-31
      23.09         | 2024-03-31
      23.03         | 2023-09-30
      22.03 LTS-SP4 | 2026-06-30
      22.03 LTS-SP3 | 2025-12-31
      22.03 LTS-SP2 | 2024-03-31
      22.03 LTS-SP1 | 2024-12-31
      22.03 LTS     | 2024-03-31
      20.03 LTS-SP4 | 2025-11-30
      20.03 LTS-SP3 | 2023-12-31
      20.03 LTS-SP2 | 2022-04-30
      20.03 LTS-SP1 | 2022-12-31
      20.03 LTS     | 2021-03-31`),
  },
  anolis: { name: 'Anolis OS', releases: rows('8 | 2031-03-31') },
  alinux: {
    name: 'Alibaba Cloud Linux',
    programme: 'Extended Life Support',
    releases: rows(`
      3 | 2031-03-31
      2 | 2024-03-31 | 2026-03-31`),
  },
  arch: { name: 'Arch Linux', releases: [] },
  'opensuse-tumbleweed': { name: 'openSUSE Tumbleweed', releases: [] },
  kylin: { name: 'Kylin', releases: [] },
  uos: { name: 'UnionTech UOS', releases: [] },
  deepin: { name: 'Deepin', releases: [] },
  tencentos: { name: 'TencentOS Server', releases: [] },
  opencloudos: { name: 'OpenCloudOS', releases: [] },
  hce: { name: 'Huawei Cloud EulerOS', releases: [] },
  euleros: { name: 'EulerOS', releases: [] },
}
