/** Does the search find everything there is, and the shortest way to what must not be? */

import { describe, expect, test } from 'vitest'
import { explore, Impossible, type Model, type Step } from './explore.ts'

interface Two {
  readonly a: number
  readonly b: number
}

/** Two counters up to `most`; either may grow, and `b` may fall back to nothing. */
function counters(most: number, rest: Partial<Model<Two>> = {}): Model<Two> {
  return {
    name: 'counters',
    start: { a: 0, b: 0 },
    *steps({ a, b }): Generator<Step<Two>> {
      if (a < most) yield { by: 'A', kind: 'hear', what: 'a grows', to: { a: a + 1, b } }
      if (b < most) yield { by: 'B', kind: 'hear', what: 'b grows', to: { a, b: b + 1 } }
      if (b > 0) yield { by: 'B', kind: 'crash', what: 'b falls', to: { a, b: 0 } }
      yield { by: 'B', kind: 'hear', what: 'nothing', to: { a, b } }
    },
    rules: [],
    goals: [],
    ...rest,
  }
}

describe('[SIM-9] the explorer', () => {
  test('[SIM-9] finds every state and every step between them, once', () => {
    const { states, transitions, depth, unsafe, stuck } = explore(counters(3))
    expect({ states, depth, unsafe, stuck }).toEqual({ states: 16, depth: 6, unsafe: null, stuck: [] })
    // 12 ways for `a` to grow, 12 for `b`, 12 for `b` to fall; what changes nothing is no step.
    expect(transitions).toBe(36)
  })

  test('[SIM-9] tells the shortest run to a broken rule', () => {
    const rules = [
      { name: 'never 2 and 1', broken: ({ a, b }: Two) => (a === 2 && b === 1 ? 'it is' : null) },
    ]
    const { unsafe } = explore(counters(3, { rules }))
    expect(unsafe?.rule).toBe('never 2 and 1')
    expect([...(unsafe?.trace ?? [])].sort()).toEqual(['A: a grows', 'A: a grows', 'B: b grows'])
  })

  test('[SIM-9] tells the nearest state from which a goal is out of reach', () => {
    const goal = { name: 'b is nothing', reached: ({ b }: Two) => b === 0, uses: () => true }
    expect(explore(counters(2, { goals: [goal] })).stuck).toEqual([])
    const sober = { ...goal, uses: ({ kind }: Step<Two>) => kind !== 'crash' }
    expect(explore(counters(2, { goals: [sober] })).stuck.map(({ trace }) => trace)).toEqual([['B: b grows']])
    const seldom = { ...sober, from: ({ a, b }: Two) => a === 2 && b > 0 }
    expect(explore(counters(2, { goals: [seldom] })).stuck[0]?.trace).toHaveLength(3)
  })

  test('[SIM-9] a step that contradicts its own tables is a failure with its run', () => {
    const model = counters(3)
    const steps = function* (state: Two): Generator<Step<Two>> {
      if (state.a === 2) throw new Impossible('the ledger refuses it')
      yield* model.steps(state)
    }
    expect(explore({ ...model, steps }).unsafe).toMatchObject({
      why: 'the ledger refuses it',
      trace: ['A: a grows', 'A: a grows'],
    })
  })
})
