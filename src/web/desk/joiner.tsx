/**
 * What does the desk do for somebody who would like to join? Meet them, welcome them as a member, or keep them for later;
 * whoever may be here already stands beside them ([DESK-5]).
 */

import { fromHex } from '../../core/ids.ts'
import { type Outcome, refuse } from '../../core/refusal.ts'
import { type Joiner, welcomeNonce } from '../../register/joiners.ts'
import { addMember } from '../../register/people.ts'
import type { Person } from '../../register/person.ts'
import { shownText } from '../../register/texts.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { Rows } from '../parts/rows.tsx'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'
import { joinerPath } from './joiners.tsx'
import { personPath } from './people.tsx'

const SECONDS_PER_DAY = 86_400

export const joinerScreen = screen({
  path: '/desk/join/:joiner',
  who: ['coordinator'],
  get(visit) {
    const joiner = joinerOfPath(visit)
    if (joiner === null) return notHere(visit)
    const person = welcomedAs(visit, joiner)
    return person === null ? joinerPage(visit, joiner, []) : { to: personPath(person) }
  },
  async post(visit) {
    const joiner = joinerOfPath(visit)
    if (joiner === null) return notHere(visit)
    const already = welcomedAs(visit, joiner)
    if (already !== null) return { to: `${personPath(already)}?new` }
    const { desk, form } = visit
    switch (form.text('act')) {
      case 'met':
      case 'not_now':
      case 'asked':
        return moved(
          visit,
          joiner,
          await desk.joiners.move(joiner.id, form.text('act') as 'met' | 'not_now' | 'asked'),
        )
      case 'welcome':
        return welcome(visit, joiner)
      case 'same':
        return same(visit, joiner)
      case 'erase':
        if (!form.has('sure')) return erasePage(visit, joiner)
        await desk.joiners.erase(joiner.id)
        return { to: '/desk/join?erased' }
      default:
        return moved(visit, joiner, refuse('request_malformed', { field: 'act' }))
    }
  },
})

function joinerOfPath({ desk, params }: Visit): Joiner | null {
  const id = fromHex(params.joiner ?? '', 16)
  return id === null ? null : desk.joiners.find(id)
}

/** Who they are here by now; null while they were not welcomed, or were erased since. */
function welcomedAs({ desk }: Visit, { account }: Joiner): Person | null {
  return account === null ? null : desk.people.byAccount(account)
}

function moved(visit: Visit, joiner: Joiner, outcome: Outcome<Joiner>): Answer {
  if (outcome.ok) return { to: `${joinerPath(joiner)}?saved` }
  return joinerPage(visit, joiner, [{ field: null, text: refusalText(visit, outcome.refusal) }])
}

/** Makes the person; a crash before the second step is mended by the same press again. */
async function welcome(visit: CoordinatorVisit, joiner: Joiner): Promise<Answer> {
  const { desk, visitor } = visit
  const isEmail = /^\S+@\S+$/.test(joiner.reach ?? '')
  const person = {
    name: joiner.name,
    phone: joiner.phone,
    email: isEmail ? joiner.reach : null,
    area: joiner.area,
    note: noteOf(visit, joiner, isEmail),
    nonce: welcomeNonce(joiner),
  }
  const added = await addMember(desk.node, desk.people, person, visitor.coordinator)
  if (!added.ok) return moved(visit, joiner, added)
  const welcomed = await desk.joiners.welcomed(joiner.id, added.value.account)
  return welcomed.ok ? { to: `${personPath(added.value)}?new` } : moved(visit, joiner, welcomed)
}

/** It is somebody who is here already. */
async function same(visit: CoordinatorVisit, joiner: Joiner): Promise<Answer> {
  const { desk, form } = visit
  const person = desk.joiners.alike(joiner).find(({ number }) => number === form.text('number'))
  if (person === undefined) return moved(visit, joiner, refuse('account_unknown'))
  const welcomed = await desk.joiners.welcomed(joiner.id, person.account)
  return welcomed.ok ? { to: personPath(person) } : moved(visit, joiner, welcomed)
}

/** What has no place of its own on the page of a person. */
function noteOf({ say }: Visit, { reach, can, wants }: Joiner, isEmail: boolean): string | null {
  const lines = [
    reach === null || isEmail ? null : say('joiner.note.reach', { words: reach }),
    can === null ? null : say('joiner.note.can', { words: can }),
    wants === null ? null : say('joiner.note.wants', { words: wants }),
  ].filter((one) => one !== null)
  return lines.length === 0 ? null : lines.join('\n')
}

function joinerPage(visit: Visit, joiner: Joiner, errors: readonly FieldError[]): Page {
  const { say, speech, query, desk } = visit
  const alike = desk.joiners.alike(joiner)
  const isOff = joiner.state === 'not_now'
  return {
    title: shownText(joiner.name),
    errors,
    back: '/desk/join',
    body: (
      <>
        {query.has('saved') ? <div class="govuk-inset-text">{say('joiner.saved')}</div> : null}
        <Rows
          rows={[
            [say('joiner.state'), say(`joiner.state.${joiner.state}`)],
            [say('joiner.when'), speech.date(Math.floor(joiner.made / SECONDS_PER_DAY))],
            [say('joiner.phone'), <span dir="ltr">{told(visit, joiner.phone)}</span>],
            [say('joiner.reach'), told(visit, joiner.reach)],
            [say('joiner.area'), told(visit, joiner.area)],
            [say('joiner.can'), told(visit, joiner.can)],
            [say('joiner.wants'), told(visit, joiner.wants)],
            [say('joiner.rules'), say('joiner.rules.version', { version: joiner.rules })],
          ]}
        />
        {alike.length === 0 ? null : <Alike visit={visit} joiner={joiner} alike={alike} />}
        <div class="ch-row">
          <Act
            joiner={joiner}
            act="welcome"
            words={say(alike.length === 0 ? 'joiner.welcome' : 'joiner.welcome.new')}
            first
          />
          {joiner.state === 'met' ? null : <Act joiner={joiner} act="met" words={say('joiner.met')} />}
          {isOff ? (
            <Act joiner={joiner} act="asked" words={say('joiner.again')} />
          ) : (
            <Act joiner={joiner} act="not_now" words={say('joiner.not_now')} />
          )}
          <Act joiner={joiner} act="erase" words={say('joiner.erase')} />
        </div>
        <p class="govuk-body">{say('joiner.kept')}</p>
      </>
    ),
  }
}

function told({ say }: Visit, words: string | null): string {
  return words === null ? say('person.not_said') : shownText(words)
}

/** Both side by side, so that one person does not become two. */
function Alike({ visit, joiner, alike }: { visit: Visit; joiner: Joiner; alike: readonly Person[] }) {
  const { say } = visit
  const columns = ['name', 'phone', 'area'] as const
  return (
    <>
      <h2 class="govuk-heading-m">{say('joiner.alike', { count: alike.length })}</h2>
      <table class="govuk-table ch-stacks">
        <caption class="govuk-visually-hidden">{say('joiner.alike', { count: alike.length })}</caption>
        <thead class="govuk-table__head">
          <tr class="govuk-table__row">
            <td class="govuk-table__header" />
            {columns.map((one) => (
              <th scope="col" class="govuk-table__header">
                {say(`joiner.${one}`)}
              </th>
            ))}
            <td class="govuk-table__header" />
          </tr>
        </thead>
        <tbody class="govuk-table__body">
          <tr class="govuk-table__row">
            <th scope="row" class="govuk-table__header">
              {say('joiner.alike.asks')}
            </th>
            {columns.map((one) => (
              <td class="govuk-table__cell" data-is={say(`joiner.${one}`)}>
                {told(visit, joiner[one])}
              </td>
            ))}
            <td class="govuk-table__cell" />
          </tr>
          {alike.map((person) => (
            <tr class="govuk-table__row">
              <th scope="row" class="govuk-table__header">
                <a class="govuk-link" href={personPath(person)}>
                  {say('joiner.alike.here')} <span dir="ltr">{person.number}</span>
                </a>
              </th>
              {columns.map((one) => (
                <td class="govuk-table__cell" data-is={say(`joiner.${one}`)}>
                  {told(visit, person[one])}
                </td>
              ))}
              <td class="govuk-table__cell">
                <form method="post" action={joinerPath(joiner)}>
                  <Carried fields={{ act: 'same', number: person.number }} />
                  <button type="submit" class="govuk-button govuk-button--secondary ch-in-row">
                    {say('joiner.same')}
                    <span class="govuk-visually-hidden"> {person.number}</span>
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Act({
  joiner,
  act,
  words,
  first = false,
}: {
  joiner: Joiner
  act: string
  words: string
  first?: boolean
}) {
  return (
    <form method="post" action={joinerPath(joiner)}>
      <Carried fields={{ act }} />
      <Button kind={first ? 'first' : 'second'}>{words}</Button>
    </form>
  )
}

function erasePage({ say }: Visit, joiner: Joiner): Page {
  return {
    title: say('joiner.erase.title', { name: shownText(joiner.name) }),
    back: joinerPath(joiner),
    body: (
      <form method="post" action={joinerPath(joiner)}>
        <Carried fields={{ act: 'erase', sure: 'yes' }} />
        <p class="govuk-body">{say('joiner.erase.text')}</p>
        <div class="ch-row">
          <Button kind="warning">{say('joiner.erase')}</Button>
          <ButtonLink to={joinerPath(joiner)} kind="second">
            {say('neighbour.end.not_now')}
          </ButtonLink>
        </div>
      </form>
    ),
  }
}
