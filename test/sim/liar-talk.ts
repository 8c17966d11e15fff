/**
 * How does a bank that lies talk with one honest bank? It frames whatever it wants to say, with heads and proofs of
 * whichever of its histories it wants to show, and keeps what it has said to say it again.
 */

import { type Body, decodeEntry, type EntryOf, type Kind, type Ref } from '../../src/core/entry.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { type Order, orderId } from '../../src/core/transfer/order.ts'
import { parseHeadText } from '../../src/log/checkpoint.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { parseNote } from '../../src/log/note.ts'
import {
  decodeFrame,
  encodeFrame,
  type Frame,
  type Message,
  type MessageOf,
} from '../../src/peer/messages.ts'
import type { Session } from '../../src/peer/ports.ts'
import type { ScriptedLog } from './scripted-bank.ts'
import type { Town } from './world.ts'

const FRAMES_KEPT = 40

/** A payment of the liar to this bank. */
export interface OurPayment {
  readonly order: Order
  readonly bytes: Bytes
  readonly id: Bytes
  readonly aid: Bytes
  /** The bank promised it. */
  promised: boolean
  decided: boolean
}

/** A payment of the honest bank to the liar. */
export interface TheirPayment {
  readonly id: Bytes
  readonly aid: Bytes
  readonly minutes: number
  readonly offer: MessageOf<'offer'> | null
  /** Its commit, once it came. */
  commit: Ref | null
  seq: number
  answer: 'none' | 'promised' | 'credited' | 'waived'
}

/** A posting as it was shown, in the history in which it stands. */
interface Posting {
  readonly log: ScriptedLog
  readonly index: number
  readonly order: Bytes | null
  readonly seq: number
}

export interface Showing {
  readonly log?: ScriptedLog
  /** Instead of the newest head of the history. */
  readonly head?: Bytes
  readonly link?: 'none' | 'wrong'
}

/** One honest bank as the liar sees it. */
export class Victim {
  readonly town: Town
  /** The history that it is shown. */
  log: ScriptedLog
  line: Bytes = new Uint8Array(16)
  /** Minutes the liar may owe here. */
  mayOwe = 0
  /** The liar's chain of postings as it claims it. */
  seq = 0
  sum = 0
  prev: Bytes = new Uint8Array(32)
  postings: Posting[] = []
  /** What it says to have consumed of the honest bank's. */
  inSeq = 0
  inChain: Bytes = new Uint8Array(32)
  /** Heads of the honest bank, the newest last. */
  readonly heads: Bytes[] = []
  readonly ours = new Map<string, OurPayment>()
  readonly theirs = new Map<string, TheirPayment>()
  readonly said: Bytes[] = []
  talk: Talk | null = null
  /** Times it was told of a lower counter than the liar has. */
  stuck = 0
  busy = 0

  constructor(town: Town, log: ScriptedLog) {
    this.town = town
    this.log = log
  }

  get isOpen(): boolean {
    return this.talk !== null && !this.talk.over && this.talk.greeted
  }

  /** Says this, with the entries shown; nothing when nobody listens. */
  say(messages: readonly Message[], show: readonly number[] = [], how: Showing = {}): void {
    const { talk } = this
    if (talk === null || talk.over) return
    const log = how.log ?? this.log
    const entries = show.map((index) => ({ index, entry: log.raws[index] as Bytes, proof: log.proof(index) }))
    const link = how.link === 'none' ? null : talk.linkOf(log)
    if (how.link === 'wrong' && link !== null && link.proof.length > 0)
      link.proof[0] = leafHash(link.proof[0] as Bytes)
    const frame = { head: how.head ?? log.head(), link, entries, messages }
    if (how.head === undefined) talk.linked = Math.max(talk.linked, log.size)
    this.sayRaw(encodeFrame(frame))
  }

  sayRaw(raw: Bytes): void {
    if (this.talk === null || this.talk.over || raw.length > LIMITS.frameBytes) return
    this.said.push(raw)
    if (this.said.length > FRAMES_KEPT) this.said.shift()
    this.talk.session.send(raw).catch(() => undefined)
  }

  /** Writes the next posting, with whatever it should say instead; `astray`: the chain goes on as if it were not. */
  commit(order: Order, aid: Bytes, how: CommitTerms): number {
    const { minutes, decideBy } = order
    const part = {
      line: this.line,
      minutes,
      outSeq: this.seq + 1,
      outSum: this.sum + minutes,
      prevOut: this.prev,
      ...how.part,
    }
    const body = {
      id: orderId(how.bytes),
      aid,
      minutes,
      decideBy,
      bundle: how.bundle,
      parts: [part],
      ...how.body,
    }
    const index = this.log.write('pay.commit', body, how.time)
    if (how.astray === true) return index
    this.seq = part.outSeq
    this.sum = part.outSum
    this.prev = leafHash(this.log.raws[index] as Bytes)
    const order_ = order.postal ? how.bytes : null
    this.postings.push({ log: this.log, index, order: order_, seq: this.seq })
    return index
  }

  /** Shows one posting, by post with its order beside it. */
  post(index: number, order: Bytes | null, log: ScriptedLog = this.log): void {
    this.say([{ name: 'commit', entry: 0, order }], [index], { log })
  }

  /** Repeats what the honest bank has not consumed. */
  repeatAfter(seq: number): void {
    for (const one of this.postings.filter((posting) => posting.seq > seq).slice(0, 20))
      this.post(one.index, one.order, one.log)
  }

  /** Goes on from where the honest bank stands: other postings get numbers that were given before. */
  restartChain(seq: number, chain: Bytes): void {
    this.stuck = 0
    this.seq = seq
    this.prev = chain
    this.postings = this.postings.filter((posting) => posting.seq <= seq)
  }

  payment(id: Bytes): TheirPayment | null {
    return this.theirs.get(toHex(id)) ?? null
  }
}

export interface CommitTerms {
  readonly bytes: Bytes
  readonly bundle: Bytes | null
  readonly time: number
  readonly astray?: boolean
  readonly part?: Partial<Body<'pay.commit'>['parts'][number]>
  readonly body?: Partial<EntryOf<'pay.commit'>['body']>
}

/** One session with an honest bank. */
export class Talk {
  readonly session: Session
  over = false
  greeted = false
  /** Size of the head from which the next proof starts. */
  linked = 0
  readonly since: number

  constructor(session: Session, now: number) {
    this.session = session
    this.since = now
  }

  /** Reads frames until the session is over. */
  async read(hears: (frame: Frame) => void): Promise<void> {
    try {
      for await (const raw of this.session.frames()) {
        const decoded = decodeFrame(raw)
        // Bytes may be damaged on the way; a liar does not mind.
        if (decoded.ok) hears(decoded.frame)
      }
    } finally {
      this.over = true
    }
  }

  /** The proof that a real node would send with the head of this history. */
  linkOf(log: ScriptedLog): { from: number; proof: Bytes[] } | null {
    return this.linked === 0 || this.linked > log.size
      ? null
      : { from: this.linked, proof: log.link(this.linked) }
  }

  /** The honest bank named the head of ours that it holds; later ones change nothing. */
  named(note: Bytes | null): void {
    if (this.linked > 0 || note === null) return
    const text = parseNote(note)?.text
    this.linked = (text === undefined ? null : parseHeadText(text))?.size ?? 0
  }
}

/** An entry of this kind at a place of a frame. */
export function entryIn<K extends Kind>(frame: Frame, place: number, kind: K): Shown<K> | null {
  const shown = frame.entries[place]
  const read = shown === undefined ? null : decodeEntry(shown.entry)
  if (shown === undefined || read?.ok !== true || read.entry.kind !== kind) return null
  return { body: read.entry.body as Body<K>, index: shown.index, leaf: leafHash(shown.entry) }
}

export interface Shown<K extends Kind> {
  readonly body: Body<K>
  readonly index: number
  readonly leaf: Bytes
}
