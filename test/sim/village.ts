/**
 * Who lives in the banks of a simulated world, and what can be asked of them besides payments? Members join, get
 * handles and devices, are suspended, help each other at home, and leave. Everything is asked for and forgotten: a bank
 * that dies owes nobody an answer.
 */

import { signingKey } from '../../src/core/ed25519.ts'
import type { Body } from '../../src/core/entry.ts'
import { type Bytes, sameBytes } from '../../src/core/ids.ts'
import { encodeIntent, type Leg } from '../../src/core/intent.ts'
import { accountOf } from '../../src/core/ledger/book.ts'
import { accept } from '../../src/core/refusal.ts'
import { devicePreimage } from '../../src/core/sign.ts'
import { decideAccount, decideDevice, decideDeviceRemoval, decideSuspend } from '../../src/node/accounts.ts'
import type { Decide } from '../../src/node/commit.ts'
import { decideFarewell, decideLeaving, type Rest } from '../../src/node/leaving.ts'
import type { Node } from '../../src/node/node.ts'
import type { Desk, Terms, Wish } from './desk.ts'
import type { Dice } from './dice.ts'
import { VillageWatch } from './village-watch.ts'
import type { Town, World } from './world.ts'

const DAY = 86_400
const FAREWELLS = 12

/** A member, with the handle that other banks know. */
export interface Villager {
  readonly account: Bytes
  readonly handle: Bytes
}

/** Two desks whose banks have a line. */
export interface Neighbours {
  readonly here: Desk
  readonly there: Desk
}

export class Village {
  readonly world: World
  readonly desks: readonly Desk[]
  readonly dice: Dice
  readonly watch: VillageWatch
  /** Until when the day goes on, in milliseconds awake: what is planned for later than that never comes. */
  #until = 0

  constructor(world: World, desks: readonly Desk[], dice: Dice) {
    this.world = world
    this.desks = desks
    this.dice = dice
    this.watch = new VillageWatch(
      world,
      desks.map(({ town }) => town),
    )
  }

  /** People are up for so many milliseconds more. */
  stayUp(milliseconds: number): void {
    this.#until = this.world.agenda.awake + milliseconds
  }

  /** Something to be done after so many milliseconds, if people are still up. */
  later(milliseconds: number, run: () => void): void {
    this.world.agenda.after(milliseconds, () => {
      if (this.world.agenda.awake <= this.#until) run()
    })
  }

  met(what: string): void {
    this.world.coverage.met(`village: ${what}`)
  }

  deskOf(town: Town): Desk {
    return this.desks.find((desk) => desk.town === town) as Desk
  }

  /** Two banks with a line, in either order. */
  neighbours(): Neighbours {
    const { a, b } = this.dice.pick(this.world.wires)
    const [here, there] = this.dice.oneIn(2) ? [a, b] : [b, a]
    return { here: this.deskOf(here), there: this.deskOf(there) }
  }

  /** Where somebody of this bank can pay to. */
  nextTo({ town }: Desk): Desk[] {
    const { wires } = this.world
    return wires
      .filter(({ a, b }) => a === town || b === town)
      .map(({ a, b }) => this.deskOf(a === town ? b : a))
  }

  someone({ town }: Desk): Villager {
    return this.dice.pick(town.handles)
  }

  /** Somebody who came later: whom the founding members of the world can do without. */
  newcomer({ town }: Desk): Villager | null {
    return town.handles.length > 2 ? this.dice.pick(town.handles.slice(2)) : null
  }

  /** One payment; its handle's uses are counted. */
  order(from: Desk, to: Desk, terms: Terms): Wish | null {
    const wish = from.order(to.town, terms)
    if (wish !== null) this.watch.orderedTo(terms.handle, wish.id)
    return wish
  }

  /** Another order in the place of one that waits. */
  swap(desk: Desk, wish: Wish, how: { readonly postal: boolean; readonly seconds: number }): Wish | null {
    const next = desk.swap(wish, how)
    if (next === null) return null
    this.watch.sameWish(wish.id, next.id)
    this.watch.orderedTo(wish.order.handle, next.id)
    return next
  }

  /** Somebody joins, and can be paid once the handle is on the disk. */
  join(desk: Desk, then: (one: Villager) => void): void {
    const { town } = desk
    const { node } = town.bank
    if (node === null) return
    const account = this.dice.bytes(16)
    const now = node.clock.now()
    const issued = node.handles.issue(account, { uses: 100_000, now, seconds: 30 * DAY })
    if (!issued.ok) return
    const { handle, row } = issued.value
    const opening = decideAccount({ id: account, class: 'member', nonce: this.dice.bytes(16) }, [row])
    this.decides(desk, opening, () => {
      town.members.push(account)
      town.handles.push({ handle, account })
      this.met('somebody joined')
      then({ account, handle })
    })
  }

  /** A handle of few uses or few seconds, once it may be shown. */
  handle(
    desk: Desk,
    account: Bytes,
    few: { readonly uses: number; readonly seconds: number },
    then: (handle: Bytes) => void,
  ): void {
    const { node } = desk.town.bank
    if (node === null) return
    const issued = node.handles.issue(account, { ...few, now: node.clock.now() })
    if (!issued.ok) return
    const { row, handle } = issued.value
    this.watch.fewUses(handle, few.uses)
    this.decides(
      desk,
      () => accept({ entries: [], rows: [row], value: null }),
      () => then(handle),
    )
  }

  suspend(desk: Desk, account: Bytes, act: 'suspend' | 'resume'): void {
    this.met(act)
    this.decides(desk, decideSuspend(account, act, this.dice.bytes(16)), () => undefined)
  }

  /** A device of a member; gives how it gets lost. */
  device(desk: Desk, account: Bytes, then: (lose: () => void) => void): void {
    const { node } = desk.town.bank
    if (node === null) return
    const device = this.dice.bytes(16)
    const key = signingKey(this.dice.bytes(32))
    const possession = key.sign(
      devicePreimage({ bank: node.bank, acct: account, device, key: key.publicKey }),
    )
    const fresh = { account, device, key: key.publicKey, possession, nonce: this.dice.bytes(16) }
    this.decides(desk, decideDevice(fresh), () => {
      desk.town.devices.set(Buffer.from(account).toString('hex'), { device, key })
      then(() => this.decides(desk, decideDeviceRemoval(device, this.dice.bytes(16)), () => undefined))
    })
  }

  /** Help at home, entered as often as somebody presses: one record all the same. */
  exchange(desk: Desk, legs: readonly Leg[], presses = 1): void {
    const { node } = desk.town.bank
    if (node === null) return
    const intent = this.#intent(node, legs, 3)
    const auths = [desk.town.bank.byCoordinator(null)]
    for (let i = 0; i < presses; i++) {
      node.recordExchange({ intent, auths, channel: 4, refs: [], rows: [] }).then(
        (outcome) => this.met(outcome.ok ? 'help at home' : `home refused: ${outcome.refusal.code}`),
        () => undefined,
      )
    }
  }

  #intent(node: Node, legs: readonly Leg[], category: number): Bytes {
    return encodeIntent({
      version: 1,
      bank: node.bank,
      day: Math.floor(node.logTime() / DAY),
      category,
      legs: [...legs],
      commitment: this.dice.bytes(32),
      nonce: this.dice.bytes(16),
    })
  }

  /** The members meet and change how far anybody may go, up or down. */
  meet(desk: Desk, stops: Pick<Body<'rules'>, 'crossingLow'> & { readonly stopHigh: number | null }): void {
    const decide: Decide<null> = (book) => {
      if (book.rules === null) return accept({ entries: [], value: null })
      const { rules } = book
      const { crossingLow, stopHigh } = stops
      const classes = rules.classes.map((row) => (row.class === 1 ? { ...row, stopHigh } : row))
      const body = { ...rules, version: rules.version + 1, crossingLow, classes }
      return accept({ entries: [{ kind: 'rules', body }], value: null })
    }
    this.decides(desk, decide, () => this.met('other rules'))
  }

  /** Somebody leaves the bank, with whatever is under way; asks again until the account is closed. */
  leave(desk: Desk, account: Bytes): void {
    this.met('somebody wants to leave')
    this.#leaves(desk, account, FAREWELLS)
  }

  #leaves(desk: Desk, account: Bytes, left: number): void {
    const { node } = desk.town.bank
    const again = (): void => {
      if (left > 0) this.later(this.dice.between(50, 8_000), () => this.#leaves(desk, account, left - 1))
    }
    if (node === null) return again()
    const step = decideLeaving(account, { handles: node.handles, nonce: this.dice.bytes(16) })
    this.decides(desk, step, ({ more }) => {
      if (more) return again()
      node
        .read(({ book }) => {
          const found = accountOf(book, account)
          return found === null || book.fund === null
            ? null
            : { open: found.open, balance: found.balance, fund: book.fund.id }
        })
        .then(
          (now) => {
            if (now === null) return
            if (now.open > 0) this.met('leaving waits for what is under way')
            else this.#farewell(desk, node, { account, ...now })
            again()
          },
          () => undefined,
        )
    })
  }

  #farewell(
    desk: Desk,
    node: Node,
    { account, balance, fund }: { account: Bytes; balance: number; fund: Bytes },
  ): void {
    const { dice } = this
    let rest: Rest | null = null
    if (balance !== 0) {
      const legs = [
        { acct: account, minutes: -balance },
        { acct: fund, minutes: balance },
      ]
      const auths = [desk.town.bank.byCoordinator(null)]
      rest = { intent: this.#intent(node, legs, 0), auths, channel: 3, rows: [] }
    }
    const nonces = { resume: dice.bytes(16), close: dice.bytes(16) }
    this.decides(desk, decideFarewell(account, rest, nonces), () => {
      this.met('somebody has left')
      const { handles } = desk.town
      const at = handles.findIndex((one) => sameBytes(one.account, account))
      // Most people hear of it; whoever does not goes on paying to a closed account.
      if (at >= 2 && !dice.oneIn(3)) handles.splice(at, 1)
    })
  }

  /** Asks a bank to decide; what it refuses is counted, and what dies with it is forgotten. */
  decides<T>(desk: Desk, decide: Decide<T>, then: (value: T) => void): void {
    desk.town.bank.node?.commit(decide).then(
      (outcome) => {
        if (outcome.ok) then(outcome.value.value)
        else this.met(`refused: ${outcome.refusal.code}`)
      },
      () => undefined,
    )
  }
}
