/**
 * Which connections may be made? Strangers share what is not kept for line partners, an address counts for a few
 * connections only, and nobody makes us knock at a private door ([ADMIT-1], [NAT-4]).
 */

import type { Connection, ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { LIMITS } from '../core/limits.ts'
import { isPrivateAddress } from './private-address.ts'
import { isRelayed } from './relayed-address.ts'

/** `lan`: a house, a hall or one machine. `internet`: anywhere else. */
export type Network = 'lan' | 'internet'

export class StrangerGate implements ConnectionGater {
  /** Peer ids of line partners. */
  favoured: ReadonlySet<string> = new Set()
  private readonly network: Network
  private connections: () => readonly Connection[] = () => []

  constructor(network: Network) {
    this.network = network
  }

  /** Says where the open connections are seen, once there is a node. */
  watch(connections: () => readonly Connection[]): void {
    this.connections = connections
  }

  // libp2p calls these by name, some of them detached from the object: hence the arrows.

  readonly denyDialPeer = (peer: PeerId): boolean => this.isFullFor(peer)

  readonly denyDialMultiaddr = (address: Multiaddr): boolean => this.isClosedTo(address)

  readonly filterMultiaddrForPeer = (_peer: PeerId, address: Multiaddr): boolean => !this.isClosedTo(address)

  readonly denyInboundConnection = ({ remoteAddr }: MultiaddrConnection): boolean => {
    // Of one that is relayed the address is the relay's; the relay stands between, and `denyInboundRelayedConnection`.
    if (this.network === 'lan' || isRelayed(remoteAddr)) return false
    const host = hostOf(remoteAddr)
    const same = this.connections().filter(
      (connection) => !isRelayed(connection.remoteAddr) && hostOf(connection.remoteAddr) === host,
    )
    return same.length >= LIMITS.connectionsPerAddress
  }

  /** The first moment at which the peer is known: its handshake has proven its id. */
  readonly denyInboundEncryptedConnection = (peer: PeerId): boolean => this.isFullFor(peer)

  /** Places are given to line partners alone ([NAT-2]). */
  readonly denyInboundRelayReservation = (source: PeerId): boolean => !this.favoured.has(source.toString())

  /** So is the way to those who have one: a stranger finds another. */
  readonly denyOutboundRelayedConnection = (source: PeerId, _to: PeerId): boolean =>
    !this.favoured.has(source.toString())

  /** Whoever comes through a relay: line partners always, of others as many as from one address. */
  readonly denyInboundRelayedConnection = (_relay: PeerId, remote: PeerId): boolean => {
    if (this.favoured.has(remote.toString())) return false
    const relayed = this.connections().filter(({ remoteAddr, remotePeer }) => {
      return isRelayed(remoteAddr) && !this.favoured.has(remotePeer.toString())
    })
    return relayed.length >= LIMITS.connectionsPerAddress || this.isFullFor(remote)
  }

  private isFullFor(peer: PeerId): boolean {
    if (this.favoured.has(peer.toString())) return false
    return this.connections().length >= LIMITS.connections - LIMITS.connectionsKept
  }

  private isClosedTo(address: Multiaddr): boolean {
    return this.network === 'internet' && isPrivateAddress(address.toString())
  }
}

function hostOf(address: Multiaddr): string {
  return address.getComponents()[0]?.value ?? ''
}
