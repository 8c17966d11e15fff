import { afterEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { accept, type Outcome } from '../../src/core/refusal.ts'
import { isFitPin, MemberKeys } from '../../src/register/member-keys.ts'
import { addMember } from '../../src/register/people.ts'
import { ok, refusalOf } from '../node/town.ts'
import { contentOf, type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour() {
  const bank = await openLoneBank()
  open.push(bank)
  const { account: ada } = ok(await addMember(bank.node, bank.people, { name: 'Ada', number: 'H-1' }))
  const { account: bo } = ok(await addMember(bank.node, bank.people, { name: 'Bo', number: 'H-2' }))
  const keys = new MemberKeys(bank.node)
  return {
    bank,
    keys,
    ada,
    bo,
    said: async () => ok(await keys.makeCode(ada, 'said')).code,
    withPin: async (pin: string) => {
      const { code } = ok(await keys.makeCode(ada, 'said'))
      ok(await keys.choosePin(ada, pin, { code }))
    },
  }
}

const code = (outcome: Outcome<unknown>): string => (outcome.ok ? 'in' : outcome.refusal.code)
/** A code of six digits that is none of these. */
const wrongFor = (right: string): string => String((Number(right) + 1) % 1_000_000).padStart(6, '0')

describe('a PIN', () => {
  test.each([
    ...['2583', '90817', '741038', '1929', '2030', '7193', '19641'].map((pin) => [pin, true] as const),
    ...['', '1', '123', '1234567', '12a4', ' 2583', '２５８３', '-123'].map((pin) => [pin, false] as const),
    ...['1212', '2580', '1004', '2000', '1122', '4321', '1357', '112233', '123123', '123321'].map(
      (pin) => [pin, false] as const,
    ),
    ...['1930', '1964', '1999', '2000', '2010', '2029'].map((pin) => [pin, false] as const),
    ...['0000', '999999', '1234', '123456', '9876', '43210', '3456'].map((pin) => [pin, false] as const),
  ])('[SIGN-5] %j is fit: %s', (pin, fit) => {
    expect(isFitPin(pin)).toBe(fit)
  })

  test('[SIGN-15] asked once more, counts at its one door; a right one forgets the wrong ones', async () => {
    const { keys, ada, bo, withPin } = await harbour()
    expect(code(await keys.confirm(ada, ''))).toBe('sign_in_wrong')
    await withPin('2583')
    expect(code(await keys.confirm(bo, '2583'))).toBe('sign_in_wrong')
    for (let i = 1; i < LIMITS.guesses; i++)
      expect(code(await keys.confirm(ada, '2581'))).toBe('sign_in_wrong')
    expect(code(await keys.confirm(ada, '2583'))).toBe('in')
    for (let i = 1; i < LIMITS.guesses; i++)
      expect(code(await keys.confirm(ada, '2581'))).toBe('sign_in_wrong')
    expect(code(await keys.enter(ada, '2581'))).toBe('sign_in_wrong')
    expect(code(await keys.confirm(ada, '2583'))).toBe('tried_too_often')
    expect(code(await keys.enter(ada, '2583'))).toBe('tried_too_often')
  })

  test('[SIGN-5] lets its owner in and nobody else; it is kept as a slow hash', async () => {
    const { bank, keys, ada, bo, withPin } = await harbour()
    expect(keys.hasPin(ada)).toBe(false)
    expect(code(await keys.enter(ada, ''))).toBe('sign_in_wrong')
    await withPin('2583')
    expect(keys.hasPin(ada)).toBe(true)
    expect(code(await keys.enter(ada, '2583'))).toBe('in')
    expect(code(await keys.enter(ada, '2581'))).toBe('sign_in_wrong')
    expect(code(await keys.enter(bo, '2583'))).toBe('sign_in_wrong')
    expect(code(await keys.enter(null, '2583'))).toBe('sign_in_wrong')
    await bank.restart()
    expect(code(await new MemberKeys(bank.node).enter(ada, '2583'))).toBe('in')
    expect(await contentOf(bank.store)).not.toContain('2583')
  })

  test('[SIGN-5] is changed behind the one of now', async () => {
    const { keys, ada, withPin } = await harbour()
    await withPin('2583')
    expect(code(await keys.choosePin(ada, '741038', { pin: '0000' }))).toBe('sign_in_wrong')
    expect(code(await keys.choosePin(ada, '1111', { pin: '2583' }))).toBe('pin_unfit')
    expect(code(await keys.choosePin(ada, '741038', { pin: '2583' }))).toBe('in')
    expect(code(await keys.enter(ada, '2583'))).toBe('sign_in_wrong')
    expect(code(await keys.enter(ada, '741038'))).toBe('in')
  })

  test('[SIGN-5] five wrong ones shut its door, also all at once and over a restart; a code still opens', async () => {
    const { bank, keys, ada, bo, withPin } = await harbour()
    await withPin('2583')
    const tries = await Promise.all(Array.from({ length: 12 }, () => keys.enter(ada, '0000')))
    const heard = tries.map(code)
    expect(heard.filter((one) => one === 'sign_in_wrong')).toHaveLength(LIMITS.guesses)
    expect(heard.filter((one) => one === 'tried_too_often')).toHaveLength(12 - LIMITS.guesses)
    await bank.restart()
    const again = new MemberKeys(bank.node)
    expect(code(await again.enter(ada, '2583'))).toBe('tried_too_often')
    expect(code(await again.enter(bo, '0000'))).toBe('sign_in_wrong')
    const { code: said } = ok(await again.makeCode(ada, 'said'))
    ok(await again.choosePin(ada, '90817', { code: said }))
    expect(code(await again.enter(ada, '90817'))).toBe('in')
  })

  test('[SIGN-5] a number that nobody has is shut by as many wrong ones, however they come', async () => {
    const { bank, keys, ada } = await harbour()
    const heard = async (account: Uint8Array | null, asked: string) => {
      const answers: string[] = []
      for (let i = 0; i < LIMITS.guesses + 2; i++) {
        const asks = [keys.enter(account, '0000', asked), keys.tryCode(account, '000000', asked)]
        for (const one of await Promise.all(asks)) answers.push(JSON.stringify(one))
      }
      return answers
    }
    const unknown = await heard(null, 'H-9')
    expect(unknown).toEqual(await heard(ada, 'H-1'))
    expect(unknown.filter((one) => one.includes('tried_too_often'))).toHaveLength(4)
    // Another number is another door, and one number in two spellings is one.
    expect(code(await keys.enter(null, '0000', 'H-8'))).toBe('sign_in_wrong')
    expect(bank.people.spelledNumber(' h-9 ')).toBe(bank.people.spelledNumber('H-9'))
  })

  test('[SIGN-5] is refused as too busy at no cost of a try', async () => {
    const { keys, ada, withPin } = await harbour()
    await withPin('2583')
    const most = LIMITS.secretsUnderWay + LIMITS.secretsWaiting
    const flood = Array.from({ length: most }, (_, i) => keys.enter(null, '0000', `${i}`))
    const crowded = Array.from({ length: LIMITS.guesses }, () => keys.enter(ada, '2583'))
    expect(new Set((await Promise.all(crowded)).map(code))).toEqual(new Set(['too_busy']))
    expect(new Set((await Promise.all(flood)).map(code))).toEqual(new Set(['sign_in_wrong']))
    for (let i = 1; i < LIMITS.guesses; i++) expect(code(await keys.enter(ada, '0000'))).toBe('sign_in_wrong')
    expect(code(await keys.enter(ada, '2583'))).toBe('in')
  })

  test('[SIGN-5] the door opens again by itself', async () => {
    const { bank, keys, ada, withPin } = await harbour()
    await withPin('2583')
    for (let i = 0; i < LIMITS.guesses; i++) await keys.enter(ada, '0000')
    expect(code(await keys.enter(ada, '2583'))).toBe('tried_too_often')
    bank.clock.offset += LIMITS.guessWaitSeconds
    expect(code(await keys.enter(ada, '2583'))).toBe('in')
  })

  test('[SIGN-5] is gone when it is forgotten, with every code', async () => {
    const { bank, keys, ada, said, withPin } = await harbour()
    await withPin('2583')
    const left = await said()
    await bank.node.commit(() => accept({ entries: [], rows: [keys.forget(ada)], value: null }))
    expect(keys.hasPin(ada)).toBe(false)
    expect(code(await keys.enter(ada, '2583'))).toBe('sign_in_wrong')
    expect(code(await keys.tryCode(ada, left))).toBe('code_wrong')
  })
})

describe('a code', () => {
  test.each([
    ['said', /^\d{6}$/, LIMITS.saidCodeSeconds],
    ['letter', /^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{2}$/, LIMITS.letterCodeSeconds],
  ] as const)(
    '[SIGN-4] %s: how it looks, how it may be typed and how long it is good',
    async (kind, look, seconds) => {
      const { bank, keys, ada } = await harbour()
      const made = ok(await keys.makeCode(ada, kind))
      expect(made.code).toMatch(look)
      expect(made.ends - bank.clock.now()).toBe(seconds)
      for (const typed of [made.code, ` ${made.code.toLowerCase()} `, [...made.code].join(' ')])
        expect(code(await keys.tryCode(ada, typed))).toBe('in')
      expect(await contentOf(bank.store)).not.toContain(made.code)
      bank.clock.offset += seconds + 1
      const over = await keys.tryCode(ada, made.code)
      expect(over).toMatchObject({ refusal: { code: 'code_over', facts: { ended: made.ends } } })
      expect(code(await keys.choosePin(ada, '2583', { code: made.code }))).toBe('code_over')
      expect(keys.hasPin(ada)).toBe(false)
    },
  )

  test('[SIGN-4] is good for its owner alone', async () => {
    const { keys, bo, said } = await harbour()
    const right = await said()
    for (const account of [bo, null]) expect(code(await keys.tryCode(account, right))).toBe('code_wrong')
    expect(code(await keys.choosePin(bo, '2583', { code: right }))).toBe('code_wrong')
  })

  test('[SIGN-4] is used up by the PIN it led to, with all others', async () => {
    const { keys, ada, said } = await harbour()
    const [one, two] = [await said(), await said()]
    expect(code(await keys.choosePin(ada, '1111', { code: two }))).toBe('pin_unfit')
    ok(await keys.choosePin(ada, '2583', { code: two }))
    for (const used of [one, two]) {
      expect(code(await keys.tryCode(ada, used))).toBe('code_wrong')
      expect(code(await keys.choosePin(ada, '741038', { code: used }))).toBe('code_wrong')
    }
    expect(code(await keys.enter(ada, '2583'))).toBe('in')
  })

  test('[SIGN-4] used twice at once leads to one PIN', async () => {
    const { keys, ada, said } = await harbour()
    const right = await said()
    const pins = ['2583', '741038', '90817', '7193']
    const chosen = await Promise.all(pins.map((pin) => keys.choosePin(ada, pin, { code: right })))
    expect(chosen.map(code).sort()).toEqual(['code_wrong', 'code_wrong', 'code_wrong', 'in'])
    const kept = pins[chosen.findIndex((one) => one.ok)] ?? ''
    expect(code(await keys.enter(ada, kept))).toBe('in')
  })

  test('[SIGN-4] made twice at once: both are good, and no more than a few at a time', async () => {
    const { keys, ada } = await harbour()
    const made = await Promise.all(
      Array.from({ length: LIMITS.memberCodes + 2 }, () => keys.makeCode(ada, 'letter')),
    )
    const codes = made.map((one) => ok(one).code)
    const good = await Promise.all(codes.slice(-2).map((one) => keys.tryCode(ada, one)))
    expect(good.map(code)).toEqual(['in', 'in'])
    expect(code(await keys.tryCode(ada, codes[0] ?? ''))).toBe('code_wrong')
    expect(code(await keys.tryCode(ada, codes[2] ?? ''))).toBe('in')
  })

  test('[SIGN-4] five wrong ones shut its door, also over a restart; the PIN still lets in', async () => {
    const { bank, keys, ada, said, withPin } = await harbour()
    await withPin('2583')
    const right = await said()
    const wrong = wrongFor(right)
    const heard = (await Promise.all(Array.from({ length: 9 }, () => keys.tryCode(ada, wrong)))).map(code)
    expect(heard.filter((one) => one === 'code_wrong')).toHaveLength(LIMITS.guesses)
    expect(heard.filter((one) => one === 'tried_too_often')).toHaveLength(9 - LIMITS.guesses)
    await bank.restart()
    const again = new MemberKeys(bank.node)
    expect(refusalOf(await again.tryCode(ada, right))).toBe('tried_too_often')
    expect(refusalOf(await again.choosePin(ada, '90817', { code: right }))).toBe('tried_too_often')
    expect(code(await again.enter(ada, '2583'))).toBe('in')
  })

  test('[SIGN-4] a right one costs no try', async () => {
    const { keys, ada, said } = await harbour()
    const right = await said()
    for (let i = 0; i < LIMITS.guesses - 1; i++) await keys.tryCode(ada, wrongFor(right))
    for (let i = 0; i < 3 * LIMITS.guesses; i++) expect(code(await keys.tryCode(ada, right))).toBe('in')
    expect(code(await keys.tryCode(ada, wrongFor(right)))).toBe('code_wrong')
    expect(code(await keys.tryCode(ada, right))).toBe('tried_too_often')
  })

  test('[SIGN-4] survives a restart, and so does that it was used', async () => {
    const { bank, ada, said } = await harbour()
    const right = await said()
    await bank.restart()
    const again = new MemberKeys(bank.node)
    ok(await again.choosePin(ada, '2583', { code: right }))
    await bank.restart()
    expect(code(await new MemberKeys(bank.node).tryCode(ada, right))).toBe('code_wrong')
  })

  test('[DESK-12] what is written beside it is durable with it, or neither is', async () => {
    const { bank, keys, ada } = await harbour()
    const before = await contentOf(bank.store)
    const acted = (now: number) =>
      bank.people.acts.keep(bank.coordinator, { what: 'code_given', accounts: [ada] }, now)
    ok(await keys.makeCode(ada, 'said', acted))
    expect((await bank.people.acts.about(ada))[0]).toMatchObject({ what: 'code_given' })
    const kept = await contentOf(bank.store)
    expect(kept).not.toBe(before)
    bank.dieAt(1, 'lost')
    await expect(keys.makeCode(ada, 'said', acted)).rejects.toThrow()
    await bank.restart()
    expect(await contentOf(bank.store)).toBe(kept)
  })
})
