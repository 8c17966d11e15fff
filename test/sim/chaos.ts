/**
 * What goes wrong, and how often? Each seed draws its own mix: some faults never come, some come all the time, so
 * that every seed looks for something else. All of it ends when the world is healed.
 */

import type { Kind } from '../../src/core/entry.ts'
import { toHex } from '../../src/core/ids.ts'
import { decodeFrame } from '../../src/peer/messages.ts'
import { entryRange, epochOfHeadKey, headKey, headRange } from '../../src/store/keyspace.ts'
import type { MemoryDisk } from '../../src/store/memory-store.ts'
import type { Write } from '../../src/store/store.ts'
import type { Dice } from './dice.ts'
import type { KeysKept } from './key-folder.ts'
import { kindsIn } from './kinds-in.ts'
import { reach } from './seen-log.ts'
import type { CrashPoint } from './sim-disk.ts'
import { SOUND_DISK } from './sim-disk.ts'
import { CALM, type Weather } from './sim-network.ts'
import { ok, type Town, type World } from './world.ts'

const DAY = 86_400

const ACTS = [
  'kill',
  'kill in a write',
  'stop in order',
  'sleep',
  'one way',
  'two ways',
  'clog',
  'hang up',
  'full disk',
  'rot',
  'old copy',
  'clock jump',
  'night',
  'days away',
  'limit',
  'pause line',
] as const

type Act = (typeof ACTS)[number]

/** Kinds of entries at which a crash is aimed. */
const AIMED: readonly Kind[] = [
  'pay.hold',
  'pay.commit',
  'pay.abort',
  'pay.return',
  'pay.done',
  'rcv.promise',
  'rcv.credit',
  'rcv.waive',
  'rcv.release',
  'line.limit',
  'line.freeze',
]

/** What a folder held on an earlier day. */
interface FolderCopy {
  readonly disk: MemoryDisk
  readonly keys: KeysKept
}

export class Chaos {
  readonly #world: World
  readonly #dice: Dice
  readonly #weights: Readonly<Record<Act, number>>
  /** Seconds between two acts, on average. */
  readonly #pace: number
  readonly #copies = new Map<Town, FolderCopy[]>()
  readonly #paused = new Set<string>()
  #over = false

  constructor(world: World, dice: Dice) {
    this.#world = world
    this.#dice = dice
    this.#pace = dice.pick([2, 4, 8, 20])
    const weights = Object.fromEntries(ACTS.map((act) => [act, dice.pick([0, 1, 1, 3])]))
    weights['kill in a write'] = dice.pick([1, 3, 9])
    // Rot and old copies end a bank's part for a while; too many of them and nothing else happens.
    for (const rare of ['rot', 'old copy', 'days away', 'clock jump'] as const) {
      weights[rare] = dice.oneIn(4) ? 1 : 0
    }
    this.#weights = weights as Record<Act, number>
  }

  /** Faults begin: weather, disks, clocks and acts. */
  begin(): void {
    const { network, towns } = this.#world
    network.weather = drawnWeather(this.#dice)
    network.harmed = (fault, frame) => this.#harmed(fault, frame)
    for (const town of towns) {
      const { disk, skew } = town.bank
      disk.faults = {
        io: this.#dice.pick([0, 0, 0.002, 0.01]),
        guard: this.#dice.pick([0, 0, 0.05, 0.5]),
        sync: this.#dice.pick([
          [1, 8],
          [5, 50],
          [1, 400],
        ] as const),
      }
      skew.offset = this.#dice.between(-200, 200)
      skew.drift = (this.#dice.share() - 0.5) * 0.0004
      town.bank.ended = () => this.#ended(town)
    }
    this.#next()
  }

  #next(): void {
    const { agenda } = this.#world
    agenda.after(this.#dice.share() * 2 * this.#pace * 1_000, () => {
      if (this.#over) return
      this.#do(this.#drawn())
      this.#next()
    })
  }

  #drawn(): Act {
    const sum = ACTS.reduce((all, act) => all + this.#weights[act], 0)
    let at = this.#dice.share() * sum
    for (const act of ACTS) {
      at -= this.#weights[act]
      if (at < 0) return act
    }
    return 'kill'
  }

  #do(act: Act): void {
    const { coverage, towns } = this.#world
    const town = this.#dice.pick(towns)
    coverage.met(`fault: ${act}`)
    this.#world.say(town.bank.name, `-- ${act}`)
    switch (act) {
      case 'kill':
        return this.#kill(town)
      case 'kill in a write':
        return this.#aim(town)
      case 'stop in order':
        return void town.bank.stop().catch(() => undefined)
      case 'sleep':
        return this.#sleep(town)
      case 'one way':
      case 'two ways':
      case 'clog':
      case 'hang up':
        return this.#link(act)
      case 'full disk':
        return this.#fill(town)
      case 'rot':
        return this.#rot(town)
      case 'old copy':
        return this.#oldCopy(town)
      case 'clock jump':
        return this.#jump(town)
      case 'night':
        return this.#leap(this.#dice.between(60, 12 * 3_600))
      case 'days away':
        return this.#daysAway(town)
      case 'limit':
        return this.#limit()
      case 'pause line':
        return this.#pauseLine()
    }
  }

  #kill(town: Town): void {
    this.#noteDeath(town)
    town.bank.kill()
  }

  /** A supervisor starts what ended, soon. */
  #ended(town: Town): void {
    if (this.#over || town.bank.held) return
    this.#world.agenda.after(this.#dice.between(50, 15_000), () => this.#start(town))
  }

  #start(town: Town): void {
    const { bank } = town
    if (this.#over || bank.held || bank.recovering !== null || bank.process?.alive === true) return
    void bank.start().then(() => {
      if (bank.damage === null) return
      // What cannot be opened must have been tampered with; its operator mends it before long.
      if (!this.#world.tampered.has(town))
        this.#world.seer.violations.push(`${bank.name} does not open: ${bank.damage}`)
      this.#world.coverage.met('damage found at the start')
      this.#mendLater(town)
    })
  }

  #mendLater(town: Town): void {
    town.bank.held = true
    this.#world.agenda.after(this.#dice.between(5_000, 40_000), () => {
      if (!this.#over) this.#mend(town)
    })
  }

  #mend(town: Town): void {
    const { bank } = town
    bank.kill()
    bank.repair()
    this.#world.tampered.delete(town)
    bank.held = false
    bank.settings = { ...bank.settings, start: 'usual' }
    this.#start(town)
  }

  #aim(town: Town): void {
    const { disk } = town.bank
    const kind = this.#dice.pick(AIMED)
    const point = this.#dice.pick(['before', 'lost', 'after'] as const)
    const guard = this.#dice.oneIn(6)
    const until = this.#world.agenda.now + 60_000
    disk.crash = (_, batch) => {
      if (this.#over || this.#world.agenda.now > until) {
        disk.crash = () => null
        return null
      }
      const kinds = batch === null ? [] : kindsIn(batch)
      const hit = guard ? batch === null : kinds.includes(kind)
      if (!hit) return null
      disk.crash = () => null
      this.#noteCrash(kinds, batch, point)
      return point
    }
  }

  #noteCrash(kinds: readonly Kind[], batch: readonly Write[] | null, point: CrashPoint): void {
    const { coverage } = this.#world
    if (batch === null) coverage.met(`crash: guard ${point}`)
    const swap = kinds.includes('pay.abort') && kinds.includes('pay.hold')
    if (swap) coverage.met(`crash: swap ${point}`)
    for (const kind of new Set(kinds)) coverage.met(`crash: ${kind} ${point}`)
  }

  #sleep(town: Town): void {
    const { process } = town.bank
    process?.stop()
    this.#world.agenda.after(this.#dice.between(500, 60_000), () => process?.carryOn())
  }

  #link(act: 'one way' | 'two ways' | 'clog' | 'hang up'): void {
    const { network, wires, agenda } = this.#world
    if (wires.length === 0) return
    const { a, b } = this.#dice.pick(wires)
    const [from, to] = this.#dice.oneIn(2) ? [a, b] : [b, a]
    const [one, other] = [from.bank.peerId, to.bank.peerId]
    if (act === 'hang up') return network.hangUp(one, other)
    if (act === 'clog') network.clog(one, other, this.#dice.between(1_000, 40_000))
    else network.silence(one, other)
    if (act === 'two ways') network.silence(other, one)
    agenda.after(this.#dice.between(1_000, 90_000), () => {
      network.mend(one, other)
      if (act === 'two ways') network.mend(other, one)
    })
  }

  #fill(town: Town): void {
    town.bank.disk.full = true
    this.#world.agenda.after(this.#dice.between(500, 30_000), () => {
      town.bank.disk.full = false
    })
  }

  #rot(town: Town): void {
    if (this.#world.tampered.size > 0) return
    this.#world.tampered.add(town)
    for (let i = this.#dice.between(1, 3); i > 0; i--) town.bank.disk.rot()
    this.#kill(town)
    this.#laterMend(town)
  }

  /** The machine comes back with the disk of an earlier day, with or without the guard of that day. */
  #oldCopy(town: Town): void {
    const copies = this.#copies.get(town) ?? []
    const old = copies.at(-1 - this.#dice.below(Math.max(1, copies.length)))
    copies.push({ disk: town.bank.disk.copy(), keys: town.bank.keys.copy() })
    this.#copies.set(town, copies.slice(-4))
    if (old === undefined || this.#world.tampered.size > 0) return
    const { bank } = town
    const guard = this.#dice.pick(['kept', 'removed'] as const)
    if (!this.#someoneCanTell(town, old, guard)) return
    this.#kill(town)
    // A write under way may have become whole as it died, and nobody has heard of that.
    if (!this.#someoneCanTell(town, old, guard)) return
    bank.disk.putBack(old.disk)
    bank.keys.putBack(old.keys)
    if (guard === 'removed') bank.disk.slots = [null, null]
    this.#world.coverage.met(`old copy put back, guard ${guard}`)
    if (lastEpochOn(old.disk) < lastEpochOn(bank.disk.whole))
      this.#world.coverage.met('old copy put back, of an epoch that is over')
    this.#world.tampered.add(town)
    this.#laterMend(town)
  }

  /**
   * The newest guard tells, or a neighbour that keeps a larger head on a disk that is none of these itself. What
   * nobody else has seen, nobody can tell: those are the hours that a restored bank has lost for good.
   */
  #someoneCanTell(town: Town, old: FolderCopy, guard: 'kept' | 'removed'): boolean {
    const { disk, bank, keys } = town.bank
    const [reached, whole] = [reachOn(old.disk), reachOn(disk.whole)]
    // A copy that has everything is none: a bank goes on with it, and no operator has anything to mend.
    if (reached >= whole) return false
    // A guard that a later key has signed says nothing to a folder without that key.
    if (guard === 'kept' && sameKeys(old.keys, keys.copy())) {
      const head = disk.whole.get(headKey(lastEpochOn(disk.whole)))
      return disk.slots.some(
        (slot) => slot !== null && head !== undefined && Buffer.compare(slot, head) === 0,
      )
    }
    return this.#world.tampered.size === 0 && this.#world.seer.provable(bank) > reached
  }

  /** Somebody notices in the end, however the bank took it. */
  #laterMend(town: Town): void {
    this.#world.agenda.after(this.#dice.between(20_000, 90_000), () => {
      if (!this.#over && this.#world.tampered.has(town)) this.#mend(town)
    })
  }

  #jump(town: Town): void {
    const { skew } = town.bank
    const seconds = this.#dice.pick([-DAY, -3_600, -30, 30, 600, 3_000, 2 * 3_600, 3 * DAY])
    skew.offset += seconds
    this.#world.agenda.after(this.#dice.between(2_000, 60_000), () => {
      if (!this.#over) skew.offset -= seconds
    })
  }

  #leap(seconds: number): void {
    this.#noteLeap(seconds)
    this.#world.agenda.leap(seconds * 1_000)
  }

  #daysAway(town: Town): void {
    const { bank } = town
    this.#kill(town)
    bank.held = true
    this.#world.agenda.after(this.#dice.between(2_000, 20_000), () => {
      this.#leap(this.#dice.between(1, 9) * DAY)
      this.#world.agenda.after(this.#dice.between(1_000, 20_000), () => {
        bank.held = false
        this.#start(town)
      })
    })
  }

  #limit(): void {
    const { wires } = this.#world
    if (wires.length === 0) return
    const { a, b } = this.#dice.pick(wires)
    const [creditor, debtor] = this.#dice.oneIn(2) ? [a, b] : [b, a]
    const minutes = this.#dice.pick([0, 30, 120, 300, 600, 2_400, 2_400, 2_400])
    creditor.bank.node?.limitNeighbour(debtor.bank.bank, minutes).catch(() => undefined)
  }

  #pauseLine(): void {
    const { wires, agenda } = this.#world
    if (wires.length === 0) return
    const { a, b } = this.#dice.pick(wires)
    const [from, to] = this.#dice.oneIn(2) ? [a, b] : [b, a]
    this.#paused.add(`${toHex(from.bank.bank)} ${toHex(to.bank.bank)}`)
    from.bank.node?.pauseNeighbour(to.bank.bank, 'pause').catch(() => undefined)
    agenda.after(this.#dice.between(1_000, 40_000), () => {
      if (!this.#over) from.bank.node?.pauseNeighbour(to.bank.bank, 'resume').catch(() => undefined)
    })
  }

  /** Everything works again; what was damaged is mended, what was ended is started, what was paused goes on. */
  async heal(gone: Town | null): Promise<void> {
    this.#over = true
    const world = this.#world
    const there = world.towns.filter((town) => town !== gone)
    world.network.weather = CALM
    world.network.harmed = () => {}
    world.network.clear()
    for (const town of there) {
      const { bank } = town
      bank.ended = () => {}
      bank.disk.crash = () => null
      bank.disk.faults = SOUND_DISK
      bank.disk.full = false
      bank.skew.offset = 0
      bank.skew.drift = 0
      bank.held = false
      bank.process?.carryOn()
    }
    await world.agenda.runUntil(world.agenda.now + 1_000)
    for (const town of there) {
      const { bank } = town
      bank.kill()
      bank.repair()
      bank.settings = { ...bank.settings, start: 'usual' }
    }
    world.tampered.clear()
    // A start that was under way when the faults ended may still be in the air.
    await world.agenda.runUntil(world.agenda.now + 1_000)
    for (const { bank } of there) {
      if (bank.recovering !== null) ok(await world.call(bank.recover(bank.recovering)))
      bank.recovering = null
      await world.call(bank.start())
      if (bank.damage !== null) world.seer.violations.push(`${bank.name} does not open: ${bank.damage}`)
    }
    for (const { bank } of there) bank.node?.gate.confirmClock()
    for (const { bank } of there) bank.ended = () => this.#endedHealed(bank.name)
    for (const { a, b } of world.wires) {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        await world
          .call(from.bank.node?.pauseNeighbour(to.bank.bank, 'resume') ?? Promise.resolve(null))
          .catch(() => undefined)
      }
    }
  }

  #endedHealed(name: string): void {
    this.#world.seer.violations.push(`${name} ended although nothing went wrong`)
  }

  // What was met

  #noteDeath(town: Town): void {
    const bank = toHex(town.bank.bank)
    for (const payment of this.#world.seer.payments.values()) {
      if (payment.payerBank === bank && payment.held) this.#world.coverage.met('state: payer dies while held')
      if (payment.payerBank === bank && payment.sent !== null && !payment.done && !payment.returned)
        this.#world.coverage.met('state: payer dies while sent')
    }
  }

  #noteLeap(seconds: number): void {
    if (seconds < DAY) return
    const { seer, coverage, towns } = this.#world
    const down = new Set(towns.filter(({ bank }) => !bank.up).map(({ bank }) => toHex(bank.bank)))
    for (const payment of seer.payments.values()) {
      const undecided = payment.sent === null && !payment.aborted
      const open = payment.promised.size > 0 && payment.credited === null && payment.waived.size === 0
      if (open && down.has(payment.payeeBank ?? '')) coverage.met('days: payee away after promise')
      if (open && undecided && down.has(payment.payerBank ?? ''))
        coverage.met('days: payer away after promise')
      const inTransit = payment.sent !== null && payment.credited === null && payment.waived.size === 0
      if (inTransit && down.has(payment.payeeBank ?? '')) coverage.met('days: payee away in transit')
    }
  }

  #harmed(fault: string, bytes: Uint8Array): void {
    const frame = decodeFrame(bytes)
    if (!frame.ok) return
    for (const { name } of frame.frame.messages) this.#world.coverage.met(`frame ${fault}: ${name}`)
  }
}

function lastEpochOn(disk: MemoryDisk): number {
  return Math.max(0, ...disk.rowsOf(headRange).map(([key]) => epochOfHeadKey(key)))
}

/** How far a log goes that lies on this disk. */
function reachOn(disk: MemoryDisk): number {
  const epoch = lastEpochOn(disk)
  return reach(epoch, disk.rowsOf(entryRange(epoch)).length)
}

function sameKeys(a: KeysKept, b: KeysKept): boolean {
  return a.log === b.log && a.next === b.next
}

function drawnWeather(dice: Dice): Weather {
  return {
    late: dice.pick([
      [1, 10],
      [5, 60],
      [10, 800],
    ] as const),
    lost: dice.pick([0, 0, 0.02, 0.1, 0.3]),
    doubled: dice.pick([0, 0.05, 0.2, 0.5]),
    overtaken: dice.pick([0, 0, 0.05, 0.25]),
    damaged: dice.pick([0, 0, 0, 0.01]),
    cut: dice.pick([0, 0, 0, 0.01]),
    broken: dice.pick([0, 0.005, 0.05]),
  }
}
