import { afterEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { accept, refuse } from '../../src/core/refusal.ts'
import { CASE_WHATS, type Case } from '../../src/register/case-rows.ts'
import { Cases } from '../../src/register/cases.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { addMember } from '../../src/register/people.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour() {
  const bank = await openLoneBank()
  open.push(bank)
  const { node, people } = bank
  const ada = ok(await addMember(node, people, { name: 'Ada', number: 'H-1' }))
  const bo = ok(await addMember(node, people, { name: 'Bo', number: 'H-2' }))
  const records: Pick<Case, 'record' | 'index'>[] = []
  for (let i = 0; i < 3; i++) {
    const help = { provider: 'H-2', recipient: 'H-1', minutes: 60 + i }
    const { id, index } = ok(await recordHelp(node, people, help, bank.act))
    records.push({ record: id, index: index! })
  }
  const cases = await Cases.open(node)
  const said = (i: number, more: Partial<Case> = {}) => ({
    ...records[i]!,
    by: ada.account,
    what: 'length' as const,
    words: 'It was half an hour.',
    ...more,
  })
  return { bank, cases, ada, bo, said, records }
}

describe('"this is wrong"', () => {
  test.each(CASE_WHATS)(
    '[DESK-8] %s: a case with the words and a day, found again after a restart',
    async (what) => {
      const { bank, cases, ada, said } = await harbour()
      const size = bank.node.head.size
      const one = ok(await cases.begin(said(0, { what })))
      expect(one).toMatchObject({
        by: ada.account,
        what,
        words: 'It was half an hour.',
        state: 'open',
        answer: '',
      })
      expect(one.due - one.opened).toBe(LIMITS.caseSeconds)
      expect(bank.node.head.size).toBe(size)
      expect(await logContentOf(bank.store)).not.toContain('half an hour')
      await bank.restart()
      const again = await Cases.open(bank.node)
      expect(again.find(one.record)).toEqual(one)
      expect(again.waiting()).toEqual([one])
    },
  )

  test('[DESK-8] twice, by both, and at once: one case, and the words of whoever was first', async () => {
    const { cases, bo, said } = await harbour()
    const both = await Promise.all([
      cases.begin(said(0)),
      cases.begin(said(0, { by: bo.account, words: 'No, it was more.' })),
    ])
    expect(ok(both[0])).toEqual(ok(both[1]))
    expect(ok(both[1]).words).toBe('It was half an hour.')
    expect(cases.waiting()).toHaveLength(1)
  })

  test('[DESK-8] the one that is due first stands in front', async () => {
    const { bank, cases, said, records } = await harbour()
    for (const i of [2, 0, 1]) {
      ok(await cases.begin(said(i)))
      bank.clock.offset += 86_400
    }
    expect(cases.waiting().map(({ index }) => index)).toEqual([2, 0, 1].map((i) => records[i]!.index))
  })

  test('[DESK-8] as many words as fit, and no more', async () => {
    const { bank, cases, said } = await harbour()
    const before = await contentOf(bank.store)
    expect(refusalOf(await cases.begin(said(0, { words: 'x'.repeat(LIMITS.noteBytes + 1) })))).toBe(
      'text_too_long',
    )
    expect(await contentOf(bank.store)).toBe(before)
    expect(ok(await cases.begin(said(0, { words: 'x'.repeat(LIMITS.noteBytes) }))).words).toHaveLength(
      LIMITS.noteBytes,
    )
    expect(ok(await cases.begin(said(1, { words: '' }))).words).toBe('')
  })
})

describe('an end', () => {
  test.each(['stands', 'corrected', 'withdrawn'] as const)('[DESK-8] %s, once', async (state) => {
    const { bank, cases, said } = await harbour()
    const one = ok(await cases.begin(said(0)))
    expect(ok(await cases.end(one.record, state, 'I rang both.'))).toEqual({
      ...one,
      state,
      answer: 'I rang both.',
    })
    for (const other of ['stands', 'corrected', 'withdrawn'] as const)
      expect(refusalOf(await cases.end(one.record, other, ''))).toBe('claim_answered')
    expect(cases.waiting()).toEqual([])
    await bank.restart()
    const again = await Cases.open(bank.node)
    expect(again.waiting()).toEqual([])
    expect(again.find(one.record)).toMatchObject({ state, answer: 'I rang both.' })
  })

  test('[DESK-8] two at once: one counts, and only its own work is done', async () => {
    const { cases, said } = await harbour()
    const one = ok(await cases.begin(said(0)))
    let worked = 0
    const work = async () => {
      worked += 1
      return accept(null)
    }
    const both = await Promise.all([
      cases.end(one.record, 'stands', 'right'),
      cases.end(one.record, 'corrected', 'wrong', work),
    ])
    expect(both.map((end) => (end.ok ? end.value.state : end.refusal.code))).toEqual([
      'stands',
      'claim_answered',
    ])
    expect(worked).toBe(0)
    const twice = ok(await cases.begin(said(1)))
    const ends = await Promise.all([1, 2].map(() => cases.end(twice.record, 'corrected', '', work)))
    expect(ends.filter((end) => end.ok)).toHaveLength(1)
    expect(worked).toBe(1)
  })

  test('[DESK-8] work that is refused, or an answer too long, leaves it open', async () => {
    const { cases, said } = await harbour()
    const one = ok(await cases.begin(said(0)))
    const late = async () => refuse('take_back_late', { days: 14 })
    expect(refusalOf(await cases.end(one.record, 'corrected', '', late))).toBe('take_back_late')
    let worked = 0
    const work = async () => {
      worked += 1
      return accept(null)
    }
    const long = 'x'.repeat(LIMITS.noteBytes + 1)
    expect(refusalOf(await cases.end(one.record, 'corrected', long, work))).toBe('text_too_long')
    expect(worked).toBe(0)
    expect(cases.waiting()).toEqual([one])
    ok(await cases.end(one.record, 'corrected', '', work))
  })

  test('[DESK-8] nobody ends what nobody began', async () => {
    const { cases } = await harbour()
    expect(refusalOf(await cases.end(random.bytes(32), 'stands', ''))).toBe('record_unknown')
  })
})
