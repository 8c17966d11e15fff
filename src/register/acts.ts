/**
 * Who did what for whom at the desk? Every act of a coordinator leaves a row that nothing edits, in the same batch as
 * the act itself; the member concerned may read it ([DESK-12]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept } from '../core/refusal.ts'
import { b16, b32, integer, list, literal, optional, record, time } from '../core/schema.ts'
import type { Decide } from '../node/commit.ts'
import type { Node } from '../node/node.ts'
import { numberId, numberOfId, privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Coordinator } from './coordinators.ts'

/** What is done at a desk. Rows hold the place in this list: it is only ever added to. */
export const DESK_ACTS = [
  // the person
  'added',
  'edited',
  'opened_person',
  'opened_notes',
  'helper_added',
  'helper_removed',
  'suspended',
  'resumed',
  'closed',
  'left',
  'erased',
  // their hours
  'recorded',
  'took_back',
  'corrected',
  'sent',
  'cancelled',
  'imported',
  // how they sign in, are told things, and are paid
  'device_added',
  'device_removed',
  'code_given',
  'invited',
  'pin_reset',
  'letter_printed',
  // the desk itself
  'coordinator_added',
  'coordinator_removed',
  'coordinator_reset',
  'board_added',
  'board_removed',
  // what members ask and offer
  'notice_made',
  'notice_renewed',
  'notice_shown',
  'notice_taken_down',
  'notice_answered',
  'introduced',
  // hours between banks that were wrong
  'asked_back',
  // the recovery sheet
  'sheet_shown',
  'sheet_on_paper',
  // a list that was brought in
  'import_undone',
] as const
export type DeskAct = (typeof DESK_ACTS)[number]

/** What is done, and about whom. */
export interface About {
  readonly what: DeskAct
  /** Accounts concerned, at most so many as a group sheet has. */
  readonly accounts: readonly Bytes[]
  /** Id of the record or payment, 32 bytes. */
  readonly record?: Bytes | null
}

export interface KeptAct extends About {
  /** Counts up over all acts of the bank. */
  readonly no: number
  /** Seconds. */
  readonly time: number
  /** Actor id of the coordinator, 16 bytes. */
  readonly actor: Bytes
  readonly record: Bytes | null
}

const rowField = record({
  version: literal(1),
  time,
  actor: b16,
  what: integer(0, DESK_ACTS.length - 1),
  accounts: list(b16, 0, LIMITS.exchangeLegs),
  record: optional(b32),
})
const PAGE = 512

export class Acts {
  readonly #store: Store
  #next: number

  private constructor(store: Store, next: number) {
    this.#store = store
    this.#next = next
  }

  static async open(store: Store): Promise<Acts> {
    let last = 0
    for await (const page of store.pages({ ...privateRange('act'), order: 'descending' }, 1)) {
      for (const [key] of page) last = noOf(key)
      break
    }
    return new Acts(store, last + 1)
  }

  /** The row of an act at this time (seconds), for its commit; none when nobody of the desk did it. */
  keep(by: Pick<Coordinator, 'actor'> | null, about: About, time: number): Write[] {
    if (by === null) return []
    const no = this.#next++
    const row = {
      version: 1 as const,
      time,
      actor: by.actor,
      what: DESK_ACTS.indexOf(about.what),
      accounts: about.accounts,
      record: about.record ?? null,
    }
    return [{ put: keyOf(no), value: encode(rowField.write(row)) }]
  }

  /** The decision with the row of the act behind it, where it changes anything. */
  riding<T>(by: Pick<Coordinator, 'actor'> | null, about: About, decide: Decide<T>): Decide<T> {
    return (book, now) => {
      const decided = decide(book, now)
      if (!decided.ok) return decided
      const { entries, rows = [] } = decided.value
      const changes = entries.length > 0 || rows.length > 0
      return changes ? accept({ ...decided.value, rows: [...rows, ...this.keep(by, about, now)] }) : decided
    }
  }

  /** Acts that concern this account, the newest first. */
  about(account: Bytes): Promise<KeptAct[]> {
    return this.#all((act) => act.accounts.some((one) => sameBytes(one, account)))
  }

  /** Acts of this coordinator, the newest first. */
  by(actor: Bytes): Promise<KeptAct[]> {
    return this.#all((act) => sameBytes(act.actor, actor))
  }

  /** At most `most` acts before number `before`, the newest first; `next` goes on from there, null at the end. */
  async recent(page: {
    readonly before?: number | null
    readonly most: number
  }): Promise<{ acts: KeptAct[]; next: number | null }> {
    const acts: KeptAct[] = []
    for await (const act of this.#walk(page.before ?? null)) {
      if (acts.length === page.most) return { acts, next: acts.at(-1)?.no ?? null }
      acts.push(act)
    }
    return { acts, next: null }
  }

  async #all(fits: (act: KeptAct) => boolean): Promise<KeptAct[]> {
    const found: KeptAct[] = []
    for await (const act of this.#walk(null)) if (fits(act)) found.push(act)
    return found
  }

  async *#walk(before: number | null): AsyncGenerator<KeptAct> {
    const { from, to } = privateRange('act')
    const range = { from, to: before === null ? to : keyOf(before), order: 'descending' as const }
    for await (const page of this.#store.pages(range, PAGE)) {
      for (const [key, value] of page) {
        const act = readRow(noOf(key), value)
        if (act !== null) yield act
      }
    }
  }

  /** Forgets acts that are older than their time. They name random ids alone, so they are simply removed. */
  async prune(node: Node): Promise<void> {
    const since = node.logTime() - LIMITS.actsKeptSeconds
    for (let more = true; more; ) {
      const rows: Write[] = []
      more = false
      for await (const page of this.#store.pages(privateRange('act'), PAGE)) {
        const old = page.filter(([key, value]) => (readRow(noOf(key), value)?.time ?? 0) < since)
        rows.push(...old.map(([key]) => ({ del: key })))
        more = old.length === page.length
        break
      }
      if (rows.length > 0) await node.commit(() => accept({ entries: [], rows, value: null }))
    }
  }
}

function keyOf(no: number): Bytes {
  return privateKey('act', numberId(no))
}

function noOf(key: Bytes): number {
  return numberOfId(privateIdOf('act', key))
}

function readRow(no: number, value: Uint8Array): KeptAct | null {
  const decoded = decode(value)
  const row = decoded.ok ? rowField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, what, ...rest } = row
  return { no, ...rest, what: DESK_ACTS[what] as DeskAct }
}
