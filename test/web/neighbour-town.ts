/**
 * What has happened between the town and its neighbours? Codes of every state, and hours that wait, are on their way, have
 * arrived and have not; made through the register as the pages do. One neighbour answers, the other has fallen silent.
 */

import { must } from '../../src/core/fault.ts'
import { toBase32, toHex } from '../../src/core/ids.ts'
import { addDeputy } from '../../src/register/editing.ts'
import { lookUp, payRequest } from '../../src/register/paying-requests.ts'
import { cancelPayment, payAcross } from '../../src/register/payments.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { makeRequest, withdrawRequest } from '../../src/register/requests.ts'
import { openLine, until } from '../http/served.ts'
import type { Town, WebBank } from './town.ts'
import { fillWrong, type WrongTown } from './wrong-town.ts'

/** Ids of payments in paths, and codes. */
export interface NeighbourTown {
  readonly near: {
    readonly id: string
    readonly number: string
    readonly code: string
    readonly open: string
  }
  readonly away: { readonly id: string }
  readonly codes: Readonly<Record<'open' | 'wall' | 'used' | 'withdrawn' | 'others', string>>
  readonly crossings: Readonly<
    Record<'paid' | 'received' | 'held' | 'sent' | 'cancelled' | 'refused', string>
  >
  /** What people say was wrong, by how it stands. */
  readonly wrong: WrongTown
}

type Filled = Pick<Town, 'node' | 'people' | 'coordinator' | 'ada' | 'boKarlsson' | 'library'> & WebBank

export async function fillNeighbours(
  town: Filled,
  { near, away }: { near: WebBank; away: WebBank },
  signIn: Parameters<typeof fillWrong>[0]['signIn'],
): Promise<NeighbourTown> {
  const wanted = { helper: town.boKarlsson.number, forWhat: 'record' } as const
  must((await addDeputy(town.node, town.people, town.ada.number, wanted)).ok, 'Ada lets somebody act for her')
  await openLine(town, near)
  await openLine(town, away)
  const [cleo, dan] = [await joins(near, 'Cleo Ray'), await joins(away, 'Dan Ford')]
  const awayFor = await lookUp(town.node, away.node.bank, dan.number)
  must(awayFor.ok, 'a neighbour that is there answers')
  const codes = await fillCodes(town, near, cleo)
  const code = await asks(near, cleo, { minutes: 45, what: 'put up two shelves' })
  const open = await asks(near, cleo, { minutes: null, what: '' })
  const sent = { payer: town.ada.number, minutes: 20, note: 'mended a lamp', postal: false }
  const by = { member: town.ada, method: 'pin', channel: 'web' } as const
  const paid = await payAcross(
    town.node,
    town.people,
    { ...sent, bank: near.node.bank, handle: { number: cleo.number } },
    by,
  )
  const refused = await payAcross(
    town.node,
    town.people,
    { ...sent, bank: near.node.bank, handle: new Uint8Array(16).fill(7) },
    by,
  )
  must(paid.ok && refused.ok, 'both are sent')
  await ended(town, paid.value.id)
  await ended(town, refused.value.id)
  const fillRest = await fillWrong({ town, near, away, cleo, dan, signIn })
  await away.close()
  await until(() => town.node.contacts.link(away.node.bank)?.connected !== true)
  const far = { ...sent, bank: away.node.bank, handle: awayFor.value, decideWithinSeconds: 600_000 }
  const held = await payAcross(town.node, town.people, far, by)
  const onItsWay = await payAcross(town.node, town.people, { ...far, postal: true }, by)
  const cancelled = await payAcross(town.node, town.people, far, by)
  must(held.ok && onItsWay.ok && cancelled.ok, 'what a silent bank cannot answer is held')
  must((await cancelPayment(town.node, town.people, cancelled.value.id)).ok, 'a held payment is cancelled')
  const crossings = {
    paid: toHex(paid.value.id),
    received: codes.received,
    held: toHex(held.value.id),
    sent: toHex(onItsWay.value.id),
    cancelled: toHex(cancelled.value.id),
    refused: toHex(refused.value.id),
  }
  return {
    near: { id: toBase32(near.node.bank), number: cleo.number, code, open },
    away: { id: toBase32(away.node.bank) },
    codes: codes.codes,
    crossings,
    wrong: await fillRest(),
  }
}

async function joins(bank: WebBank, name: string): Promise<Person> {
  const joined = await addMember(bank.node, bank.people, { name, kind: 'member' })
  must(joined.ok, 'a person joins')
  return joined.value
}

async function asks(
  bank: WebBank,
  { number }: Person,
  more: { minutes: number | null; what: string; uses?: number },
): Promise<string> {
  const made = await makeRequest(bank.node, bank.people, { number, ...more })
  must(made.ok, 'a code is made')
  return made.value.code
}

/** Ada's codes, one of which Cleo of the neighbour has used. */
async function fillCodes(
  town: Filled,
  near: WebBank,
  cleo: Person,
): Promise<{ codes: NeighbourTown['codes']; received: string }> {
  const { ada, boKarlsson } = town
  const codes = {
    open: await asks(town, ada, { minutes: 90, what: 'gardening' }),
    wall: await asks(town, ada, { minutes: 30, what: 'a morning at the workshop', uses: 1_000 }),
    used: await asks(town, ada, { minutes: 60, what: 'painting' }),
    withdrawn: await asks(town, ada, { minutes: null, what: '' }),
    others: await asks(town, boKarlsson, { minutes: 15, what: 'tea' }),
  }
  must((await withdrawRequest(town.node, town.people, codes.withdrawn)).ok, 'a code is taken back')
  const by = { member: cleo, method: 'pin', channel: 'web' } as const
  const wanted = { payer: cleo.number, bank: town.node.bank, code: codes.used }
  const paid = await payRequest(near.node, near.people, wanted, by)
  must(paid.ok && paid.value.across, 'a code of the neighbour is answered')
  const { id } = paid.value.payment
  await ended(near, id)
  return { codes, received: toHex(id) }
}

async function ended(bank: WebBank, id: Uint8Array): Promise<void> {
  const view = await bank.node.settled(id, 20)
  must(view.ok && !['held', 'sent', 'promised'].includes(view.value.state), 'it has ended')
}
