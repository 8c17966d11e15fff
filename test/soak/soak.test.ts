import { expect, test } from 'vitest'
import { build } from '../cli/program.ts'
import { runSoak } from './soak.ts'
import { tableOfSoak } from './summary.ts'

const KILLS = 10
const HANG_GUARD_SECONDS = 240

test(`[PAY-1] [PAY-4] [PAY-17] three banks under ${KILLS} kills, a stopped process and cut connections: every payment ends, nothing is found`, {
  timeout: 2 * HANG_GUARD_SECONDS * 1_000,
}, async () => {
  await build()
  const result = await runSoak({
    seed: 7,
    weather: {
      seconds: 12,
      kills: KILLS,
      stopGap: [2, 4],
      stopLong: [1, 4],
      networkGap: [0.5, 2],
      stallLong: [0.2, 2],
      diskGap: [60, 60],
    },
    desksPerBank: 3,
    thinkMs: 300,
    disk: 'none',
    guardSeconds: HANG_GUARD_SECONDS,
    folders: 'kept_after_trouble',
    say: () => undefined,
  })
  console.log(tableOfSoak(result))
  expect(result.troubles, `everything lies in ${result.folder}`).toEqual([])
  const sum = (counts: readonly number[]): number => counts.reduce((total, one) => total + one, 0)
  expect(sum(result.banks.map((bank) => bank.kills))).toBeGreaterThanOrEqual(KILLS)
  expect(sum(result.banks.map((bank) => bank.pauses))).toBeGreaterThan(0)
  expect(result.faults.cuts).toBeGreaterThan(0)
  expect(result.restSeconds).not.toBeNull()
  expect(result.judgement?.findings).toBe(0)
  expect(result.judgement?.ends.paid).toBeGreaterThan(KILLS)
})
