/** Can a bank that crashed, lost its guard or got an older folder back ever sign a second history? */

import { describe, expect, test } from 'vitest'
import { STARTS } from './start-settings.ts'

describe('[SIM-9] every state of a start, on the gate of the program', () => {
  test.each(STARTS)('[R8] [CRASH-5] [CRASH-7] [CRASH-9] $name', ({ run }) => {
    const { unsafe, stuck, states } = run()
    expect({ unsafe, stuck }).toEqual({ unsafe: null, stuck: [] })
    expect(states).toBeGreaterThan(500)
  })
})
