/**
 * How does a peer's Ed25519 key become the peer id in a bank's card, and the text that people and addresses carry?
 *
 * A peer id is the identity multihash of the key in protobuf form (libp2p specification, "Peer Ids and Keys"): six
 * fixed bytes, then the 32 bytes of the key. Its text is base58btc of these bytes. Peer ids of other key types are
 * no peer ids of banks.
 */

import { base58btc } from 'multiformats/bases/base58'
import { must } from '../core/fault.ts'
import { type Bytes, KEY_BYTES } from '../core/ids.ts'

/** Identity multihash of 36 bytes; protobuf field 1 = 1 (Ed25519), field 2 = 32 bytes. */
const HEAD = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
const PEER_ID_BYTES = HEAD.length + KEY_BYTES
/** 38 bytes are 52 letters; the first byte 0 gives the leading 1. */
const TEXT = /^12D3Koo[1-9A-HJ-NP-Za-km-z]{45}$/

/** The peer id of a key, as a card holds it: 38 bytes. */
export function peerIdBytesOf(publicKey: Bytes): Bytes {
  must(publicKey.length === KEY_BYTES, 'a peer key has 32 bytes')
  const id = new Uint8Array(PEER_ID_BYTES)
  id.set(HEAD)
  id.set(publicKey, HEAD.length)
  return id
}

/** The peer id of a key as text, `12D3Koo...`. */
export function peerIdOf(publicKey: Bytes): string {
  return base58btc.baseEncode(peerIdBytesOf(publicKey))
}

/** The 32-byte key of a peer id in bytes; null when they are no peer id of an Ed25519 key. */
export function peerKeyOf(peerId: Bytes): Bytes | null {
  if (peerId.length !== PEER_ID_BYTES) return null
  for (let i = 0; i < HEAD.length; i++) if (peerId[i] !== HEAD[i]) return null
  return peerId.slice(HEAD.length)
}

/** The 32-byte key of a peer id as text; null when the text is no peer id of an Ed25519 key. */
export function peerKeyOfText(text: string): Bytes | null {
  return TEXT.test(text) ? peerKeyOf(base58btc.baseDecode(text)) : null
}
