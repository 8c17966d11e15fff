/**
 * How often may somebody guess? Wrong tries at one door are counted on the disk, so that a restart gives nobody new
 * ones; a door that was tried too often stays shut for a while, and other doors stay open ([SIGN-4], [SIGN-5]). A name
 * or number that nobody has is a door as well, so that no answer tells who is here. What somebody tries at many doors is counted beside them, by the place it comes from ([SIGN-12]).
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { record, type TypeOf, time, u } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import { type Rate, Rates } from './rates.ts'

const rowField = record({ wrong: u, last: time })
type Row = TypeOf<typeof rowField>

export class Tries {
  readonly #node: Node
  readonly #rates: Rates
  /** Rows on their way to the disk: tries at the same moment count each other. */
  readonly #underWay = new Map<string, Row>()
  /** Doors with nobody behind them, the longest untried first: in memory, since anybody can name any number of them. */
  readonly #strangers = new Map<string, Row>()

  constructor(node: Node, rates = new Rates()) {
    this.#node = node
    this.#rates = rates
  }

  /**
   * Takes a try at this door and at the places it is made from, durable before anything is compared; a right one gives it
   * back. Refuses `tried_too_often` with the seconds to wait, what the places refuse, and what the writer refuses.
   */
  async take(door: string, places: readonly Rate[] = []): Promise<Outcome<null>> {
    let row: Row | undefined
    try {
      const taken = await this.#node.commit<null>(() => {
        const now = this.#node.clock.now()
        const next = oneMore(this.#row(door), now)
        if (!next.ok) return next
        const counted = this.#rates.take(places, now)
        if (!counted.ok) return counted
        row = next.value
        this.#underWay.set(door, row)
        return accept({ entries: [], rows: [put(door, row), ...counted.value], value: null })
      })
      return taken.ok ? accept(null) : taken
    } finally {
      if (row !== undefined && this.#underWay.get(door) === row) this.#underWay.delete(door)
    }
  }

  /** Takes back one try at this door, at which nothing was compared; many at the same moment count each other. */
  async release(door: string, places: readonly Rate[] = []): Promise<void> {
    let row: Row | undefined
    try {
      await this.#node.commit<null>(() => {
        const { wrong, last } = this.#row(door)
        row = { wrong: Math.max(0, wrong - 1), last }
        this.#underWay.set(door, row)
        const write = row.wrong === 0 ? { del: keyOf(door) } : put(door, row)
        return accept({ entries: [], rows: [write, ...this.#rates.giveBack(places)], value: null })
      })
    } finally {
      if (row !== undefined && this.#underWay.get(door) === row) this.#underWay.delete(door)
    }
  }

  /**
   * The same as `take` at a door with nobody behind it, named by what was typed. It takes as long, for it writes as much: one row
   * of all such doors together, so that strangers cannot fill the disk.
   */
  async takeOfNobody(door: string, places: readonly Rate[] = []): Promise<Outcome<null>> {
    const name = nameOf(door)
    const taken = await this.#node.commit<null>(() => {
      const now = this.#node.clock.now()
      const next = oneMore(this.#strangers.get(name) ?? NEVER, now)
      if (!next.ok) return next
      const counted = this.#rates.take(places, now)
      if (!counted.ok) return counted
      this.#keepStranger(name, next.value)
      return accept({ entries: [], rows: [put(NOBODY, next.value), ...counted.value], value: null })
    })
    return taken.ok ? accept(null) : taken
  }

  /** Takes back one try at a door with nobody behind it, at which nothing was compared. */
  async releaseOfNobody(door: string, places: readonly Rate[] = []): Promise<void> {
    const name = nameOf(door)
    const { wrong, last } = this.#strangers.get(name) ?? NEVER
    if (wrong < 2) this.#strangers.delete(name)
    else this.#strangers.set(name, { wrong: wrong - 1, last })
    // A turn at the writer, as at a door with somebody behind it.
    await this.#node.commit(() => accept({ entries: [], rows: this.#rates.giveBack(places), value: null }))
  }

  #keepStranger(name: string, row: Row): void {
    this.#strangers.delete(name)
    this.#strangers.set(name, row)
    for (const [oldest, { last }] of this.#strangers) {
      if (this.#strangers.size <= LIMITS.strangersDoors && !isForgotten(last, row.last)) break
      this.#strangers.delete(oldest)
    }
  }

  /** The rows that take back one try of this door, which was not meant for it. */
  giveBack(door: string, places: readonly Rate[] = []): Write[] {
    const { wrong, last } = this.#row(door)
    if (wrong < 2) return this.forget(door, places)
    return [put(door, { wrong: wrong - 1, last }), ...this.#rates.giveBack(places)]
  }

  /**
   * The rows that forget all tries at this door, for the commit of whatever the right one opened; none when there were
   * none. At its places one is taken back and no more: who has a way in has not tried every other door rightly.
   */
  forget(door: string, places: readonly Rate[] = []): Write[] {
    const tries = this.#row(door).wrong === 0 ? [] : [forgetDoor(door)]
    return [...tries, ...this.#rates.giveBack(places)]
  }

  #row(door: string): Row {
    const bytes = this.#node.store.get(keyOf(door))
    const decoded = bytes === undefined ? null : decode(bytes)
    const kept = decoded?.ok ? rowField.read(decoded.value) : undefined
    return this.#underWay.get(door) ?? kept ?? NEVER
  }
}

const NEVER: Row = { wrong: 0, last: 0 }

/** The one row of all doors with nobody behind them. */
const NOBODY = 'nobody'

/** What is kept once one more try is taken. Refuses `tried_too_often` with the seconds to wait. */
function oneMore({ wrong, last }: Row, now: number): Outcome<Row> {
  const counted = isForgotten(last, now) ? 0 : wrong
  const waitSeconds = counted < LIMITS.guesses ? 0 : last + waitFor(counted) - now
  return waitSeconds > 0
    ? refuse('tried_too_often', { waitSeconds })
    : accept({ wrong: counted + 1, last: now })
}

/** On the disk as in memory: else a door that forgets would have nobody behind it. */
function isForgotten(last: number, now: number): boolean {
  return now - last > LIMITS.guessesKeptSeconds
}

/** The row that forgets a door which is no more. */
export function forgetDoor(door: string): Write {
  return { del: keyOf(door) }
}

function put(door: string, row: Row): Write {
  return { put: keyOf(door), value: encode(rowField.write(row)) }
}

/** After the free tries a minute, then twice as long each time, and never longer than the bound. */
function waitFor(wrong: number): number {
  return Math.min(LIMITS.guessWaitSeconds, 60 * 2 ** Math.min(20, wrong - LIMITS.guesses))
}

/** A door may be named by a person, and nothing of that stands in a key. */
function keyOf(door: string): Bytes {
  return privateKey('tries', sha256(new TextEncoder().encode(door)))
}

/** As short for a long text as for a short one. */
function nameOf(door: string): string {
  return toHex(sha256(new TextEncoder().encode(door)))
}
