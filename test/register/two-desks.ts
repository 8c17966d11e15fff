/** Harbour and Millbrook with a line, each with its register behind the node: Ada banks at the one, Bo at the other. */

import type { Act } from '../../src/register/exchanges.ts'
import { addMember, ensureFund, People } from '../../src/register/people.ts'
import { receptionOf } from '../../src/register/reception.ts'
import { ok, openBank, openLine, type TestBank } from '../node/town.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'

export interface Desk {
  readonly bank: TestBank
  /** Read anew at each start of the bank. */
  people: People
  readonly act: Act
}

/** A bank whose members have these names, with the numbers H-1, H-2 and so on. */
export async function openDesk(
  network: MemoryNetwork,
  name: string,
  members: readonly string[],
): Promise<Desk> {
  let people: People | null = null
  const bank = await openBank(network, name, {}, async (store) => {
    people = await People.open(store)
    return receptionOf(people, store)
  })
  const coordinator = { actor: bank.coordinator, name: 'Priya' }
  const desk = {
    bank,
    get people(): People {
      if (people === null) throw new Error('the bank is open')
      return people
    },
    act: { coordinator, channel: 'call', reason: 'telephoned' },
  } as const
  await ensureFund(bank.node, desk.people)
  for (const [i, member] of members.entries())
    ok(await addMember(bank.node, desk.people, { name: member, number: `${name.charAt(0)}-${i + 1}` }))
  return desk
}

export interface TwoDesks {
  readonly network: MemoryNetwork
  readonly harbour: Desk
  readonly millbrook: Desk
}

export async function twoDesks(minutes = 2_400): Promise<TwoDesks> {
  const network = new MemoryNetwork()
  const harbour = await openDesk(network, 'Harbour', ['Ada Lovelace', 'Carl Gauss'])
  const millbrook = await openDesk(network, 'Millbrook', ['Bo Mei Lin', 'Dee'])
  await openLine(harbour.bank, millbrook.bank, minutes)
  return { network, harbour, millbrook }
}

export async function closeDesks(all: TwoDesks | null): Promise<void> {
  await all?.harbour.bank.stop()
  await all?.millbrook.bank.stop()
}
