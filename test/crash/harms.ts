/**
 * What does a script do to single messages? It loses the frames that carry them, doubles them, lets others overtake
 * them, or withholds the message alone. Each is counted as the simulator's seeds count what chance does.
 */

import { decodeFrame, encodeFrame, type MessageName } from '../../src/peer/messages.ts'
import type { Fate } from '../sim/sim-network.ts'
import type { Town, World } from '../sim/world.ts'

/** What a script does to the frames that carry a message. */
export interface Harm {
  readonly from: Town
  readonly messages: readonly MessageName[]
  /** `withheld`: the frame comes without these messages, as if they had not been sent yet. */
  readonly fate: 'lost' | 'doubled' | 'withheld' | { readonly late: number }
  /** How many frames; all of them until `calm` unless said otherwise. */
  readonly times?: number
}

interface Begun {
  readonly harm: Harm
  left: number
  /** Something is missing in the connections it has met. */
  swallowed: boolean
}

/** Milliseconds after its last lost frame in which a connection breaks. */
const BREAKS_MS = 500

export class Harms {
  readonly #world: World
  readonly #begun: Begun[] = []

  constructor(world: World) {
    this.#world = world
    world.network.script = (from, _to, frame) => this.#fateOf(from, frame)
  }

  add(harm: Harm): void {
    this.#begun.push({ harm, left: harm.times ?? Number.POSITIVE_INFINITY, swallowed: false })
  }

  /**
   * Nothing is harmed any more. A connection that swallowed what is said once, or let frames overtake others, breaks
   * at last: inside one that lives on, nothing is ever missing.
   */
  end(): void {
    for (const { harm, swallowed } of this.#begun) if (swallowed) this.#hangUp(harm.from)
    this.#begun.length = 0
  }

  #fateOf(from: string, bytes: Uint8Array): Fate | null {
    if (this.#begun.length === 0) return null
    const read = decodeFrame(bytes)
    if (!read.ok) return null
    const { frame } = read
    for (const begun of this.#begun) {
      const { messages, fate } = begun.harm
      const met = messages.filter((name) => frame.messages.some((message) => message.name === name))
      if (begun.left <= 0 || begun.harm.from.bank.peerId !== from || met.length === 0) continue
      this.#note(begun, met)
      if (fate !== 'withheld') return fate
      const others = frame.messages.filter(({ name }) => !messages.includes(name))
      return { instead: encodeFrame({ ...frame, messages: others }) }
    }
    return null
  }

  #note(begun: Begun, met: readonly MessageName[]): void {
    const { coverage, agenda } = this.#world
    const { fate, from } = begun.harm
    begun.left -= 1
    // A held offer is said again in one session, and its promise with it; a question is asked once.
    if (fate !== 'doubled' && (fate !== 'withheld' || met.includes('ask'))) begun.swallowed = true
    if (begun.left === 0 && fate === 'lost') agenda.after(BREAKS_MS, () => this.#hangUp(from))
    for (const name of met) coverage.met(`frame ${wordOf(fate)}: ${name}`)
  }

  #hangUp(town: Town): void {
    const { network, towns } = this.#world
    for (const other of towns) if (other !== town) network.hangUp(town.bank.peerId, other.bank.peerId)
  }
}

/** As the simulator's seeds count it. */
function wordOf(fate: Harm['fate']): string {
  if (typeof fate !== 'string') return 'overtaken'
  return fate === 'withheld' ? 'lost' : fate
}
