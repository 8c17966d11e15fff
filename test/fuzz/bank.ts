/**
 * Which bank do the liars and strangers of one seed talk to? A real node over a memory disk and the memory network,
 * whose keys, ids and clock all follow from the seed, so that the same seed gives the same run.
 */

import { signingKey, verify } from '../../src/core/ed25519.ts'
import { must } from '../../src/core/fault.ts'
import { foundBank } from '../../src/node/found.ts'
import { type NodeSettings, openNode, USUAL_SETTINGS } from '../../src/node/node.ts'
import type { Clock } from '../../src/node/ports.ts'
import { peerIdBytesOf } from '../../src/peer/peer-id.ts'
import { memoryGuard } from '../../src/store/head-guard.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import { below, seeded } from '../core/trees.ts'
import { random, type TestBank } from '../node/town.ts'
import { noFaults } from '../sim/faulty-store.ts'
import type { MemoryNetwork } from '../sim/memory-network.ts'

/** Seconds since 1970 UTC at which every seeded run begins. */
const BEGINNING = 1_774_000_000

/** A clock that stands still until it is pushed; what waits runs when its time has come, in order. */
export class StepClock implements Clock {
  /** Seconds passed; the same name and meaning as that of the clock of other tests. */
  offset = 0
  set = 0
  /** It shortens nothing: its seconds pass when it is told. */
  shortens = 0
  #timers: { readonly at: number; readonly run: () => void }[] = []

  now(): number {
    return BEGINNING + Math.floor(this.offset) + this.set
  }

  uptime(): number {
    return this.offset
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.offset + milliseconds / 1_000, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  pass(seconds: number): void {
    this.offset += seconds
    const due = this.#timers.filter(({ at }) => at <= this.offset).sort((a, b) => a.at - b.at)
    this.#timers = this.#timers.filter(({ at }) => at > this.offset)
    for (const { run } of due) run()
  }
}

/** Everything that is waiting to happen without a clock has happened. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/**
 * Runs `work` with every random byte of tests and every look at the day's time drawn from the seed and the clock.
 * Banks of tests ask `random` and `Date.now`, so those are turned for as long as it takes; one run at a time.
 */
export async function underSeed<T>(seed: number, work: (clock: StepClock) => Promise<T>): Promise<T> {
  const undo = turn(seed, new StepClock())
  try {
    return await work(undo.clock)
  } finally {
    undo.back()
  }
}

/** The same, for what begins and ends in two calls. */
export function turn(seed: number, clock: StepClock): { readonly clock: StepClock; back(): void } {
  const draw = seeded(seed)
  const before = { bytes: random.bytes, now: Date.now }
  random.bytes = (length) => Uint8Array.from({ length }, () => below(draw, 256))
  Date.now = () => clock.now() * 1_000
  return {
    clock,
    back() {
      random.bytes = before.bytes
      Date.now = before.now
    },
  }
}

/** Founds and opens a bank under the seed of `turn` or `underSeed`. */
export async function seededBank(network: MemoryNetwork, name: string, clock: StepClock): Promise<TestBank> {
  const seeds = { log: random.bytes(32), peer: random.bytes(32), witness: random.bytes(32) }
  const keys = {
    log: signingKey(seeds.log),
    peer: signingKey(seeds.peer),
    witness: signingKey(seeds.witness),
  }
  const disk = new MemoryDisk()
  const guard = memoryGuard()
  const founding = openMemoryStore(disk)
  const { bank, coordinator } = await foundBank({
    store: founding,
    guard,
    clock,
    random,
    report: () => undefined,
    logKey: keys.log,
    witnessKey: keys.witness.publicKey,
    peerId: peerIdBytesOf(keys.peer.publicKey),
    recoveryHash: random.bytes(32),
    name,
    publicUrl: null,
    rows: () => [],
  })
  await founding.close()
  const place = network.place(seeds.peer)
  const notices: TestBank['notices'] = []
  const faults: unknown[] = []
  const open = (settings: Partial<NodeSettings> = {}) =>
    openNode({
      store: openMemoryStore(disk),
      guard: () => guard,
      logKey: keys.log,
      peerKey: keys.peer,
      ...place,
      bootstrap: [],
      clock,
      random,
      // libuv's threads answer in their own order; here the same arithmetic is done at once.
      verify: async (key, message, signature) => verify(key, message, signature),
      report: (notice, facts) => {
        // Only the last ones are kept: a run of hours must not grow by what it is told.
        if (notices.push({ notice, facts }) > 200) notices.shift()
      },
      settings: { ...USUAL_SETTINGS, startWaitSeconds: 1, ...settings },
      onFatal: (fault) => faults.push(fault),
    })
  const made: TestBank = {
    name,
    node: await open(),
    bank,
    coordinator,
    disk,
    guard,
    clock,
    notices,
    faults,
    diskFaults: noFaults(),
    spy: () => {},
    dialDelay: 0,
    stop: () => made.node.close(),
    start: async (settings = {}) => {
      made.node = await open(settings)
    },
  }
  return made
}

/** Lets time pass until the work is done; the bank's clock ends every wait of its own. */
export async function settled<T>(clock: StepClock, work: Promise<T>): Promise<T> {
  let over = false
  const ended = work.finally(() => {
    over = true
  })
  ended.catch(() => {}) // Its caller is told below.
  for (let steps = 0; !over; steps++) {
    await quiet()
    if (over) break
    // The first turns belong to what needs no time.
    if (steps > 3) clock.pass(1)
    must(steps < 20_000, 'what was begun ends')
  }
  return ended
}
