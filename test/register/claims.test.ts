import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import type { Outcome } from '../../src/core/refusal.ts'
import type { Claim, ClaimState } from '../../src/register/claim-rows.ts'
import { Claims } from '../../src/register/claims.ts'
import type { SignedInAct } from '../../src/register/exchanges.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { readRecord } from '../../src/register/records.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { balances, contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) {
    expect(brokenRules([logOf(bank.node)])).toEqual([])
    await bank.close()
  }
})

type Name = 'Ada' | 'Bo' | 'Cy'

/** A bank with Ada, Bo and Cy; Bo is the helper of each claim, and Ada was helped. */
interface Told {
  readonly bank: LoneBank
  claims: Claims
  readonly who: (name: Name) => Person
  readonly ask: (more?: Partial<Parameters<Claims['make']>[1]>) => Promise<Outcome<Claim>>
  readonly yes: (claim: Claim, name: Name) => ReturnType<Claims['agree']>
  /** Ends the process and opens what waits anew. */
  readonly restart: () => Promise<void>
}

async function harbour(): Promise<Told> {
  const bank = await openLoneBank()
  open.push(bank)
  for (const [name, number] of [
    ['Ada', 'H-1'],
    ['Bo', 'H-2'],
    ['Cy', 'H-3'],
  ] as const)
    ok(await addMember(bank.node, bank.people, { name, number }))
  const who = (name: Name): Person => bank.people.all().find((one) => one.name === name)!
  const told: Told = {
    bank,
    claims: await Claims.open(bank.node, bank.people),
    who,
    ask: (more = {}) =>
      told.claims.make(who('Bo'), { recipient: 'H-1', minutes: 90, nonce: nonce(), note: 'hedge', ...more }),
    yes: (claim, name) => told.claims.agree(claim.id, act(who(name))),
    restart: async () => {
      await bank.restart()
      told.claims = await Claims.open(bank.node, bank.people)
    },
  }
  return told
}

const nonce = (): string => toHex(random.bytes(16))
const act = (member: Person): SignedInAct => ({ member, method: 'pin', channel: 'web' })
const code = (outcome: Outcome<unknown>): string => (outcome.ok ? 'yes' : outcome.refusal.code)

describe('"I helped someone"', () => {
  test('[EX-6] asks the other and moves nothing, however long it takes', async () => {
    const { bank, claims, who, ask } = await harbour()
    const before = bank.node.head.size
    const claim = ok(await ask())
    expect(claim).toMatchObject({
      minutes: 90,
      firstMinutes: null,
      note: 'hedge',
      state: 'asked',
      index: null,
    })
    bank.clock.offset += 400 * 86_400
    expect(bank.node.head.size).toBe(before)
    expect(claims.waitingFor(who('Ada').account)).toEqual([claim])
    expect(claims.waitingOnOthers(who('Bo').account)).toEqual([claim])
    expect(claims.waitingFor(who('Bo').account)).toEqual([])
    expect(claims.unanswered()).toEqual([claim])
    expect(await logContentOf(bank.store)).not.toContain('hedge')
  })

  test('[EX-6] a yes is one record, in the words of both, by the word of whoever was helped', async () => {
    const { bank, claims, who, ask, yes } = await harbour()
    const claim = ok(await ask())
    const { index, record } = ok(await yes(claim, 'Ada'))
    expect(record).toBe('new')
    expect(await balances(bank)).toEqual({ 'H-1': -90, 'H-2': 90, 'H-3': 0, POT: 0 })
    expect(bank.node.own.entryOf('exchange', index!).body).toMatchObject({
      channel: 1,
      auths: [{ form: 3, acct: who('Ada').account }],
    })
    expect(ok(await readRecord(bank.node, bank.people, index!))).toMatchObject({
      note: 'hedge',
      channel: 'web',
    })
    expect(claims.find(claim.id)).toMatchObject({ state: 'agreed', index })
    expect(claims.unanswered()).toEqual([])
  })

  test('[EX-7] the same form twice at once, later and after a restart asks once', async () => {
    const told = await harbour()
    const same = { nonce: nonce() }
    const both = (await Promise.all([told.ask(same), told.ask(same)])).map(ok)
    expect(both[0]).toEqual(both[1])
    await told.restart()
    expect(ok(await told.ask({ ...same, minutes: 5 })).minutes).toBe(90)
    expect(told.claims.unanswered()).toHaveLength(1)
  })

  test('[EX-7] a nonce of somebody else’s form finds nothing of theirs', async () => {
    const { claims, ask, who } = await harbour()
    const same = nonce()
    ok(await ask({ nonce: same }))
    const stolen = await claims.make(who('Cy'), { recipient: 'H-1', minutes: 10, nonce: same })
    expect(refusalOf(stolen)).toBe('request_malformed')
  })

  test.each([
    ['oneself', { recipient: 'H-2' }, 'payer_is_payee'],
    ['nobody', { recipient: 'H-99' }, 'account_unknown'],
    ['the account for opening balances', { recipient: 'BEFORE' }, 'account_unknown'],
    ['no time at all', { minutes: 0 }, 'minutes_out_of_range'],
    ['more than a day', { minutes: 1_441 }, 'minutes_out_of_range'],
    ['half a minute', { minutes: 1.5 }, 'minutes_not_whole'],
    ['a day to come', { day: '2999-01-01' }, 'day_out_of_range'],
    ['a day that is none', { day: 'Tuesday' }, 'request_malformed'],
    ['a long text', { note: 'x'.repeat(LIMITS.noteBytes + 1) }, 'text_too_long'],
    ['a broken nonce', { nonce: 'zz' }, 'request_malformed'],
    ['a kind that cannot be', { category: 1_000 }, 'category_unknown'],
  ] as const)('[EX-6] %s is refused and asks nobody', async (_, more, refusal) => {
    const { bank, claims, ask } = await harbour()
    const before = await contentOf(bank.store)
    expect(refusalOf(await ask(more))).toBe(refusal)
    expect(await contentOf(bank.store)).toBe(before)
    expect(claims.unanswered()).toEqual([])
  })

  test('[EX-6] so many wait and no more, also when all come at once; an answer makes room', async () => {
    const { claims, ask, yes, who } = await harbour()
    const tries = await Promise.all(Array.from({ length: LIMITS.claimsWaiting + 3 }, () => ask()))
    expect(tries.filter(({ ok: made }) => made)).toHaveLength(LIMITS.claimsWaiting)
    expect(new Set(tries.map(code))).toEqual(new Set(['yes', 'too_many_waiting']))
    const [first] = claims.waitingFor(who('Ada').account)
    ok(await yes(first!, 'Ada'))
    ok(await ask())
    expect(refusalOf(await ask())).toBe('too_many_waiting')
    // Others have room of their own.
    ok(await claims.make(who('Cy'), { recipient: 'H-1', minutes: 10, nonce: nonce() }))
  })
})

type Answer = 'yes' | 'no' | 'other'
/** What each of the three may do in each state; nobody else ever finds it. */
const MAY: Readonly<Record<ClaimState, Readonly<Record<Name, Readonly<Record<Answer, string>>>>>> = {
  asked: {
    Ada: { yes: 'yes', no: 'yes', other: 'yes' },
    Bo: { yes: 'not_covered', no: 'yes', other: 'not_covered' },
    Cy: { yes: 'not_covered', no: 'not_covered', other: 'not_covered' },
  },
  countered: {
    Ada: { yes: 'not_covered', no: 'yes', other: 'claim_answered' },
    Bo: { yes: 'yes', no: 'yes', other: 'claim_answered' },
    Cy: { yes: 'not_covered', no: 'not_covered', other: 'claim_answered' },
  },
  agreed: ended('yes'),
  declined: ended('claim_answered'),
  withdrawn: ended('claim_answered'),
}

function ended(hers: string): (typeof MAY)['asked'] {
  const no = { no: 'claim_answered', other: 'claim_answered' }
  return {
    Ada: { ...no, yes: hers },
    Bo: { ...no, yes: 'not_covered' },
    Cy: { ...no, yes: 'not_covered' },
  }
}

async function claimIn(state: ClaimState, { claims, ask, yes, who }: Told): Promise<Claim> {
  const claim = ok(await ask())
  if (state === 'countered') ok(await claims.counter(claim.id, who('Ada'), 45))
  if (state === 'agreed') ok(await yes(claim, 'Ada'))
  if (state === 'declined') ok(await claims.end(claim.id, who('Ada')))
  if (state === 'withdrawn') ok(await claims.end(claim.id, who('Bo')))
  expect(claims.find(claim.id)?.state).toBe(state)
  return claim
}

function answer(told: Told, claim: Claim, name: Name, what: Answer): Promise<Outcome<unknown>> {
  const { claims, who, yes } = told
  if (what === 'yes') return yes(claim, name)
  return what === 'no' ? claims.end(claim.id, who(name)) : claims.counter(claim.id, who(name), 30)
}

describe('an answer', () => {
  const cells = Object.entries(MAY).flatMap(([state, names]) =>
    Object.entries(names).flatMap(([name, answers]) =>
      Object.entries(answers).map(([what, wanted]) => ({
        state: state as ClaimState,
        name: name as Name,
        what: what as Answer,
        wanted,
      })),
    ),
  )

  test.each(cells)('[EX-6] $what by $name when $state: $wanted', async ({ state, name, what, wanted }) => {
    const told = await harbour()
    const claim = await claimIn(state, told)
    const before = [told.bank.node.head.size, told.claims.find(claim.id)]
    expect(code(await answer(told, claim, name, what))).toBe(wanted)
    const after = [told.bank.node.head.size, told.claims.find(claim.id)]
    if (wanted !== 'yes' || state === 'agreed') expect(after).toEqual(before)
    else expect(after[0]).toBe(Number(before[0]) + (what === 'yes' ? 1 : 0))
  })

  test.each([0, -5, 1_441, 1.5, Number.NaN])(
    '[EX-6] another length of %s minutes is none',
    async (minutes) => {
      const { claims, ask, who } = await harbour()
      const claim = ok(await ask())
      const refused = await claims.counter(claim.id, who('Ada'), minutes)
      expect(['minutes_out_of_range', 'minutes_not_whole']).toContain(refusalOf(refused))
      expect(claims.find(claim.id)).toEqual(claim)
    },
  )

  test('[EX-6] another length that the helper agrees to is recorded by the word of whoever was helped', async () => {
    const { bank, claims, ask, yes, who } = await harbour()
    const claim = ok(await ask())
    const countered = ok(await claims.counter(claim.id, who('Ada'), 45))
    expect(countered).toMatchObject({ minutes: 45, firstMinutes: 90, state: 'countered' })
    expect(claims.waitingFor(who('Bo').account)).toEqual([countered])
    const { index } = ok(await yes(claim, 'Bo'))
    expect(await balances(bank)).toMatchObject({ 'H-1': -45, 'H-2': 45 })
    expect(bank.node.own.entryOf('exchange', index!).body.auths).toMatchObject([{ acct: who('Ada').account }])
  })

  test('an answer to what nobody asked finds nothing', async () => {
    const { claims, who } = await harbour()
    const id = random.bytes(16)
    const answers = [claims.agree(id, act(who('Ada'))), claims.end(id, who('Ada'))]
    for (const refused of [...answers, claims.counter(id, who('Ada'), 5)])
      expect(refusalOf(await refused)).toBe('record_unknown')
  })
})

describe('two answers at once', () => {
  test.each([
    ['yes twice', ['Ada', 'yes'], ['Ada', 'yes']],
    ['yes and no', ['Ada', 'yes'], ['Ada', 'no']],
    ['no and yes', ['Ada', 'no'], ['Ada', 'yes']],
    ['yes and taken back', ['Ada', 'yes'], ['Bo', 'no']],
    ['taken back and yes', ['Bo', 'no'], ['Ada', 'yes']],
    ['another length and yes', ['Ada', 'other'], ['Ada', 'yes']],
    ['yes and another length', ['Ada', 'yes'], ['Ada', 'other']],
    ['two other lengths', ['Ada', 'other'], ['Ada', 'other']],
    ['no twice', ['Ada', 'no'], ['Ada', 'no']],
    ['no and taken back', ['Ada', 'no'], ['Bo', 'no']],
  ] as const)('[EX-6] %s: one counts, and the log says the same', async (_, first, second) => {
    const told = await harbour()
    const claim = ok(await told.ask())
    const before = told.bank.node.head.size
    const outcomes = await Promise.all([first, second].map(([name, what]) => answer(told, claim, name, what)))
    const state = told.claims.find(claim.id)?.state
    expect(told.bank.node.head.size - before).toBe(state === 'agreed' ? 1 : 0)
    const counted = outcomes.filter((one) => one.ok).length
    expect(counted).toBe(first[1] === 'yes' && second[1] === 'yes' ? 2 : 1)
    expect(code(outcomes[0]!)).toBe('yes')
    await told.restart()
    expect(told.claims.find(claim.id)?.state).toBe(state)
    expect(told.bank.node.head.size - before).toBe(state === 'agreed' ? 1 : 0)
  })
})

describe('a restart in between', () => {
  test('[EX-6] what waits still waits for the same people, and what ended has ended', async () => {
    const told = await harbour()
    const asked = ok(await told.ask())
    const countered = await claimIn('countered', told)
    const declined = await claimIn('declined', told)
    await told.restart()
    const ids = (claims: readonly Claim[]): string[] => claims.map(({ id }) => toHex(id))
    expect(ids(told.claims.waitingFor(told.who('Ada').account))).toEqual([toHex(asked.id)])
    expect(ids(told.claims.waitingFor(told.who('Bo').account))).toEqual([toHex(countered.id)])
    expect(told.claims.find(declined.id)?.state).toBe('declined')
    expect(told.claims.find(asked.id)).toEqual(asked)
    ok(await told.yes(countered, 'Bo'))
    expect(await balances(told.bank)).toMatchObject({ 'H-1': -45, 'H-2': 45 })
  })

  test.each([
    ['the record', 1, 'lost', 'asked'],
    ['the record, which is kept', 1, 'kept', 'agreed'],
    ['what became of the claim', 2, 'lost', 'agreed'],
    ['what became of the claim, which is kept', 2, 'kept', 'agreed'],
  ] as const)('[EX-6] the power goes at %s: no answer undoes a record', async (_, n, last, state) => {
    const told = await harbour()
    const claim = ok(await told.ask())
    const before = told.bank.node.head.size
    told.bank.dieAt(n, last)
    await expect(told.yes(claim, 'Ada')).rejects.toThrow()
    await told.restart()
    expect(told.bank.node.head.size - before).toBe(state === 'agreed' ? 1 : 0)
    const no = await told.claims.end(claim.id, told.who('Bo'))
    expect(code(no)).toBe(state === 'agreed' ? 'claim_answered' : 'yes')
    expect(told.claims.find(claim.id)?.state).toBe(state === 'agreed' ? 'agreed' : 'withdrawn')
    if (state === 'agreed')
      expect(ok(await told.yes(claim, 'Ada'))).toMatchObject({ record: 'known', index: before })
    expect(told.bank.node.head.size - before).toBe(state === 'agreed' ? 1 : 0)
    expect(told.claims.unanswered()).toEqual([])
  })
})
