/** How many seeds does every test run try? The long runs are `npm run sim`. */

import { expect, test } from 'vitest'
import { runSeed } from './run-seed.ts'

/** Seeds of one file, in blocks of one test each. */
const BLOCKS = 16
const BLOCK = 20

export function seedsTest(half: 'odd' | 'even'): void {
  const first = half === 'odd' ? 1 : 2
  test.each(Array.from({ length: BLOCKS }, (_, block) => first + block * BLOCK * 2))(
    '[SIM-2] [SIM-3] [SIM-4] every second seed from %i: nothing is lost under any fault, all comes to rest, both judges agree',
    async (from) => {
      const failed: string[] = []
      for (let seed = from; seed < from + BLOCK * 2; seed += 2) {
        const { violations } = await runSeed(String(seed))
        if (violations.length > 0) failed.push(`npm run sim -- --seed ${seed}: ${violations.join('; ')}`)
      }
      expect(failed).toEqual([])
    },
  )
}
