/**
 * Who helps whom in the demo? A few hundred exchanges drawn from a seed, inside banks and across them, carried out
 * a handful at a time, each followed to its end.
 */

import type { DemoBank } from './bank.ts'
import { Chance } from './chance.ts'

/** A member, and the handle under which other banks pay them. */
export interface DemoMember {
  readonly bank: DemoBank
  readonly number: string
  readonly to: string
}

export interface DemoPayment {
  readonly payer: DemoMember
  readonly payee: DemoMember
  readonly minutes: number
  readonly postal: boolean
  /** Seconds in which the banks must decide; the usual time when not given. */
  readonly within?: number
  readonly nonce: string
}

export type Ending = 'paid' | 'returned' | 'never'

const MEMBERS_PER_BANK = 12
const IN_FLIGHT = 16
const MINUTES = [15, 30, 30, 45, 60, 60, 60, 90, 90, 120]
const DAYS = 30

/** The members who take part, with a handle each. */
export async function findMembers(bank: DemoBank): Promise<DemoMember[]> {
  const { members } = await bank.api.get<{ members: { number: string; kind: string; state: string }[] }>(
    '/members',
  )
  const people = members
    .filter(({ kind, state }) => kind === 'member' && state === 'open')
    .slice(0, MEMBERS_PER_BANK)
  return Promise.all(
    people.map(async ({ number }) => {
      const { to } = await bank.api.post<{ to: string }>(`/members/${number}/handles`, {
        uses: 1_000,
        days: DAYS,
      })
      return { bank, number, to }
    }),
  )
}

/** A member who is paid under a handle that works once. */
export async function onceOnly(member: DemoMember): Promise<DemoMember> {
  const { to } = await member.bank.api.post<{ to: string }>(`/members/${member.number}/handles`, {
    uses: 1,
    days: DAYS,
  })
  return { ...member, to }
}

/** A plan of payments between the members of two banks, in both directions. */
export function planCrossings(
  a: readonly DemoMember[],
  b: readonly DemoMember[],
  count: number,
  seed: number,
): DemoPayment[] {
  const chance = new Chance(seed)
  return Array.from({ length: count }, () => {
    const [from, to] = chance.below(2) === 0 ? [a, b] : [b, a]
    return {
      payer: chance.of(from),
      payee: chance.of(to),
      minutes: chance.of(MINUTES),
      postal: chance.below(10) === 0,
      nonce: nonceOf(chance),
    }
  })
}

function nonceOf(chance: Chance): string {
  return Array.from({ length: 32 }, () => chance.below(16).toString(16)).join('')
}

/** Sends one payment; the answer may be lost with the bank, and sending it again is the same payment. */
export async function send(payment: DemoPayment): Promise<string> {
  const [bank, handle] = payment.payee.to.split('/')
  const { id } = await payment.payer.bank.api.post<{ id: string }>('/payments', {
    by: 'coordinator',
    payer: payment.payer.number,
    bank,
    handle,
    minutes: payment.minutes,
    note: 'demo',
    postal: payment.postal,
    ...(payment.within === undefined ? {} : { decide_within_seconds: payment.within }),
    nonce: payment.nonce,
    channel: 'call',
    reason: 'telephoned',
  })
  return id
}

/** Waits until nobody is waited for any more, and says how it ended. */
export async function followed(bank: DemoBank, id: string): Promise<Ending> {
  for (;;) {
    const { state, ended } = await bank.api.get<{ state: string; ended: boolean }>(`/payments/${id}?wait=20`)
    if (ended) return state === 'paid' ? 'paid' : state === 'returned' ? 'returned' : 'never'
  }
}

/** Carries out payments, a handful at a time; one that the bank refuses never happened. */
export async function carryOut(
  payments: readonly DemoPayment[],
  progress: (done: number) => void,
): Promise<void> {
  let done = 0
  await inTurns(payments, async (payment) => {
    const id = await send(payment).catch(refusedAsNull)
    if (id !== null) await followed(payment.payer.bank, id)
    done += 1
    progress(done)
  })
}

/** Help inside one bank, drawn from the same members. */
export async function helpInside(members: readonly DemoMember[], count: number, seed: number): Promise<void> {
  const chance = new Chance(seed)
  const records = Array.from({ length: count }, () => {
    const provider = chance.of(members)
    const others = members.filter((member) => member !== provider)
    return { provider, recipient: chance.of(others), minutes: chance.of(MINUTES), nonce: nonceOf(chance) }
  })
  await inTurns(records, async ({ provider, recipient, minutes, nonce }) => {
    await provider.bank.api.post('/exchanges', {
      by: 'coordinator',
      provider: provider.number,
      recipient: recipient.number,
      minutes,
      nonce,
      channel: 'desk',
      reason: 'at_the_desk',
    })
  })
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as T)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

/** A payment over somebody's limit is refused, as it should be; anything else is an error of the demo. */
function refusedAsNull(thrown: unknown): null {
  const code = (thrown as { code?: string }).code
  if (code === 'payer_stop' || code === 'line_full') return null
  throw thrown
}
