/**
 * Who takes part in a soak? Three banks with members, codes for them, and an open line between every two: all pairs
 * gives each bank two neighbours whose faults it must tell apart.
 */

import { must } from '../../src/core/fault.ts'
import type {
  HandleView,
  MemberView,
  NeighbourJson,
  NeighboursView,
  StatusView,
} from '../../src/http/client.ts'
import type { SoakBank } from './bank.ts'
import { pause } from './trouble.ts'

export interface Place {
  readonly bank: SoakBank
  readonly numbers: readonly string[]
  readonly handles: readonly string[]
}

const MEMBERS = 8
const PATIENCE_MS = 60_000
/** One line is short, so that it is often full. */
const LINES = [
  [0, 1, 6_000],
  [1, 2, 2_400],
  [2, 0, 90],
] as const

export class Town {
  readonly places: readonly Place[]

  private constructor(places: readonly Place[]) {
    this.places = places
  }

  /** Members and codes at every bank, which runs and signs. */
  static async settle(banks: readonly SoakBank[]): Promise<Town> {
    const town = new Town(await Promise.all(banks.map(peopled)))
    for (const [a, b, minutes] of LINES) await openLine(banks[a] as SoakBank, banks[b] as SoakBank, minutes)
    return town
  }

  at(bank: SoakBank): Place {
    const place = this.places.find((one) => one.bank === bank)
    must(place !== undefined, 'the bank is one of the town')
    return place
  }

  others(bank: SoakBank): readonly Place[] {
    return this.places.filter((one) => one.bank !== bank)
  }
}

async function peopled(bank: SoakBank): Promise<Place> {
  bank.id = (await asked<StatusView>(bank, 'GET', '/status')).bank_id
  const numbers: string[] = []
  const handles: string[] = []
  for (let n = 1; n <= MEMBERS; n++) {
    const { number } = await asked<MemberView>(bank, 'POST', '/members', { name: `Member ${n}` })
    const terms = { uses: 100_000, days: 30 }
    numbers.push(number)
    handles.push((await asked<HandleView>(bank, 'POST', `/members/${number}/handles`, terms)).handle)
  }
  return { bank, numbers, handles }
}

async function openLine(a: SoakBank, b: SoakBank, minutes: number): Promise<void> {
  const { addresses } = await asked<StatusView>(b, 'GET', '/status')
  const limits = { we_may_owe_minutes: minutes, they_may_owe_minutes: minutes }
  await asked<NeighbourJson>(a, 'POST', '/neighbours', { bank_id: b.id, addresses, ...limits })
  await until(`${a.name}'s proposal arrives`, async () =>
    (await asked<NeighboursView>(b, 'GET', '/neighbours')).proposals.some(({ bank_id }) => bank_id === a.id),
  )
  await asked<NeighbourJson>(b, 'POST', `/neighbours/${a.id}/accept`, {})
  await until('the line is open', async () =>
    (await asked<NeighboursView>(a, 'GET', '/neighbours')).neighbours.some(
      ({ bank_id, line_state }) => bank_id === b.id && line_state === 'open',
    ),
  )
}

/** For the time before and after the chaos, when every question is answered. */
export async function asked<T>(
  bank: SoakBank,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await bank.ask<T>(method, path, body, PATIENCE_MS)
  must(answer !== null && answer.status < 300, `${method} ${path} is answered: ${JSON.stringify(answer)}`)
  return answer.body
}

const ASK_AGAIN_MS = 100

/** Waits until the condition holds; the seconds are a guard against a hang and nothing else. */
export async function until(what: string, holds: () => Promise<boolean>, guardSeconds = 120): Promise<void> {
  const over = performance.now() + guardSeconds * 1_000
  while (!(await holds())) {
    must(performance.now() < over, `within ${guardSeconds} seconds ${what}`)
    await pause(ASK_AGAIN_MS)
  }
}
