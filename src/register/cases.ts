/**
 * What happens when somebody says "this is wrong"? A case with both people's words and a day by which the desk has
 * looked at it; it ends in one of three ways, and the record stays in the log whatever it was ([DESK-8]).
 *
 * Hours that moved between two banks go back by a payment of their own. Whether that has arrived stands in the log and in
 * the uses of the request for it, so no row has to say so: it is read there, and remembered while the bank runs.
 */

import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import { type Case, type CaseState, caseRow, readCaseRow } from './case-rows.ts'
import { fits, words } from './texts.ts'
import { Turns } from './turns.ts'

const PAGE = 256

/** What somebody says; a case about help inside this bank, by a member, unless it says otherwise. */
export type NewCase = Pick<Case, 'record' | 'index' | 'by' | 'what' | 'words'> &
  Partial<Pick<Case, 'about' | 'from'>>

/** Of a payment: how its hours were asked for or sent back. */
type GoingBack = Pick<Case, 'record' | 'asked' | 'back'>

export class Cases {
  readonly #node: Node
  readonly #open = new Map<string, Case>()
  /** Payments whose hours may be on their way back, by id in hex. */
  readonly #goingBack = new Map<string, GoingBack>()
  /** Payments whose hours went back, by id in hex, each with the payment that took them. */
  readonly #wentBack = new Map<string, Bytes>()
  /** Payments by the one that takes, or took, their hours back. */
  readonly #oldByBack = new Map<string, Bytes>()
  readonly #turns = new Turns()

  private constructor(node: Node) {
    this.#node = node
  }

  static async open(node: Node): Promise<Cases> {
    const cases = new Cases(node)
    for await (const page of node.store.pages(privateRange('case'), PAGE)) {
      for (const [key, value] of page) {
        const one = readCaseRow(privateIdOf('case', key), value)
        if (one !== null) cases.know(one)
      }
    }
    await cases.catchUp()
    return cases
  }

  /** What the register holds is what counts: whatever was erased there is not remembered here. */
  find(recordId: Bytes): Case | null {
    const bytes = this.#node.store.get(privateKey('case', recordId))
    const kept = readCaseRow(recordId, bytes)
    if (bytes !== undefined && kept === null) this.#open.delete(toHex(recordId))
    const one = this.#open.get(toHex(recordId)) ?? kept
    const back = this.#wentBack.get(toHex(recordId))
    return one === null || back === undefined ? one : { ...one, state: 'corrected', back }
  }

  /** The payment whose hours this one takes back, or null. */
  putRightBy(back: Bytes): Bytes | null {
    const old = this.#oldByBack.get(toHex(back))
    const one = old === undefined ? null : this.find(old)
    return one?.back != null && sameBytes(one.back, back) ? one.record : null
  }

  /** Learns which hours have gone back since it was asked last; a page asks before it says how things stand. */
  async catchUp(): Promise<void> {
    for (const [key, one] of this.#goingBack) {
      const back = await this.#arrived(one)
      if (back === null) continue
      this.#goingBack.delete(key)
      this.#open.delete(key)
      this.#wentBack.set(key, back)
      this.#oldByBack.set(toHex(back), one.record)
    }
  }

  /** The payment by which the hours of this one went back, if one has arrived: ours, or one on a request of ours. */
  async #arrived({ record: old, asked, back }: GoingBack): Promise<Bytes | null> {
    const { handles } = this.#node
    const uses = (await Promise.all(asked.map((handle) => handles.uses(handle)))).flat()
    return this.#node.read(({ book }) => {
      if (back !== null && book.asPayer.stateOf(back) === 'paid') return back
      const line = book.asPayer.get(old)?.line
      const came = uses.find(({ record: id }) => {
        const payment = book.asPayee.get(id)
        return payment !== null && payment.state === 'credited' && payment.line === line
      })
      return came?.record ?? null
    })
  }

  /** Runs `work` once whatever runs about this record has ended. */
  alone<T>(recordId: Bytes, work: () => Promise<T>): Promise<T> {
    return this.#turns.alone(recordId, work)
  }

  /** Those the desk has to look at, the one that is due first in front. */
  waiting(): readonly Case[] {
    return [...this.#open.values()]
      .filter(({ record: id }) => this.find(id)?.state === 'open')
      .sort((a, b) => a.due - b.due)
  }

  /**
   * Opens a case, or finds the one that is open about this record, or by which it was put right. Refuses `text_too_long`.
   */
  begin(given: NewCase): Promise<Outcome<Case>> {
    return this.alone(given.record, () => this.#begin(given))
  }

  async #begin(given: NewCase): Promise<Outcome<Case>> {
    const said = words(given.words)
    if (!fits(said, LIMITS.noteBytes))
      return refuse('text_too_long', { field: 'words', mostBytes: LIMITS.noteBytes })
    const kept = await this.#node.commit<Case>(() => {
      const known = this.find(given.record)
      if (known?.state === 'open' || known?.state === 'corrected')
        return accept({ entries: [], value: known })
      const fresh = this.fresh({ ...given, words: said })
      return accept({ entries: [], rows: [this.#keep(fresh)], value: fresh })
    })
    return kept.ok ? accept(kept.value.value) : kept
  }

  /** A case as it begins; by what was asked for before, hours can still come. */
  fresh(given: NewCase): Case {
    const now = this.#node.clock.now()
    return {
      about: 'record',
      from: 'member',
      ...given,
      opened: now,
      due: now + LIMITS.caseSeconds,
      state: 'open',
      answer: '',
      asked: this.find(given.record)?.asked ?? [],
      back: null,
    }
  }

  /**
   * Ends it; a case that has ended stays so. `first` is done before, once it is known that nobody has answered; when it is
   * refused, the case stays open. Refuses `record_unknown`, `claim_answered` and `text_too_long`.
   */
  end(
    recordId: Bytes,
    state: Exclude<CaseState, 'open'>,
    answer: string,
    first: () => Promise<Outcome<unknown>> = async () => accept(null),
  ): Promise<Outcome<Case>> {
    return this.alone(recordId, () => this.#end(recordId, { state, answer, first }))
  }

  async #end(
    recordId: Bytes,
    {
      state,
      answer,
      first,
    }: { state: Exclude<CaseState, 'open'>; answer: string; first: () => Promise<Outcome<unknown>> },
  ): Promise<Outcome<Case>> {
    const said = words(answer)
    if (!fits(said, LIMITS.noteBytes))
      return refuse('text_too_long', { field: 'answer', mostBytes: LIMITS.noteBytes })
    const known = this.find(recordId)
    if (known === null) return refuse('record_unknown')
    if (known.state !== 'open') return refuse('claim_answered')
    const done = await first()
    if (!done.ok) return done
    const ended: Case = { ...known, state, answer: said }
    const kept = await this.#node.commit<Case>(() =>
      this.find(recordId) === null
        ? refuse('record_unknown')
        : accept({ entries: [], rows: [this.#keep(ended)], value: ended }),
    )
    return kept.ok ? accept(kept.value.value) : kept
  }

  #keep(one: Case): Write {
    this.know(one)
    return caseRow(one)
  }

  /** From here on this is the case as it stands: its row is durable, or about to be. */
  know(one: Case): void {
    const { record: id, asked, back } = one
    const key = toHex(id)
    if (one.state === 'open') this.#open.set(key, one)
    else this.#open.delete(key)
    if (asked.length > 0 || back !== null) this.#goingBack.set(key, { record: id, asked, back })
    if (back !== null) this.#oldByBack.set(toHex(back), id)
  }
}
