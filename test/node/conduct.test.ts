/** Is a peer that sends bad bytes again and again left outside for a while, and let in after that? */

import { describe, expect, test } from 'vitest'
import { Conduct } from '../../src/node/conduct.ts'

const HOUR = 3_600

describe('[ADMIT-6] a peer that sends bad bytes', () => {
  test.each([
    ['stranger', HOUR],
    ['partner', 60],
  ] as const)('a %s is shut out after three sessions in an hour, for %i seconds', (role, seconds) => {
    const conduct = new Conduct()
    expect([0, 10, 20].map((at) => conduct.misbehaved('a', at, role))).toEqual([false, false, true])
    expect(conduct.isShut('a', 20 + seconds - 1)).toBe(true)
    expect(conduct.isShut('a', 20 + seconds)).toBe(false)
    expect(conduct.isShut('b', 21)).toBe(false)
  })

  test('it is heard when the three lie over more than an hour, and starts anew after it was shut out', () => {
    const conduct = new Conduct()
    const times = [0, 10, HOUR + 5].map((at) => conduct.misbehaved('a', at, 'stranger'))
    expect(times).toEqual([false, false, false])
    expect(conduct.misbehaved('a', HOUR + 6, 'stranger')).toBe(true)
    expect(conduct.misbehaved('a', 3 * HOUR, 'stranger')).toBe(false)
  })
})
