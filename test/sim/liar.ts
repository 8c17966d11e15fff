/**
 * Does a world have a bank that lies, and what may come of it? In four worlds of ten one seed draws a liar with lines to
 * some of the honest banks. It lies until the world is healed and, as often as not, ever after.
 *
 * What it can do to the honest is held against the design: they agree as always, nobody is credited what the liar did
 * not sign, nobody loses more than the limits of the lines, and no judge ever blames them ([BYZ-1] to [BYZ-6]).
 */

import { decodeEntry, type Entry } from '../../src/core/entry.ts'
import { type Bytes, sameBytes, toHex } from '../../src/core/ids.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { entryRange, epochOfHeadKey, headRange } from '../../src/store/keyspace.ts'
import type { MemoryDisk } from '../../src/store/memory-store.ts'
import { Desk } from './desk.ts'
import type { Dice } from './dice.ts'
import { toldLie } from './liar-lies.ts'
import { ScriptedLiar } from './liar-scripted.ts'
import { TwistedLiar } from './liar-twisted.ts'
import type { SimBank } from './sim-bank.ts'
import type { Town, World } from './world.ts'

/** One world of so many, by ten, has a liar. */
const LIARS_IN_TEN = 4
/** No clock here drifts by more in the time that a seed lasts. */
const LIAR_CLOCK_SECONDS = 60

export interface EntryShown {
  readonly index: number
  readonly raw: Uint8Array
}

export class Liar {
  readonly bank: Bytes
  readonly logKey: Bytes
  /** As a bank that others pay to. */
  readonly town: Town
  /** Honest banks that have a line with it. */
  readonly near: readonly Town[]
  readonly desks: readonly Desk[]
  readonly #world: World
  readonly #dice: Dice
  readonly #who: ScriptedLiar | TwistedLiar
  /** An operator who resumes paused lines, so that more can be tried. */
  readonly #trusting: boolean
  readonly #notices = new Map<string, number>()
  /** Entries in the log of each honest neighbour whenever it was started. */
  readonly #starts = new Map<string, number[]>()
  #healed = false
  #over = false

  constructor(world: World, dice: Dice, who: ScriptedLiar | TwistedLiar) {
    this.#world = world
    this.#dice = dice
    this.#who = who
    this.near = who.victims.map(({ town }) => town)
    if (who instanceof TwistedLiar) {
      this.bank = who.bank.bank
      this.logKey = who.bank.logKey.publicKey
      this.town = who.town
    } else {
      this.bank = who.bank
      this.logKey = who.logKey.publicKey
      this.town = who.town
    }
    this.desks = this.near.map((town) => new Desk(world, town, dice.stream(`customer ${town.bank.name}`)))
    this.#trusting = dice.oneIn(2)
    // A bank put back to an older day without its guard asks its neighbours how far it had come. One that hears
    // only a liar cannot know; so nobody is put back so where there is one.
    for (const { bank } of this.near) world.seer.mayBeMisled(bank.bank)
  }

  begin(): void {
    const { agenda, coverage } = this.#world
    for (const town of this.near) this.#listen(town)
    this.#who.begin()
    const pays = (): void => {
      // What is begun last must have time to end.
      if (this.#over || this.#healed) return
      this.#customer()
      agenda.after(this.#dice.between(400, 5_000), pays)
    }
    agenda.after(500, pays)
    const operates = (): void => {
      if (this.#over) return
      this.#operator()
      agenda.after(this.#dice.between(5_000, 30_000), operates)
    }
    agenda.after(this.#dice.between(5_000, 30_000), operates)
    coverage.met(`liar: ${this.#who.name}`)
  }

  /** Its neighbours' members pay to it, as they pay to others. */
  #customer(): void {
    const desk = this.#dice.pick(this.desks)
    const postal = this.#dice.oneIn(3)
    const seconds = postal ? 7 * 86_400 : this.#dice.pick([5, 60, 600])
    if (desk.wishes.length < 60)
      desk.pay(this.town, this.#dice.pick([5, 15, 60, 120, 300]), { postal, seconds })
    if (this.#dice.oneIn(6) && desk.wishes.length > 0) desk.cancel(this.#dice.pick(desk.wishes))
  }

  #operator(): void {
    const { node } = this.#dice.pick(this.near).bank
    if (node === null) return
    if (this.#trusting) node.pauseNeighbour(this.bank, 'resume').catch(() => undefined)
    if (this.#dice.oneIn(4)) {
      node.limitNeighbour(this.bank, this.#dice.pick([0, 60, 300, 1_200])).catch(() => undefined)
    }
  }

  /** Only the liar may be blamed by what a bank notices; damaged bytes may look like anybody's lie. */
  #listen({ bank }: Town): void {
    const before = bank.noticed
    const liar = toHex(this.bank)
    const starts = this.#starts.get(bank.name) ?? []
    this.#starts.set(bank.name, starts)
    bank.noticed = (notice, facts) => {
      before(notice, facts)
      if (notice === 'started') starts.push(entriesOn(bank.disk.rows).length)
      if (notice === 'clock_unsure' && this.#isLiarsTime(bank, Number(facts.seconds)))
        this.#world.seer.violations.push(`${bank.name} was stopped by the clock of one liar`)
      if (facts.neighbour !== liar) return
      const key = `${bank.name} ${notice}`
      this.#notices.set(key, (this.#notices.get(key) ?? 0) + 1)
      if (notice === 'breach') this.#world.coverage.met('reaction: breach')
      if (notice === 'door_closed') this.#world.coverage.met('reaction: door closed')
    }
  }

  /**
   * One clock alone stops nobody ([PAY-16]), and no other is as far off as the liar's. What a bank says is then exactly how far,
   * but for what its own clock drifts in a day; its own jumps are of whole hours, and may come near by chance. Seconds.
   */
  #isLiarsTime(bank: SimBank, seconds: number): boolean {
    const { clockOff } = this.#who
    return clockOff !== 0 && Math.abs(seconds - (clockOff - bank.skew.offset)) < LIAR_CLOCK_SECONDS
  }

  startsOf({ bank }: Town): readonly number[] {
    return this.#starts.get(bank.name) ?? []
  }

  /** How often this bank noticed such a thing of the liar. */
  blamedBy(bank: SimBank, notice: 'breach' | 'door_closed'): number {
    return this.#notices.get(`${bank.name} ${notice}`) ?? 0
  }

  /** Everything else works again. The liar goes on, or is never heard of any more. */
  healed(): void {
    this.#healed = true
    if (this.#dice.oneIn(2)) return
    this.#who.fallSilent()
    toldLie(this.#world.coverage, 'silent for ever')
  }

  /** Nothing more comes of it; the judges come. */
  end(): void {
    this.#over = true
    this.#who.end()
  }

  /** Its histories, as it would hand them to an auditor. */
  disks(): readonly MemoryDisk[] {
    return this.#who.disks()
  }

  /** What it signed, by leaf hash in hex: the only things that may be credited, called done or come back. */
  signed(): (leaf: Uint8Array) => readonly EntryShown[] {
    const who = this.#who
    if (who instanceof TwistedLiar) {
      return (leaf) => {
        const found = who.entry(leaf)
        return found === null ? [] : [found]
      }
    }
    const all = new Map<string, EntryShown[]>()
    for (const { raws } of who.histories) {
      for (const [index, raw] of raws.entries()) {
        const key = toHex(leafHash(raw))
        all.set(key, [...(all.get(key) ?? []), { index, raw }])
      }
    }
    return (leaf) => all.get(toHex(leaf)) ?? []
  }

  isLiar(bank: Bytes): boolean {
    return sameBytes(bank, this.bank)
  }
}

/** Who is the liar: drawn, or as asked for. */
export type LiarWanted = 'scripted' | 'twisted' | 'nobody' | 'drawn'

/** The liar of this world, with its lines open, or null. */
export async function drawnLiar(world: World, wanted: LiarWanted = 'drawn'): Promise<Liar | null> {
  const dice = world.dice.stream('liar')
  const isThere = dice.below(10) < LIARS_IN_TEN
  if (wanted === 'nobody' || (wanted === 'drawn' && !isThere)) return null
  const minutes = (): number => dice.pick([60, 300, 600, 1_200])
  const near = world.towns.filter((_, i) => i === 0 || dice.oneIn(2)).slice(0, 3)
  const runsNode = wanted === 'drawn' ? dice.below(5) < 2 : wanted === 'twisted'
  const who = runsNode ? new TwistedLiar(world, dice) : new ScriptedLiar(world, dice)
  if (who instanceof TwistedLiar) await who.found()
  for (const town of near) await who.openLine(town, minutes(), minutes())
  return new Liar(world, dice, who)
}

/** Entries of the log on a disk, of all epochs in order. */
export function entriesOn(disk: MemoryDisk): Entry[] {
  return disk.rowsOf(headRange).flatMap(([key]) => entriesOfEpoch(disk, epochOfHeadKey(key)))
}

export function entriesOfEpoch(disk: MemoryDisk, epoch: number): Entry[] {
  return disk.rowsOf(entryRange(epoch)).flatMap(([, raw]) => {
    const read = decodeEntry(raw)
    return read.ok ? [read.entry] : []
  })
}
