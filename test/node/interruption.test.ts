/** How long does a question wait for a session that broke off? No longer than the limit, and never for one that was not up. */

import { expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { Interruption } from '../../src/node/interruption.ts'

/** A clock that stands, and the waits that were asked of it, in milliseconds. */
function standing() {
  const waits: { milliseconds: number; run: () => void }[] = []
  const clock = {
    seconds: 100,
    now: () => 0,
    uptime: (): number => clock.seconds,
    after: (milliseconds: number, run: () => void) => {
      const wait = { milliseconds, run }
      waits.push(wait)
      return () => void waits.splice(waits.indexOf(wait), 1)
    },
  }
  return { clock, waits }
}

test('nobody waits for a session that was never up, or has been away for longer', async () => {
  const { clock, waits } = standing()
  const interruption = new Interruption(clock)
  await interruption.wait()
  interruption.began()
  clock.seconds += LIMITS.interruptionSeconds
  await interruption.wait()
  expect(waits).toEqual([])
})

test('all who wait go on when it is over, and leave no wait behind', async () => {
  const { clock, waits } = standing()
  const interruption = new Interruption(clock)
  interruption.began()
  clock.seconds += 2
  const both = [interruption.wait(), interruption.wait()]
  const left = (LIMITS.interruptionSeconds - 2) * 1_000
  expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([left, left])
  interruption.over()
  await Promise.all(both)
  expect(waits).toEqual([])
  await interruption.wait()
})

test('one that lasts is waited for no longer than the limit', async () => {
  const { clock, waits } = standing()
  const interruption = new Interruption(clock)
  interruption.began()
  const waited = interruption.wait()
  waits[0]?.run()
  await waited
  expect(waits).toEqual([])
})
