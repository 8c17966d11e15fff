import { describe, expect, test } from 'vitest'
import { Coverage } from './coverage.ts'
import { LIES, LIES_WAITING, rowsUntold } from './liar-lies.ts'
import { runSeed } from './run-seed.ts'

/** Worlds with a bank that signs whatever it likes, and with one that runs the real node and lies around it. */
const WORLDS = [
  ...Array.from({ length: 16 }, (_, i) => ['scripted', `liar ${i + 1}`] as const),
  ...Array.from({ length: 7 }, (_, i) => ['twisted', `twins ${i + 1}`] as const),
]

const met = new Coverage()

describe('a bank that lies', () => {
  test.each(WORLDS)(
    '[BYZ-1] [BYZ-2] [BYZ-4] [BYZ-5] [BYZ-6] [FORK-6] %s, %s: nobody honest loses, stops or is blamed',
    async (liar, seed) => {
      const report = await runSeed(seed, { liar })
      met.add(report.coverage)
      expect(report.violations).toEqual([])
    },
  )

  test('[SIM-2] together they have told every kind of lie there is', () => {
    expect(rowsUntold(met.counts)).toEqual([])
  })

  test('[BYZ-2] they were noticed: lines were paused, breaches reported, BUSY said, and the audit found them', () => {
    for (const reaction of [
      'line frozen by evidence',
      'breach',
      'credited the liar',
      'liar found by the audit',
    ])
      expect([reaction, met.counts[`reaction: ${reaction}`] ?? 0]).not.toEqual([reaction, 0])
  })

  test('[SIM-2] what cannot be told yet names what it waits for, and is not counted', () => {
    const rows = new Set<string>(LIES.map(({ row }) => row))
    expect(LIES_WAITING.filter(({ row, feature }) => rows.has(row) || feature.length === 0)).toEqual([])
  })
})
