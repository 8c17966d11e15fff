/**
 * Who changes the log key of a bank while everything goes wrong? In one world of three an operator does, at any moment,
 * and machines die around it; in some of them a key is lost or stolen, and the sheet begins the next epoch.
 *
 * It draws from dice of its own, so that a world without it is as it would be if it did not exist.
 */

import type { Kind } from '../../src/core/entry.ts'
import { toHex } from '../../src/core/ids.ts'
import type { Write } from '../../src/store/store.ts'
import type { Dice } from './dice.ts'
import { kindsIn } from './kinds-in.ts'
import type { CrashPoint } from './sim-disk.ts'
import type { Shape, Town, World } from './world.ts'

/** One world of so many has such an operator; and of those, one of so many has banks that recover. */
const CHANGES = 3
const RECOVERIES = 3

/** Where a machine dies while its key changes. */
const DEATHS = [
  'nowhere',
  'nowhere',
  'after the file of the next key',
  'at rotate.out',
  'at rotate.in',
  'before the next key takes its place',
  'after the next key took its place',
] as const

type Death = (typeof DEATHS)[number]

const POINTS: readonly CrashPoint[] = ['before', 'lost', 'after']

export interface DrawnKeys {
  readonly change: boolean
  readonly sheets: NonNullable<Shape['sheets']>
}

/** What a seed says about keys; asked before its banks are founded. */
export function drawnKeys(dice: Dice): DrawnKeys {
  const change = dice.oneIn(CHANGES)
  return { change, sheets: change && dice.oneIn(RECOVERIES) ? 'in a drawer' : 'nowhere' }
}

export class KeyOperator {
  readonly #world: World
  readonly #dice: Dice
  readonly #recovers: boolean
  /** Seconds between two acts, on average. */
  readonly #pace: number
  /** Changes that a neighbour has not learned since it was away, by the names of both. */
  readonly #unlearned = new Map<string, number>()
  #over = false

  constructor(world: World, dice: Dice, { sheets }: DrawnKeys) {
    this.#world = world
    this.#dice = dice
    this.#recovers = sheets === 'in a drawer'
    this.#pace = dice.pick([5, 15, 40])
  }

  begin(): void {
    for (const town of this.#world.towns) this.#listen(town)
    this.#next()
  }

  end(): void {
    this.#over = true
  }

  #next(): void {
    this.#world.agenda.after(this.#dice.share() * 2 * this.#pace * 1_000, () => {
      if (this.#over) return
      const town = this.#dice.pick(this.#world.towns)
      if (this.#recovers && this.#dice.oneIn(4)) this.#recover(town)
      else this.#change(town)
      this.#next()
    })
  }

  // A planned change

  #change(town: Town): void {
    const { bank } = town
    const death = this.#dice.pick(DEATHS)
    const twice = this.#dice.oneIn(5)
    if (bank.node === null) return
    this.#world.say(bank.name, `-- changes its log key, dies ${death}`)
    this.#arm(town, death)
    this.#press(town)
    if (!twice) return
    // A button that is pressed again, for the first answer was no, or none.
    this.#world.agenda.after(this.#dice.between(0, 12_000), () => {
      if (!this.#over) this.#press(town)
    })
  }

  #press({ bank }: Town): void {
    const { coverage } = this.#world
    bank.changeKey()?.then(
      (outcome) => {
        coverage.met(outcome.ok ? 'key: changed' : `key: change refused: ${outcome.refusal.code}`)
        this.#world.say(bank.name, `-- key: ${outcome.ok ? outcome.value.epoch : outcome.refusal.code}`)
      },
      () => coverage.met('key: change met a failing disk'),
    )
  }

  #arm(town: Town, death: Death): void {
    const { bank } = town
    const { keys, process } = bank
    keys.changed = () => {}
    const dies = (): void => {
      keys.changed = () => {}
      if (bank.process !== process || this.#over) return
      this.#world.coverage.met(`key: dies ${death}`)
      bank.kill()
    }
    switch (death) {
      case 'nowhere':
        return
      case 'after the file of the next key':
        keys.changed = (what) => what === 'made' && dies()
        return
      case 'before the next key takes its place':
        keys.changed = (what) => what === 'begun' && dies()
        return
      case 'after the next key took its place':
        keys.changed = (what) => what === 'taken' && dies()
        return
      case 'at rotate.out':
        return this.#aim(town, 'rotate.out', 'key: dies')
      case 'at rotate.in':
        return this.#aim(town, 'rotate.in', 'key: dies')
    }
  }

  /** The machine dies at its next batch with such an entry; what was aimed at before goes on beside it. */
  #aim({ bank }: Town, kind: Kind, words: string): void {
    const { disk } = bank
    const point = this.#dice.pick(POINTS)
    const before = disk.crash
    disk.crash = (write, batch) => {
      if (this.#over || batch === null || !kindsIn(batch).includes(kind)) return before(write, batch)
      disk.crash = before
      this.#world.coverage.met(`${words} at ${kind}, ${point}`)
      return point
    }
  }

  // A key that is lost or stolen

  /** The operator stops the bank and takes the sheet out of the drawer. */
  #recover(town: Town): void {
    const { bank } = town
    const cause = this.#dice.pick(['lost', 'stolen'] as const)
    if (this.#world.tampered.has(town) || bank.held) return
    this.#world.say(bank.name, `-- its log key is ${cause}`)
    bank.recovering = cause
    bank.held = true
    bank.kill()
    if (cause === 'lost') bank.keys.lose()
    if (this.#dice.oneIn(3))
      this.#aim(town, this.#dice.pick(['rotate.in', 'pay.abort'] as const), 'key: dies in a recovery')
    const supervisor = bank.ended
    const again = (): void => {
      this.#world.agenda.after(this.#dice.between(500, 15_000), () => {
        if (!this.#over) this.#tryRecovery(town, cause, { supervisor, again })
      })
    }
    again()
  }

  #tryRecovery(
    town: Town,
    cause: 'lost' | 'stolen',
    then: { readonly supervisor: () => void; readonly again: () => void },
  ): void {
    const { bank } = town
    const { coverage, tampered } = this.#world
    // The folder is in use: an earlier try had begun the epoch after all, and the bank is up.
    if (bank.process?.alive === true) {
      bank.recovering = null
      bank.held = false
      bank.ended = then.supervisor
      return
    }
    // Nobody begins an epoch on a disk that is known to be wrong.
    if (tampered.has(town)) return then.again()
    let over = false
    const ends = (next: () => void): void => {
      if (over || this.#over) return
      over = true
      next()
    }
    bank.ended = () => ends(then.again)
    bank.recover(cause).then(
      (outcome) =>
        ends(() => {
          if (!outcome.ok) {
            coverage.met(`key: recovery refused: ${outcome.refusal.code}`)
            return then.again()
          }
          coverage.met(`key: recovered, ${cause}`)
          if (outcome.value.aborted > 0) coverage.met('key: recovered with held payments')
          bank.recovering = null
          bank.held = false
          bank.ended = then.supervisor
          then.supervisor()
        }),
      () => {
        coverage.met('key: recovery met a failing disk')
        bank.kill()
        ends(then.again)
      },
    )
  }

  // What was met

  #listen(town: Town): void {
    const { bank } = town
    const [noticed, committed] = [bank.noticed, bank.disk.committed]
    bank.disk.committed = (batch) => {
      committed(batch)
      this.#noteBatch(town, batch)
    }
    bank.noticed = (notice, facts) => {
      noticed(notice, facts)
      if (notice === 'key_changed') this.#noteLearned(town, facts.neighbour)
    }
  }

  #noteBatch(town: Town, batch: readonly Write[]): void {
    const kinds = kindsIn(batch)
    if (kinds.includes('rotate.out') && kinds.includes('pay.abort'))
      this.#world.coverage.met('key: changed with held payments')
    if (!kinds.includes('rotate.in')) return
    for (const { a, b } of this.#world.wires) {
      if (a !== town && b !== town) continue
      const other = a === town ? b : a
      const talks = other.bank.node?.contacts.link(town.bank.bank)?.connected === true
      const pair = `${other.bank.name} about ${town.bank.name}`
      if (!talks) this.#unlearned.set(pair, (this.#unlearned.get(pair) ?? 0) + 1)
    }
  }

  #noteLearned({ bank }: Town, about: string | number | undefined): void {
    const other = this.#world.towns.find((town) => toHex(town.bank.bank) === about)
    // Its own operator is told when the change is done.
    if (other === undefined) return bank.keys.changed('begun')
    const pair = `${bank.name} about ${other.bank.name}`
    const missed = this.#unlearned.get(pair) ?? 0
    this.#unlearned.delete(pair)
    if (missed > 0) this.#world.coverage.met('key: learned by a neighbour that was away')
    if (missed > 1) this.#world.coverage.met('key: two changes while a neighbour was away')
  }
}
