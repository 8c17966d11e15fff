/**
 * What have the members of the town told each other? Every state a claim or a case can have, told on the pages as people
 * do; Ada Marsh has a part in all of it but the last.
 */

import { must } from '../../src/core/fault.ts'
import { accept } from '../../src/core/refusal.ts'
import type { CaseState } from '../../src/register/case-rows.ts'
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
  /** Names of asks and offers in paths. */
  readonly notices: {
    /** Ada's, whom Bo answered and the desk has not rung yet. */
    readonly own: string
    /** Ada's, whom the desk has brought together with Edna. */
    readonly introduced: string
    readonly takenDown: string
    /** The desk says why. */
    readonly takenDownByDesk: string
    /** Bo's, which Ada answered. */
    readonly answered: string
    /** Edna's, typed by the desk. */
    readonly others: string
    /** A newcomer's, which the desk has not looked at. */
    readonly toLookAt: string
    /** Ada's answer to a bank that nobody knows any more. */
    readonly sent: string
  }
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
  const notices = await fillNotices(town, signIn)
  const code = await readOutCode(await signIn(town, 'coordinator'), town.library)
  return { claims, cases, notices, code, gift, others: await record(town, boKarlsson, edna) }
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

async function fillNotices(town: TownPeople, signIn: SignIn): Promise<MemberTown['notices']> {
  const { ada, bo, edna, node, people } = town
  const wrote = async (who: Person, kind: 'ask' | 'offer', text: string, more = {}): Promise<string> => {
    const fields = { text, category: '50', nonce: newNonce(), ...more }
    const answer = await (await signIn(town, 'member', who.name)).post(`/${kind}`, fields)
    must(answer.to === `/notices/${fields.nonce}?new`, `it is on the board: ${answer.status} ${answer.to}`)
    return fields.nonce
  }
  const desk = await signIn(town, 'coordinator')
  const own = await wrote(ada, 'ask', 'Somebody to mend a kitchen chair')
  const introduced = await wrote(ada, 'offer', 'I can ring someone for a chat')
  const takenDown = await wrote(ada, 'ask', 'A lift to the market on Tuesday')
  const takenDownByDesk = await wrote(ada, 'offer', 'Old bicycles for sale')
  const answered = await wrote(bo, 'ask', 'Company on a walk with my dog, 語 and all')
  for (const [who, id] of [[bo, own] as const, [edna, introduced] as const, [ada, answered] as const])
    await expectOn(await signIn(town, 'member', who.name), '/board', { notice: id, bank: '' })
  await expectOn(await signIn(town, 'member', ada.name), `/notices/${takenDown}`, { down: 'yes' })
  await expectOn(desk, `/desk/notices/${takenDownByDesk}`, { down: 'yes', reason: 'Nothing is sold here.' })
  const [answer] = people.notices.answersTo({ id: Buffer.from(introduced, 'hex') })
  must(answer !== undefined, 'Edna answered')
  await expectOn(desk, `/desk/notices/${introduced}`, { introduced: Buffer.from(answer.id).toString('hex') })
  const others = newNonce()
  const typed = { who: edna.number, kind: 'ask', text: 'Somebody to read the paper to me', nonce: others }
  await expectOn(desk, '/desk/notices/new', typed)
  const newcomer = 'Mrs Featherstonehaugh-Cholmondeley'
  const [one] = people.all().filter(({ name }) => name === newcomer)
  must(one !== undefined, 'somebody is new')
  const toLookAt = await wrote(one, 'ask', 'Help with a telephone', { reach: 'neighbours' })
  const sent = {
    ...{ id: node.random.bytes(32), account: ada.account, bank: node.random.bytes(20) },
    ...({ notice: node.random.bytes(16), kind: 'ask', state: 'heard', phone: '01632 960 960' } as const),
    ...{ text: 'Hands for the harvest', made: node.logTime(), done: null },
  }
  await node.commit(() => accept({ entries: [], rows: [people.notices.keepSent(sent)], value: null }))
  const named = Buffer.from(sent.id).toString('hex')
  return { own, introduced, takenDown, takenDownByDesk, answered, others, toLookAt, sent: named }
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
