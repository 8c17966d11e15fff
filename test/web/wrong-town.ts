/**
 * What went wrong between the town and its neighbours? A case of every state about hours that moved between two banks, said
 * and answered on the pages as people do; Ada Marsh has a part in all of it.
 */

import { must } from '../../src/core/fault.ts'
import { toHex } from '../../src/core/ids.ts'
import { payRequest } from '../../src/register/paying-requests.ts'
import { payAcross } from '../../src/register/payments.ts'
import type { Person } from '../../src/register/person.ts'
import { makeRequest } from '../../src/register/requests.ts'
import { until } from '../http/served.ts'
import { type Caller, newNonce } from './caller.ts'
import type { Town, WebBank } from './town.ts'

/** Ids of payments in paths, and codes. */
export interface WrongTown {
  /** Hours Ada sent, by how it stands. */
  readonly open: string
  readonly stands: string
  readonly asked: string
  readonly lapsed: string
  readonly changed: string
  /** By which those went back. */
  readonly putsRight: string
  /** Hours that came to Ada. */
  readonly came: string
  /** By which the neighbour asks for them. */
  readonly code: string
  /** Came too, went back, and have not arrived. */
  readonly onItsWay: string
  readonly takesBack: string
}

interface Parts {
  readonly town: Pick<Town, 'node' | 'people' | 'ada'> & WebBank
  readonly near: WebBank
  readonly away: WebBank
  readonly cleo: Person
  readonly dan: Person
  /** Somebody of this kind at the doors of a bank. */
  readonly signIn: (bank: WebBank, kind: 'coordinator' | 'member', name?: string) => Promise<Caller>
}

/** Fills in what needs both neighbours there; what this gives is called when one of them has fallen silent. */
export async function fillWrong(parts: Parts): Promise<() => Promise<WrongTown>> {
  const { town, near, away, cleo, dan, signIn } = parts
  const [ada, desk] = [await signIn(town, 'member', town.ada.name), await signIn(town, 'coordinator')]
  const called = async (id: string): Promise<string> => {
    const words = 'It was the other Cleo, <b>not</b> this one.'
    await counts(ada, `/crossings/${id}/wrong`, { what: 'not_me', words })
    return id
  }
  const open = await called(await sent(parts))
  const stands = await called(await sent(parts))
  await counts(desk, casePath(stands), { stands: 'yes', answer: 'It was this one after all.' })
  const asked = await called(await sent(parts))
  await asksBack(desk, asked)
  const lapsed = await called(await sent(parts))
  await asksBack(desk, lapsed)
  await counts(desk, casePath(lapsed), { withdraw: 'yes' })
  const changed = await called(await sent(parts))
  const nearDesk = await signIn(near, 'coordinator')
  const putsRight = await givesBack(nearDesk, changed, await asksBack(desk, changed))
  await until(async () => (await desk.look(casePath(changed))).text.includes(putsRight))
  const came = await called(await received(parts, near, cleo))
  await counts(nearDesk, `/desk/crossings/${came}/wrong`, { what: 'length', words: '' })
  const code = await asksBack(nearDesk, came)
  const onItsWay = await called(await received(parts, away, dan))
  const awayDesk = await signIn(away, 'coordinator')
  await counts(awayDesk, `/desk/crossings/${onItsWay}/wrong`, { what: 'length', words: '' })
  const awayCode = await asksBack(awayDesk, onItsWay)
  // Read while it is there.
  const read = await desk.post(backPath(onItsWay), { code: awayCode, nonce: newNonce() })
  must(read.status === 200, `a code is read: ${read.text}`)
  return async () => {
    const takesBack = await givesBack(desk, onItsWay, awayCode)
    return { open, stands, asked, lapsed, changed, putsRight, came, code, onItsWay, takesBack }
  }
}

function casePath(id: string): string {
  return `/desk/crossings/${id}/case`
}

function backPath(id: string): string {
  return `/desk/crossings/${id}/back`
}

async function counts(caller: Caller, path: string, fields: Record<string, string>): Promise<void> {
  const { status, text } = await caller.post(path, fields)
  must(status === 303, `what was posted to ${path} counts: ${status} ${text}`)
}

/** The desk asks for the hours back; gives the code. */
async function asksBack(desk: Caller, id: string): Promise<string> {
  await counts(desk, casePath(id), { ask: 'yes', answer: 'We rang you both.' })
  const { text } = await desk.look(casePath(id))
  const code = /ch-code ch-phrase"[^>]*>\s*([0-9A-Z-]+)\s*</.exec(text)?.[1]
  must(code !== undefined, `a code is shown: ${text}`)
  return code
}

/** The desk reads what the code asks for and gives the hours back; gives the payment's id. */
async function givesBack(desk: Caller, id: string, code: string): Promise<string> {
  const nonce = newNonce()
  const { text } = await desk.post(backPath(id), { code, nonce })
  const shown = /name="shown" value="([0-9a-f]+)"/.exec(text)?.[1] ?? ''
  const given = await desk.post(backPath(id), { code, nonce, shown, save: 'yes' })
  const back = /^\/desk\/crossings\/([0-9a-f]{64})$/.exec(given.to ?? '')?.[1]
  must(back !== undefined, `hours are given back: ${given.status} ${given.text}`)
  return back
}

async function sent({ town, near, cleo }: Parts): Promise<string> {
  const help = { payer: town.ada.number, minutes: 20, note: 'mended a lamp', postal: false }
  const to = { bank: near.node.bank, handle: { number: cleo.number } }
  const by = { member: town.ada, method: 'pin', channel: 'web' } as const
  const paid = await payAcross(town.node, town.people, { ...help, ...to }, by)
  must(paid.ok, 'hours are sent')
  return ended(town, paid.value.id)
}

async function received({ town }: Parts, from: WebBank, payer: Person): Promise<string> {
  const asked = { number: town.ada.number, minutes: 25, what: 'watered the plants' }
  const made = await makeRequest(town.node, town.people, asked)
  must(made.ok, 'a code is made')
  const wanted = { payer: payer.number, bank: town.node.bank, code: made.value.code }
  const by = { member: payer, method: 'pin', channel: 'web' } as const
  const paid = await payRequest(from.node, from.people, wanted, by)
  must(paid.ok && paid.value.across, 'hours come')
  return ended(from, paid.value.payment.id)
}

async function ended(bank: WebBank, id: Uint8Array): Promise<string> {
  const view = await bank.node.settled(id, 20)
  must(view.ok && view.value.state === 'paid', 'it is paid')
  return toHex(id)
}
