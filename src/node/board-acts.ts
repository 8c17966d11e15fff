/**
 * What may only the board decide? Giving a silent bank up, taking it up again, and who bears what is lost with it. Two
 * to five members of the board stand in every such entry, by their actor ids.
 */

import type { Body } from '../core/entry.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { THAW } from '../core/ledger/apply-line-end.ts'
import { boardRefusal } from '../core/ledger/authority.ts'
import { accountOf, type Book, lineWith } from '../core/ledger/book.ts'
import { notOpen } from '../core/ledger/crossing.ts'
import { LIMITS } from '../core/limits.ts'
import { clearing, type Line } from '../core/line.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { payerStep } from '../core/transfer/payer.ts'
import type { Write } from '../store/store.ts'
import type { Decide, Draft } from './commit.ts'

type Board = readonly Bytes[]
type LineAct = Decide<{ line: Bytes }>

/**
 * Gives a silent bank up: nothing new passes, and its debt may be written off. `onTheWire`: log time in seconds at
 * which a session with it was last up, which no entry shows.
 */
export function decideGiveUp(peer: Bytes, board: Board, onTheWire: number): LineAct {
  return (book, now) => {
    const line = lineWith(book, peer)
    const refusal = line?.state === 'closing' ? null : notOpen(line)
    if (refusal !== null) return { ok: false, refusal }
    const refused = boardRefusal(book, board, now)
    if (refused !== null) return { ok: false, refusal: refused }
    const { id, heard: logged } = line as Line
    const [heard, dueSeconds] = [Math.max(logged, onTheWire), LIMITS.deadSilenceSeconds]
    if (now < heard + dueSeconds) return refuse('line_not_silent', { heard, dueSeconds })
    return accept({ entries: [{ kind: 'line.dead', body: { line: id, board } }], value: { line: id } })
  }
}

/**
 * Takes a bank up again that came back. All that was written off is claimed again in the same commit. `heads`: whether
 * both hold a continuation of the history that the other knew.
 */
export function decideTakeUp(peer: Bytes, board: Board, heads: 'agree' | 'unknown'): LineAct {
  return (book, now) => {
    const found = deadLine(book, peer, board, now)
    if (!found.ok) return found
    if (heads !== 'agree') return refuse('heads_not_compared')
    const { id, writtenOff } = found.value
    const entries: Draft[] = []
    for (let left = writtenOff; left > 0; left -= LIMITS.exchangeMinutes) {
      const body = { line: id, minutes: -Math.min(left, LIMITS.exchangeMinutes), board }
      entries.push({ kind: 'line.writeoff', body })
    }
    const body = { line: id, cause: THAW.deadCameBack, board, accepted: null }
    return accept({ entries: [...entries, { kind: 'line.thaw', body }], value: { line: id } })
  }
}

/** Gives up so many minutes of what a dead bank owes. */
export function decideWriteOff(peer: Bytes, minutes: number, board: Board): LineAct {
  return (book, now) => {
    const found = deadLine(book, peer, board, now)
    if (!found.ok) return found
    const line = found.value
    const unfit = amountRefusal(minutes, Math.max(0, -clearing(line)))
    if (unfit !== null) return unfit
    return accept({
      entries: [{ kind: 'line.writeoff', body: { line: line.id, minutes, board } }],
      value: { line: line.id },
    })
  }
}

/** The pot bears so many minutes of what was written off, or gets them back once the bank is taken up again. */
export function decideSettleLoss(peer: Bytes, minutes: number, board: Board): LineAct {
  return (book, now) => {
    const line = book.lines.findLast((one) => sameBytes(one.peer, peer) && one.susp !== 0)
    if (line === undefined) return refuse('amount_too_large', { mostMinutes: 0 })
    const refused = boardRefusal(book, board, now)
    if (refused !== null) return { ok: false, refusal: refused }
    const unfit = amountRefusal(minutes, Math.abs(line.susp))
    if (unfit !== null) return unfit
    if (book.fund === null) return refuse('fund_missing')
    const body: Body<'susp.settle'> = { line: line.id, minutes: line.susp < 0 ? minutes : -minutes, board }
    return accept({ entries: [{ kind: 'susp.settle', body }], value: { line: line.id } })
  }
}

/** The pot pays a payer back whose hours are on their way to a dead bank. */
export function decideCover(id: Bytes, board: Board): Decide<null> {
  return (book, now) => {
    const payment = book.asPayer.get(id)
    if (payment === null) return refuse('payment_unknown')
    const line = book.lines[payment.line]
    if (line === undefined || payerStep(payment.state, 'cover') === null)
      return refuse('not_coverable', { state: payment.state })
    if (line.state !== 'dead') return refuse('line_not_dead')
    const refused = boardRefusal(book, board, now)
    if (refused !== null) return { ok: false, refusal: refused }
    if (book.fund === null) return refuse('fund_missing')
    return accept({ entries: [{ kind: 'pay.cover', body: { id, line: line.id, board } }], value: null })
  }
}

const BOARD_ROLE = 2

/** A new member of the board; `ownAccount` is the account of that person here, if there is one. */
export function decideSeat(
  seat: { readonly actor: Bytes; readonly ownAccount: Bytes | null; readonly nonce: Bytes },
  rows: readonly Write[],
): Decide<null> {
  return (book) => {
    const { actor, ownAccount, nonce } = seat
    // An actor id is granted once; whoever is elected again gets a fresh one.
    if (book.roles.has(toHex(actor))) return refuse('request_malformed', { what: 'actor' })
    if (ownAccount !== null && accountOf(book, ownAccount) === null) return refuse('account_unknown')
    const body = { actor, role: BOARD_ROLE, ownAcct: ownAccount, until: null, nonce }
    return accept({ entries: [{ kind: 'role.grant', body }], rows, value: null })
  }
}

/** Takes a member of the board out of office. */
export function decideUnseat(actor: Bytes, nonce: Bytes): Decide<null> {
  return (book) => {
    const role = book.roles.get(toHex(actor))
    if (role?.role !== BOARD_ROLE || role.revoked) return refuse('board_unknown')
    return accept({ entries: [{ kind: 'role.revoke', body: { actor, cause: 1, nonce } }], value: null })
  }
}

function deadLine(book: Book, peer: Bytes, board: Board, now: number): Outcome<Line> {
  const line = lineWith(book, peer)
  if (line === null) return refuse('line_missing')
  if (line.state !== 'dead') return refuse('line_not_dead')
  const refused = boardRefusal(book, board, now)
  return refused === null ? accept(line) : { ok: false, refusal: refused }
}

/** Whole minutes, at least one, and no more than there are. */
function amountRefusal(minutes: number, most: number) {
  if (!Number.isInteger(minutes)) return refuse('minutes_not_whole')
  const mostMinutes = Math.min(most, LIMITS.exchangeMinutes)
  if (minutes < 1)
    return refuse('minutes_out_of_range', { leastMinutes: 1, mostMinutes: Math.max(1, mostMinutes) })
  return minutes > mostMinutes ? refuse('amount_too_large', { mostMinutes }) : null
}
