import { afterEach, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { Tries } from '../../src/register/tries.ts'
import { refusalOf } from '../node/town.ts'
import { contentOf, type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function doors() {
  const bank = await openLoneBank()
  open.push(bank)
  const tries = new Tries(bank.node)
  const both = [() => tries.take('somebody'), () => tries.takeOfNobody('nobody at all')]
  return { bank, tries, both }
}

test('[SIGN-5] doors with and without somebody behind them wait and forget alike', async () => {
  const { bank, both } = await doors()
  for (const take of both) {
    for (let i = 0; i < LIMITS.guesses; i++) expect((await take()).ok).toBe(true)
    expect(refusalOf(await take())).toBe('tried_too_often')
  }
  for (const seconds of [60, 120, LIMITS.guessWaitSeconds]) {
    bank.clock.offset += seconds
    for (const take of both) expect([(await take()).ok, (await take()).ok]).toEqual([true, false])
  }
  bank.clock.offset += LIMITS.guessesKeptSeconds + 1
  for (const take of both) {
    for (let i = 0; i < LIMITS.guesses; i++) expect((await take()).ok).toBe(true)
    expect(refusalOf(await take())).toBe('tried_too_often')
  }
})

test('[SIGN-5] any number of doors with nobody behind them takes one row, and bounded memory', async () => {
  const { bank, tries } = await doors()
  await tries.takeOfNobody('first')
  const rows = (await contentOf(bank.store)).split('\n').length
  for (let i = 1; i < LIMITS.guesses; i++) await tries.takeOfNobody('first')
  for (let from = 0; from < LIMITS.strangersDoors; from += 1_000)
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => tries.takeOfNobody(`${from + i}`)))
  expect(Math.abs((await contentOf(bank.store)).split('\n').length - rows)).toBeLessThan(3)
  // The longest untried was forgotten, and the newest was not.
  expect((await tries.takeOfNobody('first')).ok).toBe(true)
  expect((await tries.takeOfNobody('first')).ok).toBe(true)
  const newest = `${LIMITS.strangersDoors - 1}`
  for (let i = 1; i < LIMITS.guesses; i++) await tries.takeOfNobody(newest)
  expect(refusalOf(await tries.takeOfNobody(newest))).toBe('tried_too_often')
})
