/**
 * Where does a write become real? Here, and nowhere else: this file alone appends to the log and signs this
 * bank's checkpoints.
 *
 * Before `store.append` resolves nothing happened; after it everything did: entries, tree hashes, checkpoint and
 * the private rows that belong to them are one synced batch, and no checkpoint leaves the house earlier. If the
 * batch rejects we do not know what the disk holds: the fault is fatal, the writer never signs again in this run,
 * and the next start believes the disk ([CRASH-4]). The signature made for a lost batch was never shown, so another
 * batch of that size may follow it.
 *
 * Decisions run one by one, synchronously, each on the book the last one left. Whoever waits is answered after the
 * sync; reads run between two batches, when book and disk say the same ([CRASH-3]).
 */

import { type SigningKey, type VerifyingKey, verifyingKey } from '../core/ed25519.ts'
import { type Body, decodeEntry, type EntryOf, encodeEntry, type Kind } from '../core/entry.ts'
import { Fault, must, reasonOf } from '../core/fault.ts'
import { type Bytes, originOf } from '../core/ids.ts'
import { apply, type Placed } from '../core/ledger/apply.ts'
import type { Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { type Outcome, type Refusal, refuse } from '../core/refusal.ts'
import { ROTATION } from '../core/rotation.ts'
import { type Head, openCheckpoint, signCheckpoint } from '../log/checkpoint.ts'
import { leafHash } from '../log/merkle.ts'
import type { LogTree, TreeGrowth } from '../log/tree.ts'
import { checkpointKey, edgeKey, entryKey, headKey, tileKey } from '../store/keyspace.ts'
import type { HeadGuard, Store, Write } from '../store/store.ts'
import { type OwnEpochs, openEpochTree } from './epochs.ts'
import type { Clock, Report } from './ports.ts'

/** An entry that is decided but has no time and place yet. */
export type Draft = { [K in Kind]: { readonly kind: K; readonly body: Body<K> } }[Kind]

export interface Decided<T> {
  readonly entries: readonly Draft[]
  /** Private rows that become durable together with the entries. */
  readonly rows?: readonly Write[]
  readonly value: T
}

/** Decides on the book as it stands at log time `now` (seconds). Pure: it may be asked once, and changes nothing. */
export type Decide<T> = (book: Book, now: number) => Outcome<Decided<T>>

/** An entry with its index, durable. */
export interface Recorded extends Placed {
  readonly index: number
}

export interface Committed<T> {
  readonly value: T
  readonly recorded: readonly Recorded[]
}

/** What keeps the writer from signing now: null is nothing, `wait` holds the queue, a refusal answers it. */
export type Gate = () => Refusal | 'wait' | null

export interface WriterParts {
  readonly store: Store
  readonly guard: HeadGuard
  readonly key: SigningKey
  readonly verifyingKey: VerifyingKey
  readonly book: Book
  readonly tree: LogTree
  readonly head: Head | null
  readonly epoch: number
  /** All epochs, shared with whoever reads our log; a new one is added when the key changes. */
  readonly epochs?: OwnEpochs
  /** Key of the next epoch, where the last one ended and the next had not begun. */
  readonly nextKey?: SigningKey | null
  readonly clock: Clock
  readonly report: Report
  readonly gate: Gate
  /** Entries of one commit; LIMITS.commitEntries unless a measurement asks for fewer. */
  readonly commitEntries?: number
  /** Told of every fatal fault; the process is expected to end. */
  readonly onFatal: (fault: unknown) => void
}

interface Command {
  /** This command ends the epoch, and this key begins the next. */
  readonly next: SigningKey | null
  run(book: Book, now: number): { entries: readonly Draft[]; rows: readonly Write[] } | null
  done(recorded: readonly Recorded[]): void
  refused(refusal: Refusal): void
  failed(reason: unknown): void
}

/** What signs and grows one epoch. */
interface Pen {
  readonly key: SigningKey
  readonly verifyingKey: VerifyingKey
  readonly epoch: number
  readonly tree: LogTree
  /** Entries of the log before its first. */
  readonly start: number
}

export class Writer {
  readonly #parts: WriterParts
  readonly #queue: Command[] = []
  /** Private rows to write between two commits, whether or not anything may be signed. */
  readonly #sweeps: { readonly rows: readonly Write[]; done(): void; failed(reason: unknown): void }[] = []
  readonly #reads: { run(): void; failed(reason: unknown): void }[] = []
  readonly #listeners: ((recorded: readonly Recorded[]) => void)[] = []
  #head: Head | null
  /** What the present epoch is written with. */
  #pen: Pen
  /** Key of the next epoch, from the command that ends this one. */
  #next: SigningKey | null
  /** Commands whose batch is decided or under way; they are told when it fails. */
  #underway: Command[] = []
  #busy = false
  #failed: unknown = null
  #closing = false
  #diskCheckedAt = -1
  #diskFree = Number.POSITIVE_INFINITY

  constructor(parts: WriterParts) {
    this.#parts = parts
    this.#head = parts.head
    const { key, verifyingKey, epoch, tree, book } = parts
    this.#pen = { key, verifyingKey, epoch, tree, start: book.size - tree.size }
    this.#next = parts.nextKey ?? null
  }

  /** The newest durable head; null before the first commit of a bank. */
  get head(): Head | null {
    return this.#head
  }

  /** A batch failed: nothing is signed any more, and the process is expected to end. */
  get stopped(): boolean {
    return this.#failed !== null
  }

  /** Called after each durable batch, before the next one is decided. */
  onDurable(listener: (recorded: readonly Recorded[]) => void): void {
    this.#listeners.push(listener)
  }

  /** Decides, records, and answers once durable. A refusal writes nothing. Throws the fatal fault of a failed batch. */
  commit<T>(decide: Decide<T>): Promise<Outcome<Committed<T>>> {
    if (this.#failed !== null) return Promise.reject(this.#failed)
    if (this.#closing || this.#queue.length >= LIMITS.commitQueue) return Promise.resolve(refuse('too_busy'))
    return this.#enqueue(decide, null)
  }

  /**
   * As `commit`, of entries that end with a `rotate.out`: the next epoch begins at once after it, under this key. Kept
   * durably before, or a crash in between leaves nobody who could begin it.
   */
  rotate<T>(next: SigningKey, decide: Decide<T>): Promise<Outcome<Committed<T>>> {
    if (this.#failed !== null) return Promise.reject(this.#failed)
    return this.#closing ? Promise.resolve(refuse('too_busy')) : this.#enqueue(decide, next)
  }

  /**
   * Writes private rows alone, between two commits. Nothing is signed, so it waits for no gate: what is erased must go
   * also where the bank may not record. Throws the fatal fault of a failed batch.
   */
  sweep(rows: readonly Write[]): Promise<void> {
    if (this.#failed !== null) return Promise.reject(this.#failed)
    if (this.#closing) return Promise.reject(new Fault('store_failed', 'The bank is closing.'))
    return new Promise((resolve, reject) => {
      this.#sweeps.push({ rows, done: resolve, failed: reject })
      this.wake()
    })
  }

  #enqueue<T>(decide: Decide<T>, next: SigningKey | null): Promise<Outcome<Committed<T>>> {
    return new Promise((resolve, reject) => {
      this.#queue.push(commandOf(decide, next, resolve, reject))
      this.wake()
    })
  }

  /** Begins an epoch that the recovery key has signed; for a bank that is not running. */
  async recover(body: Body<'rotate.in'>, key: SigningKey): Promise<void> {
    must(!this.#busy && this.#queue.length === 0, 'nobody else writes while a key is recovered')
    await this.#openEpoch(body, key)
  }

  /**
   * Runs `look` when book and disk say the same. After a failed batch they may differ for good: then it throws the
   * fatal fault.
   */
  read<T>(look: (book: Book) => T): Promise<T> {
    if (this.#failed !== null) return Promise.reject(this.#failed)
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          resolve(look(this.#parts.book))
        } catch (thrown) {
          reject(thrown)
        }
      }
      if (this.#busy) this.#reads.push({ run, failed: reject })
      else run()
    })
  }

  /** The gate may have opened: looks at the queue again. */
  wake(): void {
    if (this.#busy || this.#failed !== null || !this.#hasWork()) return
    this.#busy = true
    // The commands of one frame or one turn of the event loop arrive together and share the sync.
    queueMicrotask(() => void this.#run())
  }

  /** Something waits, or an epoch has ended and the next one has not begun. */
  #hasWork(): boolean {
    return this.#sweeps.length > 0 || this.#queue.length > 0 || this.#parts.book.ending !== null
  }

  /** Finishes what is under way and takes nothing new. */
  async close(): Promise<void> {
    this.#closing = true
    for (const command of this.#queue.splice(0)) command.refused(refuse('too_busy').refusal)
    while (this.#busy && this.#failed === null) await this.read(() => undefined).catch(() => undefined)
  }

  async #run(): Promise<void> {
    try {
      while (this.#hasWork()) {
        await this.#sweep()
        const shut = await this.#shut()
        if (shut === 'wait') break
        if (shut === null && this.#parts.book.ending !== null) await this.#beginNext()
        else if (shut === null) await this.#commitBatch()
        else if (this.#queue.length === 0) break
        else for (const command of this.#queue.splice(0)) command.refused(shut)
        this.#runReads()
      }
    } catch (thrown) {
      this.#fail(thrown)
    } finally {
      this.#busy = false
      this.#runReads()
    }
    const goesOn = this.#queue.length > 0 && this.#parts.gate() !== 'wait'
    if (goesOn || this.#sweeps.length > 0) this.wake()
  }

  async #sweep(): Promise<void> {
    for (let next = this.#sweeps[0]; next !== undefined; next = this.#sweeps[0]) {
      await this.#parts.store.append(next.rows)
      this.#sweeps.shift()
      next.done()
    }
  }

  #runReads(): void {
    for (const read of this.#reads.splice(0)) {
      if (this.#failed === null) read.run()
      else read.failed(this.#failed)
    }
  }

  async #shut(): Promise<Refusal | 'wait' | null> {
    const { gate, clock, store } = this.#parts
    const shut = gate()
    if (shut !== null) return shut
    const now = clock.now()
    if (now !== this.#diskCheckedAt) {
      this.#diskFree = await store.freeBytes()
      this.#diskCheckedAt = now
    }
    if (this.#diskFree >= LIMITS.diskFreeBytes) return null
    this.#parts.report('disk_low', { freeBytes: this.#diskFree })
    return refuse('disk_low', { freeBytes: this.#diskFree, neededBytes: LIMITS.diskFreeBytes }).refusal
  }

  async #commitBatch(): Promise<void> {
    const { book, clock, store } = this.#parts
    const { tree, start } = this.#pen
    const from = book.size
    const { commands, placed, rows } = this.#decideWaiting(Math.max(book.time, clock.now()))
    if (placed.length > 0) {
      const growth = tree.append(placed.map((one) => one.leaf))
      must(start + growth.size === book.size, 'tree and book have the same size')
      const head = this.#sign(growth)
      await store.append([...rows, ...this.#logRows(from, placed, growth, head)])
      await this.#writeGuard(head)
      this.#head = head
    } else if (rows.length > 0) {
      await store.append(rows)
    }
    const recorded = placed.map((one, i) => ({ ...one, index: from + i }))
    let at = 0
    for (const { command, count } of commands) {
      command.done(recorded.slice(at, at + count))
      at += count
    }
    this.#underway = []
    if (recorded.length > 0) for (const tell of this.#listeners) tell(recorded)
  }

  /** The first entry of the next epoch, whose key the last one of this epoch names ([KEY-3]). */
  async #beginNext(): Promise<void> {
    const { book } = this.#parts
    const [old, key, ending] = [this.#head, this.#next, book.ending]
    must(old !== null && key !== null && ending !== null, 'an epoch that ended names a key that is at hand')
    await this.#openEpoch(
      {
        bank: book.bank,
        epoch: ending.epoch,
        logKey: key.publicKey,
        oldEpoch: this.#pen.epoch,
        oldSize: old.size,
        oldRoot: old.root,
        keptSize: old.size,
        cause: ROTATION.planned,
        recoveryHash: book.recoveryHash,
        recovery: null,
      },
      key,
    )
  }

  async #openEpoch(body: Body<'rotate.in'>, key: SigningKey): Promise<void> {
    const { book, clock, store, epochs } = this.#parts
    const start = book.size
    const known = verifyingKey(key.publicKey)
    const one = place({ kind: 'rotate.in', body }, Math.max(book.time, clock.now()))
    const broken = apply(book, one)
    must(broken === null && known !== null, `a new epoch obeys the ledger: ${broken}`)
    const { epoch } = body
    const tree = openEpochTree(store, epoch, 0)
    this.#pen = { key, verifyingKey: known, epoch, tree, start }
    this.#next = null
    const grown = tree.append([one.leaf])
    const first = this.#sign(grown)
    await store.append(this.#logRows(start, [one], grown, first))
    await this.#writeGuard(first)
    // In one step: whoever sends now finds the head of the epoch that is written.
    epochs?.push({ epoch, start, key: known, tree })
    this.#head = first
    for (const tell of this.#listeners) tell([{ ...one, index: start }])
  }

  /** Runs waiting commands until the commit is full; a refused one is answered alone. */
  #decideWaiting(now: number): {
    commands: { command: Command; count: number }[]
    placed: Placed[]
    rows: Write[]
  } {
    const { book } = this.#parts
    const most = this.#parts.commitEntries ?? LIMITS.commitEntries
    const placed: Placed[] = []
    const rows: Write[] = []
    const commands: { command: Command; count: number }[] = []
    this.#underway = []
    let bytes = 0
    while (
      this.#queue.length > 0 &&
      (commands.length === 0 || (placed.length < most && bytes < LIMITS.commitBytes))
    ) {
      const command = this.#queue.shift() as Command
      this.#underway.push(command)
      const decided = command.run(book, now)
      if (decided === null) continue
      for (const draft of decided.entries) {
        const one = place(draft, now)
        const broken = apply(book, one)
        must(broken === null, `a decision obeys the ledger: ${broken}`)
        placed.push(one)
        bytes += one.raw.length
      }
      rows.push(...decided.rows)
      commands.push({ command, count: decided.entries.length })
      if (book.ending === null) continue
      // Nothing more fits in this epoch.
      this.#next = command.next
      break
    }
    return { commands, placed, rows }
  }

  #sign(growth: TreeGrowth): Head {
    const { key, verifyingKey, epoch } = this.#pen
    const origin = originOf(this.#parts.book.bank, epoch)
    const note = signCheckpoint({ origin, size: growth.size, root: growth.root, key })
    // A signature that does not verify would make every artefact worthless: find out before it is kept.
    const head = openCheckpoint(note, { origin, key: verifyingKey })
    must(head !== null, 'the checkpoint just signed verifies')
    return head
  }

  #logRows(from: number, placed: readonly Placed[], growth: TreeGrowth, head: Head): Write[] {
    const { epoch, start } = this.#pen
    const rows: Write[] = placed.map((one, i) => ({ put: entryKey(epoch, from - start + i), value: one.raw }))
    for (const { level, index } of growth.dropped) rows.push({ del: edgeKey(epoch, level, index) })
    for (const { level, index, hash } of growth.edges)
      rows.push({ put: edgeKey(epoch, level, index), value: hash })
    for (const { level, n, bytes } of growth.full) rows.push({ put: tileKey(epoch, level, n), value: bytes })
    rows.push(
      { put: checkpointKey(epoch, head.size), value: head.note },
      { put: headKey(epoch), value: head.note },
    )
    return rows
  }

  /** A guard that could not be written is a smaller guard, which is safe: reported, never a stop ([CRASH-5]). */
  async #writeGuard(head: Head): Promise<void> {
    try {
      await this.#parts.guard.write(head.note)
    } catch (thrown) {
      this.#parts.report('guard_not_written', { reason: reasonOf(thrown) })
    }
  }

  #fail(thrown: unknown): void {
    this.#failed =
      thrown instanceof Fault
        ? thrown
        : new Fault('commit_unknown', reasonOf(thrown), { cause: thrown, fatal: true })
    this.#parts.report('writer_stopped', { reason: reasonOf(thrown) })
    for (const command of [...this.#underway, ...this.#queue.splice(0)]) command.failed(this.#failed)
    for (const sweep of this.#sweeps.splice(0)) sweep.failed(this.#failed)
    this.#parts.onFatal(this.#failed)
  }
}

function commandOf<T>(
  decide: Decide<T>,
  next: SigningKey | null,
  resolve: (outcome: Outcome<Committed<T>>) => void,
  reject: (reason: unknown) => void,
): Command {
  let value: T
  return {
    next,
    run(book, now) {
      const outcome = decide(book, now)
      if (!outcome.ok) {
        resolve(outcome)
        return null
      }
      value = outcome.value.value
      return { entries: outcome.value.entries, rows: outcome.value.rows ?? [] }
    },
    done: (recorded) => resolve({ ok: true, value: { value, recorded } }),
    refused: (refusal) => resolve({ ok: false, refusal }),
    failed: reject,
  }
}

function place(draft: Draft, time: number): Placed {
  const raw: Bytes = encodeEntry({ kind: draft.kind, time, body: draft.body } as EntryOf<Kind>)
  // What no start could read again must never reach the disk.
  const read = decodeEntry(raw)
  must(read.ok, `a ${draft.kind} that is written can be read: ${read.ok ? '' : read.problem}`)
  return { entry: read.entry, raw, leaf: leafHash(raw) }
}
