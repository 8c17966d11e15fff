/**
 * How do messages become frames on one settle stream, and frames become checked artefacts? Every frame carries our
 * newest head, a proof from the head the other side named, and the entries its messages speak of ([CKPT-8]).
 */

import { decodeEntry, type Entry, type Ref } from '../core/entry.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { compareHeads, type Head, type HeadRelation, openCheckpoint } from '../log/checkpoint.ts'
import { type Lineage, type LogEpoch, openOf, presentOf, readLineage } from '../log/lineage.ts'
import { leafHash, verifyInclusion } from '../log/merkle.ts'
import { decodeFrame, encodeFrame, type FrameEntry, type Message, messageBytes } from '../peer/messages.ts'
import type { Session } from '../peer/ports.ts'
import { learnLineage, type Neighbour } from './neighbour.ts'
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
  /** The head is of an epoch of its log that is over: it proves the entries beside it and nothing newer. */
  readonly past: boolean
}

/** Bytes kept free in a frame for head, link and framing. */
const FRAME_RESERVE = 16 * 1024

export interface SessionParts {
  readonly stream: Session
  readonly neighbour: Neighbour
  readonly own: OwnLog
  readonly head: () => Head | null
  readonly frameMessages: number
  /** What goes in front of a message, in the same frame. */
  readonly ahead: (outgoing: Outgoing) => Message | null
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
  #basedOn: LogEpoch | null = null
  #lastNote: { note: Bytes; lineage: Lineage; shown: { head: Head; epoch: LogEpoch } } | null = null

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

  /**
   * Says HELLO; `named` is the head of theirs that it names. First on every session, and with it how our log key has
   * changed, for a neighbour that does not know yet.
   */
  sayHello(hello: Outgoing, named: Head | null, rotation: Outgoing | null = null): void {
    // A later HELLO changes nothing: proofs go on from where they are.
    this.#base ??= named
    this.#queue.push(hello, ...(rotation === null ? [] : [rotation]))
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
      const { frame, past } = this.#nextFrame(head)
      const bytes = encodeFrame(frame)
      if (head !== null && !past && this.#linked !== null) this.#linked = Math.max(this.#linked, head.size)
      await this.stream.send(bytes)
    } while (this.#queue.length > 0)
    // In the same step as the look at the queue, so that nothing is put in line behind a loop that has ended.
    this.#draining = false
  }

  /** A frame has one head, so all its entries are of one epoch; messages that name none go with the present one. */
  #nextFrame(present: Head | null): { frame: Parameters<typeof encodeFrame>[0]; past: boolean } {
    const { own, frameMessages } = this.#parts
    const entries: FrameEntry[] = []
    const places = new Map<number, number>()
    const messages: Message[] = []
    const epoch = this.#queue[0]?.entry == null ? own.epoch : own.place(this.#queue[0].entry).epoch
    const past = epoch !== own.epoch
    const head = past ? own.headOf(epoch) : present
    let bytes = 0
    // Head, link and framing take their part of it.
    const room = LIMITS.frameBytes - FRAME_RESERVE * 2
    while (this.#queue.length > 0 && messages.length < frameMessages && bytes < room) {
      const outgoing = this.#queue[0] as Outgoing
      const { message, entry } = outgoing
      const at = entry === null ? null : own.place(entry)
      if ((at?.epoch ?? own.epoch) !== epoch) break
      const ahead = this.#parts.ahead(outgoing)
      if (ahead !== null && messages.length + 2 > LIMITS.frameMessages) break
      // A long one goes into a frame that has room for it.
      if (message.name === 'notices' && messages.length > 0 && bytes + roomOf(message) > room) break
      this.#queue.shift()
      // What is not durable leaves when it is: the log tells every link of each entry it has recorded ([R2]).
      if (at !== null && at.index >= (head?.size ?? 0)) continue
      if (entry === null || at === null || head === null) {
        messages.push(message)
        bytes += roomOf(message)
        continue
      }
      if (ahead !== null) {
        messages.push(ahead)
        bytes += messageBytes(ahead)
      }
      let place = places.get(entry)
      if (place === undefined) {
        place = entries.length
        places.set(entry, place)
        const raw = own.raw(entry)
        const proof = own.proof(entry, head.size)
        entries.push({ index: at.index, entry: raw, proof })
        bytes += raw.length + proof.length * 34 + 64
      }
      messages.push(placed(message, place))
      if (message.name === 'endorsed') bytes += messageBytes(message)
      else bytes += 'order' in message && message.order !== null ? 512 : 48
    }
    const link = past ? null : this.#link(head)
    return { frame: { head: head?.note ?? null, link, entries, messages }, past }
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
    const { messages } = frame
    const learned = this.#learn(messages)
    if (learned !== null) return { ok: false, problem: learned }
    if (frame.head === null) {
      if (frame.entries.length > 0) return { ok: false, problem: 'entries without a head' }
      const nothing = { entries: [], relation: null, head: null, linked: false, past: false }
      return { ok: true, frame: { messages, ...nothing } }
    }
    const shown = this.#openHead(frame.head)
    if (shown === null) return { ok: false, problem: "the head does not verify under this bank's log key" }
    const { head, epoch } = shown
    const entries: TheirEntry[] = []
    for (const one of frame.entries) {
      const opened = openEntry(one, head, { bank: this.#parts.neighbour.bank, epoch: epoch.epoch })
      if (typeof opened === 'string') return { ok: false, problem: opened }
      entries.push(opened)
    }
    const past = epoch !== presentOf(this.#parts.neighbour.lineage)
    if (past)
      return { ok: true, frame: { messages, entries, relation: null, head: null, linked: false, past } }
    const relation = this.#relate(head, frame.link)
    const linked = frame.link !== null
    return { ok: true, frame: { messages, entries, relation, head, linked, past } }
  }

  /** Takes over how the neighbour's log key has changed, before anything under the new one is read. */
  #learn(messages: readonly Message[]): string | null {
    const { neighbour } = this.#parts
    for (const message of messages) {
      if (message.name !== 'rotation' || !sameBytes(message.bank, neighbour.bank)) continue
      const read = readLineage(neighbour.founded, message.chain)
      if (!read.ok) return read.problem
      learnLineage(neighbour, read.lineage)
    }
    return null
  }

  #openHead(note: Bytes): { head: Head; epoch: LogEpoch } | null {
    const { lineage } = this.#parts.neighbour
    const last = this.#lastNote
    if (last !== null && last.lineage === lineage && Buffer.compare(last.note, note) === 0) return last.shown
    const shown = openOf(lineage, note)
    if (shown !== null) this.#lastNote = { note, lineage, shown }
    return shown
  }

  #relate(head: Head, link: { from: number; proof: readonly Bytes[] } | null): HeadRelation {
    const base = this.#baseIn(presentOf(this.#parts.neighbour.lineage))
    if (base === null) {
      this.#base = head
      return 'extends'
    }
    const proof = link !== null && link.from === base.size ? link.proof : null
    const relation = compareHeads(base, head, proof)
    if (relation === 'extends') this.#base = head
    return relation
  }

  /** Where proofs start: after a change of the key at the head with which the new epoch began. */
  #baseIn(present: LogEpoch): Head | null {
    const base = this.#base
    if (base === null || this.#basedOn === present) return base
    this.#basedOn = present
    if (openCheckpoint(base.note, present) === null) this.#base = present.began?.head ?? null
    return this.#base
  }
}

/** Bytes that a message which names no entry takes, and some more. */
function roomOf(message: Message): number {
  if (message.name === 'rotation' || message.name === 'notices') return messageBytes(message) + 64
  return 256 + ('order' in message ? 512 : 0) + ('open' in message ? message.open.length * 34 : 0)
}

function placed(message: Message, place: number): Message {
  if ('entry' in message) return { ...message, entry: place }
  return message.name === 'ask' ? { ...message, promise: place } : message
}

function openEntry(
  one: FrameEntry,
  head: Head,
  log: { readonly bank: Bytes; readonly epoch: number },
): TheirEntry | string {
  const leaf = leafHash(one.entry)
  const { index, proof } = one
  if (!verifyInclusion({ leaf, index, size: head.size, proof, root: head.root }))
    return 'an entry is not under the head'
  const read = decodeEntry(one.entry)
  if (!read.ok) return `an entry cannot be read: ${read.problem}`
  return { entry: read.entry, ref: { ...log, index, leaf } }
}
