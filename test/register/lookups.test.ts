/** May one member use up what the whole bank may ask, or write somebody else's name under a neighbour's answer? */
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { accept, refuse } from '../../src/core/refusal.ts'
import { Lookups } from '../../src/register/lookups.ts'

const [ada, bo] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)]

function lookups(): { made: Lookups; clock: { passed: number } } {
  const clock = { passed: 0 }
  const random = { bytes: (length: number) => new Uint8Array(length).fill(9) }
  const made = new Lookups({ clock: { uptime: () => clock.passed } as never, random })
  return { made, clock }
}

test('after so many wrong codes in a day a member is not asked for any more, and others are', async () => {
  const { made, clock } = lookups()
  let asked = 0
  const wrong = async () => {
    asked += 1
    return refuse('request_unknown')
  }
  for (let i = 0; i < LIMITS.failedLookupsPerDay; i++)
    expect(await made.ask(ada, wrong)).toMatchObject({ ok: false, refusal: { code: 'request_unknown' } })
  clock.passed += 3_600
  expect(await made.ask(ada, wrong)).toMatchObject({
    ok: false,
    refusal: { code: 'asked_too_often', facts: { retrySeconds: 23 * 3_600 } },
  })
  expect(asked).toBe(LIMITS.failedLookupsPerDay)
  expect((await made.ask(bo, async () => accept(1))).ok).toBe(true)
  clock.passed += 23 * 3_600
  expect((await made.ask(ada, async () => accept(1))).ok).toBe(true)
})

test('what was found, and a bank that is away, count for nothing', async () => {
  const { made } = lookups()
  for (let i = 0; i < 50; i++) {
    expect((await made.ask(ada, async () => accept(1))).ok).toBe(true)
    const away = await made.ask(ada, async () => refuse('neighbour_away'))
    expect(away).toMatchObject({ refusal: { code: 'neighbour_away' } })
  }
})

test('a seal is for exactly these words, and for this run of the program', () => {
  const { made } = lookups()
  const seal = made.seal(['Bo M.', 7])
  expect(made.isSealed(['Bo M.', 7], seal)).toBe(true)
  expect(made.isSealed(['Bo M.', 8], seal)).toBe(false)
  expect(made.isSealed(['Mayor Smith', 7], seal)).toBe(false)
  for (const forged of ['', seal.slice(2), `${seal}00`, 'x'.repeat(64), '0'.repeat(64)])
    expect(made.isSealed(['Bo M.', 7], forged)).toBe(false)
  const random = { bytes: (length: number) => new Uint8Array(length).fill(8) }
  const other = new Lookups({ clock: { uptime: () => 0 } as never, random })
  expect(other.isSealed(['Bo M.', 7], seal)).toBe(false)
})
