/** What if machines are away for days, come back together, or with a disk that lost its end? */

import { entryRange } from '../../../src/store/keyspace.ts'
import { type Scenario, two } from '../scenario.ts'
import type { Stage } from '../stage.ts'

export const MACHINES: readonly Scenario[] = [
  {
    name: "payee's bank away for days after its promise",
    shape: two(),
    rows: ["payee's bank away for days after its promise", 'COMMIT lost'],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: harbour, messages: ['commit'], fate: 'withheld' })
      const payment = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.until(() => (stage.seen(payment)?.sent ?? null) !== null)
      // The commit leaves, and does not arrive.
      await stage.pass(0.5)
      stage.leave(millbrook)
      await stage.days(3)
      stage.calm()
      stage.comeBack(millbrook)
      await stage.settled()
    },
  },
  {
    name: "payee's bank away for days after a commit by post",
    shape: two(),
    rows: ["payee's bank away for days after the commit"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.leave(millbrook)
      const payment = stage.pay(harbour, millbrook, 60, { postal: true, ends: ['paid'] })
      await stage.answered(payment.ask)
      // Longer than the payment may wait for a decision: it has been decided.
      await stage.days(12)
      stage.comeBack(millbrook)
      await stage.settled()
    },
  },
  {
    name: "payer's bank away for days after a promise",
    shape: two(),
    rows: ["payer's bank away for days after the promise"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const payment = stage.pay(harbour, millbrook, 60, { seconds: 600, ends: ['never'] })
      await stage.until(() => (stage.seen(payment)?.promised.size ?? 0) > 0)
      await stage.answered(payment.ask)
      stage.leave(harbour)
      await stage.days(3)
      stage.calm()
      stage.comeBack(harbour)
      await stage.settled()
    },
  },
  {
    name: 'both start again at once',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const first = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      stage.pay(millbrook, harbour, 25, { ends: ['paid'] })
      await stage.until(() => (stage.seen(first)?.sent ?? null) !== null)
      harbour.bank.kill()
      millbrook.bank.kill()
      await stage.settled()
    },
  },
  {
    name: 'stopped in order, and started again',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const payment = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.until(() => (stage.seen(payment)?.promised.size ?? 0) > 0)
      void harbour.bank.stop().catch(() => undefined)
      await stage.pass(4)
      void millbrook.bank.stop().catch(() => undefined)
      await stage.settled()
    },
  },
  {
    name: 'a head is kept',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.settled()
      await stage.pass(150)
      stage.demand(async () => {
        const { seer } = stage.world
        const kept = seer.provable(harbour.bank.bank)
        const has = harbour.bank.disk.rows.rowsOf(entryRange(0)).length
        return kept === has ? null : `Millbrook keeps a head of ${kept} entries, Harbour has ${has}`
      })
    },
  },
  {
    name: 'the tail of the log is lost, and the guard tells',
    shape: two(),
    rows: ['the tail of the log is lost: the guard tells'],
    play: (stage) => oldCopy(stage, 'kept'),
  },
  {
    name: 'the tail of the log is lost, and a neighbour tells at HELLO',
    shape: two(),
    rows: ['the tail of the log is lost: a neighbour tells'],
    play: (stage) => oldCopy(stage, 'removed'),
  },
  {
    name: 'a damaged entry is found at the start',
    shape: two(),
    rows: ['a damaged disk is found at the start'],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const first = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.until(() => (stage.seen(first)?.sent ?? null) !== null)
      stage.leave(harbour)
      stage.damaged.add(harbour)
      const [key, raw] = harbour.bank.disk.rows.rowsOf(entryRange(0)).at(-1) ?? []
      if (key !== undefined && raw !== undefined)
        harbour.bank.disk.rows.commit([
          { put: key, value: raw.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) },
        ])
      stage.comeBack(harbour)
      await stage.settled()
      stage.pay(millbrook, harbour, 20, { ends: ['paid'] })
      await stage.settled()
    },
  },
]

/**
 * Harbour's machine comes back with yesterday's disk. It must sign nothing until it has its own entries back; the
 * people who ask meanwhile are told to come again.
 */
async function oldCopy(stage: Stage, guard: 'kept' | 'removed'): Promise<void> {
  const { harbour, millbrook, world } = stage
  const { bank } = harbour
  stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
  await stage.settled()
  const old = bank.disk.copy()
  const size = old.rowsOf(entryRange(0)).length
  stage.pay(millbrook, harbour, 45, { ends: ['paid'] })
  stage.pay(harbour, millbrook, 30, { ends: ['paid'] })
  await stage.settled()
  // What nobody else has seen nobody can tell.
  if (!(await stage.until(() => world.seer.provable(bank.bank) > size, 150))) return
  stage.leave(harbour)
  bank.disk.putBack(old)
  if (guard === 'removed') bank.disk.slots = [null, null]
  world.coverage.met(`old copy put back, guard ${guard}`)
  stage.comeBack(harbour)
  const { ask } = stage.pay(harbour, millbrook, 20, { ends: ['paid'] })
  await stage.until(() => ask.putOff?.startsWith('log_behind') === true)
  stage.demand(async () => (ask.putOff === null ? 'a bank that lost its tail was not told so' : null))
  stage.leave(harbour)
  bank.disk.repair()
  stage.comeBack(harbour)
  await stage.settled()
}
