/**
 * What do members of neighbouring banks ask and offer, and does our members' answer reach them? Fetched when somebody looks,
 * remembered for an hour, shown for a day while the neighbour is away; an answer is said until it is heard, for a week.
 */

import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import { isOpenTo, type NeighbourNotice, openNeighbours } from '../node/noticeboard.ts'
import { Resend } from '../node/resend.ts'
import { readBankFacts } from './bank-facts.ts'
import type { Coordinator } from './coordinators.ts'
import { nameOutside } from './names.ts'
import { answerIdOf, answersUnderWay } from './notice-answers.ts'
import { NOTICE_KINDS, type NoticeKind, type SentAnswer } from './notice-rows.ts'
import { mayAct } from './notices.ts'
import { soundPhone } from './notices-outside.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

/** A notice of a neighbour, as a member here reads it. */
export interface NoticeElsewhere extends Omit<NeighbourNotice, 'kind'> {
  readonly bank: Bytes
  readonly kind: NoticeKind
}

interface Remembered {
  readonly notices: readonly NoticeElsewhere[]
  /** When it came, in seconds on the machine's counter. */
  readonly at: number
}

export class Elsewhere {
  readonly #node: Node
  readonly #people: People
  readonly #remembered = new Map<string, Remembered>()
  /** Questions under way, by bank. */
  readonly #asking = new Map<string, Promise<void>>()
  /** Before this nobody is asked again; seconds on the machine's counter. */
  readonly #notBefore = new Map<string, number>()
  /** Before this a neighbour takes no more answers; the same. */
  readonly #busyUntil = new Map<string, number>()
  readonly #resend = new Resend()
  #cancelTick: (() => void) | null = null
  #closed = false

  constructor(node: Node, people: People) {
    this.#node = node
    this.#people = people
  }

  /** Goes on with answers that no neighbour has heard before the restart. */
  start(): void {
    this.#tick()
  }

  /**
   * What is known now, neighbour by neighbour, the newest first. Asks neighbours of which it knows little or nothing; for
   * those it knows nothing of a page waits a moment, and the next one shows what came later.
   */
  async look(): Promise<readonly NoticeElsewhere[]> {
    const banks = await this.neighbours()
    const unknown = banks.map((bank) => this.#ask(bank)).filter((asked) => asked !== null)
    if (unknown.length > 0) await this.#atMost(LIMITS.noticeWaitMilliseconds, Promise.all(unknown))
    return banks.flatMap((bank) => this.#known(bank))
  }

  /** Banks whose members could read ours, and ours theirs. */
  neighbours(): Promise<readonly Bytes[]> {
    return this.#node.read(({ book }) => openNeighbours(book))
  }

  /** A notice that is shown just now; null for any other. */
  find(bank: Bytes, id: Bytes): NoticeElsewhere | null {
    return this.#known(bank).find((one) => sameBytes(one.id, id)) ?? null
  }

  /**
   * A member can, or would like it: kept here, and told to the neighbour as soon as it is there. Once for each notice,
   * however often it is pressed. Refuses `notice_unknown`, `too_many_waiting`, and what is wrong with the account.
   */
  async answer(
    bank: Bytes,
    notice: Bytes,
    by: Person,
    coordinator: Coordinator | null = null,
  ): Promise<Outcome<SentAnswer>> {
    const { notices, acts } = this.#people
    const { account } = by
    const id = answerIdOf(account, bank, notice)
    const outcome = await this.#node.commit<SentAnswer>((book, now) => {
      const standing = mayAct(book, this.#people, account)
      if (!standing.ok) return standing
      const known = notices.sentById(id)
      if (known !== null && known.state !== 'given_up') return accept({ entries: [], value: known })
      const found = isOpenTo(book, bank) ? this.find(bank, notice) : null
      if (found === null) return refuse('notice_unknown')
      const most = LIMITS.noticeAnswersOfMember
      if (answersUnderWay(this.#people, account) >= most) return refuse('too_many_waiting', { most })
      const { kind, text } = found
      const sent: SentAnswer = {
        ...{ id, account, bank, notice, kind, text, made: now },
        ...{ state: 'waiting', phone: null, done: null },
      }
      const acted = acts.keep(coordinator, { what: 'notice_answered', accounts: [account] }, now)
      const rows = [...notices.tidy(now), notices.keepSent(sent), ...acted]
      return accept({ entries: [], rows, value: sent })
    })
    if (!outcome.ok) return outcome
    this.#tick()
    return accept(outcome.value.value)
  }

  /** Nobody is asked or told any more; what was not heard is told after the next start. */
  close(): void {
    this.#closed = true
    this.#cancelTick?.()
  }

  #known(bank: Bytes): readonly NoticeElsewhere[] {
    const { clock } = this.#node
    const remembered = this.#remembered.get(toHex(bank))
    if (remembered === undefined || clock.uptime() - remembered.at > LIMITS.noticeStaleSeconds) return []
    const now = this.#node.logTime()
    return remembered.notices.filter(({ until }) => until >= now)
  }

  /** Asks this neighbour unless it was asked lately; what is waited for when nothing is known of it, else null. */
  #ask(bank: Bytes): Promise<void> | null {
    const name = toHex(bank)
    const uptime = this.#node.clock.uptime()
    const remembered = this.#remembered.get(name)
    const isFresh = remembered !== undefined && uptime - remembered.at < LIMITS.noticeFreshSeconds
    if (!isFresh && !this.#asking.has(name) && uptime >= (this.#notBefore.get(name) ?? 0) && !this.#closed) {
      const asking = this.#fetch(bank)
        .catch(() => undefined) // Of a writer that has stopped its owner is told elsewhere.
        .finally(() => this.#asking.delete(name))
      this.#asking.set(name, asking)
    }
    return remembered === undefined ? (this.#asking.get(name) ?? null) : null
  }

  async #fetch(bank: Bytes): Promise<void> {
    const { clock } = this.#node
    const name = toHex(bank)
    const found = await this.#node.look(bank)
    if (found.ok) {
      const notices = found.value.map((one) => ({
        ...one,
        bank,
        kind: NOTICE_KINDS[one.kind - 1] as NoticeKind,
      }))
      this.#remembered.set(name, { notices, at: clock.uptime() })
      return
    }
    const { code, facts } = found.refusal
    // The neighbour shows us nothing any more: neither do we.
    if (code === 'notice_unknown') this.#remembered.delete(name)
    const wait = Number(facts.retrySeconds ?? 0)
    this.#notBefore.set(name, clock.uptime() + Math.max(LIMITS.noticeLookAgainSeconds, wait))
  }

  async #atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#node.clock.after(milliseconds, resolve)
    await Promise.race([work, promise])
    cancel()
  }

  /** Tells what waits, and comes back as long as something does. */
  #tick(): void {
    this.#cancelTick?.()
    this.#cancelTick = null
    if (this.#closed) return
    const waiting = this.#people.notices
      .sent()
      .filter(({ state, done }) => state === 'waiting' && done === null)
    const uptime = this.#node.clock.uptime()
    for (const sent of waiting) {
      const isOver = sent.made + LIMITS.noticeAnswerSeconds < this.#node.logTime()
      const isThere = this.#node.contacts.link(sent.bank)?.connected ?? false
      const isBusy = uptime < (this.#busyUntil.get(toHex(sent.bank)) ?? 0)
      if (!isOver && (!isThere || isBusy || !this.#resend.due(sent.id, uptime))) continue
      const telling = isOver ? this.#change(sent, { state: 'given_up' }) : this.#tell(sent)
      telling.catch(() => undefined) // The same; and it stays waiting.
    }
    if (waiting.length > 0) this.#cancelTick = this.#node.clock.after(TICK_MS, () => this.#tick())
  }

  async #tell(sent: SentAnswer): Promise<void> {
    const person = this.#people.byAccount(sent.account)
    if (person === null) return
    const told = await this.#node.tellInterest(sent.bank, {
      question: sent.id,
      notice: sent.notice,
      who: nameOutside(person),
      phone: soundPhone(readBankFacts(this.#node.store).phone),
    })
    if (!told.ok) {
      // A neighbour that is busy, away or shut is told later.
      const wait = Number(told.refusal.facts.retrySeconds ?? 0)
      this.#busyUntil.set(toHex(sent.bank), this.#node.clock.uptime() + wait)
      return
    }
    this.#resend.settled(sent.id)
    const { kept, phone } = told.value
    // What the neighbour has no use for, nobody here need deal with.
    const done = kept ? null : this.#node.logTime()
    await this.#change(sent, { state: kept ? 'heard' : 'over', phone, done })
  }

  async #change({ id }: SentAnswer, to: Partial<SentAnswer>): Promise<void> {
    const { notices } = this.#people
    await this.#node.commit(() => {
      const known = notices.sentById(id)
      const rows = known === null || known.state !== 'waiting' ? [] : [notices.keepSent({ ...known, ...to })]
      return accept({ entries: [], rows, value: null })
    })
  }
}

const TICK_MS = 1_000
