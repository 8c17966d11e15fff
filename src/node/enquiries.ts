/**
 * What do two banks tell each other about people? To those who are about to pay a handle for a member's number, an endorsed
 * request for its code, and the words that belong to a payment; what is asked and offered stands in noticeboard.ts. Little is said, to line partners alone, and nobody can walk
 * through our numbers ([INV-5], [INV-6]).
 */

import type { EntryOf } from '../core/entry.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { accountOf, type Book, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { memoCommitment, type Words } from '../core/memo.ts'
import { packWords, unpackWords } from '../core/packed-words.ts'
import { accept, type Outcome, type Refusal, refuse } from '../core/refusal.ts'
import { decodeOrder, orderId } from '../core/transfer/order.ts'
import type { Message, MessageOf } from '../peer/messages.ts'
import type { Allowance, DailyCount } from './allowance.ts'
import type { Decide, Writer } from './commit.ts'
import type { Handles } from './handles.ts'
import { Noticeboard } from './noticeboard.ts'
import { plainMessage } from './outbox.ts'
import type { Clock } from './ports.ts'
import { Questions } from './questions.ts'
import type { Asked, Reception } from './reception.ts'
import type { PeerSession, ReadFrame, TheirEntry } from './session.ts'

export interface EnquiryParts {
  readonly neighbour: { readonly bank: Bytes }
  readonly allowance: Allowance
  readonly book: Book
  readonly writer: Writer
  readonly handles: Handles
  readonly reception: Reception | null
  readonly clock: Clock
}

/** Messages about people. */
const ABOUT_PEOPLE = [
  ...(['who', 'handle', 'request', 'endorsed', 'over', 'memo'] as const),
  ...(['look', 'notices', 'interest', 'noted'] as const),
] as const
export type Enquiry = Extract<Message, { readonly name: (typeof ABOUT_PEOPLE)[number] }>

/** Numbers of the questions, for BUSY. */
const NUMBER = { who: 18, request: 22, look: 26, interest: 28 } as const
/** Questions that share an allowance: BUSY about one is BUSY about all of them. */
const TOGETHER: readonly (readonly (keyof typeof NUMBER)[])[] = [['who', 'request'], ['look'], ['interest']]
const DAY = 86_400
/** Causes of OVER. */
const RAN_OUT = 1
const USED = 2
const TAKEN_BACK = 3

export function isEnquiry(message: Message): message is Enquiry {
  return ABOUT_PEOPLE.some((name) => name === message.name)
}

/** What an endorsed request comes to at our end: the entry, or why it is over. */
type Endorsement =
  | { readonly invoice: number; readonly asked: Asked }
  | { readonly over: number; readonly at: number | null; readonly handle: Bytes | null }

export class Enquiries {
  readonly questions: Questions
  readonly #parts: EnquiryParts
  readonly #breach: (what: string) => void
  readonly #asked: DailyCount
  readonly #board: Noticeboard
  /** Words that came and whose commit has not; by payment id. */
  readonly #ahead = new Map<string, Words>()

  constructor(parts: EnquiryParts, breach: (what: string) => void) {
    this.#parts = parts
    this.#asked = parts.allowance.enquiries
    this.#breach = breach
    this.questions = new Questions(parts.clock)
    this.#board = new Noticeboard(parts)
  }

  hear(session: PeerSession, message: Enquiry, frame: ReadFrame): Promise<unknown> {
    switch (message.name) {
      case 'who':
        return this.#who(session, message)
      case 'request':
        return this.#request(session, message)
      case 'look':
        return this.#board.look(session, message)
      case 'interest':
        return this.#board.interest(session, message)
      case 'handle':
      case 'over':
      case 'notices':
      case 'noted':
        this.questions.heard(message.question, message)
        return done
      case 'endorsed':
        this.#endorsed(message, frame)
        return done
      case 'memo':
        this.#memo(message)
        return done
    }
  }

  /** NOTHING or BUSY came: to a question of ours, or about something else. */
  unanswered(message: MessageOf<'nothing'> | MessageOf<'busy'>): void {
    if (message.name === 'nothing') return this.questions.heard(message.id, { name: 'nothing' })
    const names = TOGETHER.find((some) => some.some((name) => NUMBER[name] === message.about))
    if (names !== undefined) this.questions.all({ name: 'busy', retrySeconds: message.retrySeconds }, names)
  }

  /** The words that came in front of the commit of this payment, once. */
  wordsOf(id: Bytes): Words | null {
    const name = toHex(id)
    const words = this.#ahead.get(name) ?? null
    this.#ahead.delete(name)
    return words
  }

  /** Every question about a member counts, whatever the answer: so its cost does not tell who is a member. */
  async #who(session: PeerSession, { question, number }: MessageOf<'who'>): Promise<void> {
    const { writer, clock } = this.#parts
    if (!this.#asked.take(clock.uptime())) return this.#busy(session, 'who')
    const outcome = await writer.commit(this.#decideHandle(number))
    if (!outcome.ok) return this.#no(session, 'who', question, outcome.refusal)
    const { handle, expires, name } = outcome.value.value
    const uses = LIMITS.askedHandleUses
    session.send(plainMessage({ name: 'handle', question, handle, uses, expires, payee: name }))
  }

  #decideHandle(number: string): Decide<{ handle: Bytes; expires: number; name: string }> {
    const { reception, handles } = this.#parts
    return (book, now) => {
      const member = reception?.member(number) ?? null
      if (member === null || !this.#maySay(book, member.account)) return refuse('member_not_found')
      const terms = { uses: LIMITS.askedHandleUses, now, seconds: LIMITS.askedHandleSeconds }
      const issued = handles.issue(member.account, terms)
      if (!issued.ok) return issued
      const { handle, expires, row } = issued.value
      return accept({ entries: [], rows: [row], value: { handle, expires, name: member.name } })
    }
  }

  /** Our people are shown over an open line that takes hours, and only those who may be paid. */
  #maySay(book: Book, account: Bytes): boolean {
    const line = lineWith(book, this.#parts.neighbour.bank)
    return line?.state === 'open' && !line.frozen && accountOf(book, account)?.state === 'open'
  }

  async #request(session: PeerSession, { question, code }: MessageOf<'request'>): Promise<void> {
    const { writer, clock, handles } = this.#parts
    // Taken first, or a frame full of guesses would cost no more than one.
    if (!this.#asked.take(clock.uptime())) return this.#busy(session, 'request')
    const outcome = await writer.commit(this.#decideEndorse(code))
    if (!outcome.ok) return this.#no(session, 'request', question, outcome.refusal)
    const found = outcome.value.value
    if ('over' in found) {
      const at = found.handle === null ? found.at : await handles.lastUse(found.handle)
      session.send(plainMessage({ name: 'over', question, cause: found.over, at }))
      return
    }
    this.#asked.giveBack()
    const { asked, invoice } = found
    session.send({
      message: { name: 'endorsed', question, entry: 0, payee: asked.name, words: packWords(asked.words) },
      entry: invoice,
    })
  }

  /** The first neighbour that asks makes us endorse the request; every later one is shown the same entry. */
  #decideEndorse(code: string): Decide<Endorsement> {
    const { reception, handles } = this.#parts
    return (book, now) => {
      const asked = reception?.request(code) ?? null
      if (asked === null || !this.#maySay(book, asked.account)) return refuse('request_unknown')
      const { handle, minutes, category, day, expires, uses, withdrawn } = asked
      const over = (cause: number, at: number | null, used: Bytes | null): Outcome<Decided> =>
        accept({ entries: [], value: { over: cause, at, handle: used } })
      if (withdrawn !== null) return over(TAKEN_BACK, withdrawn, null)
      const usable = handles.look(handle, now)
      if (!usable.ok && usable.refusal.code === 'handle_used_up') return over(USED, null, handle)
      if (!usable.ok) return over(RAN_OUT, expires, null)
      const known = book.invoices.get(handle)
      if (known !== null) return accept({ entries: [], value: { invoice: known.index, asked } })
      const commitment = memoCommitment(asked.words.texts, asked.words.salts)
      const body = { handle, minutes, category, day, expires, uses, commitment }
      return accept({ entries: [{ kind: 'rcv.invoice', body }], value: { invoice: book.size, asked } })
    }
  }

  /** A request that a neighbour endorsed under a head which is not proven to extend the one we hold is none ([FORK-3]). */
  #endorsed(message: MessageOf<'endorsed'>, frame: ReadFrame): void {
    const { entry, ref } = frame.entries[message.entry] as TheirEntry
    const proven = frame.past || frame.relation === 'same' || frame.relation === 'extends'
    if (!proven) return this.questions.heard(message.question, { name: 'away' })
    const invoice = entry as EntryOf<'rcv.invoice'>
    this.questions.heard(message.question, { name: 'endorsed', message, entry: invoice, ref })
  }

  /** Words are kept until the commit behind them is heard, which is next on the same stream. */
  #memo({ order: orderBytes, words: packed }: MessageOf<'memo'>): void {
    const { book, neighbour } = this.#parts
    const order = decodeOrder(orderBytes)
    const words = unpackWords(packed)
    const ours =
      order !== null && sameBytes(order.payerBank, neighbour.bank) && sameBytes(order.payeeBank, book.bank)
    const said = words === null ? null : memoCommitment(words.texts, words.salts)
    if (!ours || words === null || said === null || !sameBytes(said, order.commitment))
      return this.#breach('words that are not those of their order')
    if (this.#ahead.size >= LIMITS.wordsAhead) {
      const [oldest] = this.#ahead.keys()
      if (oldest !== undefined) this.#ahead.delete(oldest)
    }
    this.#ahead.set(toHex(orderId(orderBytes)), words)
  }

  /** The one answer for unknown and for unwilling; BUSY when nothing at all can be decided just now. */
  #no(session: PeerSession, about: 'who' | 'request', id: Bytes, { code }: Refusal): void {
    const said = code === 'member_not_found' || code === 'request_unknown'
    if (said) session.send(plainMessage({ name: 'nothing', id }))
    else this.#busy(session, about, LIMITS.resendLongestSeconds)
  }

  #busy(session: PeerSession, about: 'who' | 'request', retrySeconds = DAY): void {
    session.send(plainMessage({ name: 'busy', about: NUMBER[about], retrySeconds }))
  }
}

type Decided = { readonly entries: readonly never[]; readonly value: Endorsement }

const done = Promise.resolve()
