/**
 * What does the desk know of one person? Standing in a sentence, what happened lately, how to reach them and who may
 * act for them ([DESK-4], [EX-10]). The private note is behind a button, for the person can see who read it.
 */

import { maySee } from '../../register/access.ts'
import type { KeptAct } from '../../register/acts.ts'
import { dayAt, dayOf } from '../../register/calendar.ts'
import type { Person } from '../../register/person.ts'
import { type MemberStatement, memberStatement } from '../../register/statements.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { Lines } from '../parts/lines.tsx'
import { type Row, Rows } from '../parts/rows.tsx'
import { calledName } from '../parts/sentences.ts'
import { notHere, type Page, screen, type Visit } from '../screen.ts'
import { ActsTable } from './acts-table.tsx'
import { personPath } from './people.tsx'

const RECENT = 10

export const personScreen = screen({
  path: '/desk/people/:number',
  who: ['coordinator'],
  async get(visit) {
    const { desk, params } = visit
    const read = await memberStatement(desk.node, desk.people, params.number ?? '')
    if (!read.ok) return notHere(visit)
    const acts = await desk.people.acts.about(read.value.person.account)
    return personPage(visit, read.value, acts)
  },
})

function personPage(visit: Visit, statement: MemberStatement, acts: readonly KeptAct[]): Page {
  const { say } = visit
  const { person } = statement
  const lines = statement.lines.slice(-RECENT).reverse()
  return {
    title: person.name,
    back: '/desk/people',
    body: (
      <>
        <News visit={visit} statement={statement} />
        <p class="govuk-body-l">{standingOf(visit, statement)}</p>
        <WaysOn visit={visit} statement={statement} />
        <h2 class="govuk-heading-m">{say('person.lately')}</h2>
        {lines.length === 0 ? (
          <p class="govuk-body">{say('person.nothing_yet')}</p>
        ) : (
          <Lines visit={visit} lines={lines} caption={say('person.lately')} links />
        )}
        <h2 class="govuk-heading-m">{say('person.details')}</h2>
        <Details visit={visit} person={person} />
        <h2 class="govuk-heading-m">{say('acts.person')}</h2>
        {acts.length === 0 ? (
          <p class="govuk-body">{say('acts.person.none')}</p>
        ) : (
          <ActsTable visit={visit} acts={acts.slice(0, RECENT)} about={person} />
        )}
        {acts.length > RECENT ? (
          <p class="govuk-body">{say('acts.person.all', { count: acts.length })}</p>
        ) : null}
      </>
    ),
  }
}

/** What has just been done, and whether the account rests or is closed. */
function News({ visit: { say, query }, statement }: { visit: Visit; statement: MemberStatement }) {
  const { person, state } = statement
  const { name, number } = person
  const news = [
    query.has('new') ? say('person.new.done', { name, number }) : null,
    query.has('changed') ? say('person.changed') : null,
    state === 'open' ? null : say(`person.state.${state}`, { name }),
  ].filter((one) => one !== null)
  return (
    <>
      {news.map((one) => (
        <div class="govuk-inset-text">{one}</div>
      ))}
    </>
  )
}

function WaysOn({
  visit: { say },
  statement: { person, state },
}: {
  visit: Visit
  statement: MemberStatement
}) {
  const number = encodeURIComponent(person.number)
  return (
    <div class="ch-row">
      {state === 'closed' ? null : (
        <>
          <ButtonLink to={`/desk/record?helped=${number}`}>{say('person.was_helped')}</ButtonLink>
          <ButtonLink to={`/desk/record?helper=${number}`} kind="second">
            {say('person.has_helped')}
          </ButtonLink>
          <ButtonLink to={`/desk/notices/new?who=${number}`} kind="second">
            {say('person.notice')}
          </ButtonLink>
          <ButtonLink to={`${personPath(person)}/code`} kind="second">
            {say('person.code')}
          </ButtonLink>
          <ButtonLink to={`${personPath(person)}/request`} kind="second">
            {say('desk_code.link')}
          </ButtonLink>
        </>
      )}
      <ButtonLink to={`/desk/letters?who=${number}`} kind="second">
        {say('person.letters')}
      </ButtonLink>
    </div>
  )
}

/** How to reach somebody, who acts for them, and the way to each change. */
function Details({ visit, person }: { visit: Visit; person: Person }) {
  const { say, speech, desk } = visit
  if (!maySee('coordinator', 'contact') || person.kind === 'fund') return null
  const path = personPath(person)
  const ltr = (text: string | null) =>
    text === null ? say('person.not_said') : <span dir="ltr">{text}</span>
  const helpers = person.helpers.map(({ account }) => calledName(visit, desk.people.byAccount(account)))
  const language = desk.languages.find(({ tag }) => tag === person.language)?.name
  const note = say(person.note === null ? 'person.note.write' : 'person.note.read')
  return (
    <>
      <Rows
        rows={[
          [say('person.number'), ltr(person.number)],
          [say('person.phone'), ltr(person.phone)],
          ...(person.phone2 === null ? [] : [[say('person.phone2'), ltr(person.phone2)] as const]),
          [say('person.email'), ltr(person.email)],
          [say('person.area'), person.area ?? say('person.not_said')],
          [say('person.language'), language ?? say('person.language.bank')],
          [say('person.joined'), person.joinedOn === null ? say('person.not_said') : joined(speech, person)],
          ...rulesRow(visit, person),
          [say('person.phone_word'), person.phoneWord ?? say('person.not_said')],
          [
            say('person.helpers'),
            helpers.length === 0 ? say('person.helpers.none') : speech.list(helpers),
            { to: `${path}/helpers`, text: say('person.helpers.change') },
          ],
          [
            say('person.note'),
            say(person.note === null ? 'person.note.none' : 'person.note.one'),
            { to: `${path}/note`, text: note },
          ],
        ]}
      />
      <div class="ch-row">
        <ButtonLink to={`${path}/change`} kind="second">
          {say('person.change')}
        </ButtonLink>
        <ButtonLink to={`${path}/account`} kind="second">
          {say('person.account')}
        </ButtonLink>
      </div>
    </>
  )
}

/** Which rules they agreed to when they joined, where that is known. */
function rulesRow({ say, speech, desk }: Visit, { account }: Person): Row[] {
  const agreed = desk.joiners.agreedBy(account)
  if (agreed === null) return []
  const day = speech.date(dayAt(agreed.made))
  const read = { to: `/about?rules=${agreed.rules}#rules`, text: say('person.rules.read') }
  return [[say('person.rules'), say('person.rules.version', { version: agreed.rules, day }), read]]
}

function joined(speech: Visit['speech'], { joinedOn }: Person): string {
  return speech.date(dayOf(joinedOn ?? '') ?? 0)
}

/** "You have helped …" of somebody else: two tallies and a kind word, never a figure below zero ([EX-10]). */
export function standingOf(
  { say, speech }: Pick<Visit, 'say' | 'speech'>,
  { person, givenMinutes, receivedMinutes, balanceMinutes }: MemberStatement,
): string {
  const facts = {
    name: person.name,
    given: speech.hours(givenMinutes),
    received: speech.hours(receivedMinutes),
    left: speech.hours(Math.abs(balanceMinutes)),
  }
  const done = givenMinutes === 0 ? 'received' : receivedMinutes === 0 ? 'given' : 'both'
  if (done === 'received' && receivedMinutes === 0 && balanceMinutes === 0) return say('standing.none', facts)
  return say(balanceMinutes > 0 ? 'standing.hours_waiting' : 'standing.welcome', { ...facts, done })
}
