/** Does whoever Edna let say yes for her to a code, and across banks, follow what was begun, and nobody else for anybody? */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromHex, toBase32 } from '../../src/core/ids.ts'
import { readCrossing } from '../../src/register/crossings.ts'
import { addDeputy, removeDeputy } from '../../src/register/editing.ts'
import { cancelPayment, recallPayment } from '../../src/register/payments.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { readRecord } from '../../src/register/records.ts'
import { makeRequest } from '../../src/register/requests.ts'
import { waitOrSendAnyway } from '../../src/register/sending-again.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { openLine, until } from '../http/served.ts'
import { type Answer, type Caller, newNonce } from './caller.ts'
import { callerOf, closeBanks, done, openWebBank, type WebBank } from './town.ts'

/** Every press that a page of a payment may offer. */
const PRESSES: readonly Record<string, string>[] = [
  { cancel: 'yes' },
  { wait: 'yes' },
  { send: 'yes' },
  { recall: 'yes' },
]

let bank: WebBank
let near: WebBank
let ada: Person
let bo: Person
let edna: Person
let cleo: Person
/** Ada's, whom Edna lets; Edna's own; and Bo's, whom nobody lets. */
let hers: Caller
let ednas: Caller
let bos: Caller

beforeAll(async () => {
  ;[bank, near] = await Promise.all([openWebBank('Harbour'), openWebBank('Millbrook')])
  await openLine(bank, near)
  const joins = async (at: WebBank, name: string): Promise<Person> =>
    done(await addMember(at.node, at.people, { name, kind: 'member' }))
  ada = await joins(bank, 'Ada Marsh')
  bo = await joins(bank, 'Bo Lind')
  edna = await joins(bank, 'Edna Whitlock')
  cleo = await joins(near, 'Cleo Ray')
  hers = await callerOf(bank, 'member', ada.name)
  ednas = await callerOf(bank, 'member', edna.name)
  bos = await callerOf(bank, 'member', bo.name)
})
afterAll(() => closeBanks({ empty: bank, near }))

async function lets(): Promise<void> {
  const wanted = { helper: ada.number, from: null, until: null, forWhat: 'record' } as const
  done(await addDeputy(bank.node, bank.people, edna.number, wanted, bank.coordinator))
}

async function endsIt(): Promise<void> {
  done(await removeDeputy(bank.node, bank.people, edna.number, ada.number, bank.coordinator))
}

async function balance({ number }: Person): Promise<number> {
  return done(await memberStatement(bank.node, bank.people, number)).balanceMinutes
}

async function codePath(at: WebBank, person: Person, minutes: number | null): Promise<string> {
  const made = done(await makeRequest(at.node, at.people, { number: person.number, minutes, what: 'a lift' }))
  return `/collect/${toBase32(at.node.bank)}/${made.code}`
}

/** What the form of a page carries, as a browser would send it. */
function hidden({ text }: Answer): Record<string, string> {
  const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
}

/** Both steps of saying yes to a code for Edna; the last fields too, to press again. */
async function saysYes(path: string, more: Record<string, string> = {}) {
  const asked = await hers.look(path)
  expect(asked.text).toContain(`value="${edna.number}"`)
  expect(asked.text).not.toContain('name="yes"')
  const check = await hers.post(path, { ...hidden(asked), whom: 'yes', for: edna.number })
  const fields = { ...hidden(check), ...more, yes: 'yes' }
  return { check, fields, saved: await hers.post(path, fields) }
}

describe('[EX-15] a code for Edna', () => {
  test('is asked of nobody who may act for no one, and refused when the field is forged', async () => {
    const path = await codePath(bank, bo, 45)
    const shown = await hers.look(path)
    expect(shown.text).not.toContain('name="for"')
    const size = bank.node.head.size
    const forged = await hers.post(path, { ...hidden(shown), yes: 'yes', for: edna.number })
    expect([forged.status, bank.node.head.size]).toEqual([422, size])
    expect(forged.text).toContain('They have not said that you may act for them')
    expect(forged.text).not.toContain(edna.name)
  })

  test('inside the bank: the sentence names her, the record both, and a second press finds it', async () => {
    await lets()
    const path = await codePath(bank, bo, 45)
    const { check, fields, saved } = await saysYes(path)
    expect(check.text).toContain('Bo L. helped Edna Whitlock for 45 minutes: a lift.')
    expect(check.text).toContain('45 minutes will go from Edna Whitlock to Bo L.')
    const index = Number(/^\/records\/(\d+)\?new$/.exec(saved.to ?? '')?.[1])
    const record = done(await readRecord(bank.node, bank.people, index))
    expect(record.deputy?.name).toBe('Ada Marsh')
    expect([await balance(edna), await balance(ada)]).toEqual([-45, 0])
    expect((await hers.post(path, fields)).to).toBe(`/records/${index}?again`)
    expect((await ednas.look(`/records/${index}`)).text).toContain('Ada Marsh')
    await endsIt()
    expect((await hers.post(path, fields)).status).toBe(422)
    expect(await balance(edna)).toBe(-45)
  })

  test('of a neighbouring bank, with the length left open; what was begun is followed', async () => {
    await lets()
    const { check, saved } = await saysYes(await codePath(near, cleo, null), { hours: '0', minutes: '30' })
    expect(check.text).toContain('Cleo R. of Millbrook helped Edna Whitlock: a lift.')
    const path = saved.to ?? ''
    expect(path).toMatch(/^\/crossings\/[0-9a-f]{64}$/)
    await expectBothNamed(path)
    await endsIt()
    expect((await hers.look(path)).status).toBe(404)
    expect((await ednas.look(path)).status).toBe(200)
  })
})

async function expectBothNamed(path: string): Promise<void> {
  for (const caller of [hers, ednas]) {
    const { status, text } = await caller.look(path)
    expect(status).toBe(200)
    expect(text).toContain('helped Edna Whitlock')
    expect(text).toMatch(/Said by<\/dt><dd[^>]*>Ada Marsh</)
  }
  expect((await bos.look(path)).status).toBe(404)
  const crossing = done(await readCrossing(bank.node, bank.people, idIn(path)))
  expect([crossing.person?.name, crossing.deputy?.name]).toEqual(['Edna Whitlock', 'Ada Marsh'])
}

function idIn(path: string): Uint8Array {
  return fromHex(path.replace('/crossings/', ''), 32) as Uint8Array
}

function across(more: Record<string, string> = {}): Record<string, string> {
  return {
    ...{ for: edna.number, bank: toBase32(near.node.bank), number: cleo.number, hours: '', minutes: '20' },
    ...{ when: 'today', category: '0', note: 'a lamp', nonce: newNonce(), ...more },
  }
}

describe('[EX-15] help by somebody of a neighbouring bank, for Edna', () => {
  test('is refused before the other bank is asked when she did not let them', async () => {
    expect((await hers.look('/record/neighbour')).text).not.toContain('name="for"')
    const before = await balance(edna)
    for (const fields of [across(), across({ save: 'yes' })]) {
      const refused = await hers.post('/record/neighbour', fields)
      expect(refused.status).toBe(422)
      expect(refused.text).toContain('They have not said that you may act for them')
      expect(refused.text).not.toContain('Cleo R.')
    }
    expect(await balance(edna)).toBe(before)
  })

  test('goes from her account once she lets them, and the page names both', async () => {
    await lets()
    expect((await hers.look('/record/neighbour')).text).toContain(`value="${edna.number}"`)
    const before = await balance(edna)
    const check = await hers.post('/record/neighbour', across())
    expect(check.text).toContain('Cleo R. of Millbrook helped Edna Whitlock for 20 minutes')
    expect(check.text).toContain('20 minutes will go from Edna Whitlock to Cleo R. of Millbrook')
    const saved = await hers.post('/record/neighbour', { ...hidden(check), save: 'yes' })
    await expectBothNamed(saved.to ?? '')
    expect([await balance(edna), await balance(ada)]).toEqual([before - 20, 0])
  })

  test('what came to her from elsewhere is hers alone to read', async () => {
    const made = done(
      await makeRequest(bank.node, bank.people, { number: edna.number, minutes: 15, what: '' }),
    )
    const theirs = await callerOf(near, 'member', cleo.name)
    const path = `/collect/${toBase32(bank.node.bank)}/${made.code}`
    const shown = await theirs.look(path)
    const paid = await theirs.post(path, { ...hidden(shown), yes: 'yes' })
    await until(async () => (await ednas.look(paid.to ?? '')).status === 200)
    expect((await hers.look(paid.to ?? '')).status).toBe(404)
  })
})

describe('[EX-15] while the other bank is away', () => {
  /** Fields of a last step that was read while the other bank still answered. */
  let ready: Record<string, string>[]

  beforeAll(async () => {
    await lets()
    ready = []
    for (let i = 0; i < 3; i++)
      ready.push({ ...hidden(await hers.post('/record/neighbour', across())), save: 'yes' })
    await near.close()
    await until(() => bank.node.contacts.link(near.node.bank)?.connected !== true)
  })

  async function held(): Promise<string> {
    const saved = await hers.post('/record/neighbour', ready.pop() ?? {})
    expect(saved.to).toMatch(/^\/crossings\//)
    return saved.to ?? ''
  }

  async function stateOf(path: string): Promise<string> {
    return done(await bank.node.payment(idIn(path))).state
  }

  test('whoever she let waits, sends it anyway and asks for it back; whoever she did not finds nothing', async () => {
    const first = await held()
    for (const fields of PRESSES) expect((await bos.post(first, fields)).status).toBe(404)
    expect(await stateOf(first)).toBe('held')
    const waiting = (await hers.post(first, { wait: 'yes' })).to ?? ''
    expect(waiting).not.toBe(first)
    expect((await hers.look(first)).to).toBe(waiting)
    await expectBothNamed(waiting)
    const sent = (await hers.post(waiting, { send: 'yes' })).to ?? ''
    expect(await stateOf(sent)).toBe('sent')
    const asked = await hers.post(sent, { recall: 'yes' })
    // Nobody is there to hear it, which the page says.
    expect(asked.status).toBe(422)
    await expectBothNamed(sent)
  })

  test('whoever she let cancels it', async () => {
    const path = await held()
    expect((await hers.post(path, { cancel: 'yes' })).to).toBe(path)
    expect(await stateOf(path)).toBe('dead')
  })

  test('whom she lets no more finds nothing and moves nothing, on the page and below it', async () => {
    const path = await held()
    await endsIt()
    expect((await hers.look(path)).status).toBe(404)
    for (const fields of PRESSES) expect((await hers.post(path, fields)).status).toBe(404)
    const id = idIn(path)
    const by = { member: ada, method: 'pin', channel: 'web' } as const
    const { node, people } = bank
    for (const refused of [
      await cancelPayment(node, people, id, by),
      await recallPayment(node, people, id, by),
      await waitOrSendAnyway(node, people, id, { postal: true }, by),
    ])
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'not_covered' } })
    expect(await stateOf(path)).toBe('held')
    expect((await ednas.look(path)).text).toMatch(/Said by<\/dt><dd[^>]*>Ada Marsh</)
    expect((await ednas.post(path, { cancel: 'yes' })).to).toBe(path)
    expect(await stateOf(path)).toBe('dead')
  })
})
