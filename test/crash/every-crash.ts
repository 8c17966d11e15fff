/** Which crashes does every test run try? All of one machine, and a share of those of two; `npm run crash` tries all. */

import { expect, test } from 'vitest'
import { emptyClaims } from './rows.ts'
import { SCENARIOS } from './scenarios.ts'
import { addTally, counted, crashedAt, emptyTally, replayLine } from './sweep.ts'

/** Of the crashes of two machines every so manieth. */
const EACH = 6
/** A scenario takes seconds; this ends one that hangs on a machine with other work to do. */
const HANG_MS = 240_000

/** Two files share the scenarios, so that both cores have work. */
export function crashTests(half: 'even' | 'odd'): void {
  const mine = SCENARIOS.filter((_, i) => i % 2 === (half === 'even' ? 0 : 1))
  test.each(mine)(
    '[SIM-7] $name: a crash at every durable write, before, lost and after, costs nobody an hour',
    async (scenario) => {
      const run = await counted(scenario)
      expect(run.violations).toEqual([])
      const tally = emptyTally()
      for (const [bank, many] of run.writes.entries())
        for (let write = 1; write <= many; write++)
          addTally(tally, await crashedAt(scenario, { bank, write }, { each: EACH }))
      expect(tally.failures.map((one) => `${replayLine(one)}: ${one.violations.join('; ')}`)).toEqual([])
      const writes = run.writes.reduce((sum, many) => sum + many, 0)
      expect(writes).toBeGreaterThan(0)
      expect(tally.alone).toBe(3 * writes)
      expect(tally.covered).toBe(tally.alone + tally.pairs)
      expect(emptyClaims(scenario.rows, tally.coverage)).toEqual([])
    },
    HANG_MS,
  )
}
