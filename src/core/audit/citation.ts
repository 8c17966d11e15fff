/** Which entries of other logs does a log name? Each claims that the other log reached at least that index. */

import { type Book, bytesOf, type Cited } from './book.ts'
import type { Place } from './finding.ts'

/** The entry that cites, and the entry cited. */
export interface Citation {
  readonly by: number
  readonly place: Place
}

export function* citationsOf(book: Book): Generator<Citation> {
  const named = (peer: string, by: number, cited: Cited): Citation => ({
    by,
    place: { bank: bytesOf(peer), epoch: cited.epoch, index: cited.index },
  })
  for (const line of book.lines.values()) {
    for (const { index, cited } of [...line.opens, ...line.limits, ...line.closes, ...line.accepted]) {
      if (cited !== null) yield named(line.peer, index, cited)
    }
  }
  for (const { line, hold, invoice, credit, done, waive, returned } of book.sent.values()) {
    if (line !== null && invoice !== null) yield named(line.peer, hold, invoice.cited)
    if (line !== null && credit !== null) yield named(line.peer, done, credit)
    if (line !== null && waive !== null) yield named(line.peer, returned, waive)
  }
  for (const latest of book.received.values()) {
    for (let one: typeof latest | null = latest; one !== null; one = one.earlier) {
      if (one.commit !== null)
        yield named(one.line.peer, Math.max(one.credit, one.bounce, one.waive), one.commit)
      if (one.evidence !== null) yield named(one.line.peer, one.release, one.evidence)
    }
  }
}
