/**
 * How do hours that moved between two banks go back, when both desks agree that they were wrong? The payer's bank asks for
 * them by a code that its desk reads out; the payee's desk types it, and they are sent. Nothing is edited: the two payments
 * stay, and each names the other ([DESK-13], [DESK-14]).
 */

import { GIFT } from '../core/categories.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import { receiptPhrase } from '../words/phrase.ts'
import type { Case, CaseState } from './case-rows.ts'
import { caseRow } from './case-rows.ts'
import type { Cases } from './cases.ts'
import { type CrossingView, readCrossing } from './crossings.ts'
import type { Act } from './exchanges.ts'
import { collectRequest, type PayerReads, payRequest } from './paying-requests.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'
import { makeRequest, type RequestView, requestByHandle, withdrawRequest } from './requests.ts'

interface Desk {
  readonly node: Node
  readonly people: People
  readonly cases: Cases
}

/**
 * How far it is: `asked`: a code is good. `lapsed`: it ran out, was taken back, or was used for something else.
 * `on_its_way`: the hours were sent back. `came_back`: they did not arrive.
 */
export type Stage = CaseState | 'asked' | 'lapsed' | 'on_its_way' | 'came_back'

export interface PuttingRight {
  readonly stage: Stage
  /** By which the hours are asked back, while it is good. */
  readonly request: RequestView | null
}

/** Whether this payment moved hours for good, so that they can only go back. */
export function isFinished({ state }: Pick<CrossingView, 'state'>): boolean {
  return state === 'paid' || state === 'credited'
}

export async function stageOf({ node, people }: Desk, one: Case): Promise<PuttingRight> {
  const { state, back, by: account } = one
  if (state !== 'open') return { stage: state, request: null }
  if (back !== null) {
    const sent = await node.read(({ book }) => book.asPayer.stateOf(back))
    const isOver = sent === 'returned' || sent === 'covered' || sent === 'dead'
    return { stage: isOver ? 'came_back' : 'on_its_way', request: null }
  }
  const handle = one.asked.at(-1)
  if (handle === undefined) return { stage: 'open', request: null }
  const request = await requestByHandle(node, people, { account, handle })
  return request?.state === 'open' ? { stage: 'asked', request } : { stage: 'lapsed', request: null }
}

/**
 * The payer's bank asks for the hours back: a request in its member's name for exactly the minutes, good once. While one is
 * good it is found again. `what` is read by both desks and stays with the payment back. Refuses `record_unknown`,
 * `claim_answered`, `requests_too_many`, and what `makeRequest` refuses.
 */
export function askBack(
  desk: Desk,
  id: Bytes,
  what: string,
  { coordinator }: Pick<Act, 'coordinator'>,
): Promise<Outcome<RequestView>> {
  const { node, people, cases } = desk
  return cases.alone(id, async () => {
    await cases.catchUp()
    const crossing = await readCrossing(node, people, id)
    const one = cases.find(id)
    if (!crossing.ok) return crossing
    if (one === null) return refuse('record_unknown')
    if (crossing.value.role !== 'payer' || one.state !== 'open') return refuse('claim_answered')
    const { request } = await stageOf(desk, one)
    if (request !== null) return accept(request)
    if (one.asked.length >= LIMITS.caseRequests)
      return refuse('requests_too_many', { most: LIMITS.caseRequests })
    const { person, minutes } = crossing.value
    if (person === null) return refuse('account_unknown')
    const next = (handle: Bytes): Case => ({ ...one, asked: [...one.asked, handle] })
    const acts = people.acts.keep(
      coordinator,
      { what: 'asked_back', accounts: [person.account], record: id },
      node.logTime(),
    )
    const made = await makeRequest(
      node,
      people,
      { number: person.number, minutes, category: GIFT, what, seconds: LIMITS.requestLongestSeconds },
      { most: LIMITS.crossingMinutes, rows: (handle) => [caseRow(next(handle)), ...acts] },
    )
    if (made.ok) cases.know(next(made.value.handle))
    return made
  })
}

/** Nobody gives hours back by the code any more. Refuses `record_unknown`. */
export async function takeCodeBack(desk: Desk, id: Bytes): Promise<Outcome<null>> {
  const { node, people, cases } = desk
  return cases.alone(id, async () => {
    const one = cases.find(id)
    if (one === null) return refuse('record_unknown')
    const { request } = await stageOf(desk, one)
    const gone = request === null ? accept(null) : await withdrawRequest(node, people, request.code)
    return gone.ok ? accept(null) : gone
  })
}

/**
 * It was right after all, or whoever said so thought again; a code that was given out is taken back with it. Refuses
 * `claim_answered` while hours are on their way back, and what ending any case refuses.
 */
export async function endWithoutMoving(
  desk: Desk,
  id: Bytes,
  state: 'stands' | 'withdrawn',
  answer: string,
): Promise<Outcome<Case>> {
  const { node, people, cases } = desk
  await cases.catchUp()
  return cases.end(id, state, answer, async () => {
    const one = cases.find(id)
    if (one === null) return refuse('record_unknown')
    const { stage, request } = await stageOf(desk, one)
    if (stage === 'on_its_way') return refuse('claim_answered')
    return request === null ? accept(null) : withdrawRequest(node, people, request.code)
  })
}

/**
 * What the other desk's code asks for, if it is to put this payment right: so many minutes, once, naming its phrase. Refuses
 * `invoice_differs` for anything else, and what `collectRequest` refuses.
 */
export async function collectForBack(
  { node, people }: Desk,
  { id, bank, minutes }: Pick<CrossingView, 'id' | 'bank' | 'minutes'>,
  code: string,
): Promise<Outcome<PayerReads>> {
  if (bank === null) return refuse('bank_unknown')
  const reads = await collectRequest(node, people, bank, code)
  if (!reads.ok) return reads
  const { what, uses, minutes: asked } = reads.value
  const isMeant = asked === minutes && uses === 1 && what.includes(receiptPhrase(id))
  return isMeant ? reads : refuse('invoice_differs')
}

/**
 * The payee's bank sends the hours back by the other desk's code, on its coordinator's word. Hours that are on their way back,
 * or went back, are not sent again: the payment that took them is found. Refuses what `collectForBack` refuses,
 * `payment_unknown`, and what any payment may meet.
 */
export function giveBack(
  desk: Desk,
  id: Bytes,
  { code, nonce }: { readonly code: string; readonly nonce: string },
  coordinator: Act['coordinator'],
): Promise<Outcome<Bytes>> {
  const { node, people, cases } = desk
  return cases.alone(id, async () => {
    await cases.catchUp()
    const crossing = await readCrossing(node, people, id)
    if (!crossing.ok) return crossing
    const { role, state, bank, person, minutes } = crossing.value
    if (role !== 'payee' || state !== 'credited' || bank === null) return refuse('payment_unknown')
    if (person === null) return refuse('account_unknown')
    const known = cases.find(id)
    const before = known === null || known.back === null ? null : await stageOf(desk, known)
    if (known?.back != null && (before?.stage === 'on_its_way' || before?.stage === 'corrected'))
      return accept(known.back)
    const reads = await collectForBack(desk, crossing.value, code)
    if (!reads.ok) return reads
    const open = known?.state === 'open' ? known : noticedThere(cases, crossing.value, person, reads.value)
    const next = (back: Bytes): Case => ({ ...open, back })
    const paid = await payRequest(
      node,
      people,
      { payer: person.number, bank, code, minutes, nonce },
      { coordinator, channel: 'desk', reason: 'correction' },
      (back) => [caseRow(next(back))],
    )
    if (!paid.ok) return paid
    if (!paid.value.across) return refuse('own_bank')
    const { id: back } = paid.value.payment
    cases.know(next(back))
    return accept(back)
  })
}

/** Nobody here had called it wrong: the other bank did, in the words that came with its code. */
function noticedThere(
  cases: Cases,
  { id, index }: CrossingView,
  { account }: Person,
  { what: words }: PayerReads,
): Case {
  return cases.fresh({
    ...{ record: id, about: 'payment', index, by: account },
    ...{ from: 'neighbour', what: 'something_else', words },
  })
}
