/**
 * A bank that says what the test tells it to. It holds real keys and a real log, so all that it signs verifies; but
 * nothing in it obeys a rule, and it may keep two histories of itself.
 */

import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import { type Body, type EntryOf, encodeEntry, type Kind, type Ref } from '../../src/core/entry.ts'
import { bodyBytes } from '../../src/core/entry-body.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, originOf } from '../../src/core/ids.ts'
import { bankIdOf } from '../../src/core/sign.ts'
import { encodeArtefact } from '../../src/log/artefact.ts'
import { parseHeadText, signCheckpoint } from '../../src/log/checkpoint.ts'
import { consistencyProof, inclusionProof, leafHash } from '../../src/log/merkle.ts'
import { parseNote } from '../../src/log/note.ts'
import { type LogTree, openTree } from '../../src/log/tree.ts'
import { makeRecord } from '../../src/peer/bank-record.ts'
import {
  decodeFrame,
  encodeFrame,
  type Frame,
  type Message,
  type MessageName,
  type MessageOf,
} from '../../src/peer/messages.ts'
import { peerIdBytesOf } from '../../src/peer/peer-id.ts'
import type { Session, Transport } from '../../src/peer/ports.ts'
import { decodeRecordQuestion, encodeRecordAnswer } from '../../src/peer/record-messages.ts'
import { random, until } from '../node/town.ts'
import type { MemoryNetwork } from './memory-network.ts'

/** One history of the bank. */
export class ScriptedLog {
  readonly raws: Bytes[] = []
  readonly #key: SigningKey
  #tree: LogTree = openTree({ size: 0, loadHash: () => new Uint8Array(32), loadTile: () => undefined })
  bank: Bytes = new Uint8Array(20)
  time = Math.floor(Date.now() / 1000)

  constructor(key: SigningKey) {
    this.#key = key
  }

  get size(): number {
    return this.raws.length
  }

  write<K extends Kind>(kind: K, body: Body<K>, time = this.time): number {
    const raw = encodeEntry({ kind, time, body } as EntryOf<K>)
    return this.writeRaw(raw)
  }

  writeRaw(raw: Bytes): number {
    this.raws.push(raw)
    this.#tree.append([leafHash(raw)])
    return this.raws.length - 1
  }

  ref(index: number): Ref {
    return { bank: this.bank, epoch: 0, index, leaf: leafHash(this.raws[index] as Bytes) }
  }

  head(size = this.size): Bytes {
    const root = this.#tree.rootAt(size)
    return signCheckpoint({ origin: originOf(this.bank, 0), size, root, key: this.#key })
  }

  proof(index: number, size = this.size): Bytes[] {
    return inclusionProof(index, size, this.#tree.read)
  }

  link(from: number, to = this.size): Bytes[] {
    return consistencyProof(from, to, this.#tree.read)
  }

  /** A second history that is the same up to `size`. */
  fork(size: number): ScriptedLog {
    const other = new ScriptedLog(this.#key)
    other.bank = this.bank
    for (const raw of this.raws.slice(0, size)) other.writeRaw(raw)
    return other
  }
}

type FrameParts = { [P in keyof Frame]?: Frame[P] } & {
  readonly log?: ScriptedLog
  readonly show?: readonly number[]
}

/** One session with a node, and everything that was heard on it. */
export class Talk {
  readonly heard: Message[] = []
  readonly frames: Frame[] = []
  over = false
  readonly #bank: ScriptedBank
  readonly session: Session
  /** Size of our head that the next proof starts from. */
  linked: number | null = null

  constructor(bank: ScriptedBank, session: Session) {
    this.#bank = bank
    this.session = session
    void this.#read()
  }

  async #read(): Promise<void> {
    for await (const raw of this.session.frames()) {
      const decoded = decodeFrame(raw)
      must(decoded.ok, 'a node sends frames')
      this.frames.push(decoded.frame)
      for (const message of decoded.frame.messages) {
        if (message.name === 'hello' && message.yours !== null) this.linked ??= sizeOf(message.yours)
        this.heard.push(message)
      }
    }
    this.over = true
  }

  /** Everything of this name that was heard. */
  all<N extends MessageName>(name: N): MessageOf<N>[] {
    const found: unknown[] = this.heard.filter((message) => message.name === name)
    return found as MessageOf<N>[]
  }

  /** The newest message of this name, once there are so many of them. */
  async next<N extends MessageName>(name: N, count = 1): Promise<MessageOf<N>> {
    await until(() => this.all(name).length >= count)
    return this.all(name).at(-1) as MessageOf<N>
  }

  /** The entry of the node's log that came with the newest message of this name. */
  entryOf(name: 'promise' | 'receipt' | 'waive' | 'abort' | 'commit' | 'line'): Frame['entries'][number] {
    const frame = this.frames.findLast(({ messages }) => messages.some((one) => one.name === name))
    const message = frame?.messages.findLast((one) => one.name === name) as MessageOf<typeof name>
    return frame?.entries[message.entry] as Frame['entries'][number]
  }

  /** Sends messages with the entries they name (indices in `show`), under the newest head and with its proof. */
  async say(messages: readonly Message[], parts: FrameParts = {}): Promise<void> {
    const log = parts.log ?? this.#bank.log
    const entries = (parts.show ?? []).map((index) => ({
      index,
      entry: log.raws[index] as Bytes,
      proof: log.proof(index),
    }))
    const from = this.linked
    const link = from === null || from > log.size ? null : { from, proof: log.link(from) }
    if (from !== null) this.linked = Math.max(from, log.size)
    const { log: _log, show: _show, ...given } = parts
    await this.sayRaw(encodeFrame({ head: log.head(), link, entries, messages, ...given }))
  }

  sayRaw(raw: Bytes): Promise<void> {
    return this.session.send(raw)
  }

  /** HELLO with these counters; says nothing else of itself. */
  hello(more: Partial<MessageOf<'hello'>> = {}): Promise<void> {
    const none = new Uint8Array(32)
    const now = Math.floor(Date.now() / 1000)
    const counters = { line: null, outSeq: 0, outChain: none, inSeq: 0, inChain: none }
    return this.say([{ name: 'hello', ...counters, yours: null, now, open: [], ...more }])
  }
}

function sizeOf(note: Bytes): number {
  const text = parseNote(note)?.text
  return (text === undefined ? null : parseHeadText(text))?.size ?? 0
}

export class ScriptedBank {
  readonly logKey = signingKey(random.bytes(32))
  readonly log = new ScriptedLog(this.logKey)
  readonly transport: Transport
  readonly talks: Talk[] = []
  readonly #peerKey: SigningKey
  #seq = 0

  constructor(network: MemoryNetwork, name: string) {
    const seed = random.bytes(32)
    this.#peerKey = signingKey(seed)
    this.transport = network.place(seed).transport
    const names = {
      nonce: random.bytes(32),
      name,
      logKey: this.logKey.publicKey,
      recoveryHash: random.bytes(32),
    }
    this.log.write('found', { ...names, unit: 1 })
    this.log.bank = bankIdOf(bodyBytes(this.log.raws[0] as Bytes))
    const peerId = peerIdBytesOf(this.#peerKey.publicKey)
    this.log.write('card', { name, witnessKey: random.bytes(32), peerId, publicUrl: null })
    this.transport.onSession((session) => this.talks.push(new Talk(this, session)))
    this.transport.onQuestion((question) => this.#answer(question))
  }

  get bank(): Bytes {
    return this.log.bank
  }

  #answer(question: Bytes): Bytes {
    const asked = decodeRecordQuestion(question)
    must(asked !== null, 'a node asks for a record')
    const card = {
      entry: this.log.raws[1] as Bytes,
      index: 1,
      proof: this.log.proof(1),
      checkpoint: this.log.head(),
    }
    const record = makeRecord(
      {
        bank: this.bank,
        foundingBody: bodyBytes(this.log.raws[0] as Bytes),
        card: encodeArtefact(card),
        description: { name: 'Scripted', cell: null, languages: [], door: 'not_said', welcomes: [] },
        addresses: this.transport.addresses() as string[],
        seq: ++this.#seq,
        expires: Math.floor(Date.now() / 1000) + 86_400,
      },
      this.#peerKey,
    )
    return encodeRecordAnswer({ request: asked.request, status: 'fine', records: [record] })
  }

  /** Opens a session to a node. */
  async call(peerId: string): Promise<Talk> {
    const session = await this.transport.open({ peerId, addresses: [] }, new AbortController().signal)
    const talk = new Talk(this, session)
    this.talks.push(talk)
    return talk
  }

  get last(): Talk {
    return this.talks.at(-1) as Talk
  }
}
