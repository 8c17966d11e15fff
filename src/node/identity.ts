/**
 * What does a bank say of itself to anyone who asks? Its signed record, made anew once a day and whenever its
 * addresses or its log key change ([REC-3]).
 */

import type { SigningKey } from '../core/ed25519.ts'
import { bodyBytes } from '../core/entry-body.ts'
import type { Bytes } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { encodeArtefact } from '../log/artefact.ts'
import type { Head } from '../log/checkpoint.ts'
import { makeRecord, nextSeq } from '../peer/bank-record.ts'
import type { OwnLog } from './own-log.ts'

const DAY = 86_400

/** `addresses` as the transport has them now; the answer is the signed record, or null before the first card. */
export function openIdentity(parts: {
  readonly book: Book
  readonly own: OwnLog
  readonly peerKey: SigningKey
  readonly head: () => Head | null
  readonly addresses: () => readonly string[]
}): (now: number) => Bytes | null {
  const { book, own, peerKey, head, addresses } = parts
  let made: { signed: Bytes; at: number; seq: number; addresses: string; epoch: number } | null = null
  return (now) => {
    const newest = head()
    if (newest === null || book.card === null) return null
    const listed = addresses().slice(0, LIMITS.recordAddresses)
    const { epoch } = own
    const fresh = made !== null && now - made.at < DAY && made.epoch === epoch
    if (made !== null && fresh && made.addresses === listed.join(' ')) return made.signed
    const seq = nextSeq(made?.seq ?? 0, now)
    const signed = makeRecord(
      {
        bank: book.bank,
        foundingBody: bodyBytes(own.raw(0)),
        rotations: own.rotations(),
        card: encodeArtefact(own.artefact(book.cardIndex)),
        description: { name: book.card.name, cell: null, languages: [], door: 'not_said', welcomes: [] },
        addresses: listed,
        seq,
        expires: now + LIMITS.recordSeconds,
      },
      peerKey,
    )
    made = { signed, at: now, seq, addresses: listed.join(' '), epoch }
    return signed
  }
}
