/**
 * How do messages become frames on one settle stream, and frames become checked artefacts? Every frame carries our
 * newest head, a proof from the head the other side named, and the entries its messages speak of ([CKPT-8]).
 */

import { decodeEntry, type Entry, type Ref } from '../core/entry.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { compareHeads, type Head, type HeadRelation, openCheckpoint } from '../log/checkpoint.ts'
import { leafHash, verifyInclusion } from '../log/merkle.ts'
import { decodeFrame, encodeFrame, type FrameEntry, type Message } from '../peer/messages.ts'
import type { Session } from '../peer/ports.ts'
import type { Neighbour } from './neighbour.ts'
import type { Outgoing } from './outbox.ts'
import type { OwnLog } from './own-log.ts'

/** An entry of the neighbour's log that is proven to stand there. */
export interface TheirEntry {
  readonly entry: Entry
  readonly ref: Ref
}

export interface ReadFrame {
  readonly messages: readonly Message[]
  /** Checked entries, by place. */
  readonly entries: readonly TheirEntry[]
  /** How the frame's head relates to the largest we hold; null when the frame has none. */
  readonly relation: HeadRelation | null
  readonly head: Head | null
}

/** Bytes kept free in a frame for head, link and framing. */
const FRAME_RESERVE = 16 * 1024

export class PeerSession {
  readonly stream: Session
  readonly neighbour: Neighbour
  /** Size of the head of ours that the other side named or got on this stream; null before its HELLO. */
  linked: number | null = null
  readonly #own: OwnLog
  readonly #head: () => Head | null
  readonly #frameMessages: number
  readonly #queue: Outgoing[] = []
  #sending: Promise<void> | null = null
  /** Head of theirs from which the next link on this stream starts. */
  #base: Head | null
  #lastNote: { note: Bytes; head: Head } | null = null

  constructor(parts: {
    stream: Session
    neighbour: Neighbour
    own: OwnLog
    head: () => Head | null
    frameMessages: number
  }) {
    this.stream = parts.stream
    this.neighbour = parts.neighbour
    this.#own = parts.own
    this.#head = parts.head
    this.#frameMessages = parts.frameMessages
    this.#base = parts.neighbour.held
  }

  /** Puts messages in line; they leave in this order, in as few frames as fit. */
  send(...outgoing: readonly Outgoing[]): void {
    this.#queue.push(...outgoing)
    if (this.#sending !== null) return
    this.#sending = this.#drain().finally(() => {
      this.#sending = null
    })
    // A session that ends under us loses what is in line; the next one derives it again.
    this.#sending.catch(() => this.stream.close())
  }

  /** Shows the newest head when the other side does not hold it yet. */
  showHead(): void {
    const head = this.#head()
    if (head !== null && this.linked !== null && head.size > this.linked && this.#sending === null)
      this.send()
  }

  async #drain(): Promise<void> {
    // One turn of the event loop gathers what the same commit has to say.
    await Promise.resolve()
    do {
      const head = this.#head()
      const bytes = encodeFrame(this.#nextFrame(head))
      if (head !== null && this.linked !== null) this.linked = Math.max(this.linked, head.size)
      await this.stream.send(bytes)
    } while (this.#queue.length > 0)
  }

  #nextFrame(head: Head | null): Parameters<typeof encodeFrame>[0] {
    const entries: FrameEntry[] = []
    const places = new Map<number, number>()
    const messages: Message[] = []
    let bytes = 0
    while (
      this.#queue.length > 0 &&
      messages.length < this.#frameMessages &&
      bytes < LIMITS.frameBytes - FRAME_RESERVE * 2
    ) {
      const { message, entry } = this.#queue.shift() as Outgoing
      if (entry === null || head === null) {
        messages.push(message)
        bytes += 256 + ('order' in message ? 512 : 0) + ('open' in message ? message.open.length * 34 : 0)
        continue
      }
      let place = places.get(entry)
      if (place === undefined) {
        place = entries.length
        places.set(entry, place)
        const raw = this.#own.raw(entry)
        const proof = this.#own.proof(entry, head.size)
        entries.push({ index: entry, entry: raw, proof })
        bytes += raw.length + proof.length * 34 + 64
      }
      messages.push(placed(message, place))
      bytes += 'order' in message && message.order !== null ? 512 : 48
    }
    return { head: head?.note ?? null, link: this.#link(head), entries, messages }
  }

  #link(head: Head | null): Parameters<typeof encodeFrame>[0]['link'] {
    if (head === null || this.linked === null || this.linked === 0 || this.linked > head.size) return null
    return { from: this.linked, proof: this.#own.link(this.linked, head.size) }
  }

  /** Reads a frame: strict, then head, link and every entry's proof. A problem ends the session. */
  read(raw: Bytes): { ok: true; frame: ReadFrame } | { ok: false; problem: string } {
    const decoded = decodeFrame(raw)
    if (!decoded.ok) return decoded
    const { frame } = decoded
    if (frame.head === null) {
      if (frame.entries.length > 0) return { ok: false, problem: 'entries without a head' }
      return { ok: true, frame: { messages: frame.messages, entries: [], relation: null, head: null } }
    }
    const head = this.#openHead(frame.head)
    if (head === null) return { ok: false, problem: "the head does not verify under this bank's log key" }
    const entries: TheirEntry[] = []
    for (const one of frame.entries) {
      const opened = openEntry(one, head, this.neighbour)
      if (typeof opened === 'string') return { ok: false, problem: opened }
      entries.push(opened)
    }
    const relation = this.#relate(head, frame.link)
    return { ok: true, frame: { messages: frame.messages, entries, relation, head } }
  }

  #openHead(note: Bytes): Head | null {
    if (this.#lastNote !== null && Buffer.compare(this.#lastNote.note, note) === 0) return this.#lastNote.head
    const head = openCheckpoint(note, this.neighbour)
    if (head !== null) this.#lastNote = { note, head }
    return head
  }

  #relate(head: Head, link: { from: number; proof: readonly Bytes[] } | null): HeadRelation {
    const base = this.#base
    if (base === null) {
      this.#base = head
      return 'extends'
    }
    const proof = link !== null && link.from === base.size ? link.proof : null
    const relation = compareHeads(base, head, proof)
    if (relation === 'extends') this.#base = head
    return relation
  }
}

function placed(message: Message, place: number): Message {
  if ('entry' in message) return { ...message, entry: place }
  return message.name === 'ask' ? { ...message, promise: place } : message
}

function openEntry(one: FrameEntry, head: Head, neighbour: Neighbour): TheirEntry | string {
  const leaf = leafHash(one.entry)
  const { index, proof } = one
  if (!verifyInclusion({ leaf, index, size: head.size, proof, root: head.root }))
    return 'an entry is not under the head'
  const read = decodeEntry(one.entry)
  if (!read.ok) return `an entry cannot be read: ${read.problem}`
  return { entry: read.entry, ref: { bank: neighbour.bank, epoch: 0, index, leaf } }
}
