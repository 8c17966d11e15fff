/**
 * Where do the asks and offers of members rest, and the answers to them? In private rows that are erased with the person,
 * and in memory, for every look at the noticeboard needs all of them ([DIR-5], [DIR-6]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b16, b20, integer, literal, optional, record, text, time } from '../core/schema.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'

export const NOTICE_KINDS = ['ask', 'offer'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]
/** Who sees it: the members of this bank, or those of neighbouring banks too. */
export const NOTICE_REACHES = ['bank', 'neighbours'] as const
export type NoticeReach = (typeof NOTICE_REACHES)[number]
const TAKERS = ['owner', 'desk'] as const

/** What a member asks for or offers, in one sentence. */
export interface Notice {
  /** 16 random bytes: the nonce that its form has had since it was shown. */
  readonly id: Bytes
  readonly account: Bytes
  readonly kind: NoticeKind
  readonly text: string
  /** 0: not said. */
  readonly category: number
  readonly reach: NoticeReach
  /** Since when neighbours may see it, in seconds; null while nobody at the desk has looked at a newcomer's. */
  readonly outside: number | null
  /** Seconds; it is shown until the second one, and asleep after it. */
  readonly made: number
  readonly until: number
  /** When, by whom and why it was taken down; null while it stands. */
  readonly down: {
    readonly at: number
    readonly by: (typeof TAKERS)[number]
    readonly reason: string | null
  } | null
}

/** Somebody who can, or who would like it: a member of this bank, or one of a neighbour's. */
export interface NoticeAnswer {
  readonly notice: Bytes
  readonly id: Bytes
  /** Account of whoever wrote the notice. */
  readonly owner: Bytes
  /** The member of this bank; null for a neighbour's, of whom no more is known than bank and short name. */
  readonly account: Bytes | null
  readonly bank: Bytes | null
  readonly name: string | null
  /** Telephone of the neighbour's desk, when it said one. */
  readonly phone: string | null
  /** Seconds. */
  readonly made: number
  /** When the desk had brought the two together. */
  readonly done: number | null
}

/** `waiting`: the neighbour has not heard it. `over`: it had no such notice any more. `given_up`: it never answered. */
export const SENT_STATES = ['waiting', 'heard', 'over', 'given_up'] as const
export type SentState = (typeof SENT_STATES)[number]

/** What a member of ours said to a notice of a neighbour, with the words that he or she had read. */
export interface SentAnswer {
  readonly id: Bytes
  readonly account: Bytes
  readonly bank: Bytes
  readonly notice: Bytes
  readonly kind: NoticeKind
  readonly text: string
  readonly made: number
  readonly state: SentState
  /** Telephone of the neighbour's desk, when it said one. */
  readonly phone: string | null
  readonly done: number | null
}

const noticeField = record({
  version: literal(1),
  account: b16,
  kind: integer(0, NOTICE_KINDS.length - 1),
  text: text(LIMITS.noticeBytes),
  category: integer(0, 999),
  reach: integer(0, NOTICE_REACHES.length - 1),
  outside: optional(time),
  made: time,
  until: time,
  down: optional(
    record({
      at: time,
      by: integer(0, TAKERS.length - 1),
      reason: optional(text(LIMITS.noteBytes)),
    }),
  ),
})
const short = optional(text(LIMITS.contactBytes))
const answerField = record({
  version: literal(1),
  owner: b16,
  account: optional(b16),
  bank: optional(b20),
  name: optional(text(LIMITS.nameBytes)),
  phone: short,
  made: time,
  done: optional(time),
})
const sentField = record({
  version: literal(1),
  account: b16,
  bank: b20,
  notice: b16,
  kind: integer(0, NOTICE_KINDS.length - 1),
  text: text(LIMITS.noticeBytes),
  made: time,
  state: integer(0, SENT_STATES.length - 1),
  phone: short,
  done: optional(time),
})
const PRIVATE = { controlCharacters: 'allowed' } as const
const PAGE = 512
const NOTICE_ID_BYTES = 16

/** All notices and answers that are kept, by their ids. */
export class Notices {
  readonly #notices = new Map<string, Notice>()
  /** By notice, then by answer. */
  readonly #answers = new Map<string, Map<string, NoticeAnswer>>()
  readonly #sent = new Map<string, SentAnswer>()

  static async open(store: Store): Promise<Notices> {
    const notices = new Notices()
    await each(store, 'notice', (id, value) => notices.#know(readNotice(id, value)))
    await each(store, 'notice-answer', (id, value) => notices.#knowAnswer(readAnswer(id, value)))
    await each(store, 'notice-sent', (id, value) => notices.#knowSent(readSent(id, value)))
    return notices
  }

  byId(id: Bytes): Notice | null {
    return this.#notices.get(toHex(id)) ?? null
  }

  /** Those that were not taken down, the newest or latest renewed first. */
  standing(): readonly Notice[] {
    return [...this.#notices.values()].filter(({ down }) => down === null).sort(newestFirst)
  }

  /** All of one member, in the same order. */
  of(account: Bytes): readonly Notice[] {
    return [...this.#notices.values()].filter((one) => sameBytes(one.account, account)).sort(newestFirst)
  }

  /** Answers to a notice, oldest first. */
  answersTo({ id }: Pick<Notice, 'id'>): readonly NoticeAnswer[] {
    return [...(this.#answers.get(toHex(id))?.values() ?? [])].sort((a, b) => a.made - b.made)
  }

  /** Answers that the desk has not dealt with, oldest first. */
  unanswered(): readonly NoticeAnswer[] {
    return [...this.#answers.values()]
      .flatMap((answers) => [...answers.values()])
      .filter(({ done }) => done === null)
      .sort((a, b) => a.made - b.made)
  }

  /** Answers to neighbours' notices, oldest first. */
  sent(): readonly SentAnswer[] {
    return [...this.#sent.values()].sort((a, b) => a.made - b.made)
  }

  sentById(id: Bytes): SentAnswer | null {
    return this.#sent.get(toHex(id)) ?? null
  }

  /** The row of a notice, for a commit; from here on it is known. Called when nothing refuses any more. */
  keep(notice: Notice): Write {
    this.#know(notice)
    const { id, kind, reach, down, ...rest } = notice
    const row = noticeField.write({
      version: 1,
      ...rest,
      kind: NOTICE_KINDS.indexOf(kind),
      reach: NOTICE_REACHES.indexOf(reach),
      down: down === null ? null : { ...down, by: TAKERS.indexOf(down.by) },
    })
    return { put: privateKey('notice', id), value: encode(row, PRIVATE) }
  }

  keepAnswer(answer: NoticeAnswer): Write {
    this.#knowAnswer(answer)
    const { notice, id, ...rest } = answer
    const row = answerField.write({ version: 1, ...rest })
    return { put: answerKey(answer), value: encode(row, PRIVATE) }
  }

  keepSent(sent: SentAnswer): Write {
    this.#knowSent(sent)
    const { id, kind, state, ...rest } = sent
    const row = sentField.write({
      version: 1,
      ...rest,
      kind: NOTICE_KINDS.indexOf(kind),
      state: SENT_STATES.indexOf(state),
    })
    return { put: privateKey('notice-sent', id), value: encode(row, PRIVATE) }
  }

  /** Forgets what was taken down long ago with its answers, and what was dealt with; `now` in seconds. */
  tidy(now: number): Write[] {
    const rows: Write[] = []
    for (const notice of this.#notices.values()) {
      if (notice.down === null || notice.down.at + LIMITS.noticeDownSeconds >= now) continue
      rows.push({ del: privateKey('notice', notice.id) })
      for (const answer of this.answersTo(notice)) rows.push({ del: answerKey(answer) })
      this.#notices.delete(toHex(notice.id))
      this.#answers.delete(toHex(notice.id))
    }
    for (const { id, made } of this.#sent.values()) {
      if (made + LIMITS.noticeSeconds >= now) continue
      rows.push({ del: privateKey('notice-sent', id) })
      this.#sent.delete(toHex(id))
    }
    return rows
  }

  /** Nothing of this person is shown any more, from before the rows are overwritten. */
  forget(account: Bytes): void {
    for (const [name, notice] of this.#notices) {
      if (!sameBytes(notice.account, account)) continue
      this.#notices.delete(name)
      this.#answers.delete(name)
    }
    for (const answers of this.#answers.values())
      for (const [name, answer] of answers)
        if (answer.account !== null && sameBytes(answer.account, account)) answers.delete(name)
    for (const [name, sent] of this.#sent) if (sameBytes(sent.account, account)) this.#sent.delete(name)
  }

  #know(notice: Notice | null): void {
    if (notice !== null) this.#notices.set(toHex(notice.id), notice)
  }

  #knowAnswer(answer: NoticeAnswer | null): void {
    if (answer === null) return
    const name = toHex(answer.notice)
    const answers = this.#answers.get(name) ?? new Map<string, NoticeAnswer>()
    this.#answers.set(name, answers.set(toHex(answer.id), answer))
  }

  #knowSent(sent: SentAnswer | null): void {
    if (sent !== null) this.#sent.set(toHex(sent.id), sent)
  }
}

function newestFirst(a: Notice, b: Notice): number {
  return b.until - a.until || (toHex(a.id) < toHex(b.id) ? -1 : 1)
}

function answerKey({ notice, id }: Pick<NoticeAnswer, 'notice' | 'id'>): Bytes {
  return privateKey('notice-answer', Buffer.concat([notice, id]))
}

type Kind = 'notice' | 'notice-answer' | 'notice-sent'

async function each(store: Store, kind: Kind, know: (id: Bytes, value: Bytes) => void): Promise<void> {
  for await (const page of store.pages(privateRange(kind), PAGE))
    for (const [key, value] of page) know(privateIdOf(kind, key), value)
}

/** Null for a row of one zero byte, which is being erased. */
function readNotice(id: Bytes, value: Bytes): Notice | null {
  const decoded = decode(value, PRIVATE)
  const row = decoded.ok ? noticeField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, kind, reach, down, ...rest } = row
  return {
    id,
    ...rest,
    kind: NOTICE_KINDS[kind] as NoticeKind,
    reach: NOTICE_REACHES[reach] as NoticeReach,
    down: down === null ? null : { ...down, by: TAKERS[down.by] as (typeof TAKERS)[number] },
  }
}

function readAnswer(id: Bytes, value: Bytes): NoticeAnswer | null {
  const decoded = decode(value, PRIVATE)
  const row = decoded.ok ? answerField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, ...rest } = row
  return { notice: id.slice(0, NOTICE_ID_BYTES), id: id.slice(NOTICE_ID_BYTES), ...rest }
}

function readSent(id: Bytes, value: Bytes): SentAnswer | null {
  const decoded = decode(value, PRIVATE)
  const row = decoded.ok ? sentField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, kind, state, ...rest } = row
  return { id, ...rest, kind: NOTICE_KINDS[kind] as NoticeKind, state: SENT_STATES[state] as SentState }
}
