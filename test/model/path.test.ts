/** Do honest neighbours on a path of three to seven banks agree, whoever else lies? */

import { describe, expect, test } from 'vitest'
import { FORWARDS, PATHS } from './catalogue.ts'
import { HOP, type HopState } from './hop.ts'

describe('[SIM-9] every state of a path, on the table of a hop', () => {
  test.each(PATHS)(
    '[L1] [L2] [L3] [L4] [L5] [HOP-2] [HOP-4] [HOP-8] [BYZ-2] [BYZ-3] [KILL-8] $name',
    ({ run }) => {
      const { unsafe, stuck, states } = run()
      expect({ unsafe, stuck }).toEqual({ unsafe: null, stuck: [] })
      expect(states).toBeGreaterThan(100)
    },
  )

  test.each(FORWARDS)('[LINE-3] [LINE-5] $name', ({ run }) => {
    const { unsafe, stuck } = run()
    expect({ unsafe, stuck }).toEqual({ unsafe: null, stuck: [] })
  })

  test('[PAY-18] every state of the table has a way out, or reserves nothing', () => {
    const reserving: readonly HopState[] = ['offered']
    for (const state of reserving)
      expect(Object.values(HOP[state]).some(({ next }) => next !== state)).toBe(true)
  })
})
