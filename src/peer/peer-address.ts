/**
 * How is one peer named in one line of text? A multiaddr that ends in the peer id, as
 * `/ip4/192.0.2.7/tcp/7601/p2p/12D3Koo...`; people copy it from one bank's status into another's settings.
 */

import { LIMITS } from '../core/limits.ts'
import { peerKeyOfText } from './peer-id.ts'
import type { Whereabouts } from './ports.ts'

const PARTS = /^(\/[\x21-\x7e]+)\/p2p\/([1-9A-HJ-NP-Za-km-z]+)$/

/** Address and peer id in a text, or null when it is not of that form. Whether it leads anywhere is found by dialling. */
export function parsePeerAddress(text: string): Whereabouts | null {
  const match = PARTS.exec(text.trim())
  const [, address = '', peerId = ''] = match ?? []
  if (match === null || address.length > LIMITS.addressBytes || peerKeyOfText(peerId) === null) return null
  return { peerId, addresses: [address] }
}

/** The texts under which a peer is reached, one for each address. */
export function printPeerAddresses({ peerId, addresses }: Whereabouts): string[] {
  return addresses.map((address) => `${address}/p2p/${peerId}`)
}
