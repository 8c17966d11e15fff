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
  /** It came with a proof, which starts at a head that HELLO named. */
  readonly linked: boolean
}

/** Bytes kept free in a frame for head, link and framing. */
const FRAME_RESERVE = 16 * 1024

export interface SessionParts {
  readonly stream: Session
  readonly neighbour: Neighbour
  readonly own: OwnLog
  readonly head: () => Head | null
  readonly frameMessages: number
  /** Told why nothing more can be sent. */
  readonly broken: (thrown: unknown) => void
}

export class PeerSession {
  readonly stream: Session
  /** When it began, in seconds on the machine's counter. */
  readonly since: number
  /** The other side has said HELLO. */
  greeted = false
  readonly #parts: SessionParts
  /** Size of the head of ours that the other side named or got on this stream; null before its HELLO. */
  #linked: number | null = null
  readonly #queue: Outgoing[] = []
  #draining = false
  /** Head of theirs from which the next link on this stream starts: the one our HELLO named, or a later one. */
  #base: Head | null = null
  #lastNote: { note: Bytes; head: Head } | null = null

  constructor(parts: SessionParts, since: number) {
    this.#parts = parts
    this.stream = parts.stream
    this.since = since
  }

  /** The other side holds a head of ours that proofs can start from: all else may be sent. */
  get linked(): boolean {
    return this.#linked !== null
  }

  /** Messages in line that have not left yet. */
  get backlog(): number {
    return this.#queue.length
  }

  /** Says HELLO; `named` is the head of theirs that it names. First on every session. */
  sayHello(hello: Outgoing, named: Head | null): void {
    // A later HELLO changes nothing: proofs go on from where they are.
    this.#base ??= named
    this.#queue.push(hello)
    this.#drain()
  }

  /**
   * The other side named the head of ours with `size` entries, 0 for none. What was sent since its first HELLO has
   * arrived or will before anything else, so a later HELLO changes nothing.
   */
  heardHello(size: number): void {
    this.#linked ??= size
  }

  /**
   * Puts messages in line; they leave in this order, in as few frames as fit. Before the other side's HELLO nothing
   * leaves: our answer to it derives all of this again.
   */
  send(...outgoing: readonly Outgoing[]): void {
    if (this.#linked === null) return
    this.#queue.push(...outgoing)
    if (this.#queue.length > LIMITS.sessionBacklog) {
      this.#queue.length = 0
      this.#parts.broken(new Error('the neighbour reads too slowly'))
      return
    }
    this.#drain()
  }

  /** Shows the newest head when the other side does not hold it yet. */
  showHead(): void {
    const head = this.#parts.head()
    if (head !== null && this.#linked !== null && head.size > this.#linked) this.#drain()
  }

  #drain(): void {
    if (this.#draining) return
    this.#draining = true
    this.#sendFrames().catch((thrown) => {
      // A session that ends under us loses what is in line; the next one derives it again.
      this.#queue.length = 0
      this.#draining = false
      this.#parts.broken(thrown)
    })
  }

  async #sendFrames(): Promise<void> {
    // One turn of the event loop gathers what the same commit has to say.
    await Promise.resolve()
    do {
      const head = this.#parts.head()
      const bytes = encodeFrame(this.#nextFrame(head))
      if (head !== null && this.#linked !== null) this.#linked = Math.max(this.#linked, head.size)
      await this.stream.send(bytes)
    } while (this.#queue.length > 0)
    // In the same step as the look at the queue, so that nothing is put in line behind a loop that has ended.
    this.#draining = false
  }

  #nextFrame(head: Head | null): Parameters<typeof encodeFrame>[0] {
    const { own, frameMessages } = this.#parts
    const entries: FrameEntry[] = []
    const places = new Map<number, number>()
    const messages: Message[] = []
    let bytes = 0
    while (
      this.#queue.length > 0 &&
      messages.length < frameMessages &&
      bytes < LIMITS.frameBytes - FRAME_RESERVE * 2
    ) {
      const { message, entry } = this.#queue.shift() as Outgoing
      // What is not durable leaves when it is: the log tells every link of each entry it has recorded ([R2]).
      if (entry !== null && entry >= (head?.size ?? 0)) continue
      if (entry === null || head === null) {
        messages.push(message)
        bytes += 256 + ('order' in message ? 512 : 0) + ('open' in message ? message.open.length * 34 : 0)
        continue
      }
      let place = places.get(entry)
      if (place === undefined) {
        place = entries.length
        places.set(entry, place)
        const raw = own.raw(entry)
        const proof = own.proof(entry, head.size)
        entries.push({ index: entry, entry: raw, proof })
        bytes += raw.length + proof.length * 34 + 64
      }
      messages.push(placed(message, place))
      bytes += 'order' in message && message.order !== null ? 512 : 48
    }
    return { head: head?.note ?? null, link: this.#link(head), entries, messages }
  }

  #link(head: Head | null): Parameters<typeof encodeFrame>[0]['link'] {
    const from = this.#linked
    if (head === null || from === null || from === 0 || from > head.size) return null
    return { from, proof: this.#parts.own.link(from, head.size) }
  }

  /** Reads a frame: strict, then head, link and every entry's proof. A problem ends the session. */
  read(raw: Bytes): { ok: true; frame: ReadFrame } | { ok: false; problem: string } {
    const decoded = decodeFrame(raw)
    if (!decoded.ok) return decoded
    const { frame } = decoded
    if (frame.head === null) {
      if (frame.entries.length > 0) return { ok: false, problem: 'entries without a head' }
      return {
        ok: true,
        frame: { messages: frame.messages, entries: [], relation: null, head: null, linked: false },
      }
    }
    const head = this.#openHead(frame.head)
    if (head === null) return { ok: false, problem: "the head does not verify under this bank's log key" }
    const entries: TheirEntry[] = []
    for (const one of frame.entries) {
      const opened = openEntry(one, head, this.#parts.neighbour)
      if (typeof opened === 'string') return { ok: false, problem: opened }
      entries.push(opened)
    }
    const relation = this.#relate(head, frame.link)
    const linked = frame.link !== null
    return { ok: true, frame: { messages: frame.messages, entries, relation, head, linked } }
  }

  #openHead(note: Bytes): Head | null {
    if (this.#lastNote !== null && Buffer.compare(this.#lastNote.note, note) === 0) return this.#lastNote.head
    const head = openCheckpoint(note, this.#parts.neighbour)
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
