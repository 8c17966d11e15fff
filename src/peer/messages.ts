/**
 * What do two banks say to each other on a settle stream? A frame is one head of the sender, a proof that it extends
 * a head the receiver holds, entries of the sender's log with their proofs, and messages that name those entries by
 * their place. Reading is strict and gives null for anything else; nothing is believed here.
 *
 *     frame = [1, head note?, [from size, [hash, ...]]?, [[index, entry bytes, [hash, ...]], ...], [message, ...]]
 */

import { type Cbor, decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { packedWords } from '../core/packed-words.ts'
import {
  b16,
  b20,
  b32,
  bytes,
  type Field,
  integer,
  list,
  literal,
  optional,
  type RecordOf,
  record,
  type Shape,
  type TypeOf,
  text,
  time,
  u,
} from '../core/schema.ts'

const place = integer(0, LIMITS.frameEntries - 1)
const orderBytes = bytes(2048)
const hashes = list(b32, 0, LIMITS.proofHashes)
/** A change of the key is a short entry: its proof and its head make up the rest. */
const artefacts = list(bytes(8192), 1, LIMITS.identityChain)

/** Number and fields of every message; numbers are never used again for another meaning. */
const MESSAGES = {
  /**
   * First on every session, and again when heads differ: what I sent and consumed on our line, the largest head of
   * yours I hold, my clock (seconds), and the ids that wait for your answer. `line` is null before there is one.
   */
  hello: message(1, {
    line: optional(b16),
    outSeq: u,
    outChain: b32,
    inSeq: u,
    inChain: b32,
    yours: optional(bytes(4096)),
    now: time,
    open: list(b32, 0, LIMITS.openIdsPerLine),
  }),
  /** The message of that number was not served; try again after so many seconds. Binds nobody. */
  busy: message(2, { about: u, retrySeconds: u }),
  /** What became of this id? Shows the promise that the asker holds. */
  ask: message(3, { id: b32, promise: place }),
  /** No entry, no answer; binds nobody. */
  nothing: message(4, { id: b32 }),
  /** The payer's bank holds the minutes. Pins the log that will decide. */
  offer: message(10, { order: orderBytes, line: b16, lineVersion: u, aid: b32, epoch: u, logKey: b32 }),
  promise: message(11, { entry: place }),
  /** The offer is not taken; nothing was logged, and the payer's bank may abort. */
  decline: message(12, { id: b32, aid: b32, code: text(40) }),
  /** Beside it the order bytes when no promise is cited. */
  commit: message(13, { entry: place, order: optional(orderBytes) }),
  abort: message(14, { entry: place }),
  receipt: message(15, { entry: place }),
  waive: message(16, { entry: place }),
  /** Please give this back; binds nobody, and nothing is logged before it is granted. */
  recall: message(17, { id: b32 }),
  /** Whom does this member number stand for? Over an open line alone, so many a day. */
  who: message(18, { question: b32, number: text(LIMITS.numberBytes) }),
  /** A handle for that member, with its uses and its end, and the name that the payer is to check. */
  handle: message(19, { question: b32, handle: b16, uses: u, expires: time, payee: text(LIMITS.nameBytes) }),
  /**
   * How the log key of a bank changed, ours or, to a bank that seems to have forgotten it, the receiver's own: artefacts
   * of every change, oldest first. The proof leads from a head of an epoch that is over to the end of that epoch.
   */
  rotation: message(20, { bank: b20, chain: artefacts, proof: optional(hashes) }),
  /** What is asked for under this code? A code that fails counts as a `who`. */
  request: message(22, { question: b32, code: text(LIMITS.requestCodeLetters) }),
  /** The endorsed request, whose it is, and the words behind its commitment. */
  endorsed: message(23, {
    question: b32,
    entry: place,
    payee: text(LIMITS.nameBytes),
    words: optional(packedWords),
  }),
  /** The words behind the commitment of this order, in front of its commit. */
  memo: message(24, { order: orderBytes, words: packedWords }),
  /** The request is over: 1 ran out, 2 used, 3 taken back; when (seconds), if that is known. */
  over: message(25, { question: b32, cause: integer(1, 3), at: optional(time) }),
  /** What do your members ask and offer? Over an open line alone, so many times a day. */
  look: message(26, { question: b32 }),
  /** What neighbours may read of it, the newest first: random id, 1 an ask and 2 an offer, the sentence, its kind and end. */
  notices: message(27, {
    question: b32,
    notices: list(
      record({
        id: b16,
        kind: integer(1, 2),
        text: text(LIMITS.noticeBytes),
        category: integer(0, 999),
        until: time,
      }),
      0,
      LIMITS.noticesOutside,
    ),
  }),
  /**
   * A member of ours can do what is asked there, or would like what is offered: a short name, and the telephone of our
   * desk. Said again under the same name until it is answered.
   */
  interest: message(28, {
    question: b32,
    notice: b16,
    who: text(LIMITS.nameBytes),
    phone: optional(text(LIMITS.contactBytes)),
  }),
  /** We heard it: 1 kept, 2 there is no such notice to answer; and the telephone of our desk. */
  noted: message(29, { question: b32, outcome: integer(1, 2), phone: optional(text(LIMITS.contactBytes)) }),
  /** A `line.*` entry; a proposal may carry the token of an invitation. */
  line: message(30, { entry: place, token: optional(b16) }),
} as const

export type MessageName = keyof typeof MESSAGES
export type MessageOf<N extends MessageName> = { readonly name: N } & TypeOf<(typeof MESSAGES)[N]['fields']>
export type Message = { [N in MessageName]: MessageOf<N> }[MessageName]

export interface FrameEntry {
  readonly index: number
  readonly entry: Bytes
  /** Inclusion proof to the frame's head. */
  readonly proof: readonly Bytes[]
}

export interface Frame {
  readonly head: Bytes | null
  /** Proof from a head of `from` entries that the receiver holds to the frame's head. */
  readonly link: { readonly from: number; readonly proof: readonly Bytes[] } | null
  readonly entries: readonly FrameEntry[]
  readonly messages: readonly Message[]
}

const frameField = record({
  version: literal(1),
  head: optional(bytes(4096)),
  link: optional(record({ from: u, proof: hashes })),
  entries: list(record({ index: u, entry: bytes(LIMITS.entryBytes), proof: hashes }), 0, LIMITS.frameEntries),
  messages: list(plainArray(), 0, LIMITS.frameMessages),
})

const BY_NUMBER = new Map<number, MessageName>(
  (Object.keys(MESSAGES) as MessageName[]).map((name) => [MESSAGES[name].no, name]),
)

/** Bytes of a frame; the caller keeps it within LIMITS.frameBytes. */
export function encodeFrame(frame: Frame): Bytes {
  const messages = frame.messages.map((message) => writeMessage(message) as readonly Cbor[])
  return encode(frameField.write({ version: 1, ...frame, messages }))
}

/** The frame in these bytes, or why they are none. An unknown message number makes the whole frame foreign. */
export function decodeFrame(raw: Bytes): { ok: true; frame: Frame } | { ok: false; problem: string } {
  const decoded = decode(raw)
  if (!decoded.ok) return { ok: false, problem: `${decoded.problem.clause}: ${decoded.problem.what}` }
  const frame = frameField.read(decoded.value)
  if (frame === undefined) return { ok: false, problem: 'it is no frame of version 1' }
  const messages: Message[] = []
  for (const value of frame.messages) {
    const message = readMessage(value)
    if (message === null) return { ok: false, problem: `message ${numberIn(value)} is unknown or malformed` }
    messages.push(message)
  }
  return { ok: true, frame: { ...frame, messages } }
}

/** Hash by which a promise names the offer it answers: SHA-256 of the message's bytes. */
export function offerHash(offer: MessageOf<'offer'>): Bytes {
  return sha256(encode(writeMessage(offer)))
}

/** Bytes a message takes in a frame, its entry not counted; to keep a frame within bounds. */
export function messageBytes(message: Message): number {
  return encode(writeMessage(message)).length
}

function writeMessage(message: Message): Cbor {
  const { no, fields } = MESSAGES[message.name]
  return [no, ...((fields as Field<unknown>).write(message) as readonly Cbor[])]
}

function readMessage(value: readonly Cbor[]): Message | null {
  const name = typeof value[0] === 'number' ? BY_NUMBER.get(value[0]) : undefined
  if (name === undefined) return null
  const read = (MESSAGES[name].fields as Field<object>).read(value.slice(1))
  return read === undefined ? null : ({ name, ...read } as Message)
}

/** For a report: whatever stands where the number should stand is a stranger's, and may be long. */
function numberIn(value: readonly Cbor[]): string {
  return typeof value[0] === 'number' ? String(value[0]) : 'without a number'
}

/** A message is the array of its number and its fields. */
function message<S extends Shape>(
  no: number,
  shape: S,
): { readonly no: number; readonly fields: Field<RecordOf<S>> } {
  return { no, fields: record(shape) }
}

function plainArray(): Field<readonly Cbor[]> {
  return {
    read: (value) => (Array.isArray(value) && value.length > 0 ? (value as readonly Cbor[]) : undefined),
    write: (value) => value,
  }
}
