/**
 * A bank is gone for ever: its machine burnt, and nobody carries on. What its neighbours' members are owed is the
 * boards' affair, in public. Now and then it turns up again after all, and is taken up.
 */

import { must } from '../../src/core/fault.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { clearing } from '../../src/core/line.ts'
import type { Outcome } from '../../src/core/refusal.ts'
import {
  decideCover,
  decideGiveUp,
  decideSeat,
  decideSettleLoss,
  decideWriteOff,
} from '../../src/node/board-acts.ts'
import type { Decide } from '../../src/node/commit.ts'
import type { Dice } from './dice.ts'
import { ok, type Town, type World } from './world.ts'

const DAY = 86_400
/** Jumps of three days may come on top of one another. Seconds. */
const LONGEST_AHEAD = 14 * DAY

export class Gone {
  readonly town: Town
  readonly #world: World
  readonly #boards = new Map<Town, Bytes[]>()

  constructor(world: World, town: Town) {
    this.#world = world
    this.town = town
  }

  /** Every neighbour elects a board while all is well. */
  async elect(dice: Dice): Promise<void> {
    for (const town of this.#neighbours()) {
      const board = [dice.bytes(16), dice.bytes(16)]
      for (const actor of board) {
        await this.#decides(town, decideSeat({ actor, ownAccount: null, nonce: dice.bytes(16) }, []))
      }
      this.#boards.set(town, board)
    }
  }

  /** From here on nobody starts it again. */
  leave(): void {
    const { bank } = this.town
    bank.held = true
    bank.ended = () => {}
    bank.kill()
    // Its log is read from a sound copy: a disk that rotted before it burnt says nothing about what the bank did.
    bank.repair()
    this.#world.seer.gone(bank.bank)
    this.#world.say(bank.name, '-- gone for ever')
  }

  /** After a month of silence the boards give it up, pay back what is on its way there, and bear what it owes. */
  async givenUp(): Promise<void> {
    const world = this.#world
    world.agenda.leap(31 * DAY * 1_000)
    await world.agenda.runUntil(world.agenda.now + 20_000)
    const left = await this.#silenceLeft()
    if (left > 0) {
      must(left <= LONGEST_AHEAD, 'no log ran further ahead than clocks were set')
      world.coverage.met('board: waits on, for its log ran ahead')
      world.agenda.leap(left * 1_000)
      await world.agenda.runUntil(world.agenda.now + 20_000)
    }
    for (const town of this.#neighbours()) {
      await this.#confirmed(town)
      await this.#endings(town)
    }
  }

  /**
   * Seconds until the silence is a month long by every neighbour's own log: where a clock was ahead when the bank was last
   * heard, the log says that this was later than it was.
   */
  async #silenceLeft(): Promise<number> {
    const line = toHex(this.town.bank.bank)
    const left: number[] = []
    for (const { bank } of this.#neighbours()) {
      const { node } = bank
      if (node === null) continue
      const heard = await this.#world.call(node.read(({ book }) => book.lineByPeer.get(line)?.heard ?? 0))
      left.push(heard + LIMITS.deadSilenceSeconds - node.logTime() + 1)
    }
    return Math.max(0, ...left)
  }

  /** A bank without a guard that has asked the gone one in vain is vouched for by its operator ([CRASH-9]). */
  async #confirmed(town: Town): Promise<void> {
    const { node } = town.bank
    const state = node?.gate.state()
    if (node === null || typeof state !== 'object' || state?.code !== 'start_waits') return
    const { size, root } = node.head
    const typed = { size, root: toHex(root).slice(0, LIMITS.confirmRootDigits) }
    ok(await this.#world.call(node.confirmLog(typed)))
    this.#world.coverage.met('operator: a log without a guard is confirmed')
    await this.#world.agenda.runUntil(this.#world.agenda.now + 20_000)
  }

  async #endings(town: Town): Promise<void> {
    const { coverage } = this.#world
    const { node } = town.bank
    const board = this.#boards.get(town) as Bytes[]
    const peer = this.town.bank.bank
    must(node !== null, 'a neighbour of the gone bank is up')
    await this.#decides(town, decideGiveUp(peer, board, 0))
    coverage.met('board: a silent bank is given up')
    const line = toHex(peer)
    const sent = await this.#world.call(
      node.read(({ book }) => {
        const number = book.lineByPeer.get(line)?.number
        return [...book.asPayer.open()].filter((one) => one.line === number && one.state === 'sent')
      }),
    )
    for (const { id } of sent) {
      await this.#decides(town, decideCover(id, board))
      coverage.met('board: a payment on its way there is covered')
    }
    const owes = await this.#world.call(
      node.read(({ book }) => {
        const with_ = book.lineByPeer.get(line)
        return with_ === undefined ? 0 : -clearing(with_)
      }),
    )
    if (owes <= 0) return
    const minutes = Math.min(owes, LIMITS.exchangeMinutes)
    await this.#decides(town, decideWriteOff(peer, minutes, board))
    coverage.met('board: what it owed is written off')
    await this.#decides(town, decideSettleLoss(peer, minutes, board))
    coverage.met('board: the pot bears it')
  }

  async #decides<T>(town: Town, decide: Decide<T>): Promise<void> {
    const { node } = town.bank
    must(node !== null, 'the bank is up')
    ok((await this.#world.call(node.commit(decide))) as Outcome<unknown>)
  }

  #neighbours(): Town[] {
    return this.#world.wires
      .filter(({ a, b }) => a === this.town || b === this.town)
      .map(({ a, b }) => (a === this.town ? b : a))
  }
}
