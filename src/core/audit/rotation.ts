/**
 * Does the log key change by the rules? The old key names the new one in the last entry of its epoch, or the recovery
 * key of the sheet does in the first entry of the next; and everything is carried over ([KEY-3], [KEY-4]).
 */

import { type Body, rotationStatement } from '../entry.ts'
import { sameBytes } from '../ids.ts'
import { recoveryHashOf, rotatePreimage } from '../sign.ts'
import { type Book, type EpochStart, type Step, say } from './book.ts'

const PLANNED = 1
const TAIL_LOST = 4

/** How the epoch before ended, as its files prove it. */
export interface PastEpoch {
  readonly size: number
  readonly root: Uint8Array
}

/** From here on entries are those of the next epoch. */
export function beginEpoch(book: Book, past: PastEpoch): void {
  const last = presentEpoch(book)
  book.epochs.push({ epoch: last.epoch + 1, start: book.times.length, past, key: null })
}

export function presentEpoch(book: Book): EpochStart {
  return book.epochs.at(-1) as EpochStart
}

/** The key of an epoch, where the entry that begins it names one. */
export function nameKey(book: Book, key: Uint8Array): void {
  const last = presentEpoch(book)
  book.epochs[book.epochs.length - 1] = { ...last, key }
}

export function rotateOut(step: Step, body: Body<'rotate.out'>): void {
  const { book } = step
  if (body.epoch !== presentEpoch(book).epoch + 1) wrong(step, 'the next epoch has another number')
  if (body.cause !== PLANNED) wrong(step, 'the cause is none for which the old key speaks')
  if (isUsed(book, body.logKey)) wrong(step, 'the key was used before')
  if (book.held !== 0) wrong(step, 'payments are still held')
  book.ending = body
}

export function rotateIn(step: Step, body: Body<'rotate.in'>): void {
  const { book } = step
  const { epoch, start, past } = presentEpoch(book)
  // Anywhere else it begins nothing; where it stands is judged with the place.
  if (step.index !== start || past === null) return
  if (!sameBytes(body.bank, book.bank)) wrong(step, 'it is of another bank')
  if (body.epoch !== epoch || body.oldEpoch !== epoch - 1) wrong(step, 'the epoch has another number')
  if (body.oldSize !== past.size || !sameBytes(body.oldRoot, past.root))
    wrong(step, 'the epoch before has another size or root')
  if (body.keptSize !== body.oldSize || body.cause === TAIL_LOST) wrong(step, 'entries are left out')
  if (isUsed(book, body.logKey)) wrong(step, 'the key was used before')
  if (body.cause === PLANNED) judgePlanned(step, body)
  else judgeRecovery(step, body)
  nameKey(book, body.logKey)
  book.recoveryHash = body.recoveryHash
  book.ending = null
}

function judgePlanned(step: Step, body: Body<'rotate.in'>): void {
  const { ending, recoveryHash } = step.book
  if (ending === null || !sameBytes(ending.logKey, body.logKey))
    wrong(step, 'the old key has not named the new one')
  if (body.recovery !== null || recoveryHash === null || !sameBytes(body.recoveryHash, recoveryHash))
    wrong(step, 'a planned change leaves the recovery sheet as it is')
}

function judgeRecovery(step: Step, body: Body<'rotate.in'>): void {
  const { bench, book, index } = step
  const { recovery } = body
  const known = book.recoveryHash
  if (recovery === null || known === null || !sameBytes(recoveryHashOf(recovery.key), known))
    return wrong(step, "the recovery key is not that of the bank's sheet")
  if (sameBytes(body.recoveryHash, known)) wrong(step, 'the recovery sheet is not a new one')
  const message = rotatePreimage(rotationStatement(body))
  const { key, signature } = recovery
  bench.verify({ rule: 'AUD-1.recovery_signature', index, key, message, signature })
}

function isUsed(book: Book, key: Uint8Array): boolean {
  return book.epochs.some((one) => one.key !== null && sameBytes(one.key, key))
}

function wrong(step: Step, problem: string): void {
  say(step, 'AUD-1.rotation', { problem })
}
