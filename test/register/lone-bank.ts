/**
 * A bank without neighbours and its register, for tests about people: a real node on a memory disk, whose process
 * can be made to die at any write.
 */

import { signingKey } from '../../src/core/ed25519.ts'
import { Fault } from '../../src/core/fault.ts'
import { foundBank } from '../../src/node/found.ts'
import { type Node, openNode, USUAL_SETTINGS } from '../../src/node/node.ts'
import { peerIdBytesOf } from '../../src/peer/peer-id.ts'
import { type Coordinator, coordinatorRow } from '../../src/register/coordinators.ts'
import type { Act } from '../../src/register/exchanges.ts'
import { ensureFund, People } from '../../src/register/people.ts'
import { memoryGuard } from '../../src/store/head-guard.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import type { Store } from '../../src/store/store.ts'
import { random, TestClock } from '../node/town.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'

export interface LoneBank {
  node: Node
  people: People
  store: Store
  readonly disk: MemoryDisk
  readonly clock: TestClock
  readonly coordinator: Coordinator
  readonly act: Act
  /** Ends the process, however it stands, and starts it again on the same disk. */
  restart(): Promise<void>
  /** From now on the n-th write and all after it fail, the write itself kept or lost. */
  dieAt(n: number, lastWrite: 'kept' | 'lost'): void
  close(): Promise<void>
}

/** Seconds pass only when the test lets them, so that a wait of 60 is 60 however slow the machine is. */
class StandingClock extends TestClock {
  readonly #now = super.now()
  readonly #uptime = super.uptime()
  override now(): number {
    return this.#now + this.offset + this.set
  }
  override uptime(): number {
    return this.#uptime + Math.max(0, this.offset)
  }
}

export async function openLoneBank(name = 'Harbour'): Promise<LoneBank> {
  const [logKey, peerKey, witness] = [1, 2, 3].map(() => signingKey(random.bytes(32))) as [Key, Key, Key]
  const disk = new MemoryDisk()
  const guard = memoryGuard()
  const clock = new StandingClock()
  const first = openMemoryStore(disk)
  const founded = await foundBank({
    store: first,
    guard,
    clock,
    random,
    report: () => undefined,
    logKey,
    witnessKey: witness.publicKey,
    peerId: peerIdBytesOf(peerKey.publicKey),
    recoveryHash: random.bytes(32),
    name,
    publicUrl: null,
    rows: (actor) => [coordinatorRow({ actor, name: 'Priya' })],
  })
  await first.close()
  const coordinator = { actor: founded.coordinator, name: 'Priya' }
  let death: { left: number; lastWrite: 'kept' | 'lost' } | null = null
  const mortal = (store: Store): Store => ({
    ...store,
    append: async (batch) => {
      if (death !== null && batch.length > 0) death.left -= 1
      if (death !== null && death.left <= 0) {
        if (death.lastWrite === 'kept' && death.left === 0) await store.append(batch)
        throw new Fault('commit_unknown', 'the power went', { fatal: true })
      }
      await store.append(batch)
    },
  })
  const open = async (): Promise<void> => {
    death = null
    bank.store = mortal(openMemoryStore(disk))
    const { transport } = new MemoryNetwork().place(random.bytes(32))
    bank.node = await openNode({
      store: bank.store,
      guard: () => guard,
      logKey,
      peerKey,
      transport,
      directory: null,
      bootstrap: [],
      clock,
      random,
      report: () => undefined,
      settings: { ...USUAL_SETTINGS, startWaitSeconds: 1 },
      onFatal: () => undefined,
    })
    bank.people = await People.open(bank.store)
    await ensureFund(bank.node, bank.people)
  }
  const bank = {
    disk,
    clock,
    coordinator,
    act: { coordinator, channel: 'call', reason: 'telephoned' },
    restart: async () => {
      await bank.node.close()
      await open()
    },
    dieAt: (left: number, lastWrite: 'kept' | 'lost') => {
      death = { left, lastWrite }
    },
    close: () => bank.node.close(),
  } as unknown as LoneBank
  await open()
  return bank
}

type Key = ReturnType<typeof signingKey>

/** Everything in a store, to see what is in it and that nothing was written. */
export async function contentOf(store: Store): Promise<string> {
  return (await rowsOf(store)).join('\n')
}

/** The same without the private parts: what a log and its neighbours may show. */
export async function logContentOf(store: Store): Promise<string> {
  return (await rowsOf(store)).filter((row) => !row.startsWith('p/')).join('\n')
}

/** Values are bytes and may hold any byte, line ends too: rows are told apart before they are joined. */
async function rowsOf(store: Store): Promise<string[]> {
  const rows: string[] = []
  for await (const page of store.pages({ from: Uint8Array.of(0), to: Uint8Array.of(255) }, 1000)) {
    for (const [key, value] of page)
      rows.push(`${Buffer.from(key).toString('latin1')}=${Buffer.from(value).toString('latin1')}`)
  }
  return rows
}

/** Balances by member number. */
export function balances(bank: Pick<LoneBank, 'node' | 'people'>): Promise<Record<string, number>> {
  return bank.node.read(({ book }) => {
    const of = new Map(book.accounts.map((account) => [account.id.toString(), account.balance]))
    return Object.fromEntries(
      bank.people.all().map((person) => [person.number, of.get(person.account.toString()) ?? Number.NaN]),
    )
  })
}
