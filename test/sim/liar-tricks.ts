/**
 * What does a bank that lies do when nobody asked it for anything? Offers and postings as any bank sends them, so that
 * there is something to lie about, and tricks: each says whether it could be played now.
 */

import type { Trick } from './liar-lies.ts'
import { type Play, posted } from './liar-plays.ts'
import type { ScriptedLiar } from './liar-scripted.ts'
import { bankTricks } from './liar-tricks-bank.ts'
import { paymentTricks } from './liar-tricks-payments.ts'

interface Act {
  /** Null: no lie. */
  readonly name: Trick | null
  readonly play: Play
  /** How often it is drawn against the others. */
  readonly weight: number
}

const tricks: Partial<Record<Trick, Play>> = { ...bankTricks, ...paymentTricks }

/** Tricks that are drawn less often than the others: they end sessions, or are much work. */
const RARE: ReadonlySet<Trick> = new Set<Trick>([
  'bad signature',
  'entry under no head',
  'unknown message',
  'largest frame',
  'many small frames',
  'falls silent',
  'goes on in a fork',
  'rewrites its log',
  'head of a fork',
  'proof that does not fit',
])

const honestly: readonly Act[] = [
  {
    name: null,
    weight: 70,
    play: (liar, victim) => {
      victim.say([liar.offer(victim, liar.order(victim))])
      return true
    },
  },
  {
    name: null,
    weight: 40,
    play: (liar, victim) => {
      posted(liar, victim, liar.order(victim, { postal: true }))
      return true
    },
  },
]

const FLOOD: Trick = 'more inventions than a day allows'

const ACTS: readonly Act[] = [
  ...honestly,
  ...(Object.entries(tricks) as [Trick, Play][]).map(([name, play]) => ({
    name,
    play,
    weight: name === FLOOD || name === "decides others' payments" ? 12 : RARE.has(name) ? 1 : 4,
  })),
]

/** What the liar does next, if it can. */
export function drawnTrick({ dice, floods }: ScriptedLiar): Act {
  for (;;) {
    let at = dice.below(ACTS.reduce((sum, { weight }) => sum + weight, 0))
    for (const act of ACTS) {
      at -= act.weight
      if (at >= 0) continue
      // Thousands of entries are for a few worlds only.
      if (act.name === FLOOD && floods <= 0) break
      return act
    }
  }
}
