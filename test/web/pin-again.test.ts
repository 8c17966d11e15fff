/** Who sends more than three hours away from a telephone left on a table? Whoever knows the PIN, and nobody else. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toBase32 } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { addDeputy } from '../../src/register/editing.ts'
import { MemberKeys } from '../../src/register/member-keys.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { makeRequest } from '../../src/register/requests.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { openLine } from '../http/served.ts'
import { type Answer, Caller, newNonce } from './caller.ts'
import { tellForm } from './member-town.ts'
import { callerOf, closeBanks, done, openWebBank, type WebBank } from './town.ts'

const PIN = '2583'
const WRONG = '2581'

let bank: WebBank
let near: WebBank | undefined
let ada: Person
let bo: Person
let hers: Caller

beforeEach(async () => {
  near = undefined
  bank = await openWebBank('Harbour')
  ada = await joins(bank, 'Ada Marsh')
  bo = await joins(bank, 'Bo Lind')
  hers = await callerOf(bank, 'member', ada.name)
})
afterEach(() => closeBanks({ empty: bank, ...(near === undefined ? {} : { near }) }))

async function joins(at: WebBank, name: string): Promise<Person> {
  return done(await addMember(at.node, at.people, { name, kind: 'member' }))
}

async function choosesPin({ account }: Person, pin: string): Promise<void> {
  const keys = new MemberKeys(bank.node)
  const { code } = done(await keys.makeCode(account, 'said'))
  done(await keys.choosePin(account, pin, { code }))
}

async function balance({ number }: Person): Promise<number> {
  return done(await memberStatement(bank.node, bank.people, number)).balanceMinutes
}

/** What the form of a page carries, as a browser would send it. */
function hidden({ text }: Answer): Record<string, string> {
  const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
}

const long = (more: Record<string, string> = {}): Record<string, string> =>
  tellForm(bo, { hours: '3', minutes: '1', note: 'moved house', ...more })

/** A last step that says more than three hours, with what its form carries, and the button that records it. */
interface Step {
  readonly path: string
  readonly fields: Record<string, string>
}

async function told(path: string): Promise<Step> {
  const check = await hers.post(path, long())
  expect(check.status).toBe(200)
  expect(check.text).toContain('id="pin"')
  return { path, fields: { ...hidden(check), save: 'yes' } }
}

async function neighbour(): Promise<{ bank: WebBank; cleo: Person }> {
  near = await openWebBank('Millbrook')
  await openLine(bank, near)
  return { bank: near, cleo: await joins(near, 'Cleo Ray') }
}

async function code(at: WebBank, { number }: Person, minutes: number | null): Promise<string> {
  const made = done(await makeRequest(at.node, at.people, { number, minutes, what: 'a move' }))
  return `/collect/${toBase32(at.node.bank)}/${made.code}`
}

const WAYS: Readonly<Record<string, () => Promise<Step>>> = {
  'help in the bank': () => told('/record'),
  'a gift': () => told('/gift'),
  'help across banks': async () => {
    const { bank: at, cleo } = await neighbour()
    const path = '/record/neighbour'
    const check = await hers.post(path, long({ bank: toBase32(at.node.bank), number: cleo.number }))
    expect(check.text).toContain('id="pin"')
    return { path, fields: { ...hidden(check), save: 'yes' } }
  },
  'a code of the bank': async () => {
    const path = await code(bank, bo, 181)
    const check = await hers.look(path)
    expect(check.text).toContain('id="pin"')
    return { path, fields: { ...hidden(check), yes: 'yes' } }
  },
  'a code of a neighbour with the length left open': async () => {
    const { bank: at, cleo } = await neighbour()
    const path = await code(at, cleo, null)
    const check = await hers.look(path)
    expect(check.text).not.toContain('id="pin"')
    return { path, fields: { ...hidden(check), hours: '3', minutes: '1', yes: 'yes' } }
  },
}

describe('[SIGN-15] more than three hours', () => {
  test.each(Object.entries(WAYS))('%s: go with the PIN and not without', async (_, way) => {
    await choosesPin(ada, PIN)
    const { path, fields } = await way()
    const size = bank.node.head.size
    for (const [pin, said] of [
      [undefined, 'Type your PIN'],
      ['', 'Type your PIN'],
      [WRONG, 'That is not your PIN'],
    ] as const) {
      const refused = await hers.post(path, { ...fields, ...(pin === undefined ? {} : { pin }) })
      expect([refused.status, bank.node.head.size]).toEqual([422, size])
      expect(refused.text).toContain(said)
      expect(refused.text).toContain('id="pin"')
      // Nothing typed is lost, and the PIN is never sent back.
      for (const [name, value] of Object.entries(fields))
        expect(refused.text).toMatch(new RegExp(`name="${name}"[^>]* value="${value}"`))
      expect(refused.text).not.toContain(WRONG)
    }
    const saved = await hers.post(path, { ...fields, pin: PIN })
    expect(saved.to).toMatch(/^\/(records\/\d+\?new|crossings\/[0-9a-f]{64})$/)
    expect(await balance(ada)).toBe(-181)
  })

  test('no more than three hours: nobody is asked, nor whoever helped', async () => {
    await choosesPin(ada, PIN)
    const three = tellForm(bo, { hours: '3', minutes: '0' })
    expect((await hers.post('/record', three)).text).not.toContain('id="pin"')
    expect((await hers.post('/record', { ...three, save: 'yes' })).to).toMatch(/^\/records/)
    expect((await hers.post('/helped', long())).text).not.toContain('id="pin"')
    expect((await hers.post('/helped', long({ save: 'yes' }))).to).toMatch(/^\/agree\//)
  })

  test('wrong PINs count at the door of the sign-in, and an empty field is no try', async () => {
    await choosesPin(ada, PIN)
    await choosesPin(bo, PIN)
    for (let i = 0; i <= LIMITS.guesses; i++) await hers.post('/record', long({ save: 'yes', pin: '' }))
    expect((await hers.post('/record', long({ save: 'yes', pin: PIN }))).to).toMatch(/^\/records/)
    for (let i = 0; i < LIMITS.guesses; i++)
      expect((await hers.post('/record', long({ save: 'yes', pin: WRONG }))).text).toContain('not your PIN')
    const late = await hers.post('/record', long({ save: 'yes', pin: PIN }))
    expect([late.status, late.to]).toEqual([422, null])
    expect(late.text).toContain('There were too many wrong tries')
    // The door of this browser is shut, at the sign-in as well; its owner comes in elsewhere, and others come in at theirs.
    const here = await hers.post('/sign-in', { number: ada.number, pin: PIN })
    expect(here.text).toContain('There were too many wrong tries')
    for (const { number } of [ada, bo])
      expect((await new Caller(bank.url).post('/sign-in', { number, pin: PIN })).to).toBe('/me')
    expect(await balance(ada)).toBe(-181)
  })

  test('a yes to what another said, and another length, are asked for it as well', async () => {
    await choosesPin(ada, PIN)
    const his = await callerOf(bank, 'member', bo.name)
    const claimed = async (more: Record<string, string> = {}): Promise<string> =>
      (await his.post('/helped', tellForm(ada, { hours: '3', minutes: '1', save: 'yes', ...more }))).to ?? ''
    const path = await claimed()
    expect((await hers.look(path)).text.match(/id="pin"/g)).toHaveLength(1)
    for (const pin of ['', WRONG]) {
      const refused = await hers.post(path, { yes: 'yes', pin })
      expect([refused.status, await balance(ada)]).toEqual([422, 0])
      expect(refused.text.match(/id="pin"/g)).toHaveLength(1)
    }
    expect((await hers.post(path, { yes: 'yes', pin: PIN })).to).toMatch(/^\/records/)
    expect(await balance(ada)).toBe(-181)

    const short = await claimed({ hours: '1', minutes: '0', nonce: newNonce() })
    expect((await hers.look(short)).text).not.toContain('id="pin"')
    const other = { other: 'yes', hours: '4', minutes: '0' }
    const refused = await hers.post(short, other)
    expect([refused.status, refused.text.match(/id="pin"/g)?.length]).toEqual([422, 1])
    expect(refused.text).toMatch(/name="hours"[^>]* value="4"/)
    // Whoever helped says yes with no PIN of theirs: no hours of theirs move, and nothing was offered yet.
    expect((await his.look(short)).text).not.toContain('name="yes"')
    expect((await hers.post(short, { ...other, pin: PIN })).to).toBe('/me')
    const offered = await his.look(short)
    expect([offered.text.includes('name="yes"'), offered.text.includes('id="pin"')]).toEqual([true, false])
    expect((await his.post(short, { yes: 'yes' })).to).toMatch(/^\/records/)
    expect(await balance(ada)).toBe(-421)
  })

  test('somebody without a PIN rings or chooses one; the same form then goes', async () => {
    const step = { ...long(), save: 'yes' }
    const check = await hers.post('/record', long())
    expect(check.text).toContain('For more than 3 hours we ask for your PIN, and you have none')
    expect(check.text).not.toContain('id="pin"')
    for (const pin of ['', PIN]) {
      const refused = await hers.post('/record', { ...step, pin })
      expect([refused.status, await balance(ada)]).toEqual([422, 0])
    }
    await choosesPin(ada, PIN)
    const asked = await hers.post('/record', step)
    expect(asked.text).toContain('id="pin"')
    expect((await hers.post('/record', { ...step, pin: PIN })).to).toMatch(/^\/records/)
  })

  test('whoever acts for another types their own', async () => {
    const edna = await joins(bank, 'Edna Whitlock')
    const wanted = { helper: ada.number, forWhat: 'record' } as const
    done(await addDeputy(bank.node, bank.people, edna.number, wanted, bank.coordinator))
    await choosesPin(ada, PIN)
    await choosesPin(edna, '90817')
    const step = { ...long({ for: edna.number }), save: 'yes', nonce: newNonce() }
    expect((await hers.post('/record', { ...step, pin: '90817' })).text).toContain('not your PIN')
    expect((await hers.post('/record', { ...step, pin: PIN })).to).toMatch(/^\/records/)
    expect([await balance(edna), await balance(ada)]).toEqual([-181, 0])
  })
})
