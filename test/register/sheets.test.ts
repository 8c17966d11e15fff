import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { decodeIntent } from '../../src/core/intent.ts'
import { accountOf, bookSum } from '../../src/core/ledger/book.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { takeBack } from '../../src/register/corrections.ts'
import type { Act } from '../../src/register/exchanges.ts'
import { setMemberState } from '../../src/register/members.ts'
import { addMember } from '../../src/register/people.ts'
import { readRecord } from '../../src/register/records.ts'
import { recordSheet, SHEET_LINES, type SheetRequest } from '../../src/register/sheets.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { balances, contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

/** A bank with the Old School and so many people, H-1 and on. */
async function harbour(count = 4): Promise<LoneBank & { act: Act }> {
  const bank = await openLoneBank()
  open.push(bank)
  const { node, people, coordinator } = bank
  ok(await addMember(node, people, { name: 'The Old School', number: 'ORG', kind: 'organisation' }))
  for (let i = 1; i <= count; i++)
    ok(await addMember(node, people, { name: `Person ${i}`, number: `H-${i}` }))
  return Object.assign(bank, { act: { coordinator, channel: 'paper', reason: 'group_sheet' } as const })
}

const sheet = (more: Partial<SheetRequest> = {}): SheetRequest => ({
  other: 'ORG',
  direction: 'they_helped',
  lines: [
    { number: 'H-1', minutes: 60 },
    { number: 'H-2', minutes: 90 },
  ],
  ...more,
})

describe('a group sheet', () => {
  test('[EX-12] many helped one: one entry, a length each, by the word of the coordinator', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const size = node.head.size
    const done = ok(await recordSheet(node, people, sheet({ note: 'Beach clean-up', category: 40 }), act))
    expect(done).toMatchObject({ record: 'new', index: size })
    expect(node.head.size).toBe(size + 1)
    expect(await balances(bank)).toEqual({ ORG: -150, 'H-1': 60, 'H-2': 90, 'H-3': 0, 'H-4': 0, POT: 0 })
    expect(node.own.entryOf('exchange', size).body).toMatchObject({
      channel: 4,
      auths: [{ form: 2, reason: 5, onBehalfOf: null, actor: bank.coordinator.actor }],
    })
    expect(ok(await readRecord(node, people, size))).toMatchObject({
      reason: 'group_sheet',
      note: 'Beach clean-up',
      category: 40,
    })
    expect(await logContentOf(bank.store)).not.toContain('Beach')
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test.each([
    ['one helped many', { direction: 'were_helped' }, { ORG: 150, 'H-1': -60, 'H-2': -90, POT: 0 }],
    ['many helped the pot', { other: 'POT' }, { ORG: 0, 'H-1': 60, 'H-2': 90, POT: -150 }],
    ['many helped a person', { other: 'H-3' }, { ORG: 0, 'H-1': 60, 'H-2': 90, 'H-3': -150 }],
    ['a sheet of one', { lines: [{ number: 'h-4 ', minutes: 1 }] }, { ORG: -1, 'H-4': 1, 'H-1': 0 }],
  ] as const)('[EX-12] %s', async (_, more, after) => {
    const bank = await harbour()
    ok(await recordSheet(bank.node, bank.people, sheet(more as Partial<SheetRequest>), bank.act))
    expect(await balances(bank)).toMatchObject(after)
    expect(brokenRules([logOf(bank.node)])).toEqual([])
  })

  test.each([
    ['nobody', { lines: [] }, 'request_malformed'],
    ['the other side in a line', { lines: [{ number: 'ORG', minutes: 5 }] }, 'payer_is_payee'],
    ['an unknown other side', { other: 'H-99' }, 'account_unknown'],
    ['the account for opening balances', { other: 'BEFORE' }, 'account_unknown'],
    ['an unknown person', lines(['H-1', 5], ['H-99', 5]), 'account_unknown'],
    ['somebody twice', lines(['H-1', 5], ['h-1', 5]), 'request_malformed'],
    ['half a minute', lines(['H-1', 5], ['H-2', 1.5]), 'minutes_not_whole'],
    ['no time at all', lines(['H-1', 5], ['H-2', 0]), 'minutes_out_of_range'],
    ['more than a day', lines(['H-1', 5], ['H-2', 1441]), 'minutes_out_of_range'],
    ['a day to come', { day: '2999-01-01' }, 'day_out_of_range'],
    ['no day', { day: 'Tuesday' }, 'request_malformed'],
    ['a long text', { note: 'x'.repeat(LIMITS.noteBytes + 1) }, 'text_too_long'],
    ['a broken nonce', { nonce: 'zz' }, 'request_malformed'],
    ['a kind that cannot be', { category: 1000 }, 'category_unknown'],
  ] as const)('[EX-12] %s: nothing is recorded of any line', async (_, more, code) => {
    const bank = await harbour()
    const before = await contentOf(bank.store)
    const refused = await recordSheet(bank.node, bank.people, sheet(more as Partial<SheetRequest>), bank.act)
    expect(refusalOf(refused)).toBe(code)
    expect(await contentOf(bank.store)).toBe(before)
  })

  test('[EX-12] one person who has left, or whose account rests and pays: the whole sheet waits', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    ok(await setMemberState(node, people, 'H-1', 'suspend'))
    ok(await setMemberState(node, people, 'H-3', 'close'))
    const size = node.head.size
    const were = await recordSheet(node, people, sheet({ direction: 'were_helped' }), act)
    expect(refusalOf(were)).toBe('account_suspended')
    const left = await recordSheet(node, people, sheet(lines(['H-2', 5], ['H-3', 5])), act)
    expect(refusalOf(left)).toBe('account_closed')
    expect(node.head.size).toBe(size)
    ok(await recordSheet(node, people, sheet(), act))
  })

  test('[EX-7] [EX-12] pressed twice it is one record; other lines under the old nonce are refused', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const request = sheet({ nonce: toHex(random.bytes(16)) })
    const press = () => recordSheet(node, people, request, act)
    const [one, two] = (await Promise.all([press(), press()])).map(ok)
    expect([one?.record, two?.record].sort()).toEqual(['known', 'new'])
    expect(two?.index).toBe(one?.index)
    await bank.restart()
    expect(ok(await recordSheet(bank.node, bank.people, request, act))).toMatchObject({
      record: 'known',
      index: one?.index,
    })
    const other = await recordSheet(bank.node, bank.people, { ...request, ...lines(['H-1', 61]) }, act)
    expect(refusalOf(other)).toBe('request_malformed')
    expect(await balances(bank)).toMatchObject({ ORG: -150 })
  })

  test('[EX-12] 99 people fit one sheet, 100 do not; one press takes all of them back', async () => {
    const bank = await harbour(100)
    const { node, people, act } = bank
    const all = Array.from({ length: 100 }, (_, i) => ({ number: `H-${i + 1}`, minutes: 1440 }))
    expect(refusalOf(await recordSheet(node, people, sheet({ lines: all }), act))).toBe('request_malformed')
    const done = ok(await recordSheet(node, people, sheet({ lines: all.slice(0, SHEET_LINES) }), act))
    expect(await balances(bank)).toMatchObject({ ORG: -99 * 1440, 'H-1': 1440, 'H-99': 1440, 'H-100': 0 })
    ok(await takeBack(node, people, { record: done.id }, act))
    expect(await balances(bank)).toMatchObject({ ORG: 0, 'H-1': 0, 'H-99': 0 })
    const { givenMinutes, lines } = ok(await memberStatement(node, people, 'H-7'))
    expect(givenMinutes).toBe(0)
    expect(lines.map(({ what }) => what)).toEqual(['exchange', 'reversed'])
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[EX-12] a statement names who is on the other side, and nobody from the own', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const { id } = ok(await recordSheet(node, people, sheet(), act))
    ok(await takeBack(node, people, { record: id }, act))
    const others = async (number: string): Promise<string[][]> =>
      ok(await memberStatement(node, people, number)).lines.map((line) => line.with.map((one) => one.number))
    expect(await others('H-1')).toEqual([['ORG'], ['ORG']])
    const both = (await others('ORG')).map((numbers) => numbers.sort())
    expect(both).toEqual([
      ['H-1', 'H-2'],
      ['H-1', 'H-2'],
    ])
  })

  test('[EX-12] whatever the lengths, the legs add up to nothing and the tallies to the lengths', async () => {
    const bank = await harbour(12)
    const { node, people, act } = bank
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
        fc.array(fc.integer({ min: 1, max: 1440 }), { minLength: 12, maxLength: 12 }),
        fc.constantFrom('they_helped' as const, 'were_helped' as const),
        async (who, minutes, direction) => {
          const before = await given(bank)
          const sheetLines = who.map((i) => ({ number: `H-${i}`, minutes: minutes[i - 1] ?? 1 }))
          const done = ok(await recordSheet(node, people, sheet({ lines: sheetLines, direction }), act))
          const intent = decodeIntent(node.own.entryOf('exchange', done.index ?? -1).body.intent)
          const total = sheetLines.reduce((sum, line) => sum + line.minutes, 0)
          expect(intent?.legs.reduce((sum, leg) => sum + leg.minutes, 0)).toBe(0)
          expect(intent?.legs.length).toBe(who.length + 1)
          expect((await given(bank)) - before).toBe(total)
          expect(await node.read(({ book }) => bookSum(book))).toBe(0)
        },
      ),
      { numRuns: 40 },
    )
    expect(brokenRules([logOf(node)])).toEqual([])
  })
})

function lines(...all: (readonly [number: string, minutes: number])[]): Pick<SheetRequest, 'lines'> {
  return { lines: all.map(([number, minutes]) => ({ number, minutes })) }
}

/** Minutes that everybody together helped. */
function given({ node, people }: LoneBank): Promise<number> {
  return node.read(({ book }) =>
    people.all().reduce((sum, { account }) => sum + (accountOf(book, account)?.given ?? 0), 0),
  )
}
