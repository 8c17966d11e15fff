/**
 * Is this receipt true? A phrase with its full reference, or a proof file, is held against this bank's own log and the
 * heads it signed. The answer tells nothing about anybody: whoever holds a receipt knows what is in it ([EX-19]).
 */

import { type Bytes, fromBase32, HASH_BYTES, toBase32 } from '../core/ids.ts'
import { leafHash, verifyInclusion } from '../log/merkle.ts'
import { parseReceipt, printReceipt } from '../log/receipt.ts'
import type { Node } from '../node/node.ts'
import type { Reading } from '../node/query.ts'
import { receiptPhrase } from '../words/phrase.ts'

/**
 * `phrase_differs`: the two do not belong together. `unknown`: nothing here has that reference. `other_history`: we signed
 * it, and our log says something else, which must never be.
 */
export type Verdict =
  | { readonly kind: 'stands' | 'taken_back' | 'on_its_way' | 'came_back' | 'phrase_differs' | 'unknown' }
  | { readonly kind: 'proof_right'; readonly index: number }
  | { readonly kind: 'not_ours' | 'proof_wrong' | 'other_history' }

/** A reference as people write it, in groups of four; the same for whoever prints it. */
export function writtenReference(id: Bytes): string {
  return (toBase32(id).match(/.{1,4}/g) ?? []).join(' ')
}

/** What a typed reference names, null when it is none; blanks and capitals mean nothing. */
function referenceIn(typed: string): Bytes | null {
  return fromBase32(typed.toLowerCase().replace(/[\s-]/g, ''), HASH_BYTES)
}

/** Holds a phrase and a full reference against the log; without a phrase the reference alone. */
export async function verifyReference(
  node: Node,
  typed: { readonly phrase: string; readonly reference: string },
): Promise<Verdict> {
  const id = referenceIn(typed.reference)
  if (id === null) return { kind: 'unknown' }
  const phrase = typed.phrase
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((part) => part !== '')
    .join('-')
  if (phrase !== '' && phrase !== receiptPhrase(id)) return { kind: 'phrase_differs' }
  return node.read((reading) => ({ kind: stateOf(reading, id) }))
}

function stateOf(
  { book }: Reading,
  id: Bytes,
): 'stands' | 'taken_back' | 'on_its_way' | 'came_back' | 'unknown' {
  const row = book.exchanges.find(id)
  if (row >= 0) return book.exchanges.reversedAt(row) < 0 ? 'stands' : 'taken_back'
  switch (book.asPayee.stateOf(id)) {
    case 'credited':
      return 'stands'
    case 'waived':
      return 'came_back'
    case 'none':
    case 'promised':
    case 'released':
  }
  switch (book.asPayer.stateOf(id)) {
    case 'paid':
      return 'stands'
    case 'held':
    case 'sent':
      return 'on_its_way'
    case 'returned':
    case 'dead':
    case 'covered':
      return 'came_back'
    case 'none':
      return 'unknown'
  }
}

/** Holds a proof file against what we signed, and what we signed against our log. */
export async function verifyProof(node: Node, text: string): Promise<Verdict> {
  const file = parseReceipt(new Uint8Array(Buffer.from(`${text.trim()}\n`, 'utf8')))
  if (file === null) return { kind: 'proof_wrong' }
  return node.read(({ own }) => {
    const opened = own.open(file.checkpoint)
    if (opened === null) return { kind: 'not_ours' }
    const { head, epoch } = opened
    if (!own.hadRoot(head.size, head.root, epoch)) return { kind: 'other_history' }
    const start = node.epochs[epoch]?.start ?? 0
    if (file.index >= head.size) return { kind: 'proof_wrong' }
    const index = start + file.index
    const leaf = leafHash(file.entry ?? own.raw(index))
    const { size, root } = head
    const right = verifyInclusion({ leaf, index: file.index, size, proof: file.proof, root })
    return right ? { kind: 'proof_right', index } : { kind: 'proof_wrong' }
  })
}

/** The proof file of an entry, with the entry in it, for whoever has a part in it. */
export function proofOf(node: Node, index: number): Promise<string> {
  return node.read(({ own }) => Buffer.from(printReceipt(own.artefact(index))).toString('utf8'))
}
