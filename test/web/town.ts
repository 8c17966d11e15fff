/**
 * The banks that the screens are looked at in: one with people and records of every state, one that is empty, and one
 * that nobody has set up yet. All are served as `commonhour serve` does, and speak English and the mirrored language.
 */

import { must } from '../../src/core/fault.ts'
import type { Outcome } from '../../src/core/refusal.ts'
import { keepBankFacts, NO_FACTS } from '../../src/register/bank-facts.ts'
import { dateOf, dayAt } from '../../src/register/calendar.ts'
import type { Coordinator } from '../../src/register/coordinators.ts'
import { correct, takeBack } from '../../src/register/corrections.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { Logins } from '../../src/register/logins.ts'
import { MemberKeys } from '../../src/register/member-keys.ts'
import { setMemberState } from '../../src/register/members.ts'
import { addCoordinator, listCoordinators } from '../../src/register/office.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { type SignedWho, SignIns } from '../../src/register/sign-ins.ts'
import type { ServeOptions } from '../../src/serve.ts'
import type { VisitorKind } from '../../src/web/screen.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { end, MovableClock, type TestBank, testBank, until } from '../http/served.ts'
import { Caller, newNonce } from './caller.ts'
import { fillMemberTown, type MemberTown } from './member-town.ts'
import { fillNeighbours, type NeighbourTown } from './neighbour-town.ts'
import { PSEUDO } from './pseudo-language.ts'

export const PASSWORD = 'three words in a row'

/** A served bank whose coordinator can sign in, with what the tests reach beside its pages. */
export interface WebBank extends TestBank {
  readonly coordinator: Coordinator
  readonly logins: Logins
  readonly signIns: SignIns
  /** Printed with the password; each opens once. */
  readonly codes: readonly string[]
}

/** People of a town and how some of what they did stands. */
export interface TownPeople extends WebBank {
  readonly ada: Person
  readonly bo: Person
  /** Shares a first name with Bo. */
  readonly boKarlsson: Person
  readonly edna: Person
  /** An organisation that has no hours yet. */
  readonly library: Person
  /** Works at the desk as well, and has no password yet. */
  readonly colleague: Coordinator
  readonly records: { readonly fresh: number; readonly takenBack: number; readonly replaced: number }
}

/** The same, and what its members told each other. */
export interface Town extends TownPeople {
  readonly told: MemberTown
  /** Paths of people who asked to join, by how it stands. */
  readonly joiners: Readonly<Record<'asked' | 'met' | 'notNow' | 'alike' | 'welcomed', string>>
}

/** The same, with what happened between it and its neighbours. */
export interface TownWithNeighbours extends Town {
  readonly between: NeighbourTown
}

export interface Banks {
  readonly town: TownWithNeighbours
  /** A neighbour of the town. */
  readonly near: WebBank
  /** Another one, which has fallen silent. */
  readonly away: WebBank
  /** Set up, and nobody has joined; it has asked the town for a line. */
  readonly empty: WebBank
  /** Not set up. */
  readonly fresh: TestBank
  /** Set up in the browser just now: nobody has joined, and the recovery sheet waits. */
  readonly young: WebBank
  /** Where so many helped each other that everybody reads totals. */
  readonly busy: WebBank
}

export async function openBanks(options: Partial<ServeOptions> = {}): Promise<Banks> {
  const [town, near, away, empty, fresh, young, busy] = await Promise.all([
    openTown(options),
    openWebBank('Millbrook', options),
    openWebBank('Quayside', options),
    openWebBank('Northgate', options),
    testBank('Newtown', { languages: [...LANGUAGES, PSEUDO], ...options }),
    openWebBank('Newtown', options, { sheet: 'waits' }),
    openBusyBank('Northgate', options),
  ])
  const between = await fillNeighbours(town, { near, away }, callerOf)
  await refusesOne(town, options)
  await asksForLine(empty, town)
  return { town: { ...town, between }, near, away, empty, fresh, young, busy }
}

export async function closeBanks(banks: Partial<Record<keyof Banks, TestBank>> | undefined): Promise<void> {
  await end(banks?.town, banks?.near, banks?.away, banks?.empty, banks?.fresh, banks?.young, banks?.busy)
}

/** A bank in which six people have helped each other, two days ago by its clock. */
async function openBusyBank(name: string, options: Partial<ServeOptions>): Promise<WebBank> {
  const clock = new MovableClock()
  const bank = await openWebBank(name, { ...options, clock })
  const { node, people, coordinator } = bank
  const act = { coordinator, channel: 'call', reason: 'telephoned' } as const
  const members: Person[] = []
  for (let i = 1; i <= 6; i++) members.push(done(await addMember(node, people, { name: `Member ${i}` })))
  for (const [i, { number }] of members.entries()) {
    const help = { provider: number, recipient: members[(i + 1) % 6]?.number ?? '', minutes: 75 + i }
    done(await recordHelp(node, people, help, act))
  }
  clock.offset = 2 * 86_400
  return bank
}

/** A bank proposes a line, with an invitation, and wants more than is agreed to by itself. */
async function asksForLine(from: TestBank, to: TestBank): Promise<void> {
  const { invite } = (await to.call('POST', '/invitations')).json
  const limits = { we_may_owe_minutes: 6_000, they_may_owe_minutes: 2_400 }
  const asked = await from.call('POST', '/neighbours', { invite, ...limits })
  must(asked.status === 201, `a line is proposed: ${asked.text}`)
  await until(() => to.node.proposals().length > 0)
}

/** Another bank has asked, and a coordinator wants to hear no more of it. */
async function refusesOne(town: WebBank, options: Partial<ServeOptions>): Promise<void> {
  const stranger = await testBank('Hillside', options)
  await asksForLine(stranger, town)
  done(await town.node.neighbourhood.refuse(stranger.node.bank))
  await end(stranger)
}

/** A bank whose coordinator Priya has chosen a password. */
export async function openWebBank(
  name: string,
  options: Partial<ServeOptions> = {},
  founding: Parameters<typeof testBank>[2] = {},
): Promise<WebBank> {
  const bank = await testBank(name, { languages: [...LANGUAGES, PSEUDO], ...options }, founding)
  const [coordinator] = await listCoordinators(bank.node, bank.people)
  must(coordinator !== undefined, 'a bank begins with a coordinator')
  const [logins, signIns] = [new Logins(bank.node), new SignIns(bank.node)]
  const codes = done(await logins.choose(coordinator.actor, PASSWORD))
  return { ...bank, coordinator, logins, signIns, codes }
}

export async function openTown(options: Partial<ServeOptions> = {}): Promise<Town> {
  const bank = await openWebBank('Harbour', options)
  const { node, people, coordinator } = bank
  done(
    await keepBankFacts(node, {
      ...NO_FACTS,
      phone: '01234 567 890',
      hours: 'Tuesday and Thursday, 10 to 4',
      address: 'The Old School, Harbour Road',
      concernName: 'Ring Joan',
      concernPhone: '01234 567 891',
      about: 'We began in 2009 with eleven people and a kettle.',
    }),
  )
  const joins = async (name: string, more: Partial<Person> = {}): Promise<Person> =>
    done(
      await addMember(node, people, {
        ...more,
        name,
        kind: more.kind === 'organisation' ? more.kind : 'member',
      }),
    )
  const ada = await joins('Ada Marsh', {
    phone: '020 7946 0991',
    area: 'Harbour Road',
    note: 'Rings before noon',
  })
  const bo = await joins('Bo Lind', { phone: '020 7946 0992', area: 'Mill Lane' })
  const boKarlsson = await joins('Bo Karlsson', { area: 'Quay' })
  const edna = await joins('Edna Whitlock', { phone: '020 7946 0993', area: 'Northgate', channel: 'letter' })
  const library = await joins('Harbour Library', { kind: 'organisation' })
  // Joined long ago and never exchanged: something for the desk to do.
  await joins('Mrs Featherstonehaugh-Cholmondeley', { joinedOn: dateOf(dayAt(node.logTime()) - 30) })
  const hal = await joins('Hal Rest')
  const colleague = done(await addCoordinator(node, people, { name: 'Sam Okafor' }, coordinator))
  const keys = new MemberKeys(node)
  const { code } = done(await keys.makeCode(ada.account, 'said'))
  done(await keys.choosePin(ada.account, '7193', { code }))
  const act = { coordinator, channel: 'call', reason: 'telephoned' } as const
  const helped = async (
    helper: Person,
    one: Person,
    minutes: number,
    note = '',
  ): Promise<{ id: Uint8Array; index: number }> => {
    const help = { provider: helper.number, recipient: one.number, minutes, category: 40, note }
    const { id, index } = done(await recordHelp(node, people, help, act))
    must(index !== null, 'a new record stands in the log')
    return { id, index }
  }
  await helped(hal, boKarlsson, 30)
  done(await setMemberState(node, people, hal.number, 'suspend'))
  const fresh = await helped(bo, ada, 90)
  const takenBack = await helped(ada, edna, 45, 'read letters together')
  done(await takeBack(node, people, { record: takenBack.id }, { ...act, channel: 'desk' }))
  const replaced = await helped(boKarlsson, edna, 60)
  const replacement = { provider: bo.number }
  done(await correct(node, people, { record: replaced.id, cause: 'wrong_people', replacement }, act))
  // Past the nudge, both of them.
  await helped(boKarlsson, edna, 1_440)
  const records = { fresh: fresh.index, takenBack: takenBack.index, replaced: replaced.index }
  const town = { ...bank, ada, bo, boKarlsson, edna, library, colleague, records }
  return { ...town, told: await fillMemberTown(town, callerOf), joiners: await fillJoiners(town) }
}

/** People answer the five questions, and the desk does something about it. */
async function fillJoiners(town: TownPeople): Promise<Town['joiners']> {
  const desk = await callerOf(town, 'coordinator')
  const joins = async (name: string, act: string | null, phone = ''): Promise<string> => {
    const more = { can: 'read aloud', wants: 'company on Sundays', agreed: '1', nonce: newNonce() }
    const sent = await new Caller(town.url).post('/join', {
      name,
      phone,
      reach: 'cleo@harbour.example',
      ...more,
    })
    must(sent.to === '/join?done', `somebody asks to join: ${sent.status} ${sent.text}`)
    const { text } = await desk.look('/desk/join')
    const path = [...text.matchAll(/href="(\/desk\/join\/[0-9a-f]{32})">([^<]*)</g)].find(
      (row) => row[2] === name,
    )?.[1]
    must(path !== undefined, `the desk reads who asked: ${text}`)
    if (act !== null)
      must((await desk.post(path, { act })).status === 303, 'the desk does something about it')
    return path
  }
  return {
    asked: await joins('Cleo Parr', null, '020 7946 0995'),
    met: await joins('Dai Pugh', 'met'),
    notNow: await joins('Esi Mensah', 'not_now'),
    alike: await joins('Ada Marsh', null, '+44 20 7946 0992'),
    welcomed: await joins('Finn Holt', 'welcome'),
  }
}

/** What an outcome holds that no test means to be refused. */
export function done<T>(outcome: Outcome<T>): T {
  must(outcome.ok, `this is accepted: ${outcome.ok ? '' : JSON.stringify(outcome.refusal)}`)
  return outcome.value
}

/** The cookie of a new sign-in of this kind; none for nobody, and of this name for a member. */
export async function cookiesOf(
  bank: TestBank,
  kind: VisitorKind,
  member = 'Ada Marsh',
): Promise<Record<string, string>> {
  if (kind === 'nobody') return {}
  const [coordinator] = await listCoordinators(bank.node, bank.people)
  const person = bank.people.all().find(({ name }) => name === member)
  const who: SignedWho =
    kind === 'coordinator'
      ? { role: 'coordinator', id: coordinator?.actor ?? new Uint8Array(16) }
      : { role: 'member', id: person?.account ?? new Uint8Array(16) }
  const opened = await new SignIns(bank.node).open(who, { onSharedComputer: false, device: 'a test' })
  return { commonhour: done(opened) }
}

/** Somebody of this kind at the doors of a bank. */
export async function callerOf(bank: TestBank, kind: VisitorKind, member?: string): Promise<Caller> {
  return new Caller(bank.url, await cookiesOf(bank, kind, member))
}
