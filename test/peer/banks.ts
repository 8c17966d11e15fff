/** Which bank gives its record in the tests of this folder? One with keys from fixed seeds and a log of three entries. */

import { encode } from '../../src/core/codec.ts'
import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import { type Body, type EntryOf, encodeEntry, KINDS } from '../../src/core/entry.ts'
import { originOf } from '../../src/core/ids.ts'
import { bankIdOf } from '../../src/core/sign.ts'
import { encodeArtefact } from '../../src/log/artefact.ts'
import { signCheckpoint } from '../../src/log/checkpoint.ts'
import { inclusionProof, leafHash, treeRoot } from '../../src/log/merkle.ts'
import { openTree } from '../../src/log/tree.ts'
import type { Description, RecordParts } from '../../src/peer/bank-record.ts'
import { peerIdBytesOf } from '../../src/peer/peer-id.ts'

export const NOW = 1_800_000_000
const bytesOf = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

export interface TestBank {
  readonly id: Uint8Array
  readonly logKey: SigningKey
  readonly peerKey: SigningKey
  readonly foundingBody: Uint8Array
  readonly parts: RecordParts
  /** The artefact of a card, or of anything else, as the newest entry of this bank's log. */
  artefact(entry: EntryOf<'card'> | EntryOf<'acct.open'>, by?: SigningKey): Uint8Array
  card(body?: Partial<Body<'card'>>): EntryOf<'card'>
}

export const DESCRIPTION: Description = {
  name: 'Harbour',
  cell: 'u33db',
  languages: ['en', 'cy'],
  door: 'open',
  welcomes: [{ day: 20_900, room: 4 }],
}

/** A bank whose every key comes from this number. */
export function testBank(n: number): TestBank {
  const logKey = signingKey(bytesOf(32, n))
  const peerKey = signingKey(bytesOf(32, n + 100))
  const found = {
    nonce: bytesOf(32, n),
    name: 'Harbour',
    logKey: logKey.publicKey,
    recoveryHash: bytesOf(32, 3),
    unit: 1 as const,
  }
  const foundingBody = encode(KINDS.found.body.write(found))
  const id = bankIdOf(foundingBody)
  const first = encodeEntry({ kind: 'found', time: NOW - 10, body: found })

  const card = (body: Partial<Body<'card'>> = {}): EntryOf<'card'> => ({
    kind: 'card',
    time: NOW - 10,
    body: {
      name: 'Harbour',
      witnessKey: bytesOf(32, 5),
      peerId: peerIdBytesOf(peerKey.publicKey),
      publicUrl: null,
      ...body,
    },
  })
  const artefact: TestBank['artefact'] = (entry, by = logKey) => {
    const bytes = encodeEntry<'card' | 'acct.open'>(entry)
    const tree = openTree({ size: 0, loadHash: () => new Uint8Array(), loadTile: () => undefined })
    tree.append([first, first, bytes].map(leafHash))
    const checkpoint = signCheckpoint({
      origin: originOf(id, 0),
      size: 3,
      root: treeRoot(3, tree.read),
      key: by,
    })
    return encodeArtefact({ entry: bytes, index: 2, proof: inclusionProof(2, 3, tree.read), checkpoint })
  }
  const parts: RecordParts = {
    bank: id,
    foundingBody,
    card: artefact(card()),
    description: DESCRIPTION,
    addresses: ['/ip4/9.9.9.9/tcp/7601', '/dns4/hours.example.org/tcp/7601'],
    seq: NOW,
    expires: NOW + 86_400,
  }
  return { id, logKey, peerKey, foundingBody, parts, artefact, card }
}
