import { afterEach, describe, expect, test } from 'vitest'
import { signingKey } from '../../src/core/ed25519.ts'
import { toHex } from '../../src/core/ids.ts'
import { decodeIntent, encodeIntent } from '../../src/core/intent.ts'
import { devicePreimage, exchangePreimage } from '../../src/core/sign.ts'
import { dateOf, dayAt } from '../../src/register/calendar.ts'
import { addDeputy, removeDeputy } from '../../src/register/editing.ts'
import { type HelpRequest, recordHelp } from '../../src/register/exchanges.ts'
import { registerDevice, removeDevice, setMemberState } from '../../src/register/members.ts'
import { commitmentOf, newMemo, readMemo } from '../../src/register/memos.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { balances, contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

type House = LoneBank & { ada: Person; cy: Person }

async function harbour(): Promise<House> {
  const bank = await openLoneBank()
  open.push(bank)
  const ada = ok(await addMember(bank.node, bank.people, { name: 'Ada', number: 'H-1' }))
  const cy = ok(await addMember(bank.node, bank.people, { name: 'Cy', number: 'H-2' }))
  return Object.assign(bank, { ada, cy })
}

const help = (more: Partial<HelpRequest> = {}): HelpRequest => ({
  provider: 'H-2',
  recipient: 'H-1',
  minutes: 90,
  ...more,
})

/** A device of Ada's, and what it signs. */
async function device(bank: House) {
  const key = signingKey(random.bytes(32))
  const id = random.bytes(16)
  const described = { bank: bank.node.bank, acct: bank.ada.account, device: id, key: key.publicKey }
  const possession = key.sign(devicePreimage(described))
  const outcome = await registerDevice(bank.node, bank.people, {
    number: 'H-1',
    device: id,
    key: key.publicKey,
    possession,
  })
  return { id, key, outcome }
}

describe('[EX-15] whoever was let', () => {
  test('and is taken off the list while the press waits records nothing', async () => {
    const bank = await harbour()
    const { node, people } = bank
    ok(await addMember(node, people, { name: 'Dee', number: 'H-3' }))
    ok(await addDeputy(node, people, 'H-1', { helper: 'H-3', forWhat: 'record' }))
    const [dee] = people.all().filter(({ number }) => number === 'H-3')
    const by = { member: dee as Person, method: 'pin', channel: 'web' } as const
    const nonce = random.bytes(16)
    let letGo = (): void => undefined
    const turn = people.presses.alone(nonce, () => new Promise<void>((resolve) => (letGo = resolve)))
    const recording = recordHelp(node, people, help({ nonce: toHex(nonce) }), by)
    ok(await removeDeputy(node, people, 'H-1', 'H-3'))
    letGo()
    await turn
    expect(refusalOf(await recording)).toBe('not_covered')
    expect(await balances(bank)).toMatchObject({ 'H-1': 0, 'H-2': 0 })
  })
})

describe('help inside one bank', () => {
  test('[EX-1] [EX-6] hours move from the recipient to the provider, whole minutes, one entry', async () => {
    const bank = await harbour()
    const size = bank.node.head.size
    const done = ok(
      await recordHelp(bank.node, bank.people, help({ note: 'Gardening', category: 1 }), bank.act),
    )
    expect(done).toMatchObject({ record: 'new', index: size })
    expect(await balances(bank)).toEqual({ 'H-1': -90, 'H-2': 90, POT: 0 })
    const entry = bank.node.own.entryOf('exchange', size)
    expect(entry.body).toMatchObject({
      channel: 2,
      auths: [{ form: 2, reason: 2, onBehalfOf: bank.ada.account }],
    })
  })

  test.each([
    ['half a minute', { minutes: 1.5 }, 'minutes_not_whole'],
    ['no number at all', { minutes: Number.NaN }, 'minutes_not_whole'],
    ['nothing', { minutes: 0 }, 'minutes_out_of_range'],
    ['less than nothing', { minutes: -5 }, 'minutes_out_of_range'],
    ['more than a day', { minutes: 1441 }, 'minutes_out_of_range'],
    ['a day that is none', { day: '2026-13-01' }, 'request_malformed'],
    ['more than a year ago', { day: '2019-01-01' }, 'day_out_of_range'],
    ['words without end', { note: 'w'.repeat(2001) }, 'text_too_long'],
    ['a category outside the list', { category: 1000 }, 'category_unknown'],
    ['a provider nobody knows', { provider: 'H-9' }, 'account_unknown'],
    ['a recipient nobody knows', { recipient: 'Ada' }, 'account_unknown'],
    ['helping oneself', { provider: 'h-1' }, 'payer_is_payee'],
    ['a nonce that is none', { nonce: 'xyz' }, 'request_malformed'],
  ])('[EX-4] [EX-5] %s is refused and writes nothing', async (_, more, code) => {
    const bank = await harbour()
    const before = await contentOf(bank.store)
    expect(refusalOf(await recordHelp(bank.node, bank.people, help(more), bank.act))).toBe(code)
    expect(await contentOf(bank.store)).toBe(before)
  })

  test("an unknown number comes back as typed, and nobody's name", async () => {
    const bank = await harbour()
    const outcome = await recordHelp(bank.node, bank.people, help({ provider: ' H-9 ' }), bank.act)
    expect(outcome).toEqual({ ok: false, refusal: { code: 'account_unknown', facts: { number: 'H-9' } } })
  })

  test('[EX-2] a coordinator gives a reason', async () => {
    const bank = await harbour()
    const outcome = await recordHelp(bank.node, bank.people, help(), { ...bank.act, reason: null })
    expect(refusalOf(outcome)).toBe('reason_missing')
  })

  test('[EX-2] somebody who is no coordinator records nothing', async () => {
    const bank = await harbour()
    const stranger = { ...bank.act, coordinator: { actor: random.bytes(16), name: 'Mallory' } }
    expect(refusalOf(await recordHelp(bank.node, bank.people, help(), stranger))).toBe('coordinator_unknown')
  })

  test('[EX-4] one minute and a whole day are accepted, today and a year back', async () => {
    const bank = await harbour()
    const today = dayAt(bank.node.logTime())
    ok(await recordHelp(bank.node, bank.people, help({ minutes: 1, day: dateOf(today) }), bank.act))
    ok(await recordHelp(bank.node, bank.people, help({ minutes: 1440, day: dateOf(today - 366) }), bank.act))
    expect((await balances(bank))['H-2']).toBe(1441)
  })

  test('[EX-9] [LOG-8] no balance is too low to record help that has happened', async () => {
    const bank = await harbour()
    for (let i = 0; i < 4; i++)
      ok(await recordHelp(bank.node, bank.people, help({ minutes: 1440 }), bank.act))
    expect((await balances(bank))['H-1']).toBe(-5760)
  })

  test('[EX-14] the pot gives and takes like anybody', async () => {
    const bank = await harbour()
    ok(await recordHelp(bank.node, bank.people, help({ recipient: 'POT' }), bank.act))
    expect((await balances(bank)).POT).toBe(-90)
  })

  test('a suspended member can be thanked but not pay; a closed account does neither', async () => {
    const bank = await harbour()
    ok(await setMemberState(bank.node, bank.people, 'H-1', 'suspend'))
    expect(refusalOf(await recordHelp(bank.node, bank.people, help(), bank.act))).toBe('account_suspended')
    ok(await setMemberState(bank.node, bank.people, 'H-1', 'resume'))
    ok(await setMemberState(bank.node, bank.people, 'H-2', 'close'))
    expect(refusalOf(await recordHelp(bank.node, bank.people, help(), bank.act))).toBe('account_closed')
    expect(refusalOf(await setMemberState(bank.node, bank.people, 'H-2', 'resume'))).toBe('account_closed')
  })

  test('an account with hours, the pot, and an unknown number are not closed', async () => {
    const bank = await harbour()
    ok(await recordHelp(bank.node, bank.people, help(), bank.act))
    const close = async (number: string) =>
      refusalOf(await setMemberState(bank.node, bank.people, number, 'close'))
    expect([await close('H-1'), await close('POT'), await close('H-9')]).toEqual([
      'balance_not_zero',
      'account_unknown',
      'account_unknown',
    ])
  })
})

describe('[EX-7] the same press twice', () => {
  const nonce = '0123456789abcdef0123456789abcdef'

  test('is the same record, at once, later and after a restart', async () => {
    const bank = await harbour()
    const press = () => recordHelp(bank.node, bank.people, help({ nonce, note: 'once' }), bank.act)
    const [a, b] = (await Promise.all([press(), press()])).map(ok)
    const c = ok(await press())
    await bank.restart()
    const d = ok(await press())
    expect([a?.record, b?.record, c.record, d.record]).toEqual(['new', 'known', 'known', 'known'])
    expect(new Set([a, b, c, d].map((one) => `${toHex(one!.id)} ${one!.index}`)).size).toBe(1)
    expect(await balances(bank)).toEqual({ 'H-1': -90, 'H-2': 90, POT: 0 })
  })

  test('with other words is refused, never counted again', async () => {
    const bank = await harbour()
    ok(await recordHelp(bank.node, bank.people, help({ nonce }), bank.act))
    expect(refusalOf(await recordHelp(bank.node, bank.people, help({ nonce, minutes: 60 }), bank.act))).toBe(
      'request_malformed',
    )
    expect((await balances(bank))['H-2']).toBe(90)
  })

  test('after a refusal is a first press', async () => {
    const bank = await harbour()
    ok(await setMemberState(bank.node, bank.people, 'H-1', 'suspend'))
    expect(refusalOf(await recordHelp(bank.node, bank.people, help({ nonce }), bank.act))).toBe(
      'account_suspended',
    )
    ok(await setMemberState(bank.node, bank.people, 'H-1', 'resume'))
    expect(ok(await recordHelp(bank.node, bank.people, help({ nonce }), bank.act)).record).toBe('new')
  })

  test('after a lost answer: the write that was kept is found again, the one that was lost is made', async () => {
    for (const [lastWrite, record] of [
      ['kept', 'known'],
      ['lost', 'new'],
    ] as const) {
      const bank = await harbour()
      bank.dieAt(1, lastWrite)
      await expect(recordHelp(bank.node, bank.people, help({ nonce }), bank.act)).rejects.toThrow()
      await bank.restart()
      expect(ok(await recordHelp(bank.node, bank.people, help({ nonce }), bank.act)).record).toBe(record)
      expect((await balances(bank))['H-2']).toBe(90)
    }
  })
})

describe('words beside the log', () => {
  test('[PRIV-5] the log commits to three salted texts; texts and salts lie under p/memo', async () => {
    const bank = await harbour()
    const { id, index } = ok(
      await recordHelp(bank.node, bank.people, help({ note: 'CanaryWords' }), bank.act),
    )
    const memo = readMemo(bank.store, id)
    const intent = decodeIntent(bank.node.own.entryOf('exchange', index!).body.intent)
    expect(memo?.texts).toEqual(['', '', 'CanaryWords'])
    expect(commitmentOf(memo!)).toEqual(intent?.commitment)
    expect(await logContentOf(bank.store)).not.toContain('CanaryWords')
  })

  test('[PRIV-4] two records that say the same have different leaves, so that none can be guessed', async () => {
    const bank = await harbour()
    const record = async () => ok(await recordHelp(bank.node, bank.people, help(), bank.act)).index!
    const [a, b] = [bank.node.own.ref(await record()), bank.node.own.ref(await record())]
    expect(a.leaf).not.toEqual(b.leaf)
    const [one, other] = [a, b].map(
      ({ index }) => decodeIntent(bank.node.own.entryOf('exchange', index).body.intent)!,
    )
    expect(one!.nonce).not.toEqual(other!.nonce)
    expect({ ...one, nonce: null, commitment: null }).toEqual({ ...other, nonce: null, commitment: null })
  })

  test('[PRIV-5] no words are committed to just the same', async () => {
    const bank = await harbour()
    const { id } = ok(await recordHelp(bank.node, bank.people, help(), bank.act))
    expect(readMemo(bank.store, id)?.salts.map((salt) => salt.length)).toEqual([32, 32, 32])
  })
})

describe("a member's own device", () => {
  const intentOf = (bank: House, commitment = random.bytes(32), minutes = 90) =>
    encodeIntent({
      version: 1,
      bank: bank.node.bank,
      day: dayAt(bank.node.logTime()),
      category: 0,
      commitment,
      nonce: random.bytes(16),
      legs: [
        { acct: bank.ada.account, minutes: -minutes },
        { acct: bank.cy.account, minutes },
      ],
    })

  test('[EX-2] signs the intent, with its words; twice is once', async () => {
    const bank = await harbour()
    const { id, key, outcome } = await device(bank)
    ok(outcome)
    const memo = newMemo(['Gardening', '', ''], random)
    const intent = intentOf(bank, commitmentOf(memo))
    const signed = {
      intent,
      device: id,
      signature: key.sign(exchangePreimage(intent)),
      channel: 'web' as const,
      memo,
    }
    const first = ok(await recordHelp(bank.node, bank.people, help(), signed))
    const second = ok(await recordHelp(bank.node, bank.people, help(), signed))
    expect([first.record, second.record, second.index === first.index]).toEqual(['new', 'known', true])
    expect(readMemo(bank.store, first.id)?.texts[0]).toBe('Gardening')
  })

  test('what it signed must be what is said, for this bank, with the words it commits to', async () => {
    const bank = await harbour()
    const { id, key } = await device(bank)
    const send = async (intent: Uint8Array, more = {}) => {
      const signature = key.sign(exchangePreimage(intent))
      return refusalOf(
        await recordHelp(bank.node, bank.people, help(), {
          intent,
          device: id,
          signature,
          channel: 'web',
          ...more,
        }),
      )
    }
    const elsewhere = encodeIntent({ ...decodeIntent(intentOf(bank))!, bank: random.bytes(20) })
    expect(await send(intentOf(bank, undefined, 60))).toBe('request_malformed')
    expect(await send(elsewhere)).toBe('request_malformed')
    expect(await send(Uint8Array.of(1))).toBe('legs_do_not_add_up')
    expect(await send(intentOf(bank), { memo: newMemo(['x', '', ''], random) })).toBe('request_malformed')
    expect(await send(intentOf(bank), { device: Uint8Array.of(1) })).toBe('device_unknown')
    expect(await send(intentOf(bank), { device: random.bytes(16) })).toBe('device_unknown')
    expect(await send(intentOf(bank), { signature: random.bytes(64) })).toBe('signature_wrong')
    expect(await send(intentOf(bank), { signature: random.bytes(3) })).toBe('signature_wrong')
    expect(await balances(bank)).toEqual({ 'H-1': 0, 'H-2': 0, POT: 0 })
  })

  test('is registered once, proves its key, and counts for nothing once removed', async () => {
    const bank = await harbour()
    const { id, key } = await device(bank)
    const again = { number: 'H-1', device: id, key: key.publicKey, possession: random.bytes(64) }
    const register = async (more = {}) =>
      refusalOf(await registerDevice(bank.node, bank.people, { ...again, ...more }))
    expect(await register()).toBe('device_known')
    expect(await register({ device: random.bytes(16) })).toBe('signature_wrong')
    expect(await register({ device: random.bytes(3) })).toBe('request_malformed')
    expect(await register({ device: random.bytes(16), key: new Uint8Array(32) })).toBe('key_weak')
    expect(await register({ number: 'H-9' })).toBe('account_unknown')
    const remove = async (number: string) =>
      refusalOf(await removeDevice(bank.node, bank.people, { number, device: id }))
    expect([await remove('H-2'), await remove('H-1'), await remove('H-1')]).toEqual([
      'device_unknown',
      'accepted',
      'device_removed',
    ])
    const intent = intentOf(bank)
    const signed = {
      intent,
      device: id,
      signature: key.sign(exchangePreimage(intent)),
      channel: 'web' as const,
    }
    expect(refusalOf(await recordHelp(bank.node, bank.people, help(), signed))).toBe('device_removed')
  })
})

describe('[EX-10] [EX-21] a statement', () => {
  test('has both tallies, the names of the others, and lines that sum to the balance', async () => {
    const bank = await harbour()
    ok(await recordHelp(bank.node, bank.people, help({ note: 'Gardening' }), bank.act))
    ok(await recordHelp(bank.node, bank.people, { provider: 'H-1', recipient: 'H-2', minutes: 30 }, bank.act))
    const ada = ok(await memberStatement(bank.node, bank.people, 'h-1'))
    expect(ada).toMatchObject({ balanceMinutes: -60, givenMinutes: 30, receivedMinutes: 90, state: 'open' })
    expect(ada.lines.map((line) => [line.minutes, line.with[0]?.name, line.note, line.channel])).toEqual([
      [-90, 'Cy', 'Gardening', 'call'],
      [30, 'Cy', null, 'call'],
    ])
    expect(ada.lines.reduce((sum, line) => sum + line.minutes, 0)).toBe(ada.balanceMinutes)
    expect(refusalOf(await memberStatement(bank.node, bank.people, 'H-9'))).toBe('account_unknown')
  })
})
