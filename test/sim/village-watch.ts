/**
 * What does a village see of its banks? Every entry at the moment it becomes durable: so that somebody can act at that
 * very moment, and so that a few promises to people are held against the logs, apart from all other judges.
 */

import { decodeEntry, type Entry } from '../../src/core/entry.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import { decodeOrder, orderId } from '../../src/core/transfer/order.ts'
import type { Write } from '../../src/store/store.ts'
import { entriesIn as writtenIn } from './entries-in.ts'
import type { Town, World } from './world.ts'

/** Moments in the life of a payment, by the entry that makes them. */
export type Moment = 'pay.hold' | 'pay.commit' | 'pay.abort' | 'rcv.promise' | 'rcv.credit'

/** One wish that was ordered more than once: at most one of its orders may ever send hours ([PAY-12]). */
interface Family {
  sent: string | null
}

/** A handle that was given out for a few uses. */
interface Few {
  readonly uses: number
  readonly credited: Set<string>
}

export class VillageWatch {
  readonly #world: World
  readonly #waiting = new Map<string, (() => void)[]>()
  readonly #families = new Map<string, Family>()
  /** Handles of few uses, by handle, and the payments that were ordered to each. */
  readonly #few = new Map<string, Few>()
  readonly #orderedTo = new Map<string, Few>()
  /** Accounts that may begin nothing, and those that are closed. */
  readonly #suspended = new Set<string>()
  readonly #closed = new Set<string>()

  constructor(world: World, towns: readonly Town[]) {
    this.#world = world
    for (const town of towns) {
      const { disk } = town.bank
      const before = disk.committed
      disk.committed = (batch) => {
        before(batch)
        for (const entry of entriesIn(batch)) this.#durable(town, entry)
      }
    }
  }

  /** Runs `run` when this payment's next entry of that kind is durable; the bank is that of the payer or the payee. */
  when(id: Bytes, moment: Moment, run: () => void): void {
    const key = `${moment} ${toHex(id)}`
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), run])
  }

  /** These orders are for one wish. */
  sameWish(one: Bytes, other: Bytes): void {
    const family = this.#families.get(toHex(one)) ?? { sent: null }
    this.#families.set(toHex(one), family)
    this.#families.set(toHex(other), family)
  }

  fewUses(handle: Bytes, uses: number): void {
    this.#few.set(toHex(handle), { uses, credited: new Set() })
  }

  orderedTo(handle: Bytes, id: Bytes): void {
    const few = this.#few.get(toHex(handle))
    if (few !== undefined) this.#orderedTo.set(toHex(id), few)
  }

  #durable(town: Town, entry: Entry): void {
    this.#holdsPromises(town, entry)
    const id = idOf(entry)
    if (id === null) return
    const key = `${entry.kind} ${id}`
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    for (const run of waiting ?? []) run()
  }

  #holdsPromises(town: Town, entry: Entry): void {
    switch (entry.kind) {
      case 'acct.suspend': {
        const { acct, on } = entry.body
        if (on) this.#suspended.add(toHex(acct))
        else this.#suspended.delete(toHex(acct))
        return
      }
      case 'acct.close':
        this.#closed.add(toHex(entry.body.acct))
        return
      case 'pay.hold': {
        const order = decodeOrder(entry.body.order)
        if (order !== null && this.#mayNotBegin(order.payer))
          this.#wrong(town, 'lets somebody pay who may begin nothing')
        return
      }
      case 'rcv.promise':
        if (this.#mayNotBegin(entry.body.payee))
          this.#wrong(town, 'promises for somebody who may begin nothing')
        return
      case 'rcv.credit': {
        const { id, payee } = entry.body
        if (this.#closed.has(toHex(payee))) this.#wrong(town, 'credits an account that is closed')
        const few = this.#orderedTo.get(toHex(id))
        few?.credited.add(toHex(id))
        if (few !== undefined && few.credited.size > few.uses)
          this.#wrong(town, `takes a handle of ${few.uses} uses ${few.credited.size} times`)
        return
      }
      case 'pay.commit': {
        const id = toHex(entry.body.id)
        const family = this.#families.get(id)
        if (family === undefined) return
        if (family.sent !== null && family.sent !== id) this.#wrong(town, 'sends one wish twice')
        family.sent = id
        return
      }
      default:
        return
    }
  }

  #mayNotBegin(account: Bytes): boolean {
    return this.#suspended.has(toHex(account)) || this.#closed.has(toHex(account))
  }

  #wrong(town: Town, what: string): void {
    this.#world.seer.violations.push(`${town.bank.name} ${what}`)
  }
}

function idOf(entry: Entry): string | null {
  switch (entry.kind) {
    case 'pay.hold':
      return toHex(orderId(entry.body.order))
    case 'pay.commit':
    case 'pay.abort':
    case 'rcv.promise':
    case 'rcv.credit':
      return toHex(entry.body.id)
    default:
      return null
  }
}

function entriesIn(batch: readonly Write[]): Entry[] {
  const entries: Entry[] = []
  for (const { raw } of writtenIn(batch)) {
    const read = decodeEntry(raw)
    if (read.ok) entries.push(read.entry)
  }
  return entries
}
