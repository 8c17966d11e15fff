/**
 * What does somebody do whom a bank does not answer? Ask again, the same question, once the bank is back: a process
 * that died owes its answer for ever, and "try again later" is none.
 */

import { type Outcome, type RefusalCode, refuse } from '../../src/core/refusal.ts'
import type { Node } from '../../src/node/node.ts'
import type { Process } from '../sim/process.ts'
import type { Town, World } from '../sim/world.ts'

/** Answers that say "not now": whoever gets one comes again. */
const NOT_NOW: ReadonlySet<RefusalCode> = new Set([
  'log_behind_guard',
  'log_behind_neighbour',
  'start_waits',
  'clock_unsure',
  'disk_low',
  'too_busy',
  'neighbour_away',
])

const PATIENCE_MS = 1_000

export interface Ask<T = unknown> {
  readonly town: Town
  readonly what: string
  /** The bank's last word; null while there is none. */
  readonly answer: Outcome<T> | null
  /** Code of a "not now" that came meanwhile. */
  readonly putOff: RefusalCode | null
}

interface OpenAsk<T = unknown> extends Ask<T> {
  answer: Outcome<T> | null
  putOff: RefusalCode | null
}

export class Asks {
  readonly all: Ask[] = []
  readonly #world: World
  #over = false

  constructor(world: World) {
    this.#world = world
  }

  /** Puts a question to a bank until it is answered. It is put again as it is, so it must mean the same each time. */
  put<T>(town: Town, what: string, question: (node: Node) => Promise<Outcome<T>>): Ask<T> {
    const ask: OpenAsk<T> = { town, what, answer: null, putOff: null }
    this.all.push(ask)
    let askedOf: Process | null = null
    const again = (): void => {
      if (this.#over || ask.answer !== null) return
      this.#world.agenda.after(PATIENCE_MS, again)
      const { node, process } = town.bank
      if (node === null || process === askedOf) return
      askedOf = process
      question(node)
        .catch(() => refuse('too_busy'))
        .then((outcome) => {
          if (askedOf !== process) return
          if (outcome.ok || !NOT_NOW.has(outcome.refusal.code)) ask.answer = outcome
          else {
            ask.putOff = outcome.refusal.code
            askedOf = null
          }
        })
    }
    again()
    return ask
  }

  unanswered(): Ask[] {
    return this.all.filter(({ answer }) => answer === null)
  }

  end(): void {
    this.#over = true
  }
}
