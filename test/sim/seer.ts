/**
 * What is true? The judge who sees every disk. It reads each batch as it becomes durable and knows nothing of the
 * node's rules but these: one history per bank, one decision per payment, one answer per attempt, hours that add up,
 * debts within their limits. It shares no code with the ledger and none with the audit.
 *
 * Its word is compared with what the audit finds in the exported logs alone.
 */

import { createHash } from 'node:crypto'
import { ABORT_CAUSES, decodeEntry, type Entry, WAIVE_CAUSES } from '../../src/core/entry.ts'
import { type Bytes, originOf, toHex } from '../../src/core/ids.ts'
import { decodeIntent } from '../../src/core/intent.ts'
import { lineIdOf } from '../../src/core/sign.ts'
import { decodeTerms } from '../../src/core/terms.ts'
import { decodeOrder, orderId } from '../../src/core/transfer/order.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { parseSeenHeadKey, seenHeadRange } from '../../src/store/keyspace.ts'
import type { Write } from '../../src/store/store.ts'
import { entriesIn, type WrittenEntry } from './entries-in.ts'
import { reach, SeenLog } from './seen-log.ts'

/** What the payer's bank has said of a payment, and what the payee's bank has; from their logs. */
export interface SeenPayment {
  readonly id: string
  minutes: number
  payerBank: string | null
  payeeBank: string | null
  line: string | null
  held: boolean
  /** Epoch of the payer's bank in which it was held: its key alone decides. */
  heldIn: number
  sent: string | null
  aborted: boolean
  returned: boolean
  covered: boolean
  done: boolean
  promised: Set<string>
  released: Set<string>
  credited: string | null
  waived: Set<string>
  decideBy: number
}

interface SeenBank {
  readonly name: string
  readonly honest: boolean
  readonly log: SeenLog
  readonly lastTime: { at: number }
  /** Minutes by account; `hold`, `clr:<line>` and `susp:<line>` among them. */
  readonly accounts: Map<string, number>
  /** Lines that its board gave up, and accounts that are closed. */
  readonly dead: Set<string>
  readonly closed: Set<string>
  /** Size of the largest head of another bank on this one's disk, by the hash of its origin. */
  readonly keeps: Map<string, number>
  /** Most minutes this bank may ever have owed on a line. */
  readonly mayOwe: Map<string, number>
  /** Most minutes its neighbour may ever have owed it on a line. */
  readonly peerMayOwe: Map<string, number>
}

interface SeenLine {
  readonly lower: string
  readonly higher: string
}

export class Seer {
  readonly violations: string[] = []
  readonly payments = new Map<string, SeenPayment>()
  /** Durable entries, by kind, and causes. */
  readonly kinds: Record<string, number> = {}
  entries = 0
  readonly #banks = new Map<string, SeenBank>()
  readonly #lines = new Map<string, SeenLine>()
  readonly #misled = new Set<string>()
  readonly #gone = new Set<string>()
  /** Account of the payer, by payment. */
  readonly #payers = new Map<string, string>()

  /** A bank that is watched; of one that lies only the honest sides are held to the rules. */
  watch(bank: Bytes, name: string, honest: boolean): void {
    const fresh = {
      log: new SeenLog(),
      lastTime: { at: 0 },
      accounts: new Map(),
      dead: new Set<string>(),
      closed: new Set<string>(),
      keeps: new Map(),
      mayOwe: new Map(),
      peerMayOwe: new Map(),
    }
    this.#banks.set(toHex(bank), { name, honest, ...fresh })
  }

  isHonest(bank: string | null): boolean {
    return bank !== null && this.#banks.get(bank)?.honest === true
  }

  /** This bank will never answer again; nothing is expected of it, and what waits for it is for boards to end. */
  gone(bank: Bytes): void {
    this.#gone.add(toHex(bank))
  }

  /** One of this bank's neighbours may lie about the head that it holds: nobody can be sure of an answer. */
  mayBeMisled(bank: Bytes): void {
    this.#misled.add(toHex(bank))
  }

  /** How far others can prove that this bank's log reaches (`reach`): the largest head of it on any other disk. */
  provable(bank: Bytes): number {
    if (this.#misled.has(toHex(bank))) return 0
    let most = 0
    const own = this.#banks.get(toHex(bank))
    for (let epoch = own?.log.epoch ?? 0; epoch >= 0 && most === 0; epoch--) {
      const origin = originHashOf(bank, epoch)
      for (const [id, { keeps }] of this.#banks)
        if (id !== toHex(bank) && keeps.has(origin))
          most = Math.max(most, reach(epoch, keeps.get(origin) as number))
    }
    return most
  }

  /** A batch of this bank is durable. */
  committed(bank: Bytes, batch: readonly Write[]): void {
    const seen = this.#banks.get(toHex(bank))
    if (seen === undefined) return
    for (const entry of entriesIn(batch)) this.#entry(toHex(bank), seen, entry)
    const heads = seenHeadRange()
    for (const write of batch) {
      if ('del' in write || !within(write.put, heads)) continue
      const { originHash, size } = parseSeenHeadKey(write.put)
      seen.keeps.set(toHex(originHash), Math.max(size, seen.keeps.get(toHex(originHash)) ?? 0))
    }
    if (seen.honest) this.#sums(seen)
  }

  #entry(bank: string, seen: SeenBank, { epoch, index, raw }: WrittenEntry): void {
    const news = seen.log.add(epoch, index, toHex(leafHash(raw)))
    if (news === 'known') return
    if (news !== 'new') return seen.honest ? this.#wrong(`${seen.name} ${news.wrong}`) : undefined
    const read = decodeEntry(raw)
    if (!read.ok) return this.#wrong(`${seen.name} wrote entry ${index} that cannot be read`)
    const { entry } = read
    this.entries += 1
    this.#kind(`entry: ${entry.kind}`)
    if (seen.honest && entry.time < seen.lastTime.at)
      this.#wrong(`${seen.name} goes back in time at ${index}`)
    seen.lastTime.at = Math.max(seen.lastTime.at, entry.time)
    const problem = seen.log.keysProblem(entry)
    if (seen.honest && problem !== null) this.#wrong(`${seen.name} ${problem}`)
    if (seen.honest && entry.kind === 'rotate.out' && (seen.accounts.get('hold') ?? 0) !== 0)
      this.#wrong(`${seen.name} changes its key while payments are held`)
    this.#effect(bank, seen, entry)
  }

  #kind(what: string): void {
    this.kinds[what] = (this.kinds[what] ?? 0) + 1
  }

  #effect(bank: string, seen: SeenBank, entry: Entry): void {
    switch (entry.kind) {
      case 'exchange': {
        const intent = decodeIntent(entry.body.intent)
        if (intent === null) return this.#wrong(`${seen.name} recorded an exchange that cannot be read`)
        for (const { acct, minutes } of intent.legs) post(seen, toHex(acct), minutes)
        return
      }
      case 'line.open':
        return this.#opened(bank, seen, entry.body.terms)
      case 'line.limit': {
        const { line, limit, direction } = entry.body
        // 1: the peer may owe me; 2: I may owe the peer.
        raise(direction === 2 ? seen.mayOwe : seen.peerMayOwe, toHex(line), limit.minutes)
        return
      }
      case 'line.writeoff': {
        const { line, minutes } = entry.body
        post(seen, `clr:${toHex(line)}`, minutes)
        post(seen, `susp:${toHex(line)}`, -minutes)
        return
      }
      case 'susp.settle':
        post(seen, `susp:${toHex(entry.body.line)}`, entry.body.minutes)
        post(seen, 'fund', -entry.body.minutes)
        return
      case 'line.dead':
        seen.dead.add(toHex(entry.body.line))
        return
      case 'line.thaw':
        if (entry.body.cause === 3) seen.dead.delete(toHex(entry.body.line))
        return
      case 'acct.close':
        seen.closed.add(toHex(entry.body.acct))
        if ((seen.accounts.get(toHex(entry.body.acct)) ?? 0) !== 0) {
          this.#wrong(`${seen.name} closed an account with hours on it`)
        }
        return
      default:
        return this.#payment(bank, seen, entry)
    }
  }

  #opened(bank: string, seen: SeenBank, bytes: Bytes): void {
    const terms = decodeTerms(bytes)
    if (terms === null) return
    const [lower, higher] = [toHex(terms.lower), toHex(terms.higher)]
    const id = toHex(lineIdOf(bytes))
    this.#lines.set(id, { lower, higher })
    const [low, high] = [terms.lowerMayOwe.minutes, terms.higherMayOwe.minutes]
    raise(seen.mayOwe, id, bank === lower ? low : high)
    raise(seen.peerMayOwe, id, bank === lower ? high : low)
  }

  #payment(bank: string, seen: SeenBank, entry: Entry): void {
    switch (entry.kind) {
      case 'pay.hold': {
        const order = decodeOrder(entry.body.order)
        if (order === null) return this.#wrong(`${seen.name} holds an order that cannot be read`)
        const payment = this.#of(orderId(entry.body.order))
        payment.minutes = order.minutes
        payment.decideBy = order.decideBy
        payment.payerBank = bank
        payment.payeeBank = toHex(order.payeeBank)
        payment.line = toHex(entry.body.parts[0]?.line ?? new Uint8Array(0))
        if (payment.held || payment.aborted) this.#says(seen, payment, 'is held twice')
        payment.held = true
        payment.heldIn = seen.log.epoch
        post(seen, toHex(order.payer), -order.minutes)
        post(seen, 'hold', order.minutes)
        this.#payers.set(payment.id, toHex(order.payer))
        return
      }
      case 'pay.commit':
        return this.#commit(bank, seen, entry)
      case 'pay.abort': {
        const payment = this.#of(entry.body.id)
        // A bank that a liar asked after somebody else's payment says that it never sent it, which is so (R7).
        if (payment.payerBank !== null && payment.payerBank !== bank) return
        if (payment.sent !== null || payment.aborted) this.#says(seen, payment, 'is aborted after a decision')
        this.#kind(`abort: ${ABORT_CAUSES[entry.body.cause - 1]}`)
        if (payment.held && this.#payers.has(payment.id)) {
          post(seen, 'hold', -payment.minutes)
          post(seen, this.#payers.get(payment.id) as string, payment.minutes)
        }
        payment.payerBank ??= bank
        payment.held = false
        payment.aborted = true
        return
      }
      case 'pay.return':
        return this.#returned(bank, seen, entry)
      case 'pay.cover': {
        const payment = this.#of(entry.body.id)
        if (payment.sent === null || payment.returned || payment.covered || payment.done)
          this.#says(seen, payment, 'is covered and was not on its way')
        payment.covered = true
        post(seen, 'fund', -payment.minutes)
        post(seen, this.#payers.get(payment.id) ?? 'unknown payer', payment.minutes)
        return
      }
      case 'pay.done': {
        const payment = this.#of(entry.body.id)
        if (this.isHonest(payment.payeeBank) && payment.credited === null) {
          this.#says(seen, payment, 'is called done, and nobody was credited')
        }
        payment.done = true
        return
      }
      case 'rcv.promise':
        this.#of(entry.body.id).promised.add(toHex(entry.body.aid))
        this.#of(entry.body.id).payeeBank ??= bank
        return
      case 'rcv.credit':
        return this.#credit(bank, seen, entry)
      case 'rcv.waive': {
        const payment = this.#of(entry.body.id)
        payment.payeeBank ??= bank
        if (payment.credited === toHex(entry.body.aid)) this.#says(seen, payment, 'is waived after a credit')
        if (payment.waived.has(toHex(entry.body.aid))) this.#says(seen, payment, 'is waived twice')
        payment.waived.add(toHex(entry.body.aid))
        this.#kind(`waive: ${WAIVE_CAUSES[entry.body.cause - 1]}`)
        return
      }
      case 'rcv.release':
        this.#of(entry.body.id).released.add(toHex(entry.body.aid))
        return
      default:
        return
    }
  }

  #commit(bank: string, seen: SeenBank, { body, time }: Extract<Entry, { kind: 'pay.commit' }>): void {
    const payment = this.#of(body.id)
    if (seen.honest) {
      if (!payment.held) this.#says(seen, payment, 'is sent without a hold')
      if (payment.sent !== null || payment.aborted) this.#says(seen, payment, 'is sent after a decision')
      if (payment.heldIn !== seen.log.epoch)
        this.#says(seen, payment, 'is sent by another key than it pinned')
      if (time > payment.decideBy) this.#says(seen, payment, 'is sent too late')
      if (body.minutes !== payment.minutes) this.#says(seen, payment, 'is sent with other minutes')
    }
    payment.payerBank ??= bank
    payment.minutes = body.minutes
    payment.held = false
    payment.sent = toHex(body.aid)
    post(seen, 'hold', -body.minutes)
    for (const part of body.parts) this.#owe(seen, toHex(part.line), part.minutes)
  }

  #returned(_bank: string, seen: SeenBank, { body }: Extract<Entry, { kind: 'pay.return' }>): void {
    const payment = this.#of(body.id)
    if (seen.honest) {
      if (payment.sent === null) this.#says(seen, payment, 'came back and was never sent')
      if (payment.returned) this.#says(seen, payment, 'came back twice')
      if (this.isHonest(payment.payeeBank)) {
        if (!payment.waived.has(toHex(body.aid))) this.#says(seen, payment, 'came back and was never waived')
        if (payment.credited !== null) this.#says(seen, payment, 'came back and was credited')
      }
    }
    payment.returned = true
    this.#owe(seen, toHex(body.line), -payment.minutes)
    const payer = this.#payers.get(payment.id) ?? 'unknown payer'
    post(seen, payment.covered || seen.closed.has(payer) ? 'fund' : payer, payment.minutes)
  }

  #credit(bank: string, seen: SeenBank, { body }: Extract<Entry, { kind: 'rcv.credit' }>): void {
    const payment = this.#of(body.id)
    payment.payeeBank ??= bank
    if (seen.honest) {
      if (payment.credited !== null) this.#says(seen, payment, 'is credited twice')
      if (payment.waived.has(toHex(body.aid))) this.#says(seen, payment, 'is credited after it was waived')
      if (this.isHonest(payment.payerBank)) {
        if (payment.sent !== toHex(body.aid)) this.#says(seen, payment, 'is credited and was not sent so')
        if (payment.minutes !== body.minutes) this.#says(seen, payment, 'is credited with other minutes')
      }
    }
    payment.credited = toHex(body.aid)
    for (const part of body.parts) this.#owe(seen, toHex(part.line), -part.minutes)
    post(seen, toHex(body.payee), body.minutes)
  }

  /** This bank owes so many minutes more on a line. */
  #owe(seen: SeenBank, line: string, minutes: number): void {
    post(seen, `clr:${line}`, minutes)
    const owed = seen.accounts.get(`clr:${line}`) ?? 0
    const most = seen.mayOwe.get(line) ?? 0
    if (seen.honest && minutes > 0 && owed > most) {
      this.#wrong(`${seen.name} owes ${owed} minutes on a line of ${most}`)
    }
    // What the other bank owes is all that can be lost if it never pays ([BYZ-4], [BYZ-5]).
    const mayLose = seen.peerMayOwe.get(line) ?? 0
    if (seen.honest && minutes < 0 && -owed > mayLose) {
      this.#wrong(`${seen.name} is owed ${-owed} minutes on a line of ${mayLose}`)
    }
  }

  #sums(seen: SeenBank): void {
    let sum = 0
    for (const minutes of seen.accounts.values()) sum += minutes
    if (sum !== 0) this.#wrong(`the book of ${seen.name} adds up to ${sum}`)
    if ((seen.accounts.get('hold') ?? 0) < 0) this.#wrong(`${seen.name} holds less than nothing`)
  }

  /** What must be so when nothing is under way any more; gives what is not. */
  atRest(): string[] {
    const open: string[] = []
    for (const payment of this.payments.values()) {
      const why = this.#stillOpen(payment)
      if (why !== null) open.push(`${payment.id.slice(0, 8)} ${why}`)
    }
    for (const [id, { lower, higher }] of this.#lines) {
      if (!this.isHonest(lower) || !this.isHonest(higher)) continue
      if (this.#gone.has(lower) || this.#gone.has(higher)) continue
      const [a, b] = [lower, higher].map((bank) => this.#banks.get(bank)?.accounts.get(`clr:${id}`) ?? 0)
      if ((a as number) + (b as number) !== 0) open.push(`a line shows ${a} and ${b}`)
    }
    return open
  }

  #stillOpen(payment: SeenPayment): string | null {
    const { payerBank, payeeBank, sent } = payment
    const [payer, payee] = [this.#answers(payerBank), this.#answers(payeeBank)]
    if (payer && payment.held) return 'is still held'
    const ended = payment.returned || payment.done || (payment.covered && !payee)
    if (payer && this.isHonest(payeeBank) && sent !== null && !ended) return 'is still on its way'
    if (!payee || !this.isHonest(payerBank)) return null
    for (const aid of payment.promised) {
      const answered = payment.credited === aid || payment.waived.has(aid) || payment.released.has(aid)
      if (!answered) return 'is still promised'
    }
    return null
  }

  /** An honest bank that is still there. */
  #answers(bank: string | null): boolean {
    return this.isHonest(bank) && !this.#gone.has(bank as string)
  }

  /** A digest of every entry of every bank. */
  digest(): string {
    const all = createHash('sha256')
    for (const [bank, { log }] of this.#banks) all.update(bank).update(log.epochs.flat().join(''))
    return all.digest('hex').slice(0, 16)
  }

  /** Payments between honest banks by their end. */
  outcomes(): { paid: number; returned: number; never: number; open: number } {
    const ends = { paid: 0, returned: 0, never: 0, open: 0 }
    for (const payment of this.payments.values()) {
      if (payment.returned) ends.returned += 1
      else if (payment.credited !== null) ends.paid += 1
      else if (payment.aborted) ends.never += 1
      else ends.open += 1
    }
    return ends
  }

  #of(id: Bytes): SeenPayment {
    const key = toHex(id)
    const known = this.payments.get(key)
    if (known !== undefined) return known
    const fresh: SeenPayment = {
      id: key,
      minutes: 0,
      payerBank: null,
      payeeBank: null,
      line: null,
      held: false,
      heldIn: 0,
      sent: null,
      aborted: false,
      returned: false,
      covered: false,
      done: false,
      promised: new Set(),
      released: new Set(),
      credited: null,
      waived: new Set(),
      decideBy: 0,
    }
    this.payments.set(key, fresh)
    return fresh
  }

  #says(seen: SeenBank, payment: SeenPayment, what: string): void {
    if (seen.honest) this.#wrong(`${seen.name}: payment ${payment.id.slice(0, 8)} ${what}`)
  }

  #wrong(what: string): void {
    this.violations.push(what)
  }
}

function post(seen: SeenBank, account: string, minutes: number): void {
  seen.accounts.set(account, (seen.accounts.get(account) ?? 0) + minutes)
}

function raise(most: Map<string, number>, line: string, minutes: number): void {
  most.set(line, Math.max(most.get(line) ?? 0, minutes))
}

function within(key: Uint8Array, range: { from: Uint8Array; to: Uint8Array }): boolean {
  return Buffer.compare(key, range.from) >= 0 && Buffer.compare(key, range.to) < 0
}

function originHashOf(bank: Bytes, epoch: number): string {
  return createHash('sha256').update(originOf(bank, epoch)).digest('hex')
}
