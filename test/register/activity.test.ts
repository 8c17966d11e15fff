import { afterEach, describe, expect, test } from 'vitest'
import { GIFT } from '../../src/core/categories.ts'
import { Activity } from '../../src/register/activity.ts'
import { mergeFew, periodsOf, Tally } from '../../src/register/activity-parts.ts'
import { dayOf } from '../../src/register/calendar.ts'
import { takeBack } from '../../src/register/corrections.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { leaveBank } from '../../src/register/leaving.ts'
import { addMember } from '../../src/register/people.ts'
import { ok } from '../node/town.ts'
import { type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

const DAY = 86_400
const HOUR = 60

/** A bank of so many people; its clock stands at the tenth of May, so that a day has room before and after it. */
async function bankOf(count: number): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  const may = (dayOf('2031-05-10') ?? 0) * DAY
  bank.clock.offset += may - bank.clock.now()
  for (let i = 1; i <= count; i++)
    ok(await addMember(bank.node, bank.people, { name: `P${i}`, number: `H-${i}` }))
  return bank
}

async function helped(
  bank: LoneBank,
  helper: number,
  one: number,
  minutes = HOUR,
  category = 40,
): Promise<Uint8Array> {
  const help = { provider: `H-${helper}`, recipient: `H-${one}`, minutes, category }
  return ok(await recordHelp(bank.node, bank.people, help, bank.act)).id
}

describe('[REP-3] [PRIV-24] what everybody reads', () => {
  test('is nothing while fewer than five took part, and a total from five on', async () => {
    const bank = await bankOf(6)
    await helped(bank, 1, 2)
    await helped(bank, 3, 4)
    bank.clock.offset += DAY
    const few = await new Activity(bank.node).figures()
    expect(few).toMatchObject({ yearMinutes: null, periods: [], people: { least: null, most: null } })
    await helped(bank, 5, 1, 90)
    bank.clock.offset += DAY
    const enough = await new Activity(bank.node).figures()
    expect(enough.yearMinutes).toBe(3.5 * HOUR)
    expect(enough.people).toEqual({ least: 5, most: 9 })
    // April had nobody, and nobody is found in nothing; May has all.
    expect(enough.periods.map(({ kind, minutes }) => [kind, minutes])).toEqual([
      ...[1, 2, 3, 4].map(() => ['month', 0]),
      ['month', 3.5 * HOUR],
    ])
  })

  test('counts a day once it is over, and is made once a day', async () => {
    const bank = await bankOf(6)
    for (const [a, b] of [
      [1, 2],
      [3, 4],
      [5, 6],
    ] as const)
      await helped(bank, a, b)
    const activity = new Activity(bank.node)
    expect((await activity.figures()).yearMinutes).toBeNull()
    bank.clock.offset += DAY
    const figures = await activity.figures()
    expect(figures.yearMinutes).toBe(3 * HOUR)
    await helped(bank, 1, 3)
    expect(await activity.figures()).toBe(figures)
    // A restart shows the same.
    expect(await new Activity(bank.node).figures()).toEqual(figures)
  })

  test('leaves out what was taken back, gifts, and what somebody leaves to the pot', async () => {
    const bank = await bankOf(6)
    for (const [a, b] of [
      [1, 2],
      [3, 4],
      [5, 6],
    ] as const)
      await helped(bank, a, b)
    const wrong = await helped(bank, 1, 2, 500)
    ok(await takeBack(bank.node, bank.people, { record: wrong }, bank.act))
    await helped(bank, 1, 3, 30, GIFT)
    ok(await leaveBank(bank.node, bank.people, 'H-5', bank.act, null))
    bank.clock.offset += DAY
    expect((await new Activity(bank.node).figures()).yearMinutes).toBe(3 * HOUR)
  })

  test('goes back a year for people, and to the new year for hours', async () => {
    const bank = await bankOf(6)
    for (const [a, b] of [
      [1, 2],
      [3, 4],
      [5, 6],
    ] as const)
      await helped(bank, a, b)
    bank.clock.offset += 300 * DAY
    const later = await new Activity(bank.node).figures()
    expect(later).toMatchObject({ yearMinutes: null, people: { least: 5 } })
    bank.clock.offset += 66 * DAY
    expect((await new Activity(bank.node).figures()).people.least).toBeNull()
  })

  test('reads a log of many slices', async () => {
    const bank = await bankOf(6)
    for (let i = 0; i < 520; i++) await helped(bank, 1 + (i % 5), 6, 1)
    bank.clock.offset += DAY
    expect((await new Activity(bank.node).figures()).yearMinutes).toBe(520)
  })
})

describe('[PRIV-24] parts of a year', () => {
  const year = dayOf('2031-01-01') ?? 0
  const day = dayOf('2031-08-20') ?? 0
  const [FEW, ENOUGH] = [
    [1, 2, 3, 4],
    [1, 2, 3, 4, 5],
  ]
  function told(people: Readonly<Record<number, readonly number[]>>): string[] {
    const tally = new Tally(year)
    for (const [month, who] of Object.entries(people))
      tally.add(dayOf(`2031-${month.padStart(2, '0')}-03`) ?? 0, 10, who)
    return periodsOf(tally, day, 5).periods.map(
      ({ kind, from, minutes }) => `${kind} ${from - year} ${minutes}`,
    )
  }
  const all = { 1: ENOUGH, 2: ENOUGH, 3: ENOUGH, 4: ENOUGH, 5: ENOUGH, 6: ENOUGH, 7: ENOUGH, 8: ENOUGH }

  test('are months where each has enough people', () => {
    expect(told(all)).toHaveLength(8)
  })

  test('a quarter with a small month is told whole, so that the month is not what is left over', () => {
    expect(told({ ...all, 5: FEW })).toEqual([
      ...['month 0 10', 'month 31 10', 'month 59 10'],
      'quarter 90 30',
      ...['month 181 10', 'month 212 10'],
    ])
  })

  test('a year with a small quarter is told whole', () => {
    const few = { ...all, 7: FEW, 8: FEW }
    expect(told(few)).toEqual([])
    const tally = new Tally(year)
    tally.add(year, 10, ENOUGH)
    tally.add(day, 5, FEW)
    expect(periodsOf(tally, day, 5)).toEqual({ periods: [], yearMinutes: 15 })
  })

  test('other years are passed over', () => {
    const tally = new Tally(year)
    tally.add(year - 1, 10, ENOUGH)
    expect(tally.sum(0, 12).minutes).toBe(0)
  })
})

describe('[PRIV-24] neighbours', () => {
  const line = (name: string, minutes: number, ...people: number[]) => ({
    name,
    minutes,
    people: new Set(people),
  })

  test('with few people are told together, and not at all while they are still few', () => {
    const large = line('Millbrook', 60, 1, 2, 3, 4, 5)
    expect(mergeFew([large, line('Northgate', 30, 1, 2)], 5)).toEqual([
      { names: ['Millbrook'], theyHelpedMinutes: 60 },
      { names: ['Northgate'], theyHelpedMinutes: null },
    ])
    expect(mergeFew([line('Westbury', -90, 3, 4, 5), line('Northgate', 30, 1, 2)], 5)).toEqual([
      { names: ['Westbury', 'Northgate'], theyHelpedMinutes: -60 },
    ])
    // The same few people at two banks are few.
    expect(mergeFew([line('Westbury', -90, 1, 2), line('Northgate', 30, 1, 2)], 5)).toEqual([
      { names: ['Westbury', 'Northgate'], theyHelpedMinutes: null },
    ])
  })
})
