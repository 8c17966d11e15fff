/** What can happen to somebody's account? It rests and wakes up, and this is the way to leave ([EX-11]). */

import { setMemberState } from '../../register/members.ts'
import type { Person } from '../../register/person.ts'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { notHere, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { type AccountNow, accountNow, personOfPath } from './one-person.ts'
import { personPath } from './people.tsx'

const ACTS = ['suspend', 'resume'] as const

export const accountScreen = screen({
  path: '/desk/people/:number/account',
  who: ['coordinator'],
  async get(visit) {
    const person = personOfPath(visit)
    return person === null ? notHere(visit) : accountPage(visit, person, await accountNow(visit, person))
  },
  async post(visit) {
    const { desk, form, visitor } = visit
    const person = personOfPath(visit)
    const act = ACTS.find((one) => one === form.text('act'))
    if (person === null || act === undefined) return notHere(visit)
    const done = await setMemberState(desk.node, desk.people, person.number, act, visitor.coordinator)
    if (done.ok) return { to: `${personPath(person)}?changed` }
    return accountPage(visit, person, await accountNow(visit, person), refusalText(visit, done.refusal))
  },
})

function accountPage(
  { say }: Visit,
  person: Person,
  { state }: AccountNow,
  wrong: string | null = null,
): Page {
  const { name } = person
  const path = personPath(person)
  return {
    title: say('account.title', { name }),
    errors: wrong === null ? [] : [{ field: null, text: wrong }],
    back: path,
    body: (
      <>
        {state === 'closed' ? (
          <p class="govuk-body">{say('person.state.closed', { name })}</p>
        ) : (
          <RestAndLeave say={say} person={person} state={state} />
        )}
        <h2 class="govuk-heading-m">{say('account.erase.title')}</h2>
        <p class="govuk-body">{say('account.erase.lead')}</p>
        <ButtonLink to={`${path}/erase`} kind="second">
          {say('erase.title', { name })}
        </ButtonLink>
      </>
    ),
  }
}

function RestAndLeave({
  say,
  person,
  state,
}: Pick<Visit, 'say'> & { person: Person; state: AccountNow['state'] }) {
  const path = personPath(person)
  return (
    <>
      <h2 class="govuk-heading-m">{say('account.rest.title')}</h2>
      <p class="govuk-body">{say(state === 'open' ? 'account.rest.lead' : 'account.wake.lead')}</p>
      <form method="post" action={`${path}/account`} id="act">
        <Button kind="second" name="act" value={state === 'open' ? 'suspend' : 'resume'}>
          {say(state === 'open' ? 'account.rest.do' : 'account.wake.do')}
        </Button>
      </form>
      <h2 class="govuk-heading-m">{say('account.leave.title')}</h2>
      <p class="govuk-body">{say('account.leave.check.over')}</p>
      <ButtonLink to={`${path}/leave`} kind="second">
        {say('account.leave.do', { name: person.name })}
      </ButtonLink>
    </>
  )
}
