/**
 * What does a member see first? Where things stand in a sentence, the one thing that waits, and the three things people
 * come for (screens of section "Member").
 */

import type { Claim } from '../../register/claim-rows.ts'
import { type MemberStatement, memberStatement } from '../../register/statements.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import type { Posted } from '../parts/notice-parts.tsx'
import { type MemberVisit, notHere, type Page, screen, type Visit } from '../screen.ts'
import { claimPath, claimSentence } from './claim.tsx'
import { AnswersToMine, answersToMine, askNearby, Near } from './near.tsx'

export const memberHomeScreen = screen({
  path: '/me',
  who: ['member'],
  shows: ['name', 'record_words'],
  async get(visit) {
    const { desk, visitor } = visit
    const read = await memberStatement(desk.node, desk.people, visitor.person.number)
    if (!read.ok) return notHere(visit)
    if (visitor.viewer === 'resting') return restingHome(visit, read.value)
    return homePage(visit, read.value, await nearFor(visit, read.value))
  },
})

/** For somebody new for whom nothing waits; nobody else waits for a neighbour's bank here. Null: nothing to show. */
async function nearFor(visit: MemberVisit, statement: MemberStatement): Promise<Shown | null> {
  const { desk, visitor } = visit
  const { account } = visitor.person
  const isBusy = desk.claims.waitingFor(account).length > 0 || answersToMine(visit).length > 0
  if (isBusy || !isNew(statement)) return null
  const ask = await askNearby(visit)
  const hasAsked = desk.people.notices.of(account).some(({ down }) => down === null)
  return ask === null && hasAsked ? null : { ask }
}

interface Shown {
  readonly ask: Posted | null
}

function isNew({ givenMinutes, receivedMinutes }: MemberStatement): boolean {
  return givenMinutes === 0 && receivedMinutes === 0
}

function homePage(visit: MemberVisit, statement: MemberStatement, near: Shown | null): Page {
  const { say, desk, query } = visit
  const { person } = statement
  const [waits, ...more] = desk.claims.waitingFor(person.account)
  return {
    title: say('own.title', { name: firstName(person.name) }),
    body: (
      <>
        {query.has('new') ? <div class="govuk-inset-text">{say('own.new')}</div> : null}
        {near === null ? null : <Near visit={visit} ask={near.ask} />}
        <p class="govuk-body-l">{ownStanding(visit, statement)}</p>
        {waits === undefined ? null : <Waiting visit={visit} claim={waits} more={more.length} />}
        <AnswersToMine visit={visit} answers={answersToMine(visit)} />
        <div class="ch-row">
          <ButtonLink to="/record">{say('own.was_helped')}</ButtonLink>
          <ButtonLink to="/helped">{say('own.has_helped')}</ButtonLink>
          <ButtonLink to="/collect" kind="second">
            {say('own.type_code')}
          </ButtonLink>
        </div>
        <Ways say={say} ways={WAYS} />
      </>
    ),
  }
}

/** Of somebody whose account rests: the own hours, and nothing that others ask or say ([PRIV-26]). */
function restingHome(visit: MemberVisit, statement: MemberStatement): Page {
  const { say } = visit
  return {
    title: say('own.title', { name: firstName(statement.person.name) }),
    body: (
      <>
        <div class="govuk-inset-text">{say('rests.text')}</div>
        <p class="govuk-body-l">{ownStanding(visit, statement)}</p>
        <Ways say={say} ways={OWN_WAYS} />
      </>
    ),
  }
}

const OWN_WAYS = [
  ['/hours', 'own.hours'],
  ['/me/devices', 'own.devices'],
] as const
const WAYS = [
  ['/board', 'own.board'],
  ['/hours', 'own.hours'],
  ['/gift', 'own.gift'],
  ['/codes', 'own.codes'],
  ['/me/devices', 'own.devices'],
] as const

function Ways({ say, ways }: { say: Visit['say']; ways: typeof WAYS | typeof OWN_WAYS }) {
  return (
    <ul class="govuk-list">
      {ways.map(([to, words]) => (
        <li>
          <a class="govuk-link" href={to}>
            {say(words)}
          </a>
        </li>
      ))}
    </ul>
  )
}

async function Waiting({ visit, claim, more }: { visit: MemberVisit; claim: Claim; more: number }) {
  const { say } = visit
  return (
    <div class="ch-card">
      <h2 class="govuk-heading-m">{say('own.waiting')}</h2>
      <p class="govuk-body">{await claimSentence(visit, claim)}</p>
      <ButtonLink to={claimPath(claim)}>{say('own.answer')}</ButtonLink>
      {more === 0 ? null : <p class="govuk-body">{say('own.more', { count: more })}</p>}
    </div>
  )
}

/** "You have helped for 12 hours and been helped for 14. You are welcome to ask again." ([EX-10]) */
export function ownStanding(
  { say, speech }: Pick<Visit, 'say' | 'speech'>,
  { givenMinutes, receivedMinutes, balanceMinutes }: MemberStatement,
): string {
  const facts = {
    given: speech.hours(givenMinutes),
    received: speech.hours(receivedMinutes),
    left: speech.hours(Math.abs(balanceMinutes)),
  }
  const done = givenMinutes === 0 ? 'received' : receivedMinutes === 0 ? 'given' : 'both'
  if (done === 'received' && receivedMinutes === 0 && balanceMinutes === 0) return say('own.standing.none')
  return say(balanceMinutes > 0 ? 'own.standing.hours_waiting' : 'own.standing.welcome', { ...facts, done })
}

export function firstName(name: string): string {
  return name.split(' ')[0] ?? name
}
