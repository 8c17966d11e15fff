/**
 * How is somebody forgotten? The page says what goes and what stays, the name is typed once more, and then it cannot be
 * undone ([PRIV-27]).
 */

import { ERASE_REASONS } from '../../core/entry.ts'
import { eraseMember } from '../../register/erasure.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button, Radios, TextField } from '../parts/form-parts.tsx'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'
import { type AccountNow, accountNow, personOfPath } from './one-person.ts'
import { personPath } from './people.tsx'

export const eraseScreen = screen({
  path: '/desk/people/:number/erase',
  who: ['coordinator'],
  async get(visit) {
    const person = personOfPath(visit)
    return person === null ? notHere(visit) : erasePage(visit, person, await accountNow(visit, person), [])
  },
  async post(visit) {
    const person = personOfPath(visit)
    if (person === null) return gonePage(visit)
    return erase(visit, person)
  },
})

async function erase(visit: CoordinatorVisit, person: Person): Promise<Answer> {
  const { desk, form, say, visitor } = visit
  const errors: FieldError[] = []
  const reason = ERASE_REASONS.find((one) => one === form.text('reason'))
  if (reason === undefined) errors.push({ field: 'reason', text: say('erase.reason.missing') })
  const confirm = form.text('confirm')
  if (confirm === '') errors.push({ field: 'confirm', text: say('erase.confirm.missing') })
  const now = await accountNow(visit, person)
  if (errors.length > 0 || reason === undefined) return erasePage(visit, person, now, errors)
  const erased = await eraseMember(
    desk.node,
    desk.people,
    { number: person.number, confirm, reason },
    { coordinator: visitor.coordinator, channel: 'desk', reason: 'at_the_desk' },
  )
  if (!erased.ok) {
    const { refusal } = erased
    const text =
      refusal.code === 'name_not_typed' ? say('erase.confirm.differs') : refusalText(visit, refusal)
    return erasePage(visit, person, now, [{ field: 'confirm', text }])
  }
  const { waiting, finished } = erased.value
  const rest = waiting > 0 ? say('account.leave.waiting', { count: waiting }) : null
  return donePage(visit, [
    say('erase.done.text'),
    ...(finished === 'later' ? [say('erase.done.later')] : []),
    ...(rest === null ? [] : [rest]),
  ])
}

/** The second press finds nobody, and says no more than that. */
function gonePage({ say }: Visit): Page {
  return { title: say('erase.gone.title'), back: '/desk/people', body: say('erase.gone.text'), status: 404 }
}

function donePage({ say }: Visit, texts: readonly string[]): Page {
  return {
    title: say('erase.done.title'),
    back: '/desk/people',
    body: (
      <>
        {texts.map((text) => (
          <p class="govuk-body">{text}</p>
        ))}
      </>
    ),
  }
}

function erasePage(
  { say, speech, form }: Visit,
  person: Person,
  { state, balance }: AccountNow,
  errors: readonly FieldError[],
): Page {
  const { name } = person
  const path = personPath(person)
  return {
    title: say('erase.title', { name }),
    errors,
    back: `${path}/account`,
    body: (
      <>
        <p class="govuk-body">{say('erase.goes')}</p>
        <p class="govuk-body">{say('erase.stays')}</p>
        {state !== 'closed' && balance > 0 ? (
          <div class="govuk-inset-text">
            {say('erase.left', { name, left: speech.hours(balance) })}{' '}
            <a class="govuk-link" href={`${path}/leave`}>
              {say('erase.left.leave')}
            </a>
          </div>
        ) : null}
        <form method="post" action={`${path}/erase`} novalidate>
          <Radios
            say={say}
            name="reason"
            label={say('erase.reason')}
            errors={errors}
            value={form.text('reason')}
            choices={ERASE_REASONS.map((value) => ({ value, label: say(`erase.reason.${value}`) }))}
          />
          <TextField
            say={say}
            name="confirm"
            label={say('erase.confirm')}
            hint={say('erase.confirm.hint', { name })}
            value={form.text('confirm')}
            errors={errors}
            autocomplete="off"
            spellcheck={false}
          />
          <Button kind="warning">{say('erase.do')}</Button>
        </form>
      </>
    ),
  }
}
