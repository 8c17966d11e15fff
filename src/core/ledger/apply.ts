/**
 * What does one more entry change? `apply` is the reducer: the same function when a decision is written and when
 * a log is read again, so there is no second loader. It refuses, in words and without any change, what no honest
 * writer would have written.
 */

import type { Entry } from '../entry.ts'
import { must } from '../fault.ts'
import type { Bytes } from '../ids.ts'
import {
  applyAccountClose,
  applyAccountOpen,
  applyAccountSuspend,
  applyCard,
  applyDeviceAdd,
  applyDeviceRemove,
  applyFound,
  applyRedact,
  applyRoleGrant,
  applyRoleRevoke,
  applyRules,
  applySeen,
} from './apply-bank.ts'
import { applyExchange, applyReverse } from './apply-exchange.ts'
import { applyInvoice } from './apply-invoice.ts'
import { applyLineFreeze, applyLineLimit, applyLineOpen } from './apply-line.ts'
import { applyLineClose, applyLineDead, applyLineThaw, applySettle, applyWriteOff } from './apply-line-end.ts'
import { applyBounce, applyCredit, applyPromise, applyRelease, applyWaive } from './apply-payee.ts'
import { applyAbort, applyCommit, applyCover, applyDone, applyHold, applyReturn } from './apply-payer.ts'
import { applyRotateIn, applyRotateOut } from './apply-rotation.ts'
import { type Book, bookSum } from './book.ts'

/** An entry at its place: decoded, its own bytes, and its leaf hash. */
export interface Placed {
  readonly entry: Entry
  readonly raw: Bytes
  readonly leaf: Bytes
}

/** Takes the entry into the book. Gives the broken rule, with the book unchanged, or null. */
export function apply(book: Book, placed: Placed): string | null {
  const { entry } = placed
  if (book.size === 0 && entry.kind !== 'found') return 'a log begins with the founding entry'
  if (book.ending !== null && entry.kind !== 'rotate.in')
    return 'after the last entry of an epoch comes the first one of the next'
  if (entry.time < book.time) return `time goes back from ${book.time} to ${entry.time}`
  const broken = applyKind(book, placed, book.size)
  if (broken !== null) return `index ${book.size}, ${entry.kind}: ${broken}`
  book.size += 1
  book.time = entry.time
  must(bookSum(book) === 0, 'the postings of every entry sum to zero')
  return null
}

function applyKind(book: Book, { entry, raw, leaf }: Placed, index: number): string | null {
  switch (entry.kind) {
    case 'found':
      return applyFound(book, entry, raw)
    case 'rotate.out':
      return applyRotateOut(book, entry)
    case 'rotate.in':
      return applyRotateIn(book, entry, index)
    case 'card':
      return applyCard(book, entry, index)
    case 'rules':
      return applyRules(book, entry)
    case 'seen':
      return applySeen(book, entry)
    case 'redact':
      return applyRedact(book, entry, index)
    case 'acct.open':
      return applyAccountOpen(book, entry)
    case 'acct.close':
      return applyAccountClose(book, entry)
    case 'acct.suspend':
      return applyAccountSuspend(book, entry)
    case 'dev.add':
      return applyDeviceAdd(book, entry)
    case 'dev.remove':
      return applyDeviceRemove(book, entry)
    case 'role.grant':
      return applyRoleGrant(book, entry)
    case 'role.revoke':
      return applyRoleRevoke(book, entry)
    case 'exchange':
      return applyExchange(book, entry, index)
    case 'reverse':
      return applyReverse(book, entry, index)
    case 'line.open':
      return applyLineOpen(book, entry, index)
    case 'line.limit':
      return applyLineLimit(book, entry, index)
    case 'line.freeze':
      return applyLineFreeze(book, entry, index)
    case 'line.dead':
      return applyLineDead(book, entry, index)
    case 'line.thaw':
      return applyLineThaw(book, entry, index)
    case 'line.close':
      return applyLineClose(book, entry, index)
    case 'line.writeoff':
      return applyWriteOff(book, entry)
    case 'susp.settle':
      return applySettle(book, entry)
    case 'pay.hold':
      return applyHold(book, entry, index)
    case 'pay.commit':
      return applyCommit(book, entry, { index, leaf })
    case 'pay.abort':
      return applyAbort(book, entry, index)
    case 'pay.return':
      return applyReturn(book, entry, index)
    case 'pay.done':
      return applyDone(book, entry)
    case 'pay.cover':
      return applyCover(book, entry, index)
    case 'rcv.promise':
      return applyPromise(book, entry, index)
    case 'rcv.credit':
      return applyCredit(book, entry, index)
    case 'rcv.waive':
      return applyWaive(book, entry, index)
    case 'rcv.release':
      return applyRelease(book, entry, index)
    case 'rcv.bounce':
      return applyBounce(book, entry)
    case 'rcv.invoice':
      return applyInvoice(book, entry, { index, leaf })
  }
}
