/**
 * What does a member see first? Where things stand in a sentence, the one thing that waits, and the three things people
 * come for (screens of section "Member").
 */

import type { Claim } from '../../register/claims.ts'
import { type MemberStatement, memberStatement } from '../../register/statements.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { notHere, type Page, screen, type Visit } from '../screen.ts'
import { claimPath, claimSentence } from './claim.tsx'

export const memberHomeScreen = screen({
  path: '/me',
  who: ['member'],
  async get(visit) {
    const { desk, visitor } = visit
    const read = await memberStatement(desk.node, desk.people, visitor.person.number)
    return read.ok ? homePage(visit, read.value) : notHere(visit)
  },
})

function homePage(visit: Visit, statement: MemberStatement): Page {
  const { say, desk, query } = visit
  const { person } = statement
  const [waits, ...more] = desk.claims.waitingFor(person.account)
  return {
    title: say('me.title', { name: firstName(person.name) }),
    body: (
      <>
        {query.has('new') ? <div class="govuk-inset-text">{say('me.new')}</div> : null}
        <p class="govuk-body-l">{ownStanding(visit, statement)}</p>
        {waits === undefined ? null : <Waiting visit={visit} claim={waits} more={more.length} />}
        <div class="ch-row">
          <ButtonLink to="/record">{say('me.was_helped')}</ButtonLink>
          <ButtonLink to="/helped">{say('me.has_helped')}</ButtonLink>
        </div>
        <ul class="govuk-list">
          {(
            [
              ['/hours', 'me.hours'],
              ['/gift', 'me.gift'],
              ['/me/devices', 'me.devices'],
            ] as const
          ).map(([to, words]) => (
            <li>
              <a class="govuk-link" href={to}>
                {say(words)}
              </a>
            </li>
          ))}
        </ul>
      </>
    ),
  }
}

function Waiting({ visit, claim, more }: { visit: Visit; claim: Claim; more: number }) {
  const { say } = visit
  return (
    <div class="ch-card">
      <h2 class="govuk-heading-m">{say('me.waiting')}</h2>
      <p class="govuk-body">{claimSentence(visit, claim)}</p>
      <ButtonLink to={claimPath(claim)}>{say('me.answer')}</ButtonLink>
      {more === 0 ? null : <p class="govuk-body">{say('me.more', { count: more })}</p>}
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
  if (done === 'received' && receivedMinutes === 0 && balanceMinutes === 0) return say('me.standing.none')
  return say(balanceMinutes > 0 ? 'me.standing.hours_waiting' : 'me.standing.welcome', { ...facts, done })
}

export function firstName(name: string): string {
  return name.split(' ')[0] ?? name
}
