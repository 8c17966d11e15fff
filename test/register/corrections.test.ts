import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { accountOf, bookSum } from '../../src/core/ledger/book.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { type Corrected, correct, takeBack } from '../../src/register/corrections.ts'
import { type HelpRequest, recordHelp } from '../../src/register/exchanges.ts'
import { leaveBank } from '../../src/register/leaving.ts'
import { setMemberState } from '../../src/register/members.ts'
import { addMember } from '../../src/register/people.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { balances, contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

const DAY = 86_400

async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  for (const [name, number] of [
    ['Ada', 'H-1'],
    ['Cy', 'H-2'],
    ['Dee', 'H-3'],
  ] as const)
    ok(await addMember(bank.node, bank.people, { name, number }))
  return bank
}

/** Cy helped Ada; gives the id of the record. */
async function helped(bank: LoneBank, more: Partial<HelpRequest> = {}): Promise<Uint8Array> {
  const request = { provider: 'H-2', recipient: 'H-1', minutes: 90, note: 'Gardening', category: 3, ...more }
  return ok(await recordHelp(bank.node, bank.people, request, bank.act)).id
}

const tallies = (bank: LoneBank, number: string) =>
  bank.node.read(({ book }) => {
    const { balance, given, received } = accountOf(book, bank.people.byNumber(number)!.account)!
    return { balance, given, received }
  })

describe('taking a record back', () => {
  test('[EX-8] [DESK-3] one press within 14 days; the old line stays and is marked, the new one says why', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const record = await helped(bank)
    bank.clock.offset += LIMITS.takeBackDays * DAY
    const done = ok(await takeBack(node, people, { record }, act))
    expect(done).toMatchObject({ record: 'new', replacement: null, reversedAt: done.index + 1 })
    expect(await balances(bank)).toEqual({ 'H-1': 0, 'H-2': 0, 'H-3': 0, POT: 0 })
    for (const number of ['H-1', 'H-2'])
      expect(await tallies(bank, number)).toEqual({ balance: 0, given: 0, received: 0 })
    const { lines } = ok(await memberStatement(node, people, 'H-2'))
    expect(lines).toMatchObject([
      { what: 'exchange', minutes: 90, reversedAt: done.reversedAt, note: 'Gardening' },
      { what: 'reversed', minutes: -90, reversedAt: null, with: [{ number: 'H-1' }] },
    ])
    expect(lines[1]?.correction).toMatchObject({ cause: 'taken_back', index: done.index, replacedBy: null })
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[EX-8] after 14 days it is a correction, and that has a reason', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const record = await helped(bank)
    bank.clock.offset += LIMITS.takeBackDays * DAY + 1
    const before = await contentOf(bank.store)
    expect(refusalOf(await takeBack(node, people, { record }, act))).toBe('take_back_late')
    expect(refusalOf(await correct(node, people, { record, cause: 'other', reason: ' ' }, act))).toBe(
      'reason_missing',
    )
    expect(await contentOf(bank.store)).toBe(before)
    ok(await correct(node, people, { record, cause: 'not_happened', reason: 'She was away' }, act))
    const { lines } = ok(await memberStatement(node, people, 'H-1'))
    expect(lines.at(-1)).toMatchObject({ note: 'She was away', correction: { cause: 'not_happened' } })
    expect(await logContentOf(bank.store)).not.toContain('away')
  })

  test('[EX-7] [EX-8] pressed twice, also after a crash in between, it is one reversal', async () => {
    const bank = await harbour()
    const record = await helped(bank)
    const request = { record, nonce: toHex(random.bytes(16)) }
    const press = () => takeBack(bank.node, bank.people, request, bank.act)
    const [one, two] = (await Promise.all([press(), press()])).map(ok) as [Corrected, Corrected]
    expect([one.record, two.record].sort()).toEqual(['known', 'new'])
    expect(two.reversedAt).toBe(one.reversedAt)
    await bank.restart()
    expect(ok(await press())).toMatchObject({ record: 'known', reversedAt: one.reversedAt })
    const again = await takeBack(bank.node, bank.people, { record }, bank.act)
    expect(refusalOf(again)).toBe('reversed_already')
    const other = await correct(bank.node, bank.people, { ...request, cause: 'other', reason: 'x' }, bank.act)
    expect(refusalOf(other)).toBe('request_malformed')
    const bad = await takeBack(bank.node, bank.people, { record, nonce: 'zz' }, bank.act)
    expect(refusalOf(bad)).toBe('request_malformed')
  })

  test.each(['kept', 'lost'] as const)(
    '[EX-7] a lost answer (write %s) is pressed again',
    async (lastWrite) => {
      const bank = await harbour()
      const record = await helped(bank)
      const request = { record, nonce: toHex(random.bytes(16)) }
      bank.dieAt(1, lastWrite)
      await expect(takeBack(bank.node, bank.people, request, bank.act)).rejects.toThrow('power')
      await bank.restart()
      const again = ok(await takeBack(bank.node, bank.people, request, bank.act))
      expect(again.record).toBe(lastWrite === 'kept' ? 'known' : 'new')
      expect(await balances(bank)).toMatchObject({ 'H-1': 0, 'H-2': 0 })
    },
  )

  test('[EX-8] a suspended member does not keep a wrong record, somebody who left does, a stranger takes nothing back', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const [one, two] = [await helped(bank), await helped(bank)]
    ok(await setMemberState(node, people, 'H-2', 'suspend'))
    const stranger = { ...act, coordinator: { actor: random.bytes(16), name: 'Mallory' } }
    expect(refusalOf(await takeBack(node, people, { record: one }, stranger))).toBe('coordinator_unknown')
    ok(await takeBack(node, people, { record: one }, act))
    ok(await leaveBank(node, people, 'H-2', act))
    expect(refusalOf(await takeBack(node, people, { record: two }, act))).toBe('account_closed')
    expect(refusalOf(await takeBack(node, people, { record: random.bytes(32) }, act))).toBe('record_unknown')
    expect(await node.read(({ book }) => bookSum(book))).toBe(0)
    expect(brokenRules([logOf(node)])).toEqual([])
  })
})

describe('correcting a record', () => {
  test('[EX-8] another length: both entries in one commit, each linked to the other', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const record = await helped(bank)
    const request = { record, cause: 'wrong_length', replacement: { minutes: 60 } } as const
    const done = ok(await correct(node, people, request, act))
    expect(done.replacement?.index).toBe(done.reversedAt + 1)
    const heads = logOf(node).placed.slice(-2)
    expect(heads.map(({ entry }) => entry.kind)).toEqual(['reverse', 'exchange'])
    expect(await tallies(bank, 'H-2')).toEqual({ balance: 60, given: 60, received: 0 })
    const { lines } = ok(await memberStatement(node, people, 'H-1'))
    expect(lines.map(({ what, minutes }) => [what, minutes])).toEqual([
      ['exchange', -90],
      ['reversed', 90],
      ['exchange', -60],
    ])
    expect(lines[1]?.correction?.replacedBy).toEqual(done.replacement)
    expect(lines[2]).toMatchObject({ replaces: record, note: 'Gardening', category: 3, channel: 'call' })
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[EX-8] other people, day, kind and words; a wrong replacement leaves everything as it is', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const record = await helped(bank)
    const before = await contentOf(bank.store)
    const by = (replacement: object) =>
      correct(node, people, { record, cause: 'wrong_people', replacement }, act)
    for (const [replacement, code] of [
      [{ provider: 'H-9' }, 'account_unknown'],
      [{ provider: 'H-1' }, 'payer_is_payee'],
      [{ minutes: 0 }, 'minutes_out_of_range'],
      [{ day: '2001-01-01' }, 'day_out_of_range'],
      [{ category: 1000 }, 'category_unknown'],
      [{ note: 'w'.repeat(2001) }, 'text_too_long'],
    ] as const)
      expect(refusalOf(await by(replacement)), code).toBe(code)
    expect(await contentOf(bank.store)).toBe(before)
    ok(await by({ provider: 'H-3', note: null, category: 0 }))
    expect(await balances(bank)).toEqual({ 'H-1': -90, 'H-2': 0, 'H-3': 90, POT: 0 })
    const { lines } = ok(await memberStatement(node, people, 'H-3'))
    expect(lines).toMatchObject([{ note: null, category: 0, with: [{ number: 'H-1' }] }])
  })

  test('[EX-8] the reason and the press say the same again', async () => {
    const bank = await harbour()
    const record = await helped(bank)
    const request = {
      record,
      cause: 'recorded_twice' as const,
      reason: 'Sam had typed it already',
      nonce: toHex(random.bytes(16)),
    }
    const one = ok(await correct(bank.node, bank.people, request, bank.act))
    const two = ok(await correct(bank.node, bank.people, request, bank.act))
    expect(two).toEqual({ ...one, record: 'known' })
    const long = { ...request, nonce: null, reason: 'w'.repeat(2001) }
    expect(refusalOf(await correct(bank.node, bank.people, long, bank.act))).toBe('text_too_long')
  })
})
