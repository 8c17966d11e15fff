/** Does a stranger keep an owner waiting on a device that is known, or get more guesses by having one? */
import { afterEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { accept, type Outcome } from '../../src/core/refusal.ts'
import { Devices } from '../../src/register/devices.ts'
import { eraseMember } from '../../src/register/erasure.ts'
import { MemberKeys } from '../../src/register/member-keys.ts'
import { addMember } from '../../src/register/people.ts'
import { Rates } from '../../src/register/rates.ts'
import { STRANGE_PINS, type Whence } from '../../src/register/whence.ts'
import { privateRange } from '../../src/store/keyspace.ts'
import { ok } from '../node/town.ts'
import { type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

const DAY = 86_400
const PIN = '2583'
const code = (outcome: Outcome<unknown>): string => (outcome.ok ? 'in' : outcome.refusal.code)

async function harbour() {
  const bank = await openLoneBank()
  open.push(bank)
  const { account: ada } = ok(await addMember(bank.node, bank.people, { name: 'Ada', number: 'H-1' }))
  const { account: bo } = ok(await addMember(bank.node, bank.people, { name: 'Bo', number: 'H-2' }))
  let rates = await Rates.open(bank.node)
  const made = (): { keys: MemberKeys; devices: Devices } => ({
    keys: new MemberKeys(bank.node, rates),
    devices: new Devices(bank.node),
  })
  const at = made()
  for (const account of [ada, bo]) {
    const said = ok(await at.keys.makeCode(account, 'said')).code
    ok(await at.keys.choosePin(account, PIN, { code: said }))
  }
  return Object.assign(at, {
    bank,
    ada,
    bo,
    /** As a browser with this mark, from this address. */
    from: (mark?: string, address: string | null = null): Whence => ({
      address,
      doorOf: (owner) => at.devices.doorOf(owner, mark),
    }),
    remember: async (owner: Uint8Array, mark = at.devices.newMark()): Promise<string> => {
      const rows = await at.devices.remember(owner, mark)
      ok(await bank.node.commit(() => accept({ entries: [], rows, value: null })))
      return mark
    },
    restart: async () => {
      await bank.restart()
      rates = await Rates.open(bank.node)
      Object.assign(at, made())
    },
    rows: async (): Promise<Uint8Array[]> => {
      const keys: Uint8Array[] = []
      for await (const page of bank.store.pages(privateRange('device'), 100))
        for (const [key] of page) keys.push(key)
      return keys
    },
    /** Strangers have tried so many PINs at other doors that all wait. */
    sprayed: async () => {
      const all = Array.from({ length: STRANGE_PINS.atOnce }, () => STRANGE_PINS)
      for (const one of all)
        ok(
          await bank.node.commit(() => {
            const rows = rates.take([one], bank.clock.now())
            return rows.ok ? accept({ entries: [], rows: rows.value, value: null }) : rows
          }),
        )
    },
  })
}

describe('a known device', () => {
  test('[SIGN-13] stays open while strangers shut the door it would share, over a restart as well', async () => {
    const at = await harbour()
    const mark = await at.remember(at.ada)
    for (let i = 0; i < LIMITS.guesses; i++) await at.keys.enter(at.ada, '0000')
    expect(code(await at.keys.enter(at.ada, PIN))).toBe('tried_too_often')
    await at.restart()
    expect(code(await at.keys.enter(at.ada, PIN))).toBe('tried_too_often')
    expect(code(await at.keys.enter(at.ada, PIN, '', at.from(mark)))).toBe('in')
  })

  test('[SIGN-13] has as few guesses as any door, and its wait shuts no other', async () => {
    const at = await harbour()
    const mark = await at.remember(at.ada)
    for (let i = 0; i < LIMITS.guesses; i++)
      expect(code(await at.keys.enter(at.ada, '0000', '', at.from(mark)))).toBe('sign_in_wrong')
    expect(code(await at.keys.enter(at.ada, PIN, '', at.from(mark)))).toBe('tried_too_often')
    await at.restart()
    expect(code(await at.keys.enter(at.ada, PIN, '', at.from(mark)))).toBe('tried_too_often')
    expect(code(await at.keys.enter(at.ada, PIN))).toBe('in')
  })

  test('[SIGN-13] is one person’s: the mark is no door to anybody else', async () => {
    const at = await harbour()
    const mark = await at.remember(at.ada)
    expect(at.devices.doorOf(at.bo, mark)).toBeNull()
    for (const forged of [undefined, '', 'x', `${mark}x`, at.devices.newMark()])
      expect(at.devices.doorOf(at.ada, forged)).toBeNull()
    // Two people may use one browser, and their rows have nothing in common.
    await at.remember(at.bo, mark)
    const [one, other] = (await at.rows()).map((key) => Buffer.from(key.slice(-32)).toString('hex'))
    expect(one).not.toBe(other)
    expect([at.devices.doorOf(at.ada, mark), at.devices.doorOf(at.bo, mark)]).not.toContain(null)
  })

  test('[SIGN-13] is forgotten after a year, beyond the bound, with a code, and with its person', async () => {
    const at = await harbour()
    const first = await at.remember(at.ada)
    at.bank.clock.offset += 1
    for (let i = 1; i < LIMITS.deviceMarks; i++) await at.remember(at.ada)
    expect(at.devices.doorOf(at.ada, first)).not.toBeNull()
    await at.remember(at.ada, first)
    expect(await at.rows()).toHaveLength(LIMITS.deviceMarks)
    at.bank.clock.offset += 1
    for (let i = 0; i < LIMITS.deviceMarks; i++) await at.remember(at.ada)
    expect(at.devices.doorOf(at.ada, first)).toBeNull()
    expect(await at.rows()).toHaveLength(LIMITS.deviceMarks)

    const last = await at.remember(at.ada)
    at.bank.clock.offset += LIMITS.deviceMarkDays * DAY
    expect(at.devices.doorOf(at.ada, last)).not.toBeNull()
    at.bank.clock.offset += 1
    expect(at.devices.doorOf(at.ada, last)).toBeNull()

    const lost = await at.remember(at.ada)
    expect(await at.rows()).toHaveLength(1)
    const said = ok(await at.keys.makeCode(at.ada, 'said')).code
    ok(await at.keys.choosePin(at.ada, PIN, { code: said }))
    expect(at.devices.doorOf(at.ada, lost)).toBeNull()

    const { node, people, act } = at.bank
    await at.remember(at.ada)
    await at.remember(at.bo)
    const gone = { number: 'H-1', confirm: 'Ada', reason: 'asked' } as const
    expect(ok(await eraseMember(node, people, gone, act)).finished).toBe('now')
    expect(await at.rows()).toHaveLength(1)
  })
})

describe('PINs tried at many doors', () => {
  test('[SIGN-12] from one address come to an end, and another address goes on', async () => {
    const at = await harbour()
    const here = at.from(undefined, '81.2.69.142')
    const heard: string[] = []
    for (let i = 0; i < LIMITS.guessesOfAddress; i++)
      heard.push(code(await at.keys.enter(null, '0000', `H-${i}`, here)))
    expect(new Set(heard)).toEqual(new Set(['sign_in_wrong']))
    await at.restart()
    for (const account of [at.ada, at.bo, null])
      expect(code(await at.keys.enter(account, PIN, 'H-new', here))).toBe('tried_too_often')
    expect(code(await at.keys.enter(at.ada, PIN, '', at.from(undefined, '81.2.69.143')))).toBe('in')
    const mark = await at.remember(at.bo)
    expect(code(await at.keys.enter(at.bo, PIN, '', at.from(mark, '81.2.69.142')))).toBe('in')
    at.bank.clock.offset += LIMITS.guessWaitSeconds
    expect(code(await at.keys.enter(at.ada, '0000', '', here))).toBe('sign_in_wrong')
    expect(code(await at.keys.enter(at.ada, PIN, '', here))).toBe('tried_too_often')
  })

  test('[SIGN-12] a right PIN costs its address nothing', async () => {
    const at = await harbour()
    const here = at.from(undefined, '81.2.69.142')
    for (let i = 0; i < LIMITS.guessesOfAddress + 3; i++) {
      const entered = await at.keys.enter(at.ada, PIN, '', here)
      await at.bank.node.commit(() => accept({ entries: [], rows: ok(entered).rows, value: null }))
    }
  })

  test('[SIGN-12] from everywhere make new devices wait, and neither known ones nor codes', async () => {
    const at = await harbour()
    const mark = await at.remember(at.ada)
    await at.sprayed()
    await at.restart()
    for (const account of [at.ada, at.bo, null])
      expect(await at.keys.enter(account, PIN, 'H-9', at.from())).toMatchObject({
        refusal: { code: 'new_devices_wait', facts: { waitSeconds: LIMITS.guessOfStrangersSeconds } },
      })
    expect(code(await at.keys.enter(at.ada, PIN, '', at.from(mark)))).toBe('in')
    // Wrong ones of a known device count there alone.
    expect(code(await at.keys.enter(at.ada, '0000', '', at.from(mark)))).toBe('sign_in_wrong')
    const said = ok(await at.keys.makeCode(at.bo, 'said')).code
    expect(code(await at.keys.tryCode(at.bo, said))).toBe('in')
    ok(await at.keys.choosePin(at.bo, PIN, { code: said }))
    at.bank.clock.offset += LIMITS.guessOfStrangersSeconds
    expect(code(await at.keys.enter(at.bo, PIN))).toBe('in')
  })
})
