/**
 * Which number does somebody get whose list has none? Drawn as at the desk, but from the digest of the list and the
 * line: the check already shows it, and a second run after a crash draws the same one ([IMP-7]).
 */

import { encode } from '../../core/codec.ts'
import { sha256 } from '../../core/hash.ts'
import { type Bytes, HASH_BYTES } from '../../core/ids.ts'
import type { Random } from '../../node/ports.ts'
import type { Store } from '../../store/store.ts'
import type { NumberDraw } from '../numbers.ts'
import type { People } from '../people.ts'
import { writtenBatch } from './batch-rows.ts'
import type { ReadFiles } from './files.ts'
import type { MemberRow } from './members-file.ts'

/** Numbers by line, of all rows that name none. Batches that are written tell what they gave; nothing is kept. */
export function numbersAhead(
  { digest, batches, members }: ReadFiles,
  people: People,
  store: Store,
  bankName: string,
): ReadonlyMap<number, string> {
  const numbers = new Map<number, string>()
  if (members.every((row) => row.number !== '')) return numbers
  const draw = drawBeside(members, people, bankName)
  for (const batch of batches) {
    const written = writtenBatch(store, digest, batch.n)
    for (const [at, row] of batch.rows.filter(({ person }) => person !== null).entries()) {
      if (row.number !== '') continue
      const account = written?.accounts[at]
      const given = account === undefined ? null : (people.byAccount(account)?.number ?? null)
      if (written === null) numbers.set(row.line, draw.draw(drawnFrom(digest, row.line)))
      else if (given !== null) numbers.set(row.line, given)
    }
  }
  return numbers
}

/** Draws what nobody has, here or in the list itself. */
export function drawBeside(members: readonly MemberRow[], people: People, bankName: string): NumberDraw {
  const draw = people.numberDraw(bankName)
  for (const { number } of members) draw.take(number.toUpperCase())
  return draw
}

/** Bytes that this line of this list always gives. */
export function drawnFrom(digest: Bytes, line: number): Random {
  let round = 0
  let left = new Uint8Array(0)
  return {
    bytes(length) {
      while (left.length < length) {
        const more = sha256(encode([digest, line, round]))
        const joined = new Uint8Array(left.length + HASH_BYTES)
        joined.set(left)
        joined.set(more, left.length)
        left = joined
        round += 1
      }
      const taken = left.slice(0, length)
      left = left.slice(length)
      return taken
    },
  }
}
