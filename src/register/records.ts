/**
 * What does one record say? Who helped whom, how long, when, and how it came into the log, with the people's names as
 * far as they are still in the register ([EX-2]).
 */

import {
  type Auth,
  CHANNELS,
  type Channel,
  COORDINATOR_REASONS,
  type CoordinatorReason,
} from '../core/entry.ts'
import type { Bytes } from '../core/ids.ts'
import { decodeIntent } from '../core/intent.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { exchangeIdOf } from '../core/sign.ts'
import type { Node } from '../node/node.ts'
import { readMemo, shownWords } from './memos.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

/** Somebody's part: minutes above 0 helped, below 0 were helped. `person` is null when erased. */
export interface Part {
  readonly person: Person | null
  readonly minutes: number
}

export interface RecordView {
  readonly id: Bytes
  readonly index: number
  /** Seconds. */
  readonly time: number
  /** Days since 1970-01-01. */
  readonly day: number
  readonly parts: readonly Part[]
  readonly category: number
  readonly note: string | null
  readonly channel: Channel | null
  /** Actor id of the coordinator who recorded it, and why; null when a device agreed. */
  readonly coordinator: Bytes | null
  readonly reason: CoordinatorReason | null
  /** The member who acted for whoever the hours came from; null when nobody did ([EX-15]). */
  readonly deputy: Person | null
  /** Index of the entry that took it back. */
  readonly reversedAt: number | null
  readonly replacedByIndex: number | null
  /** Whether one press still takes it back. */
  readonly isFresh: boolean
}

/** The exchange at this index. Refuses `record_unknown`. */
export function readRecord(node: Node, people: People, index: number): Promise<Outcome<RecordView>> {
  return node.read(({ book, own, store }) => {
    if (!Number.isSafeInteger(index) || index < 0 || index >= book.size) return refuse('record_unknown')
    const entry = own.entry(index)
    const intent = entry.kind === 'exchange' ? decodeIntent(entry.body.intent) : null
    if (entry.kind !== 'exchange' || intent === null) return refuse('record_unknown')
    const id = exchangeIdOf(entry.body.intent)
    const row = book.exchanges.find(id)
    const reversedAt = book.exchanges.reversedAt(row)
    const by = book.exchanges.replacedBy(row)
    const coordinator = entry.body.auths.find((auth) => auth.form === 2)
    return accept({
      id,
      index,
      time: entry.time,
      day: intent.day,
      parts: intent.legs.map(({ acct, minutes }) => ({ person: people.byAccount(acct), minutes })),
      category: intent.category,
      note: shownWords(readMemo(store, id)),
      channel: CHANNELS[entry.body.channel - 1] ?? null,
      coordinator: coordinator?.actor ?? null,
      reason: coordinator === undefined ? null : (COORDINATOR_REASONS[coordinator.reason - 1] ?? null),
      deputy: deputyIn(people, entry.body.auths),
      reversedAt: reversedAt < 0 ? null : reversedAt,
      replacedByIndex: by < 0 ? null : book.exchanges.indexOf(by),
      isFresh: node.logTime() - entry.time <= LIMITS.takeBackDays * SECONDS_PER_DAY,
    })
  })
}

/** The member who acted for somebody else, as an entry names them; null when nobody did ([EX-15]). */
export function deputyIn(people: People, auths: readonly Auth[]): Person | null {
  const acted = auths.find((auth) => auth.form === 3 && auth.onBehalfOf !== null)
  return acted?.form === 3 ? people.byAccount(acted.acct) : null
}

const SECONDS_PER_DAY = 86_400
