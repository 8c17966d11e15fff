import { afterEach, describe, expect, test } from 'vitest'
import { listCoordinators } from '../../src/register/office.ts'
import { addMember, ensureFund, People } from '../../src/register/people.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { ok, refusalOf } from '../node/town.ts'
import { contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  return bank
}

describe('the register of people', () => {
  test('[P-1] a name is enough; nothing else is asked or made up', async () => {
    const { node, people } = await harbour()
    const ada = ok(await addMember(node, people, { name: '  Ada   Thorne ' }))
    expect(ada).toMatchObject({
      name: 'Ada Thorne',
      kind: 'member',
      phone: null,
      email: null,
      note: null,
    })
    expect(ada.number).toMatch(/^HB-[2-9]{4}-[A-Z]$/)
    expect(ada.joinedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  test('a number is found whatever its capitals and survives a restart', async () => {
    const bank = await harbour()
    const person = {
      name: 'Zoë Nguyễn',
      number: 'h-0007',
      phone: '+44 1632 960301',
      phone2: '2',
      email: 'z@harbour.example',
      area: 'Quayside',
      language: 'vi',
      channel: 'call',
      note: 'rings\ntwice',
      joinedOn: '2020-02-29',
      kind: 'organisation',
    } as const
    const kept = ok(await addMember(bank.node, bank.people, person))
    await bank.restart()
    expect(bank.people.byNumber(' H-0007')).toEqual(kept)
    expect(bank.people.byAccount(kept.account)).toEqual(kept)
    const account = await bank.node.read(({ book }) =>
      book.accounts.find((one) => one.class === 'organisation'),
    )
    expect(account?.id).toEqual(kept.account)
  })

  test.each([
    ['a taken number', { name: 'Bo', number: 'm-0001' }, 'number_taken'],
    ['a number of the bank itself', { name: 'Bo', number: 'before' }, 'number_taken'],
    ['no name', { name: ' \n ' }, 'name_missing'],
    ['a long name', { name: 'é'.repeat(41) }, 'text_too_long'],
    ['a long number', { name: 'Bo', number: 'x'.repeat(25) }, 'text_too_long'],
    ['a long phone number', { name: 'Bo', phone: '1'.repeat(255) }, 'text_too_long'],
    ['a long note', { name: 'Bo', note: 'n'.repeat(2001) }, 'text_too_long'],
    ['a day that does not exist', { name: 'Bo', joinedOn: '2026-02-30' }, 'request_malformed'],
  ])('%s is refused and writes nothing', async (_, request, code) => {
    const { node, people, store } = await harbour()
    ok(await addMember(node, people, { name: 'Ada', number: 'M-0001' }))
    const before = await contentOf(store)
    expect(refusalOf(await addMember(node, people, request))).toBe(code)
    expect(await contentOf(store)).toBe(before)
  })

  test('two who ask for one number at the same moment: one gets it', async () => {
    const { node, people } = await harbour()
    const both = await Promise.all(
      ['Ada', 'Bo'].map((name) => addMember(node, people, { name, number: 'M-0001' })),
    )
    expect(both.map(refusalOf).sort()).toEqual(['accepted', 'number_taken'])
    const three = await Promise.all(['a', 'b', 'c'].map((name) => addMember(node, people, { name })))
    expect(new Set(three.map((one) => ok(one).number)).size).toBe(3)
  })

  test('[SIGN-1] a number drawn here is found however it is typed, and one brought along as it is', async () => {
    const bank = await harbour()
    ok(await addMember(bank.node, bank.people, { name: 'Cy', number: '2593' }))
    const { number } = ok(await addMember(bank.node, bank.people, { name: 'Ada' }))
    await bank.restart()
    const [, digits = '', check = ''] = number.split('-')
    const { people } = bank
    const bare = digits === '2593' ? [] : [digits, ` ${digits} `]
    const ways = [number.toLowerCase(), `hb${digits}${check}`, `HB ${digits} ${check}`, `${digits}${check}`]
    for (const typed of [...ways, ...bare]) expect(ok(people.find(typed)).name, typed).toBe('Ada')
    expect(ok(people.find('2593')).name).toBe('Cy')
    for (const typed of [`HB${digits}`, `hb${digits}${check === 'K' ? 'L' : 'K'}`])
      expect(refusalOf(people.find(typed)), typed).toBe('number_mistyped')
    for (const typed of ['H-099', 'Ada', '', '9'.repeat(9)])
      expect(refusalOf(people.find(typed)), typed).toBe('account_unknown')
    expect(refusalOf(await memberStatement(bank.node, people, `${digits}I`))).toBe('number_mistyped')
    expect(ok(await memberStatement(bank.node, people, ways[1] as string)).person.name).toBe('Ada')
  })

  test('numbers of any shape stand in their order', async () => {
    const { node, people } = await harbour()
    for (const number of ['H-099', 'H-007', 'guest1'])
      ok(await addMember(node, people, { name: number, number }))
    expect(people.all().map((person) => person.number)).toEqual(['guest1', 'H-007', 'H-099', 'POT'])
  })

  test('[EX-14] the pot founded with the bank is in the register, once', async () => {
    const bank = await harbour()
    expect(bank.people.byNumber('pot')).toMatchObject({ name: 'Community pot', kind: 'fund' })
    const size = bank.node.head.size
    await ensureFund(bank.node, bank.people)
    await bank.restart()
    expect([bank.people.all().length, bank.node.head.size]).toEqual([1, size])
  })

  test('[PRIV-1] [PRIV-21] no name, number or word of the register stands in the log', async () => {
    const { node, people, store } = await harbour()
    const canaries = ['CanaryName', 'CN-0815', 'canary@harbour.example', 'CanaryArea']
    const [name = '', number, email, area] = canaries
    ok(await addMember(node, people, { name, number, email, area, note: 'CanaryNote' }))
    const log = await logContentOf(store)
    for (const canary of [...canaries, 'CanaryNote', 'Priya']) expect(log).not.toContain(canary)
    expect(await contentOf(store)).toContain('CanaryName')
  })

  test('[PRIV-2] account ids are random: the same person twice, or at two banks, has nothing in common', async () => {
    const [here, there] = [await harbour(), await harbour()]
    const person = { name: 'Ada', phone: '07700 900101' }
    const kept = [
      ok(await addMember(here.node, here.people, person)),
      ok(await addMember(here.node, here.people, person)),
    ]
    kept.push(ok(await addMember(there.node, there.people, person)))
    expect(kept.map(({ account }) => account.length)).toEqual([16, 16, 16])
    expect(new Set(kept.map(({ account }) => account.toString())).size).toBe(3)
  })

  test('lone surrogates and decomposed letters become one spelling', async () => {
    const { node, people } = await harbour()
    expect(ok(await addMember(node, people, { name: 'Zoe\u0308\ud800' })).name).toBe('Zo\u00eb\ufffd')
  })

  test('a row that is being erased is passed over', async () => {
    const { node, people, store } = await harbour()
    const ada = ok(await addMember(node, people, { name: 'Ada' }))
    const key = new Uint8Array([...Buffer.from('p/member/'), ...ada.account])
    await node.commit(() => ({
      ok: true,
      value: { entries: [], rows: [{ put: key, value: Uint8Array.of(0) }], value: null },
    }))
    expect((await People.open(store)).all().map((person) => person.number)).toEqual(['POT'])
  })

  test("coordinators' names lie beside the log", async () => {
    const { node, people, coordinator } = await harbour()
    expect(await listCoordinators(node, people)).toMatchObject([{ ...coordinator, state: 'in_office' }])
  })
})
