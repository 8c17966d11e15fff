/**
 * What does a change of the log key change? Nothing about hours: the epoch gets its last entry, and the next one goes
 * on with everything the book holds ([KEY-3], [KEY-6]).
 */

import type { EntryOf } from '../entry.ts'
import { sameBytes } from '../ids.ts'
import { type Reign, rotateInProblem, rotateOutProblem } from '../rotation.ts'
import type { Book } from './book.ts'

export function applyRotateOut(book: Book, entry: EntryOf<'rotate.out'>): string | null {
  const problem = rotateOutProblem(reignOf(book), entry.body) ?? roleProblem(book, entry.body.logKey)
  if (problem !== null) return problem
  // The offers that stand pin the key that will decide, and that key ends here ([PAY-15]).
  if (book.hold !== 0) return 'every held payment is aborted before the log key changes'
  book.ending = entry.body
  return null
}

/** Root and size of the old epoch are compared by whoever has its tree; here its size alone. */
export function applyRotateIn(book: Book, entry: EntryOf<'rotate.in'>, index: number): string | null {
  const { body } = entry
  const problem = rotateInProblem(reignOf(book), body) ?? roleProblem(book, body.logKey)
  if (problem !== null) return problem
  if (body.oldSize !== index - presentEpoch(book).start) return 'the old epoch has another size'
  book.epochs.push({ epoch: body.epoch, start: index, key: body.logKey })
  book.recoveryHash = body.recoveryHash
  book.ending = null
  book.logKey = body.logKey
  return null
}

/** The epoch that is being written. */
export function presentEpoch(book: Book): Book['epochs'][number] {
  return book.epochs.at(-1) as Book['epochs'][number]
}

export function reignOf({ bank, epochs, recoveryHash, ending }: Book): Reign {
  return { bank, keys: epochs.map(({ key }) => key), recoveryHash, ending }
}

function roleProblem({ card }: Book, key: Uint8Array): string | null {
  return card !== null && sameBytes(card.witnessKey, key) ? 'no key has two roles' : null
}
