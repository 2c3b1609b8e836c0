/** VPN clients that keep rules of their own in the packet filter, and how each is told to let containers through. */

export interface VpnClient {
  readonly name: string
  /** Of a table, a chain or a rule's comment: nobody else uses such names. */
  readonly table?: RegExp
  readonly chain?: RegExp
  readonly comment?: RegExp
  /** What a person can do, in one sentence. */
  readonly cure: string
}

export const VPN_CLIENTS: readonly VpnClient[] = [
  {
    // https://github.com/mullvad/mullvadvpn-app/blob/main/docs/security.md
    name: 'Mullvad VPN',
    table: /^mullvad$/,
    cure: "Allow the local network (mullvad lan set allow), switch the lockdown off (mullvad lockdown-mode set off), or start the engine's containers outside of it.",
  },
  {
    // https://tailscale.com/kb/1241/tailscale-up (--stateful-filtering)
    name: 'Tailscale',
    chain: /^ts-(?:forward|input)$/,
    cure: 'Let it forward what others open: tailscale set --stateful-filtering=false.',
  },
  {
    // https://github.com/NordSecurity/nordvpn-linux: its kill switch drops in FORWARD too
    name: 'NordVPN',
    table: /^nordvpn$/,
    comment: /^nordvpn(?:-\d+)?$/,
    cure: "Exempt the engine's subnets: nordvpn allowlist add subnet 172.17.0.0/16 (whitelist in old versions), or switch its kill switch off.",
  },
]
