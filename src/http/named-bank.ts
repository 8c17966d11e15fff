/** Which neighbouring bank does a request mean, by an id or by a name? */

import { BANK_ID_BYTES, type Bytes, fromBase32, toBase32 } from '../core/ids.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Desk } from './route.ts'

/** The id behind an id or name. Two neighbours of one name are told apart by their ids alone. */
export async function findNeighbour({ node }: Desk, named: string): Promise<Outcome<Bytes>> {
  const waiting = new Set(node.proposals().map(({ peer }) => toBase32(peer)))
  const withLine = await node.read(({ book }) => new Set(book.lines.map(({ peer }) => toBase32(peer))))
  const known = node.contacts.all().map(({ neighbour: { bank, name } }) => ({ bank, name }))
  return oneNamed(
    named,
    known.filter(({ bank }) => withLine.has(toBase32(bank)) || waiting.has(toBase32(bank))),
  )
}

/** The bank of this id, or the one of these that has this name. */
export function oneNamed(
  named: string,
  all: readonly { readonly bank: Bytes; readonly name: string }[],
): Outcome<Bytes> {
  const id = fromBase32(named, BANK_ID_BYTES)
  if (id !== null) return accept(id)
  const wanted = named.trim().toLowerCase()
  const same = all.filter(({ name }) => name.toLowerCase() === wanted)
  const [first] = same
  if (first === undefined) return refuse('bank_unknown', { name: named })
  if (same.length > 1)
    return refuse('bank_ambiguous', {
      name: named,
      banks: same.map(({ bank }) => toBase32(bank)).join(', '),
    })
  return accept(first.bank)
}
