/**
 * The hops of a packet's way, in the order in which it meets them, from the container outward. A hop is asked of checks, which then see
 * this container and its network alone, and of questions that only a named container allows.
 */
import type { CheckId } from '../../model/check.ts'
import type { Question } from '../question.ts'
import { isLetIn, isLetOut } from '../reach/filter.ts'
import { fromHost, toPort } from '../reach/from-host.ts'
import { names, outside } from '../reach/from-inside.ts'
import { isHeld, isPublished } from '../reach/published.ts'
import { isRouted, isRoutedOut } from '../reach/route.ts'
import { leavesAnswerable } from '../reach/source.ts'
import { fitsThrough } from '../reach/whole-packets.ts'

export interface Asked {
  /** For a question: the check that it belongs to, whose causes are its causes. */
  readonly check: CheckId
  readonly question?: Question
  /** The findings that stop packets; every failure where left out. Others of the check are about something else. */
  readonly breaks?: readonly string[]
  /** Findings that let some packets through. */
  readonly warns?: readonly string[]
}

export interface HopSpec {
  readonly id: string
  /** What holds. */
  readonly title: string
  readonly side: 'in' | 'out'
  readonly asks: readonly Asked[]
  /** It is about a bridge of this host, which a container on the host's network has not. */
  readonly needsBridge?: true
}

const FILTERS: readonly Asked[] = [
  { check: 'firewall/forward-policy', breaks: ['dropped', 'rejected', 'policy', 'portClosed'] },
  { check: 'firewall/nftables' },
]

export const HOPS: readonly HopSpec[] = [
  {
    id: 'running',
    title: 'the container runs',
    side: 'in',
    asks: [{ check: 'container/running', warns: ['unhealthy'] }],
  },
  { id: 'listening', title: 'its program listens', side: 'in', asks: [{ check: 'container/listening' }] },
  {
    id: 'bridge',
    title: 'its bridge is up and has the gateway address',
    side: 'in',
    needsBridge: true,
    asks: [
      {
        check: 'network/docker-bridge',
        breaks: ['missing', 'notABridge', 'noAddress', 'otherAddress', 'down'],
      },
    ],
  },
  {
    id: 'attached',
    title: 'its cable is plugged into the bridge',
    side: 'in',
    asks: [{ check: 'container/attached' }],
  },
  {
    id: 'route',
    title: 'routes and policy rules lead there and back',
    side: 'in',
    needsBridge: true,
    asks: [{ check: 'network/policy-routing' }, { check: 'network/policy-routing', question: isRouted }],
  },
  {
    id: 'conntrack',
    title: 'connection tracking has room',
    side: 'in',
    asks: [{ check: 'network/conntrack', breaks: ['full'], warns: ['nearlyFull'] }],
  },
  {
    id: 'address',
    title: 'this host connects to its address',
    side: 'in',
    asks: [{ check: 'container/reachable', question: fromHost }],
  },
  {
    id: 'published',
    title: 'its port is published',
    side: 'in',
    asks: [{ check: 'container/published', question: isPublished }],
  },
  {
    id: 'nat',
    title: 'what arrives at the port is led to it',
    side: 'in',
    asks: [{ check: 'container/published', question: isHeld }],
  },
  {
    id: 'forwarding',
    title: 'the host forwards',
    side: 'in',
    needsBridge: true,
    asks: [
      { check: 'network/ip-forward', breaks: ['off', 'staysOff', 'interfaceOff'] },
      { check: 'network/rp-filter', breaks: ['strict'] },
    ],
  },
  {
    id: 'filter-in',
    title: 'no rule stops what comes in',
    side: 'in',
    asks: [...FILTERS, { check: 'firewall/input', question: isLetIn, warns: ['partly', 'doubtful'] }],
  },
  {
    id: 'port',
    title: 'this host connects to the published port',
    side: 'in',
    asks: [{ check: 'container/reachable', question: toPort }],
  },
  {
    id: 'route-out',
    title: 'routes and policy rules lead to the outside',
    side: 'out',
    needsBridge: true,
    asks: [{ check: 'network/subnet-overlap', question: isRoutedOut, warns: ['backIntoBridge'] }],
  },
  {
    id: 'filter-out',
    title: 'no rule stops what goes out',
    side: 'out',
    needsBridge: true,
    asks: [...FILTERS, { check: 'firewall/forward-policy', question: isLetOut }],
  },
  {
    id: 'nat-out',
    title: 'its packets leave with the address of the host',
    side: 'out',
    needsBridge: true,
    asks: [
      { check: 'firewall/docker-chains', breaks: ['missingMasquerade'] },
      { check: 'firewall/engine-rules', breaks: ['noTranslation'] },
      {
        check: 'firewall/docker-chains',
        question: leavesAnswerable,
        warns: ['maybeOwn', 'maybeForeign'],
      },
    ],
  },
  {
    id: 'dns',
    title: 'its name server answers',
    side: 'out',
    asks: [{ check: 'container/reachable', question: names, warns: ['namesAside', 'someSilent'] }],
  },
  {
    id: 'outside',
    title: 'the outside answers it',
    side: 'out',
    asks: [{ check: 'container/reachable', question: outside }],
  },
  {
    id: 'mtu',
    title: 'its largest packets fit through',
    side: 'out',
    needsBridge: true,
    asks: [
      { check: 'network/mtu', warns: ['larger'] },
      { check: 'network/mtu', question: fitsThrough, warns: ['tooLarge'] },
    ],
  },
]
