/** Bounds on what a neighbour may make us write. */
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { Allowances } from '../../src/node/allowance.ts'
import { runSeed } from '../sim/run-seed.ts'

const bank = new Uint8Array(20).fill(7)

test('[LINE-11] what was spent stays spent when the bank is forgotten and comes again', () => {
  const allowances = new Allowances()
  for (let i = 0; i < LIMITS.fruitlessEntriesPerDay; i++) expect(allowances.of(bank).take(5)).toBe(true)
  allowances.forget(bank)
  expect(allowances.of(bank).take(6)).toBe(false)
  expect(allowances.of(new Uint8Array(20)).left(6)).toBe(true)
  expect(allowances.of(bank).left(86_406)).toBe(true)
})

test('[LINE-11] a liar whose line is closed and made anew gets no second thousand of entries (seed 2348)', async () => {
  expect((await runSeed('2348')).violations).toEqual([])
})
