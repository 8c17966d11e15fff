/**
 * Why are forwarded minutes firm only once the receipt is held? A hop's line to the bank before it, as counters: minutes
 * come in to be passed on and may still be given back, and what is firm of them makes room for own postings ([LINE-3]).
 */

import { freshSide, lineOf } from './bank.ts'
import type { Model, Step } from './explore.ts'
import { type Line, ROOM } from './tables.ts'

interface Counters {
  /** Own postings to the neighbour. */
  readonly out: number
  /** Minutes that came in directly, and forwarded ones by what became of them. */
  readonly direct: number
  readonly posted: number
  readonly done: number
}

export interface ForwardSetting {
  readonly limitOut: number
  readonly limitIn: number
  /** From when incoming forwarded minutes make room: `receipt` is the rule, `once` the mistake. */
  readonly firm: 'receipt' | 'once'
  /** Postings either way in one run; bounds the model. */
  readonly most: number
}

/** The line as the program counts it, with only so many incoming minutes booked. */
function lineWith({ limitOut, limitIn }: ForwardSetting, counters: Counters, booked: number): Line {
  const side = freshSide(limitOut, limitIn)
  side.out.sum = counters.out
  side.in.sum = booked
  side.receipted = counters.out
  return lineOf(side)
}

export function forwardModel(name: string, setting: ForwardSetting): Model<Counters> {
  const { limitOut, limitIn, firm, most } = setting
  const coming = ({ direct, posted, done }: Counters): number => direct + posted + done
  const owed = (at: Counters): number => ROOM.clearing(lineWith(setting, at, coming(at)))
  return {
    name,
    start: { out: 0, direct: 0, posted: 0, done: 0 },
    *steps(at): Generator<Step<Counters>> {
      const take = (what: string, to: Counters): Step<Counters> => ({ by: 'H', kind: 'hear', what, to })
      const counted = firm === 'once' ? coming(at) : at.direct + at.done
      if (at.out < most && ROOM.roomToSend(lineWith(setting, at, counted)) >= 1)
        yield take('posts a minute of its own', { ...at, out: at.out + 1 })
      if (coming(at) < most && ROOM.roomToReceive(lineWith(setting, at, coming(at))) >= 1) {
        yield take('books a direct minute', { ...at, direct: at.direct + 1 })
        yield take('posts a minute on, both legs', { ...at, posted: at.posted + 1 })
      }
      if (at.posted > 0) {
        yield take('holds the receipt of one', { ...at, posted: at.posted - 1, done: at.done + 1 })
        yield take('gives one back', { ...at, posted: at.posted - 1 })
      }
    },
    rules: [
      {
        name: '[LINE-5] nobody owes more than its limit',
        broken: (at) =>
          owed(at) > limitOut || -owed(at) > limitIn
            ? `owes ${owed(at)}, limits ${limitOut} and ${limitIn}`
            : null,
      },
    ],
    goals: [
      {
        name: '[LINE-6] every wait can clear',
        reached: (at) => at.posted === 0,
        uses: () => true,
      },
    ],
  }
}
