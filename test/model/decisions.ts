/**
 * How does a bank of the model turn what it hears into an input of its table, and its log into messages? The glue of
 * src/node (pay.ts, receive.ts, outbox.ts, hello.ts, lines.ts, line-entries.ts), reduced to what the rules are about.
 */

import {
  asPayee,
  asPayer,
  lineOf,
  type Name,
  type Plan,
  postingName,
  type Request,
  type Side,
  writePayee,
  writePayer,
} from './bank.ts'
import { Impossible } from './explore.ts'
import type { Came, Setting } from './pair.ts'
import { answersToHello, dueFrom, newsOf, recalls, stored } from './sayings.ts'
import { type Account, type PayeeInput, type PayerEntry, type PayerInput, ROOM } from './tables.ts'

/** `refuses`: the bank says no for a reason of its own, such as an account that cannot take the hours. */
export type How = 'takes' | 'refuses'

export interface Act {
  readonly what: string
  readonly decide: (side: Side, now: number) => Came
}

interface Commit {
  readonly id: string
  readonly aid: string
  readonly seq: number
  readonly prev: string
  readonly minutes: number
  /** Its entry is older than the deadline, as every honest one is (R5). */
  readonly inTime: boolean
}

/** Sent without a promise: by post, or on a request of the payee. */
const isUnpromised = ({ postal, invoice }: Plan): boolean => postal === true || invoice !== undefined

export class Decider {
  readonly #setting: Setting
  /** Entries written by the decision under way, as `kind id`. */
  readonly entries: string[] = []
  readonly #plans: ReadonlyMap<string, Plan>
  /** Log time of the decision under way. */
  #now = 0

  constructor(setting: Setting) {
    this.#setting = setting
    this.#plans = new Map(setting.plans.map((plan) => [plan.id, plan]))
  }

  /** pay.ts decideOrder and decideSwap: held, by post sent at once; its predecessor dies in the same commit. */
  order(side: Side, plan: Plan, { now, aid }: { now: number; aid: string }): Came {
    this.#now = now
    if (asPayer(side, plan.id).state !== 'none') return 'unchanged'
    const old = plan.replaces === undefined ? null : this.#plan(plan.replaces)
    if (old !== null && this.#payerStep(side, old.id, 'swap') === null) return 'refused'
    // holdRefusal: account, line, deadline, room ([PAY-14], [PAY-19], [LINE-3]).
    if (side.closed || ROOM.lineRefusal(lineOf(side)) !== null || plan.due < now) return 'refused'
    if (plan.minutes > ROOM.roomToSend(lineOf(side)) + (old?.minutes ?? 0)) return 'refused'
    if (!this.#keepsTo(plan, plan.minutes)) return 'refused'
    if (old !== null) this.#pay(side, old.id, 'swap')
    const asked = plan.invoice === undefined ? 'order' : 'orderByInvoice'
    this.#pay(side, plan.id, plan.postal === true ? 'orderByPost' : asked, aid)
    return 'moved'
  }

  /** An offer and a posting without a promise may also be refused by the payee's bank. */
  waysToHear(message: string): readonly How[] {
    const [, word, id = ''] = message.split(' ')
    const choice =
      word === 'OFFER' || word === 'RECALL' || (word === 'COMMIT' && isUnpromised(this.#plan(id)))
    return choice && this.#setting.mayRefuse === true ? ['takes', 'refuses'] : ['takes']
  }

  hear(side: Side, message: string, how: How, now: number): Came {
    this.#now = now
    const [word, id = '', aid = '', ...rest] = message.split(' ')
    switch (word) {
      case 'OFFER':
        return this.#offer(side, { id, aid }, how, now)
      case 'DECLINE':
        return this.#declined(side, id, aid)
      case 'PROMISE':
      case 'ASK':
        return this.#promised(side, { id, aid }, word === 'ASK' ? 'ask' : 'promise', now)
      case 'COMMIT': {
        const [seq, prev = '', minutes, time] = rest
        const commit = {
          id,
          aid,
          seq: Number(seq),
          prev,
          minutes: Number(minutes),
          inTime: time === 'in-time',
        }
        return this.#commit(side, commit, how)
      }
      case 'ABORT':
        return this.#give(side, id, 'abort') ? 'moved' : 'unchanged'
      case 'RECEIPT':
        return this.#receipt(side, id, aid, Number(rest[0]))
      case 'WAIVE':
        return this.#waiver(side, id, aid)
      case 'RECALL':
        // It may be granted until the credit.
        return how === 'takes' && this.#give(side, id, 'recall') ? 'moved' : 'unchanged'
      case 'CLOSE':
      case 'CLOSED':
        return this.#closeHeard(side)
      case 'ENDORSED':
        // Whoever has heard it may order; see Pair.
        return 'unchanged'
      case 'LIMIT':
        return this.#limit(side, Number(id), Number(aid))
      case 'ACKNOWLEDGED':
        return this.#acknowledged(side, { version: Number(id), minutes: Number(aid), from: Number(rest[0]) })
      default:
        throw new Error(`nobody hears ${message}`)
    }
  }

  /** pay.ts decidePromise: in time it is the moment of truth, else the payment ends here ([R5]). */
  #promised(side: Side, { id, aid }: { id: string; aid: string }, input: PayerInput, now: number): Came {
    const row = asPayer(side, id)
    if (row.state === 'none') {
      // R7: presumed abort, made explicit.
      this.#pay(side, id, input, aid)
      return 'moved'
    }
    if (row.state !== 'held') return 'unchanged'
    if (row.aid !== aid) return 'silent'
    this.#pay(side, id, now > this.#plan(id).due ? 'overdue' : 'promise')
    return 'moved'
  }

  #declined(side: Side, id: string, aid: string): Came {
    const row = asPayer(side, id)
    if (row.state !== 'held' || row.aid !== aid) return 'unchanged'
    this.#pay(side, id, 'decline')
    return 'moved'
  }

  /** pay.ts decideReceipt: information; of what was never sent it is a breach ([R6]). */
  #receipt(side: Side, id: string, aid: string, minutes: number): Came {
    const row = asPayer(side, id)
    if (row.state === 'none' || row.log === 'pay.abort') return 'unchanged'
    if (row.aid !== aid || minutes !== this.#plan(id).minutes) return 'breach'
    if (row.state === 'paid') return 'unchanged'
    if (this.#payerStep(side, id, 'credit') === null) return 'breach'
    this.#pay(side, id, 'credit')
    return 'moved'
  }

  /** pay.ts decideWaiver: the hours come home, once; what was receipted only within the limit ([BYZ-5]). */
  #waiver(side: Side, id: string, aid: string): Came {
    const row = asPayer(side, id)
    if (row.state === 'none' || row.log === 'pay.abort' || row.aid !== aid) return 'unchanged'
    if (this.#payerStep(side, id, 'waive') === null) return 'unchanged'
    if (row.state !== 'held') {
      const payment = { state: row.state, minutes: this.#plan(id).minutes } as Parameters<
        typeof ROOM.mayComeBack
      >[1]
      if (!ROOM.mayComeBack(lineOf(side), payment)) return 'breach'
    }
    this.#pay(side, id, 'waive')
    return row.state === 'paid' ? 'contradicted' : 'moved'
  }

  /** receive.ts decideOffer: promised, or refused with a word that binds nobody ([LINE-11]). */
  #offer(side: Side, { id, aid }: { id: string; aid: string }, how: How, now: number): Came {
    const plan = this.#plan(id)
    if (isUnpromised(plan)) return 'refused'
    if (this.#payeeStep(side, id, 'offer') === null) return 'unchanged'
    const { minutes, due } = plan
    const request = { payee: this.#payee(side), line: lineOf(side), minutes, decideBy: due, time: now }
    if (how === 'refuses' || ROOM.promiseRefusal(this.#book(side), request) !== null) return 'refused'
    this.#give(side, id, 'offer', { aid, minutes })
    // [PAY-19], counted beside the program's own arithmetic.
    const quarter = Math.floor(((this.#setting.stop ?? Number.POSITIVE_INFINITY) - side.members) / 4)
    if (side.in.reserved > quarter)
      throw new Impossible(`${side.in.reserved} min are promised, a quarter is ${quarter}`)
    return 'moved'
  }

  /** receive.ts decideCommit: each posting is consumed once, in order ([LINE-2]). */
  #commit(side: Side, commit: Commit, how: How): Came {
    const { id, aid, seq, prev, minutes } = commit
    const held = asPayee(side, id)
    if (seq <= side.in.seq) return held.seq === seq ? 'unchanged' : 'breach'
    if (seq > side.in.seq + 1) return 'wait'
    if (prev !== side.inChain || held.seq !== 0) return 'breach'
    const judged = this.#judge(side, commit, how)
    if (judged === 'wait') return 'wait'
    const step = this.#payeeStep(side, id, judged.input)
    if (step === null) return 'breach'
    const posting = { seq, name: postingName(id, aid) }
    // A bounce answers with the waiver that stands, under the attempt it names.
    this.#give(side, id, judged.input, {
      aid: step.entry === 'rcv.bounce' ? held.aid : aid,
      minutes,
      posting,
    })
    return judged.fault && step.entry === 'rcv.waive' ? 'contradicted' : 'moved'
  }

  /** receive.ts judge: can it be kept? `wait`: there is no room until artefacts under way arrive ([LINE-4]). */
  #judge(side: Side, commit: Commit, how: How): { input: PayeeInput; fault: boolean } | 'wait' {
    const { id, aid, minutes } = commit
    const no = { input: 'commitRefused', fault: false } as const
    const wrong = { input: 'commitRefused', fault: true } as const
    const take = { input: 'commit', fault: false } as const
    const held = asPayee(side, id)
    const plan = this.#plan(id)
    if (!commit.inTime) return wrong
    if (held.state === 'promised') return held.aid === aid && plan.minutes === minutes ? take : wrong
    if (held.state === 'released') return wrong
    if (held.state !== 'none' || !isUnpromised(plan)) return no
    if (plan.minutes !== minutes) return wrong
    const { invoice } = plan
    const request = invoice === undefined ? undefined : this.#request(invoice)
    const used = invoice === undefined ? undefined : side.used[invoice]
    // A request that was never endorsed, or other terms than it has: the payer's bank had no right to send.
    if (request !== undefined && (used === undefined || !this.#keepsTo(plan, minutes))) return wrong
    const usedUp = request !== undefined && (used ?? 0) >= request.uses
    const cannot = how === 'refuses' || side.line !== 'open' || usedUp
    if (cannot || ROOM.creditRefusal(this.#book(side), this.#payee(side), minutes) !== null) return no
    const posting = { minutes, seq: side.in.seq + 1 }
    if (ROOM.provesExcess(lineOf(side), posting)) return wrong
    return minutes > ROOM.roomToReceive(lineOf(side), posting.seq) ? 'wait' : take
  }

  /** invoices.ts keepsTo: the terms of the request it answers, if it answers one ([INV-2]). */
  #keepsTo({ invoice, due }: Plan, minutes: number): boolean {
    if (invoice === undefined) return true
    const request = this.#request(invoice)
    return (request.minutes ?? minutes) === minutes && due <= request.until
  }

  #request(name: string): Request {
    const request = this.#setting.requests?.[name]
    if (request === undefined) throw new Error(`nobody makes ${name}`)
    return request
  }

  /** The payee's bank endorses a request; asked again it says the same entry again. */
  #endorse(side: Side, name: string): Came {
    if (side.used[name] !== undefined) return 'unchanged'
    side.used[name] = 0
    this.entries.push(`rcv.invoice ${name}`)
    return 'moved'
  }

  /** What the passing of time brings: holds past their deadline end, promises past their grace are given up. */
  tick(side: Side, now: number): Came {
    this.#now = now
    for (const { id, due } of this.#setting.plans) {
      if (asPayer(side, id).state === 'held' && now > due) this.#pay(side, id, 'overdue')
      if (asPayee(side, id).state === 'promised' && now >= due + this.#setting.grace)
        this.#give(side, id, 'graceOver')
    }
    return this.entries.length > 0 ? 'moved' : 'unchanged'
  }

  /** The creditor's new limit is acknowledged by the debtor, with the posting from which it holds ([LINE-1]). */
  #limit(side: Side, version: number, minutes: number): Came {
    if (version !== side.out.version + 1) return 'unchanged'
    side.out.limit = minutes
    side.out.version = version
    side.acknowledged = `ACKNOWLEDGED ${version} ${minutes} ${side.out.seq + 1}`
    this.entries.push('line.limit acknowledged')
    return 'moved'
  }

  /** The creditor repeats its limit citing the acknowledgement: from here its own log says that it is in force. */
  #acknowledged(side: Side, step: { version: number; minutes: number; from: number }): Came {
    const waits = side.pendingLimit
    if (waits === null || waits.version !== step.version || waits.minutes !== step.minutes) return 'silent'
    const line = lineOf(side)
    ROOM.stepLimit(line, step)
    side.in.limit = line.in.limit
    side.in.version = line.in.version
    side.steps = line.steps.map(({ from, minutes }) => ({ from, minutes }))
    side.pendingLimit = null
    this.entries.push('line.limit repeated')
    return 'moved'
  }

  /** What people at this bank may do. */
  *acts(name: Name): Generator<Act> {
    const { plans, mayCancel, mayRotate, mayClose, mayPause, newLimits = [] } = this.#setting
    for (const { id, from } of plans) {
      if (from === name && mayCancel)
        yield { what: `cancels ${id}`, decide: (side) => this.#cancel(side, id) }
    }
    if (mayRotate) yield { what: 'changes its log key', decide: (side) => this.#rotate(side) }
    for (const [request, { by }] of Object.entries(this.#setting.requests ?? {}))
      if (by === name) yield { what: `endorses ${request}`, decide: (side) => this.#endorse(side, request) }
    if (mayClose) yield { what: "closes the member's account", decide: (side) => this.#close(side) }
    if (this.#setting.mayEnd) yield* this.#ends()
    if (this.#setting.board?.includes(name)) yield* this.#board(name)
    if (mayPause) yield { what: 'pauses the line, or resumes it', decide: (side) => this.#pause(side) }
    for (const [i, limit] of newLimits.filter(({ by }) => by === name).entries()) {
      const { minutes } = limit
      yield { what: `sets the limit to ${minutes}`, decide: (side) => this.#newLimit(side, minutes, i + 2) }
    }
  }

  #cancel(side: Side, id: string): Came {
    if (asPayer(side, id).state !== 'held') return 'unchanged'
    this.#pay(side, id, 'cancel')
    return 'moved'
  }

  /** [KEY-3]: every held payment ends in the commit that ends the epoch, since its offer pins the old key. */
  #rotate(side: Side): Came {
    const held = Object.keys(side.pays).filter((id) => asPayer(side, id).state === 'held')
    for (const id of held) this.#pay(side, id, 'rotate')
    return held.length === 0 ? 'unchanged' : 'moved'
  }

  /** [PAY-14]: an account with an open payment cannot be closed. */
  #close(side: Side): Came {
    const open = Object.values(side.pays).some(({ state }) => state === 'held' || state === 'sent')
    if (open || side.closed) return 'unchanged'
    for (const id of Object.keys(side.gets))
      if (asPayee(side, id).state === 'promised') this.#give(side, id, 'closing')
    side.closed = true
    this.entries.push('acct.close member')
    return 'moved'
  }

  /** Ending a line by both, and taking one's own wish back while no answer is held ([LINE-10]). */
  *#ends(): Generator<Act> {
    const turn = (side: Side, from: Side['line'], to: Side['line'], entry: string): Came => {
      if (side.line !== from) return 'unchanged'
      side.line = to
      this.entries.push(entry)
      return 'moved'
    }
    yield {
      what: 'wishes to end the line',
      decide: (side) =>
        ROOM.isSettled(lineOf(side)) ? turn(side, 'open', 'closing', 'line.close wish') : 'unchanged',
    }
    yield { what: 'takes the wish back', decide: (side) => turn(side, 'closing', 'open', 'line.thaw line') }
  }

  /** The neighbour's close is answered as soon as nothing is owed and nothing is open here. */
  #closeHeard(side: Side): Came {
    if (side.line === 'closed') return 'unchanged'
    if (side.line === 'dead' || !ROOM.isSettled(lineOf(side))) return 'silent'
    side.line = 'closed'
    this.entries.push('line.close answer')
    return 'moved'
  }

  /** What a board does about a bank that seems gone for good; a returned one is taken up again with all it owes. */
  *#board(name: Name): Generator<Act> {
    const act = (
      what: string,
      may: (side: Side) => boolean,
      does: (side: Side) => void,
      entry: string,
    ): Act => ({
      what: `board ${what}`,
      decide: (side) => {
        if (!may(side)) return 'unchanged'
        does(side)
        if (entry !== '') this.entries.push(entry)
        return 'moved'
      },
    })
    const dead = ({ line }: Side): boolean => line === 'dead'
    const writeOff = (side: Side, minutes: number): void => {
      side.clr += minutes
      side.writtenOff += minutes
      side.susp -= minutes
    }
    const given = ({ line }: Side): boolean => line === 'open' || line === 'closing'
    const giveUp = (side: Side): void => {
      side.line = 'dead'
    }
    yield act('gives the line up', given, giveUp, 'line.dead line')
    for (const { id, from } of this.#setting.plans) {
      if (from !== name) continue
      const may = (side: Side): boolean => dead(side) && this.#payerStep(side, id, 'cover') !== null
      yield act(`covers ${id}`, may, (side) => this.#pay(side, id, 'cover'), '')
    }
    yield act(
      'writes off what is owed',
      (side) => dead(side) && side.clr < 0,
      (side) => writeOff(side, -side.clr),
      'line.writeoff line',
    )
    yield act(
      'lets the pot bear it',
      ({ susp }) => susp !== 0,
      (side) => {
        side.fund += side.susp
        side.susp = 0
      },
      'susp.settle line',
    )
    const again = (side: Side): void => {
      writeOff(side, -side.writtenOff)
      side.line = 'open'
    }
    yield act('takes the line up again', dead, again, 'line.thaw line')
  }

  #pause(side: Side): Came {
    side.frozen = !side.frozen
    this.entries.push(side.frozen ? 'line.freeze line' : 'line.thaw line')
    return 'moved'
  }

  #newLimit(side: Side, minutes: number, version: number): Came {
    if (side.pendingLimit !== null || side.in.version + 1 !== version) return 'unchanged'
    side.pendingLimit = { minutes, version }
    this.entries.push('line.limit set')
    return 'moved'
  }

  /** The message that goes back when nothing was written. */
  answer(side: Side, heard: string, came: Came): string | null {
    const [word, id = '', aid = ''] = heard.split(' ')
    if (came === 'refused') return word === 'OFFER' ? `DECLINE ${id} ${aid}` : null
    return came === 'unchanged' ? stored(side, word ?? '', id, this.#plans) : null
  }

  news(side: Side, entries: readonly string[]): string[] {
    return newsOf(side, entries, this.#plans)
  }

  due(side: Side, now: number): string[] {
    const recalled = this.#setting.mayRecall === true ? recalls(side) : []
    return [...dueFrom(side, now, this.#plans), ...recalled]
  }

  answersToHello(side: Side, peer: Side): string[] {
    return answersToHello(side, peer, this.#plans)
  }

  #plan(id: string): Plan {
    const plan = this.#plans.get(id)
    if (plan === undefined) throw new Error(`nobody planned ${id}`)
    return plan
  }

  #payerStep(side: Side, id: string, input: PayerInput) {
    return this.#setting.tables.payerStep(asPayer(side, id).state, input)
  }

  #payeeStep(side: Side, id: string, input: PayeeInput) {
    return this.#setting.tables.payeeStep(asPayee(side, id).state, input)
  }

  /** Writes the entries of the table's step; the ledger asks the table again, entry by entry. */
  #pay(side: Side, id: string, input: PayerInput, aid = asPayer(side, id).aid): void {
    const step = this.#payerStep(side, id, input)
    if (step === null)
      throw new Impossible(`the payer's table has no step for ${input} of ${asPayer(side, id).state}`)
    for (const entry of step.entries) {
      const { state } = asPayer(side, id)
      const next = this.#setting.tables.payerAfter(state, entry as PayerEntry)
      if (next === null) throw new Impossible(`the ledger refuses ${entry} after ${state}`)
      // R5, as the ledger has it.
      if (entry === 'pay.commit' && this.#now > this.#plan(id).due)
        throw new Impossible('the commit comes after its deadline')
      writePayer(side, entry, { id, aid, minutes: this.#plan(id).minutes }, next)
      this.entries.push(`${entry} ${id}`)
    }
    if (asPayer(side, id).state !== step.next)
      throw new Impossible(`${id} is ${asPayer(side, id).state}, not ${step.next}`)
  }

  /** The same for the payee's role; false when the table knows no step, then nothing changes. */
  #give(
    side: Side,
    id: string,
    input: PayeeInput,
    terms: { aid?: string; minutes?: number; posting?: { seq: number; name: string } } = {},
  ): boolean {
    const held = asPayee(side, id)
    const step = this.#payeeStep(side, id, input)
    if (step === null) return false
    const next = this.#setting.tables.payeeAfter(held.state, step.entry)
    if (next !== step.next) throw new Impossible(`the ledger refuses ${step.entry} after ${held.state}`)
    // What was promised is freed with the minutes that were promised, whatever a commit names.
    const minutes =
      held.state === 'promised' ? this.#plan(id).minutes : (terms.minutes ?? this.#plan(id).minutes)
    writePayee(
      side,
      step.entry,
      { id, aid: terms.aid ?? held.aid, minutes, posting: terms.posting ?? null },
      next,
    )
    const { invoice } = this.#plan(id)
    if (step.entry === 'rcv.credit' && invoice !== undefined)
      side.used[invoice] = (side.used[invoice] ?? 0) + 1
    this.entries.push(`${step.entry} ${id}`)
    return true
  }

  #payee(side: Side): Account {
    let promised = 0
    for (const [id, { state }] of Object.entries(side.gets))
      if (state === 'promised') promised += this.#plan(id).minutes
    return { ...PAYEE_ACCOUNT, state: side.closed ? 'closed' : 'open', balance: side.members, promised }
  }

  /** The part of the book that the rules of a promise look at: the upper stop and what is promised already. */
  #book(side: Side): ReturnType<typeof ROOM.emptyBook> {
    const promised = Object.entries(side.gets).filter(([, { state }]) => state === 'promised')
    const key = promised.map(([id]) => id).join(' ')
    const known = this.#books.get(key)
    if (known !== undefined) return known
    const book = ROOM.emptyBook()
    for (const [i, [id]] of promised.entries())
      book.asPayee.put(new Uint8Array(32).fill(i + 1), {
        state: 'promised',
        account: 0,
        line: 0,
        minutes: this.#plan(id).minutes,
      })
    book.rules = rulesWith(this.#setting.stop ?? null)
    this.#books.set(key, book)
    return book
  }

  readonly #books = new Map<string, ReturnType<typeof ROOM.emptyBook>>()
}

/** Rules of a bank whose members have this upper stop. */
function rulesWith(stopHigh: number | null): NonNullable<ReturnType<typeof ROOM.emptyBook>['rules']> {
  return {
    version: 1,
    classes: [{ class: 1, stopLow: null, nudgeLow: 0, nudgeHigh: 0, stopHigh }],
    crossingLow: null,
    rounding: 1,
    secondOver: null,
    publicEntries: false,
    sealEvery: 1,
    retentionMonths: 1,
    smallestCell: 1,
    confirmDays: 1,
  }
}

const PAYEE_ACCOUNT: Account = {
  number: 0,
  id: new Uint8Array(16),
  class: 'member',
  state: 'open',
  balance: 0,
  given: 0,
  received: 0,
  open: 0,
  promised: 0,
  lastPosting: 0,
}
