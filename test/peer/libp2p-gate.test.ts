/** Do strangers share what is left of the connections, and does a line partner always find a place? */

import type { Connection, MultiaddrConnection, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/core/hash.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { type Network, StrangerGate } from '../../src/peer/libp2p-gate.ts'
import { peerIdOf } from '../../src/peer/peer-id.ts'

const peer = (n: number): PeerId => peerIdFromString(peerIdOf(sha256(Uint8Array.of(n))))
const from = (ip: string) => ({ remoteAddr: multiaddr(`/ip4/${ip}/tcp/4001`) })

/** A gate that sees this many connections from different addresses, and these besides. */
function gate(network: Network, count: number, more: readonly string[] = []): StrangerGate {
  const made = new StrangerGate(network)
  const ips = [...Array.from({ length: count }, (_, i) => `9.9.${i >> 8}.${i & 255}`), ...more]
  made.watch(() => ips.map(from) as Connection[])
  return made
}

const inbound = (one: StrangerGate, ip: string): boolean =>
  one.denyInboundConnection(from(ip) as MultiaddrConnection)

describe('[ADMIT-1] connections', () => {
  const full = LIMITS.connections - LIMITS.connectionsKept

  test('strangers fill what is not kept, line partners have a place beyond it', () => {
    const [line, stranger] = [peer(1), peer(2)]
    for (const [count, denied] of [
      [full - 1, false],
      [full, true],
    ] as const) {
      const one = gate('internet', count)
      one.favoured = new Set([line.toString()])
      expect(one.denyInboundEncryptedConnection(stranger)).toBe(denied)
      expect(one.denyDialPeer(stranger)).toBe(denied)
      expect(one.denyInboundEncryptedConnection(line)).toBe(false)
      expect(one.denyDialPeer(line)).toBe(false)
    }
  })

  test('one address has eight, outside a local network', () => {
    const seven = Array(LIMITS.connectionsPerAddress - 1).fill('8.8.8.8')
    expect(inbound(gate('internet', 20, seven), '8.8.8.8')).toBe(false)
    expect(inbound(gate('internet', 20, [...seven, '8.8.8.8']), '8.8.8.8')).toBe(true)
    expect(inbound(gate('internet', 20, [...seven, '8.8.8.8']), '8.8.4.4')).toBe(false)
    expect(inbound(gate('lan', 20, [...seven, '8.8.8.8']), '8.8.8.8')).toBe(false)
  })
})

test('[NAT-4] private addresses are neither dialled nor remembered, except in a local network', () => {
  const cases: [Network, string, boolean][] = [
    ['internet', '10.0.0.1', true],
    ['internet', '9.9.9.9', false],
    ['lan', '10.0.0.1', false],
  ]
  for (const [network, ip, closed] of cases) {
    const one = gate(network, 0)
    expect(one.denyDialMultiaddr(from(ip).remoteAddr)).toBe(closed)
    expect(one.filterMultiaddrForPeer(peer(1), from(ip).remoteAddr)).toBe(!closed)
  }
})

describe('[NAT-2] [NAT-3] through relays', () => {
  const [line, stranger, other] = [peer(1), peer(2), peer(3)]
  const relayed = (n: number): { remoteAddr: ReturnType<typeof multiaddr>; remotePeer: PeerId } => ({
    remoteAddr: multiaddr(`/ip4/8.8.8.8/tcp/4001/p2p/${other.toString()}/p2p-circuit`),
    remotePeer: peer(10 + n),
  })
  const withRelayed = (count: number): StrangerGate => {
    const made = new StrangerGate('internet')
    made.favoured = new Set([line.toString()])
    made.watch(() => Array.from({ length: count }, (_, n) => relayed(n)) as unknown as Connection[])
    return made
  }

  test('line partners get a place and a way, strangers neither', () => {
    const one = withRelayed(0)
    expect([one.denyInboundRelayReservation(line), one.denyInboundRelayReservation(stranger)]).toEqual([
      false,
      true,
    ])
    expect(one.denyOutboundRelayedConnection(line, other)).toBe(false)
    expect(one.denyOutboundRelayedConnection(stranger, line)).toBe(true)
  })

  test('eight strangers may come through relays, and line partners always', () => {
    const [some, many] = [
      withRelayed(LIMITS.connectionsPerAddress - 1),
      withRelayed(LIMITS.connectionsPerAddress),
    ]
    expect(some.denyInboundRelayedConnection(other, stranger)).toBe(false)
    expect(many.denyInboundRelayedConnection(other, stranger)).toBe(true)
    expect(many.denyInboundRelayedConnection(other, line)).toBe(false)
  })

  test('what is relayed does not count for the address of the relay', () => {
    const one = withRelayed(20)
    expect(inbound(one, '8.8.8.8')).toBe(false)
    expect(one.denyInboundConnection(relayed(1) as unknown as MultiaddrConnection)).toBe(false)
  })
})
