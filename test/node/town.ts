/**
 * Banks for tests: real nodes over a memory disk and the memory network, with a clock that the test may move.
 */

import { randomBytes } from 'node:crypto'
import { type SigningKey, signingKey, type VerifyingKey } from '../../src/core/ed25519.ts'
import type { Auth } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import type { Bytes } from '../../src/core/ids.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import { accountOf, type Book } from '../../src/core/ledger/book.ts'
import type { Outcome } from '../../src/core/refusal.ts'
import { recoveryHashOf } from '../../src/core/sign.ts'
import { encodeOrder, type Order } from '../../src/core/transfer/order.ts'
import { openCheckpoint, peekOrigin } from '../../src/log/checkpoint.ts'
import { decideAccount } from '../../src/node/accounts.ts'
import { foundBank } from '../../src/node/found.ts'
import { type Node, type NodeSettings, openNode, USUAL_SETTINGS } from '../../src/node/node.ts'
import type { PayRequest } from '../../src/node/pay.ts'
import type { Clock } from '../../src/node/ports.ts'
import type { Reception } from '../../src/node/reception.ts'
import { peerIdBytesOf } from '../../src/peer/peer-id.ts'
import type { Session, Transport } from '../../src/peer/ports.ts'
import { memoryGuard } from '../../src/store/head-guard.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import type { HeadGuard, Store } from '../../src/store/store.ts'
import { type Faults, faulty, noFaults } from '../sim/faulty-store.ts'
import type { MemoryNetwork } from '../sim/memory-network.ts'

/** A real clock whose seconds a test may push ahead or back. */
export class TestClock implements Clock {
  offset = 0
  /** Seconds that the clock alone was set ahead; the machine's counter knows nothing of it. */
  set = 0
  /** Waits of up to so many milliseconds take 50 at most; what a test sets longer than a minute is meant not to end. */
  shortens = 60_000
  now(): number {
    return Math.floor(Date.now() / 1000) + this.offset + this.set
  }
  uptime(): number {
    return Math.floor(performance.now() / 1000) + Math.max(0, this.offset)
  }
  after(milliseconds: number, run: () => void): () => void {
    const timer = setTimeout(run, milliseconds > this.shortens ? milliseconds : Math.min(milliseconds, 50))
    return () => clearTimeout(timer)
  }
}

export interface TestBank {
  readonly name: string
  node: Node
  readonly bank: Bytes
  readonly coordinator: Bytes
  disk: MemoryDisk
  readonly guard: HeadGuard
  readonly clock: TestClock
  readonly notices: { notice: string; facts: Readonly<Record<string, string | number>> }[]
  readonly faults: unknown[]
  /** What may go wrong with its disk; counts over all restarts. */
  readonly diskFaults: Faults
  /** Sees every frame as it leaves the house. */
  spy: (frame: Uint8Array) => void
  /** Milliseconds between a peer taking our call and our knowing of it. */
  dialDelay: number
  /** Recovery key of its sheet, and what a change of the log key leaves in its folder. */
  readonly keys?: { log: SigningKey; next: SigningKey | null; sheet: SigningKey }
  stop(): Promise<void>
  /** Starts again on the same disk, with other settings if any are given. */
  start(settings?: Partial<NodeSettings>): Promise<void>
}

export const random = { bytes: (length: number): Bytes => new Uint8Array(randomBytes(length)) }

/** Founds and opens a bank; `start` and `stop` take it through restarts on the same disk. */
export async function openBank(
  network: MemoryNetwork,
  name: string,
  settings: Partial<NodeSettings> = {},
  /** The register behind it, opened anew at each start. */
  reception: (store: Store) => Promise<Reception | null> = async () => null,
): Promise<TestBank> {
  const seeds = { log: random.bytes(32), peer: random.bytes(32), witness: random.bytes(32) }
  const keys = {
    log: signingKey(seeds.log),
    peer: signingKey(seeds.peer),
    witness: signingKey(seeds.witness),
    sheet: signingKey(random.bytes(32)),
  }
  const kept: NonNullable<TestBank['keys']> = { log: keys.log, next: null, sheet: keys.sheet }
  const disk = new MemoryDisk()
  const guard = memoryGuard()
  const clock = new TestClock()
  const founded = await foundIn(disk, guard, clock, keys, name)
  const notices: TestBank['notices'] = []
  const faults: unknown[] = []
  const place = network.place(seeds.peer)
  const open = async (again: Partial<NodeSettings>): Promise<Node> => {
    const store = faulty(openMemoryStore(bank.disk), bank.diskFaults)
    return openNode({
      store,
      reception: await reception(store),
      guard: (known) => verified(guard, known),
      logKey: kept.log,
      nextLogKey: kept.next,
      peerKey: keys.peer,
      transport: spied(place.transport, bank),
      directory: place.directory,
      bootstrap: [],
      clock,
      random,
      report: (notice, facts) => notices.push({ notice, facts }),
      settings: { ...USUAL_SETTINGS, startWaitSeconds: 1, ...settings, ...again },
      onFatal: (fault) => faults.push(fault),
    })
  }
  const bank = {
    name,
    disk,
    guard,
    clock,
    notices,
    faults,
    bank: founded.bank,
    coordinator: founded.coordinator,
    diskFaults: noFaults(),
    keys: kept,
    spy: () => {},
    dialDelay: 0,
    stop: () => bank.node.close(),
    start: async (again = {}) => {
      bank.node = await open(again)
    },
  } as unknown as TestBank
  await bank.start()
  return bank
}

/** The guard as its file is read: only what one of these keys has signed counts. */
function verified(guard: HeadGuard, known: readonly VerifyingKey[]): HeadGuard {
  const counts = (note: Bytes): boolean => {
    const origin = peekOrigin(note)
    return origin !== null && known.some((key) => openCheckpoint(note, { origin, key }) !== null)
  }
  return {
    read: async () => {
      const note = await guard.read()
      return note !== null && counts(note) ? note : null
    },
    // Asked anew each time: a test may have taken its place.
    write: (note) => guard.write(note),
    close: () => guard.close(),
  }
}

/** The transport, with somebody who sees what is sent. */
function spied(transport: Transport, bank: Pick<TestBank, 'spy' | 'dialDelay'>): Transport {
  const watched = (session: Session): Session => ({
    ...session,
    send: (frame) => {
      bank.spy(frame)
      return session.send(frame)
    },
  })
  return {
    ...transport,
    onSession: (accept) => transport.onSession((session) => accept(watched(session))),
    open: async (target, signal) => {
      const session = await transport.open(target, signal)
      if (bank.dialDelay > 0) await new Promise((resolve) => setTimeout(resolve, bank.dialDelay))
      return watched(session)
    },
  }
}

async function foundIn(
  disk: MemoryDisk,
  guard: HeadGuard,
  clock: Clock,
  keys: { log: SigningKey; peer: SigningKey; witness: SigningKey; sheet: SigningKey },
  name: string,
): Promise<{ bank: Bytes; coordinator: Bytes }> {
  const store = openMemoryStore(disk)
  const founded = await foundBank({
    store,
    guard,
    clock,
    random,
    report: () => undefined,
    logKey: keys.log,
    witnessKey: keys.witness.publicKey,
    peerId: peerIdBytesOf(keys.peer.publicKey),
    recoveryHash: recoveryHashOf(keys.sheet.publicKey),
    name,
    publicUrl: null,
    rows: () => [],
  })
  await store.close()
  return founded
}

/** The value, or a failed test that shows the refusal. */
export function ok<T>(outcome: Outcome<T>): T {
  must(
    outcome.ok,
    `expected no refusal: ${outcome.ok ? '' : `${outcome.refusal.code} ${JSON.stringify(outcome.refusal.facts)}`}`,
  )
  return outcome.value
}

/** The code of an outcome that must be a refusal. */
export function refusalOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'accepted' : outcome.refusal.code
}

export async function addAccount(bank: TestBank): Promise<Bytes> {
  const id = random.bytes(16)
  ok(await bank.node.commit(decideAccount({ id, class: 'member', nonce: random.bytes(16) }, [])))
  return id
}

export async function addHandle(bank: TestBank, account: Bytes, uses = 1000): Promise<Bytes> {
  const issued = ok(bank.node.handles.issue(account, { uses, now: bank.clock.now(), seconds: 86_400 }))
  ok(await bank.node.commit(() => ({ ok: true, value: { entries: [], rows: [issued.row], value: null } })))
  return issued.handle
}

export function byCoordinator(bank: TestBank, account: Bytes | null): Auth {
  return { form: 2, actor: bank.coordinator, onBehalfOf: account, reason: 2, second: null }
}

/** An order from one of our accounts to a handle of another bank. */
export function orderTo(
  from: { bank: TestBank; account: Bytes },
  to: { bank: Bytes; handle: Bytes },
  minutes: number,
  options: { postal?: boolean; seconds?: number } = {},
): Order {
  const now = from.bank.node.logTime()
  return {
    version: 1,
    payerBank: from.bank.bank,
    payer: from.account,
    payeeBank: to.bank,
    handle: to.handle,
    minutes,
    category: 7,
    day: Math.floor(now / 86_400),
    commitment: random.bytes(32),
    decideBy: now + (options.seconds ?? 60),
    postal: options.postal ?? false,
    invoice: null,
    refs: [],
    nonce: random.bytes(16),
  }
}

export function requestFor(bank: TestBank, order: Order): PayRequest {
  return {
    order: encodeOrder(order),
    auths: [byCoordinator(bank, order.payer)],
    channel: 2,
    attemptNonce: random.bytes(32),
    rows: [],
  }
}

/** Help inside one bank: `from` was helped by `to`. */
export function helpIn(
  bank: TestBank,
  from: Bytes,
  to: Bytes,
  minutes: number,
): Parameters<Node['recordExchange']>[0] {
  const intent = encodeIntent({
    version: 1,
    bank: bank.bank,
    day: Math.floor(bank.node.logTime() / 86_400),
    category: 3,
    legs: [
      { acct: from, minutes: -minutes },
      { acct: to, minutes },
    ],
    commitment: random.bytes(32),
    nonce: random.bytes(16),
  })
  return { intent, auths: [byCoordinator(bank, from)], channel: 2, refs: [], rows: [] }
}

/** Opens a line between two banks, proposed by the first. */
export async function openLine(a: TestBank, b: TestBank, minutes = 2_400): Promise<void> {
  const found = ok(
    await a.node.contacts.find(
      b.bank,
      [{ peerId: b.node.transport.peerId, addresses: b.node.transport.addresses() }],
      new AbortController().signal,
    ),
  )
  ok(await a.node.addNeighbour(found, { weMayOwe: minutes, theyMayOwe: minutes }, null))
  await until(() => b.node.proposals().length > 0)
  ok(await b.node.acceptNeighbour(a.bank))
  await until(async () => (await lineStates(a)).includes('open'))
}

async function lineStates(bank: TestBank): Promise<string[]> {
  return bank.node.read(({ book }) => book.lines.map((line) => line.state))
}

/** Waits until the condition holds; the limit is a guard against a hang and nothing else. */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  const over = performance.now() + seconds * 1000
  while (!(await holds())) {
    must(performance.now() < over, `the condition holds within ${seconds} seconds: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export function balance(book: Book, account: Bytes): number {
  return accountOf(book, account)?.balance ?? Number.NaN
}
