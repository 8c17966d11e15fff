/**
 * What is to be read of one payment between banks? Its state, and as far as they are still here the words, the day and
 * who took part; the other bank's member only by the name that bank gave ([EX-17], [SIGN-11]).
 */

import type { Entry } from '../core/entry.ts'
import type { Bytes } from '../core/ids.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { decodeOrder } from '../core/transfer/order.ts'
import type { Node } from '../node/node.ts'
import { type PaymentView, paymentView } from '../node/query.ts'
import { readMemo, shownWords } from './memos.ts'
import { bankNameOf } from './neighbours.ts'
import { partyOf } from './parties.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'
import { deputyIn } from './records.ts'

export interface CrossingView extends PaymentView {
  /** Our member in it; null when erased. */
  readonly person: Person | null
  /** The member who acted for ours as it was sent; null when nobody did ([EX-15]). */
  readonly deputy: Person | null
  /** "Bo M.", or null when nobody said. */
  readonly party: string | null
  readonly bankName: string
  /** Days since 1970-01-01 on which the help was; null while only promised. */
  readonly day: number | null
  readonly category: number
  readonly note: string | null
  /** Seconds; of the newest entry that answers for it. */
  readonly time: number
  /** Seconds at which it was first held or heard of. */
  readonly begun: number
  /** The payment that took its place by "wait" or "send anyway", or null. */
  readonly replacedBy: Bytes | null
}

/** The payment of this id at this bank. Refuses `payment_unknown`. */
export function readCrossing(node: Node, people: People, id: Bytes): Promise<Outcome<CrossingView>> {
  return node.read((reading) => {
    const { book, own, store } = reading
    const view = paymentView(reading, id)
    const payment = view?.role === 'payer' ? book.asPayer.get(id) : book.asPayee.get(id)
    if (view === null || payment === null || view.account === null) return refuse('payment_unknown')
    const first = own.entry(payment.first)
    const { day, category } = helpOf(view.role === 'payer' ? first : own.entry(view.index))
    return accept({
      ...view,
      person: people.byAccount(view.account),
      deputy: first.kind === 'pay.hold' ? deputyIn(people, first.body.auths) : null,
      party: partyOf(store, view.account, id)?.name ?? null,
      bankName: view.bank === null ? '?' : bankNameOf(node, view.bank),
      day,
      category,
      note: shownWords(readMemo(store, id)),
      time: own.entry(view.index).time,
      begun: first.time,
      replacedBy: people.presses.made(id),
    })
  })
}

/** Day and kind of help, as far as this entry says them. */
function helpOf(entry: Entry): { day: number | null; category: number } {
  if (entry.kind === 'pay.hold') {
    const order = decodeOrder(entry.body.order)
    if (order !== null) return { day: order.day, category: order.category }
  }
  if (entry.kind === 'rcv.credit') return { day: entry.body.day, category: entry.body.category }
  return { day: null, category: 0 }
}
