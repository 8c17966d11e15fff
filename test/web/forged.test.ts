/** What can a member bring about with forms that no page of ours has shown? */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../src/core/hash.ts'
import { eraseMember } from '../../src/register/erasure.ts'
import { setMemberState } from '../../src/register/members.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { makeRequest } from '../../src/register/requests.ts'
import { openLine } from '../http/served.ts'
import { newNonce } from './caller.ts'
import { tellForm } from './member-town.ts'
import { callerOf, closeBanks, done, openWebBank, type WebBank } from './town.ts'

let harbour: WebBank
let millbrook: WebBank
const people: Record<string, Person> = {}
const who = (name: string): Person => people[name] as Person
const as = (name: string) => callerOf(harbour, 'member', who(name).name)

beforeAll(async () => {
  ;[harbour, millbrook] = await Promise.all([openWebBank('Harbour'), openWebBank('Millbrook')])
  await openLine(harbour, millbrook)
  for (const name of ['Ada Marsh', 'Bo Lind', 'Edna Whitlock', 'Zed Quill'])
    people[name.split(' ')[0] as string] = done(
      await addMember(harbour.node, harbour.people, { name, kind: 'member' }),
    )
  people.Cleo = done(await addMember(millbrook.node, millbrook.people, { name: 'Cleo Ray', kind: 'member' }))
})
afterAll(() => closeBanks({ town: harbour, near: millbrook }))

const neighbourForm = (more: Record<string, string> = {}): Record<string, string> => ({
  bank: millbrook.id,
  number: who('Cleo').number,
  hours: '1',
  minutes: '',
  when: 'today',
  category: '0',
  note: '',
  nonce: newNonce(),
  ...more,
})

test('a number as long as a book is nobody’s, and the line stays up', async () => {
  const ada = await as('Ada')
  for (let i = 0; i < 4; i++) {
    const answer = await ada.post('/record/neighbour', neighbourForm({ number: 'X'.repeat(25 + 9_000 * i) }))
    expect(answer.status).toBe(422)
  }
  expect(harbour.node.contacts.link(millbrook.node.bank)?.connected).toBe(true)
  expect((await ada.post('/record/neighbour', neighbourForm())).status).toBe(200)
})

test('another name, handle or end in the hidden fields is looked up anew', async () => {
  const ada = await as('Ada')
  const forged = {
    handle: '07'.repeat(16),
    expires: '99999999999',
    payee: 'Mayor Smith',
    seal: '0'.repeat(64),
    save: 'yes',
  }
  const sent = await ada.post('/record/neighbour', neighbourForm(forged))
  const page = await ada.look(sent.to ?? '')
  expect(page.text).toContain('Cleo R.')
  expect(page.text).not.toContain('Mayor')
})

test('a claim is agreed to by a record of its own, whatever was recorded under its number', async () => {
  const nonce = newNonce()
  const bo = await as('Bo')
  expect((await bo.post('/helped', tellForm(who('Ada'), { save: 'yes', nonce }))).to).toBe(`/agree/${nonce}`)
  const ada = await as('Ada')
  const bytes = sha256(Buffer.concat([Buffer.from('claim '), Buffer.from(nonce, 'hex')])).slice(0, 16)
  const early = { save: 'yes', nonce: Buffer.from(bytes).toString('hex'), hours: '', minutes: '1' }
  expect((await ada.post('/record', tellForm(who('Zed'), early))).status).toBe(303)
  await ada.post(`/agree/${nonce}`, { anything: 'at all' })
  expect((await bo.look(`/agree/${nonce}`)).text).toContain('Waiting for the other to agree')
})

test('words of somebody who was erased are neither shown nor written again', async () => {
  const nonce = newNonce()
  const bo = await as('Bo')
  await bo.post('/helped', tellForm(who('Edna'), { save: 'yes', nonce, note: 'lighthouse soup' }))
  const asked = { number: who('Edna').number, confirm: who('Edna').name, reason: 'asked' } as const
  const by = { coordinator: harbour.coordinator, channel: 'desk', reason: 'at_the_desk' } as const
  done(await eraseMember(harbour.node, harbour.people, asked, by))
  expect((await bo.look(`/agree/${nonce}`)).status).toBe(404)
  expect((await bo.post(`/agree/${nonce}`, { no: 'yes' })).status).toBe(404)
  expect((await bo.look('/me')).text).not.toContain('lighthouse')
})

test('a yes to something else than what was read is asked again, and nothing is recorded', async () => {
  const asks = { number: who('Cleo').number, minutes: 60, what: 'shelves' }
  const { code } = done(await makeRequest(millbrook.node, millbrook.people, asks))
  const path = `/collect/${millbrook.id}/${code}`
  const ada = await as('Ada')
  const check = await ada.look(path)
  const shown = /name="shown" value="([0-9a-f]{64})"/.exec(check.text)?.[1] ?? ''
  const size = harbour.node.head.size
  for (const other of ['', shown.replace(/^./, (first) => (first === '0' ? '1' : '0'))]) {
    const answer = await ada.post(path, { nonce: newNonce(), shown: other, yes: 'yes' })
    expect([answer.status, harbour.node.head.size]).toEqual([422, size])
    expect(answer.text).toContain('The other bank says it differently now')
  }
  expect((await ada.post(path, { nonce: newNonce(), shown, yes: 'yes' })).to).toMatch(/^\/crossings\//)
})

test('the number of somebody else’s form leads nowhere', async () => {
  const nonce = newNonce()
  const bo = await as('Bo')
  expect((await bo.post('/codes/new', { hours: '1', minutes: '', note: '', nonce })).status).toBe(303)
  const zed = await as('Zed')
  const answer = await zed.post(`/collect/${harbour.id}/ZZZZZZZZ`, { nonce, yes: 'yes' })
  expect([answer.status, answer.to]).toEqual([422, null])
})

test('whoever was suspended asks nobody for hours', async () => {
  done(await setMemberState(harbour.node, harbour.people, who('Zed').number, 'suspend'))
  const zed = await as('Zed')
  const answer = await zed.post('/helped', tellForm(who('Ada'), { save: 'yes' }))
  // The page itself is shut to them, before anything is read.
  expect(answer.status).toBe(403)
})
