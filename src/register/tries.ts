/**
 * How often may somebody guess? Wrong tries at one door are counted on the disk, so that a restart gives nobody new
 * ones; a door that was tried too often stays shut for a while, and other doors stay open ([SIGN-4], [SIGN-5]).
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { record, type TypeOf, time, u } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'

const rowField = record({ wrong: u, last: time })
type Row = TypeOf<typeof rowField>

export class Tries {
  readonly #node: Node
  /** Rows on their way to the disk: tries at the same moment count each other. */
  readonly #underWay = new Map<string, Row>()

  constructor(node: Node) {
    this.#node = node
  }

  /**
   * Takes a try at this door, durable before anything is compared; a right one gives it back. Refuses
   * `tried_too_often` with the seconds to wait, and what the writer refuses.
   */
  async take(door: string): Promise<Outcome<null>> {
    let row: Row | undefined
    try {
      const taken = await this.#node.commit<null>(() => {
        const now = this.#node.clock.now()
        const { wrong, last } = this.#row(door)
        const waitSeconds = wrong < LIMITS.guesses ? 0 : last + waitFor(wrong) - now
        if (waitSeconds > 0) return refuse('tried_too_often', { waitSeconds })
        row = { wrong: wrong + 1, last: now }
        this.#underWay.set(door, row)
        return accept({ entries: [], rows: [put(door, row)], value: null })
      })
      return taken.ok ? accept(null) : taken
    } finally {
      if (row !== undefined && this.#underWay.get(door) === row) this.#underWay.delete(door)
    }
  }

  /** The row that takes back one try of this door, which was not meant for it. */
  giveBack(door: string): Write[] {
    const { wrong, last } = this.#row(door)
    return wrong < 2 ? this.forget(door) : [put(door, { wrong: wrong - 1, last })]
  }

  /** The row that forgets all tries, for the commit of whatever the right one opened; none when there were none. */
  forget(door: string): Write[] {
    return this.#row(door).wrong === 0 ? [] : [{ del: keyOf(door) }]
  }

  #row(door: string): Row {
    const bytes = this.#node.store.get(keyOf(door))
    const decoded = bytes === undefined ? null : decode(bytes)
    const kept = decoded?.ok ? rowField.read(decoded.value) : undefined
    return this.#underWay.get(door) ?? kept ?? { wrong: 0, last: 0 }
  }
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
