import { describe, expect, test } from 'vitest'
import { claimants, emptyClaims, ROWS, unknownRows, unmetRows } from './rows.ts'
import { type Crash, play } from './run.ts'
import { type Scenario, two } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { crashedAt } from './sweep.ts'

describe('the table of crash points', () => {
  test.each(ROWS)('[SIM-7] $row: a scenario plays it', ({ row }) => {
    expect(claimants(row)).not.toEqual([])
  })

  test('no scenario claims a row that is not there, and no two have one name', () => {
    expect(unknownRows()).toEqual([])
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
  })

  test('a row that no run has met is named', () => {
    expect(unmetRows({})).toEqual(ROWS.map(({ row }) => row))
    expect(emptyClaims(['OFFER lost'], { 'frame lost: commit': 3 })).toEqual(['OFFER lost'])
  })
})

describe('what a run notices', () => {
  const direct = SCENARIOS.find(({ name }) => name === 'direct') as Scenario

  test('the same run twice is the same, crash and all', async () => {
    const crash: Crash = { bank: 0, write: 3, point: 'lost', second: { bank: 1, point: 'after' } }
    const [once, again] = [await play(direct, crash), await play(direct, crash)]
    expect(again).toEqual(once)
    expect(once.crashes).toBe(2)
  })

  test('a crash that does not happen is a failure', async () => {
    const tally = await crashedAt(direct, { bank: 0, write: 99 })
    expect(tally.failures).toHaveLength(3)
    expect(tally.covered).toBe(0)
  })

  test('an end that the scenario does not allow is a failure', async () => {
    const wrong: Scenario = {
      ...direct,
      name: 'wrong',
      play: async (stage) => {
        stage.pay(stage.harbour, stage.millbrook, 60, { ends: ['returned'] })
        await stage.settled()
      },
    }
    expect((await play(wrong, null)).violations).toEqual(['payment 1 ended as paid, not as returned'])
  })

  test('a bank that forgets what was durable is found by more than one judge', async () => {
    const forgets: Scenario = {
      name: 'forgets',
      shape: two(),
      rows: [],
      play: async (stage) => {
        const { harbour, millbrook } = stage
        const old = millbrook.bank.disk.copy()
        stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
        await stage.settled()
        stage.leave(millbrook)
        millbrook.bank.disk.putBack(old)
        millbrook.bank.disk.slots = [null, null]
        stage.comeBack(millbrook)
        await stage.pass(30)
      },
    }
    const { violations } = await play(forgets, null)
    expect(violations.length).toBeGreaterThan(0)
  })
})
