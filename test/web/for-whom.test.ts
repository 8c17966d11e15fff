/** Who may say yes for Edna? Whoever she let, for as long as she let them, and nobody by typing her number. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dateOf, dayAt } from '../../src/register/calendar.ts'
import { addDeputy, removeDeputy } from '../../src/register/editing.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { readRecord } from '../../src/register/records.ts'
import { memberStatement } from '../../src/register/statements.ts'
import type { Caller } from './caller.ts'
import { tellForm } from './member-town.ts'
import { callerOf, closeBanks, done, openWebBank, type WebBank } from './town.ts'

let bank: WebBank
let ada: Person
let bo: Person
let edna: Person
let hers: Caller

beforeAll(async () => {
  bank = await openWebBank('Harbour')
  const joins = async (name: string): Promise<Person> =>
    done(await addMember(bank.node, bank.people, { name, kind: 'member' }))
  ada = await joins('Ada Marsh')
  bo = await joins('Bo Lind')
  edna = await joins('Edna Whitlock')
  hers = await callerOf(bank, 'member', ada.name)
})
afterAll(() => closeBanks({ empty: bank }))

const forEdna = (): Record<string, string> => tellForm(bo, { for: edna.number, save: 'yes', note: 'a lift' })

async function lets(until: string | null): Promise<void> {
  const from = dateOf(dayAt(bank.node.logTime()) - 9)
  const wanted = { helper: ada.number, from, until, forWhat: 'record' } as const
  done(await addDeputy(bank.node, bank.people, edna.number, wanted, bank.coordinator))
}

async function balance({ number }: Person): Promise<number> {
  return done(await memberStatement(bank.node, bank.people, number)).balanceMinutes
}

test('[EX-15] nobody acts for somebody who did not let them', async () => {
  expect((await hers.look('/record')).text).not.toContain('name="for"')
  const size = bank.node.head.size
  const refused = await hers.post('/record', forEdna())
  expect([refused.status, bank.node.head.size]).toEqual([422, size])
  expect(refused.text).toContain('They have not said that you may act for them')
  expect([await balance(edna), await balance(ada)]).toEqual([0, 0])
})

test('[EX-15] whoever she lets says yes in her place, the record names both, and Edna can end it', async () => {
  await lets(null)
  const form = await hers.look('/record')
  expect(form.text).toContain(`value="${edna.number}"`)
  const { save: _, ...unsaved } = forEdna()
  const check = await hers.post('/record', unsaved)
  expect(check.text).toContain('Bo L. helped Edna Whitlock')
  expect(check.text).toContain('will go from Edna Whitlock to Bo L.')
  const saved = await hers.post('/record', forEdna())
  const index = Number(/^\/records\/(\d+)\?new$/.exec(saved.to ?? '')?.[1])
  const record = done(await readRecord(bank.node, bank.people, index))
  expect([record.deputy?.name, record.coordinator]).toEqual(['Ada Marsh', null])
  expect([await balance(edna), await balance(bo), await balance(ada)]).toEqual([-75, 75, 0])
  expect((await hers.look(`/records/${index}`)).text).toContain('Ada Marsh')
  const ednas = await callerOf(bank, 'member', edna.name)
  expect((await ednas.look(`/records/${index}`)).text).toContain('Ada Marsh')
  const bos = await callerOf(bank, 'member', bo.name)
  expect((await bos.look(`/records/${index}`)).status).toBe(200)

  done(await removeDeputy(bank.node, bank.people, edna.number, ada.number, bank.coordinator))
  expect((await hers.post('/record', forEdna())).status).toBe(422)
  expect((await hers.look(`/records/${index}`)).status).toBe(404)
  expect(await balance(edna)).toBe(-75)
})

test('[EX-15] only until the day she named', async () => {
  await lets(dateOf(dayAt(bank.node.logTime()) - 2))
  expect((await hers.post('/record', forEdna())).status).toBe(422)
  expect(await balance(edna)).toBe(-75)
})
