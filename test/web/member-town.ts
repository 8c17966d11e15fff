/**
 * What have the members of the town told each other? Every state a claim or a case can have, told on the pages as people
 * do; Ada Marsh has a part in all of it but the last.
 */

import { must } from '../../src/core/fault.ts'
import type { CaseState } from '../../src/register/cases.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import type { Person } from '../../src/register/person.ts'
import { type Caller, newNonce } from './caller.ts'
import type { callerOf, TownPeople } from './town.ts'

export interface MemberTown {
  /** Names of claims in paths; those of two words say who did it. */
  readonly claims: {
    readonly asked: string
    /** Asked with a sentence to say what it was. */
    readonly second: string
    /** Ada waits for an answer. */
    readonly waits: string
    readonly counteredByAda: string
    readonly counteredByOther: string
    readonly agreed: string
    readonly declinedByAda: string
    readonly declinedByOther: string
    readonly withdrawn: string
    /** Two other people's. */
    readonly others: string
  }
  /** Places of records that Ada called wrong, by how it ended. */
  readonly cases: Readonly<Record<CaseState, number>>
  /** Lets the library in, which has no PIN; read out a moment ago. */
  readonly code: string
  /** A gift of Ada's. */
  readonly gift: number
  /** Place of a record of two other people. */
  readonly others: number
}

/** Somebody who signs in at a bank. */
type SignIn = typeof callerOf

export async function fillMemberTown(town: TownPeople, signIn: SignIn): Promise<MemberTown> {
  const { ada, bo, boKarlsson, edna } = town
  const claims = await fillClaims(town, signIn)
  const cases = {
    open: await callWrong(town, signIn, null),
    stands: await callWrong(town, signIn, { stands: 'yes', answer: 'Bo was there for an hour and had tea.' }),
    corrected: await callWrong(town, signIn, { corrected: 'yes' }),
    withdrawn: await callWrong(town, signIn, { withdrawn: 'yes' }),
  }
  const giving = await signIn(town, 'member', ada.name)
  const given = await giving.post('/gift', tellForm(bo, { save: 'yes', note: 'for the seeds' }))
  const gift = Number(/^\/records\/(\d+)\?new$/.exec(given.to ?? '')?.[1] ?? Number.NaN)
  must(Number.isInteger(gift), `a gift is recorded: ${given.status} ${given.to}`)
  const code = await readOutCode(await signIn(town, 'coordinator'), town.library)
  return { claims, cases, code, gift, others: await record(town, boKarlsson, edna) }
}

/** The code that the desk reads out to somebody. */
export async function readOutCode(desk: Caller, { number }: Pick<Person, 'number'>): Promise<string> {
  const { text } = await desk.post(`/desk/people/${number}/code`, { said: 'yes' })
  const code = /ch-phrase"[^>]*>(\d{3} \d{3})</.exec(text)?.[1]
  must(code !== undefined, `a code is shown: ${text}`)
  return code
}

async function fillClaims(town: TownPeople, signIn: SignIn): Promise<MemberTown['claims']> {
  const { ada, bo, boKarlsson, edna } = town
  const told = async (helper: Person, helped: Person, more: Record<string, string> = {}): Promise<string> => {
    const fields = tellForm(helped, { save: 'yes', ...more })
    const answer = await (await signIn(town, 'member', helper.name)).post('/helped', fields)
    must(answer.to === `/agree/${fields.nonce}`, `somebody is asked: ${answer.status} ${answer.to}`)
    return fields.nonce ?? ''
  }
  const answered = async (who: Person, id: string, fields: Record<string, string>): Promise<string> => {
    const answer = await (await signIn(town, 'member', who.name)).post(`/agree/${id}`, fields)
    must(answer.status === 303, `an answer counts: ${answer.status}`)
    return id
  }
  const other = { other: 'yes', hours: '0', minutes: '45' }
  const asked = await told(bo, ada)
  return {
    asked,
    second: await told(boKarlsson, ada, { note: 'cut the hedge and carried it away', category: '40' }),
    waits: await told(ada, edna),
    counteredByAda: await answered(ada, await told(bo, ada), other),
    counteredByOther: await answered(edna, await told(ada, edna), other),
    agreed: await answered(ada, await told(bo, ada), { yes: 'yes' }),
    declinedByAda: await answered(ada, await told(bo, ada), { no: 'yes' }),
    declinedByOther: await answered(edna, await told(ada, edna), { no: 'yes' }),
    withdrawn: await answered(ada, await told(ada, edna), { no: 'yes' }),
    others: await told(boKarlsson, edna),
  }
}

/** What the forms of members ask. */
export function tellForm(
  other: Pick<Person, 'number'>,
  more: Record<string, string> = {},
): Record<string, string> {
  return {
    who: 'other',
    other: other.number,
    hours: '1',
    minutes: '15',
    when: 'today',
    category: '0',
    note: '',
    nonce: newNonce(),
    ...more,
  }
}

/** A new record that Ada calls wrong, and the desk's answer when there is one. */
async function callWrong(
  town: TownPeople,
  signIn: SignIn,
  answer: Record<string, string> | null,
): Promise<number> {
  const index = await record(town, town.bo, town.ada)
  const fields = { what: 'length', words: 'It was half an hour.' }
  await expectOn(await signIn(town, 'member', town.ada.name), `/records/${index}/wrong`, fields)
  if (answer !== null)
    await expectOn(await signIn(town, 'coordinator'), `/desk/cases/${index}`, {
      nonce: newNonce(),
      ...answer,
    })
  return index
}

async function expectOn(caller: Caller, path: string, fields: Record<string, string>): Promise<void> {
  const { status } = await caller.post(path, fields)
  must(status === 303, `what was posted to ${path} counts: ${status}`)
}

async function record(
  { node, people, coordinator }: TownPeople,
  helper: Person,
  helped: Person,
): Promise<number> {
  const help = { provider: helper.number, recipient: helped.number, minutes: 60, category: 40 }
  const act = { coordinator, channel: 'call', reason: 'telephoned' } as const
  const recorded = await recordHelp(node, people, help, act)
  must(recorded.ok && recorded.value.index !== null, 'a new record stands in the log')
  return recorded.value.index
}
