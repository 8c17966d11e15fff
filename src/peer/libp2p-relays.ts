/**
 * Through whom is a bank reached that no address leads to? Line partners with an open door relay for each other: such a
 * bank keeps a place at two of them, and is looked for through one's own ([NAT-2], [NAT-3]; libp2p circuit relay v2).
 */

import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { reasonOf } from '../core/fault.ts'
import { LIMITS } from '../core/limits.ts'
import type { StrangerGate } from './libp2p-gate.ts'
import { CIRCUIT, isRelayed } from './relayed-address.ts'

const RELAY_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'

/** What libp2p hands to a service, as far as it is used here. */
export interface Listening {
  readonly transportManager: { listen(addresses: Multiaddr[]): Promise<void> }
}

/** The transport through relays, as far as it is used here; libp2p does not export its type. */
export interface Circuit {
  readonly reservationStore: {
    reservationCount(): number
    hasReservation(peer: PeerId): boolean
    addRelay(peer: PeerId, type: 'configured'): Promise<unknown>
  }
}

export interface RelayParts {
  readonly node: Libp2p
  readonly gate: StrangerGate
  readonly circuit: Circuit
  readonly listening: Listening
  /** Addresses of our own that lead here without anybody's help. */
  readonly direct: () => readonly string[]
  readonly report: (problem: string) => void
}

/** Keeps places at line partners while no address leads here, and names ways through them to others. */
export class Relays {
  readonly #parts: RelayParts
  /** Partners at which we have had a place: libp2p listens there once, and renews it. */
  readonly #known = new Set<string>()
  /** Partners that gave none: when to ask again, in milliseconds of this process, and the wait after that. */
  readonly #waits = new Map<string, { until: number; wait: number }>()
  #looking = false
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(parts: RelayParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LIMITS.relayLookSeconds * 1_000)
    // Identified: only now is it known whether the peer relays at all.
    this.#parts.node.addEventListener('peer:identify', ({ detail }) => {
      if (this.#parts.gate.favoured.has(detail.peerId.toString())) void this.look()
    })
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  /** Takes places until there are enough of them. One look at a time. */
  async look(): Promise<void> {
    const { circuit, direct, report } = this.#parts
    if (this.#looking || this.#timer === null || direct().length > 0) return
    this.#looking = true
    try {
      for (const connection of await this.#candidates()) {
        if (circuit.reservationStore.reservationCount() >= LIMITS.relayPlaces) break
        await this.#takePlace(connection)
      }
    } catch (error) {
      // A peer that is forgotten in this moment, or a host that stops; the next look is soon.
      report(`the look for places ended early: ${reasonOf(error)}`)
    } finally {
      this.#looking = false
    }
  }

  /** Ways to a peer through line partners that are connected now; who has no place there is told so at once. */
  waysTo(peerId: string): Multiaddr[] {
    const partners = this.#directPartners().filter(({ remotePeer }) => remotePeer.toString() !== peerId)
    return partners
      .slice(0, LIMITS.relayWays)
      .map(({ remoteAddr, remotePeer }) =>
        multiaddr(`${withPeer(remoteAddr, remotePeer)}${CIRCUIT}/p2p/${peerId}`),
      )
  }

  /** Line partners with a connection of their own, each once. */
  #directPartners(): Connection[] {
    const { node, gate } = this.#parts
    const open = node.getConnections().filter(({ remotePeer, remoteAddr, status }) => {
      return status === 'open' && gate.favoured.has(remotePeer.toString()) && !isRelayed(remoteAddr)
    })
    return [...new Map(open.map((one) => [one.remotePeer.toString(), one])).values()]
  }

  /** Those that relay, were dialled by us (else their address is nobody's door), and are not to be left alone. */
  async #candidates(): Promise<Connection[]> {
    const { node, circuit } = this.#parts
    const found: Connection[] = []
    for (const connection of this.#directPartners()) {
      const { remotePeer, direction } = connection
      const wait = this.#waits.get(remotePeer.toString())
      if (direction === 'inbound' || circuit.reservationStore.hasReservation(remotePeer)) continue
      if (wait !== undefined && performance.now() < wait.until) continue
      const { protocols } = await node.peerStore.get(remotePeer)
      if (protocols.includes(RELAY_PROTOCOL)) found.push(connection)
    }
    return found
  }

  async #takePlace({ remotePeer, remoteAddr }: Connection): Promise<void> {
    const { circuit, listening, report } = this.#parts
    const id = remotePeer.toString()
    try {
      if (this.#known.has(id)) await circuit.reservationStore.addRelay(remotePeer, 'configured')
      else await listening.transportManager.listen([multiaddr(withPeer(remoteAddr, remotePeer) + CIRCUIT)])
      this.#known.add(id)
      this.#waits.delete(id)
    } catch {
      const wait = Math.min(
        (this.#waits.get(id)?.wait ?? LIMITS.relayLookSeconds) * 2,
        LIMITS.relayWaitSeconds,
      )
      this.#waits.set(id, { until: performance.now() + wait * 1_000, wait })
      report(`no place to be reached through ${id}`)
    }
  }
}

function withPeer(address: Multiaddr, peer: PeerId): string {
  const [text, end] = [address.toString(), `/p2p/${peer.toString()}`]
  return text.endsWith(end) ? text : text + end
}
