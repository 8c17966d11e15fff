import { describe, expect, test } from 'vitest'
import { Agenda } from './agenda.ts'
import { CRASH_TABLE, unmet } from './crash-table.ts'
import { Dice } from './dice.ts'
import { runSeed } from './run-seed.ts'
import { Seer } from './seer.ts'
import { World } from './world.ts'

describe('a simulated world', () => {
  test('[SIM-2] is a function of its seed: the same one twice, entry for entry; another one is another world', async () => {
    const [once, again, other] = [await runSeed('11'), await runSeed('11'), await runSeed('12')]
    expect(again).toEqual(once)
    expect(other.digest).not.toBe(once.digest)
  })

  test('things happen in the order of their times, and a leap makes them late, never lost', async () => {
    const agenda = new Agenda(new Dice('order'))
    const seen: string[] = []
    agenda.after(300, () => seen.push(`c at ${agenda.now}`))
    agenda.after(100, () => {
      seen.push(`a at ${agenda.now}`)
      agenda.after(50, () => seen.push(`b at ${agenda.now}`))
    })
    const cancel = agenda.after(120, () => seen.push('never'))
    cancel()
    await agenda.runUntil(200)
    agenda.leap(1_000)
    await agenda.runUntil(1_300)
    expect(seen).toEqual(['a at 100', 'b at 150', 'c at 1200'])
  })

  test('the judge who sees everything notices a second history', async () => {
    const world = new World('judge')
    await world.build({ banks: 2, members: 1, wires: [{ a: 0, b: 1, aMayOwe: 600, bMayOwe: 600 }] })
    expect(world.seer.violations).toEqual([])
    const { bank } = (world.towns[0] as World['towns'][number]).bank
    const seer = new Seer()
    seer.watch(bank, 'Harbour', true)
    const rows = (world.towns[0] as World['towns'][number]).bank.disk.rows
    const { entryRange, entryKey } = await import('../../src/store/keyspace.ts')
    const log = rows.rowsOf(entryRange(0))
    seer.committed(
      bank,
      log.map(([put, value]) => ({ put, value })),
    )
    expect(seer.violations).toEqual([])
    const [, third] = log[3] as (typeof log)[number]
    seer.committed(bank, [{ put: entryKey(0, 2), value: third }])
    expect(seer.violations.join()).toMatch(/second entry 2/)
  })

  test('a row of the crash table that is never met is named', () => {
    const counts = Object.fromEntries(
      CRASH_TABLE.slice(1).flatMap(({ counters }) => counters.map((one) => [one, 1])),
    )
    expect(unmet(CRASH_TABLE, counts)).toEqual([CRASH_TABLE[0]?.row])
  })
})
