/** Is what comes from one place counted, however it comes, and never more kept than the bound? */
import { afterEach, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { accept, type Outcome } from '../../src/core/refusal.ts'
import { type Rate, Rates } from '../../src/register/rates.ts'
import { privateRange } from '../../src/store/keyspace.ts'
import { ok } from '../node/town.ts'
import { contentOf, type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

const rate = (name: string, more: Partial<Rate> = {}): Rate => ({
  ...{ name, atOnce: 3, seconds: 60, refusal: 'tried_too_often' as const },
  ...more,
})

async function counting() {
  const bank = await openLoneBank()
  open.push(bank)
  let rates = await Rates.open(bank.node)
  const commit = (write: () => ReturnType<Rates['take']>): Promise<Outcome<unknown>> =>
    bank.node.commit(() => {
      const rows = write()
      return rows.ok ? accept({ entries: [], rows: rows.value, value: null }) : rows
    })
  return {
    bank,
    take: (...places: Rate[]) => commit(() => rates.take(places, bank.clock.now())),
    back: (...places: Rate[]) => commit(() => accept(rates.giveBack(places))),
    forget: () => commit(() => accept(rates.forgotten(bank.clock.now()))),
    restart: async () => {
      await bank.restart()
      rates = await Rates.open(bank.node)
    },
  }
}

const waits = (outcome: Outcome<unknown>): unknown => (outcome.ok ? null : outcome.refusal.facts.waitSeconds)

test('[SIGN-12] so many at once, then one in each while, over a restart as well', async () => {
  const { bank, take, restart } = await counting()
  for (let i = 0; i < 3; i++) ok(await take(rate('a')))
  expect(waits(await take(rate('a')))).toBe(60)
  await restart()
  expect(waits(await take(rate('a')))).toBe(60)
  ok(await take(rate('b')))
  bank.clock.offset += 60
  ok(await take(rate('a')))
  expect(waits(await take(rate('a')))).toBe(60)
  bank.clock.offset += 180
  for (let i = 0; i < 3; i++) ok(await take(rate('a')))
  expect(waits(await take(rate('a')))).toBe(60)
})

test('[SIGN-12] one place that is full counts nothing at the others, and what is given back counts nowhere', async () => {
  const { take, back } = await counting()
  for (let i = 0; i < 3; i++) ok(await take(rate('full')))
  for (let i = 0; i < 9; i++) expect(waits(await take(rate('other'), rate('full')))).toBe(60)
  for (let i = 0; i < 9; i++) {
    ok(await take(rate('other')))
    ok(await back(rate('other')))
  }
  for (let i = 0; i < 3; i++) ok(await take(rate('other')))
  expect(waits(await take(rate('other')))).toBe(60)
})

test('[SIGN-12] places are kept as hashes, go when they count no more, and are never more than the bound', async () => {
  const { bank, take, forget } = await counting()
  const rows = async (): Promise<number> => {
    expect(await contentOf(bank.store)).not.toContain('81.2.69.')
    let found = 0
    for await (const page of bank.store.pages(privateRange('rate'), 1_000)) found += page.length
    return found
  }
  for (let i = 0; i < 50; i++) ok(await take(rate(`81.2.69.${i}`)))
  expect(await rows()).toBe(50)
  bank.clock.offset += 61
  ok(await forget())
  expect(await rows()).toBe(0)
  const many = Array.from({ length: LIMITS.placesCounted + 20 }, (_, i) => rate(`place ${i}`))
  for (const place of [many.slice(0, 20), many.slice(20)]) ok(await take(...place))
  ok(await forget())
  expect(await rows()).toBe(LIMITS.placesCounted)
})
