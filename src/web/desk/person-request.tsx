/**
 * How does the desk make a code for somebody who helped? For one help to be read out on the telephone, or for a wall that
 * everybody at a workshop uses ([EX-20]).
 */

import { LIMITS } from '../../core/limits.ts'
import type { Person } from '../../register/person.ts'
import { makeRequest, type RequestView, requestByCode, withdrawRequest } from '../../register/requests.ts'
import { type FieldError, isNonce } from '../form.ts'
import { Button, ButtonLink, Radios, TextField } from '../parts/form-parts.tsx'
import { readCategory, readLength } from '../parts/help-fields.tsx'
import { FormNumber, HelpFields } from '../parts/help-form.tsx'
import { CodeToShow, RequestUses } from '../parts/shown-request.tsx'
import { type Answer, type CoordinatorVisit, notHere, type Page, refusalText, screen } from '../screen.ts'
import { personOfPath } from './one-person.ts'

const SECONDS_PER_DAY = 86_400
const WALL_DAYS = LIMITS.requestLongestSeconds / SECONDS_PER_DAY

export const personRequestScreen = screen({
  path: '/desk/people/:number/request',
  who: ['coordinator'],
  get(visit) {
    const person = personOfPath(visit)
    return person === null ? notHere(visit) : askPage(visit, person, [])
  },
  async post(visit): Promise<Answer> {
    const person = personOfPath(visit)
    if (person === null) return notHere(visit)
    const { desk, form, say } = visit
    const isWall = form.text('kind') === 'wall'
    const isOpen = form.text('hours') === '' && form.text('minutes') === ''
    const errors: FieldError[] = []
    const length = isOpen ? { minutes: null } : readLength(visit, form)
    if ('error' in length) errors.push(length.error)
    else if (isWall && length.minutes === null)
      errors.push({ field: 'hours', text: say('desk_code.length.wall') })
    // Without it a second press would make a second code.
    if (!isNonce(form)) errors.push({ field: null, text: say('refusal.request_malformed') })
    const days = form.number('days', 1)
    if (isWall && (days === null || days < 1 || days > WALL_DAYS))
      errors.push({ field: 'days', text: say('desk_code.days.wrong', { most: WALL_DAYS }) })
    if (errors.length > 0 || 'error' in length) return askPage(visit, person, errors)
    const made = await makeRequest(desk.node, desk.people, {
      number: person.number,
      minutes: length.minutes,
      category: readCategory(form),
      what: form.text('note'),
      nonce: form.text('nonce'),
      ...(isWall ? { uses: LIMITS.requestUses, seconds: (days ?? 1) * SECONDS_PER_DAY } : {}),
    })
    if (!made.ok) return askPage(visit, person, [{ field: null, text: refusalText(visit, made.refusal) }])
    return { to: `/desk/codes/${made.value.code}` }
  },
})

function askPage(visit: CoordinatorVisit, person: Person, errors: readonly FieldError[]): Page {
  const { say, form } = visit
  const path = `/desk/people/${encodeURIComponent(person.number)}`
  return {
    title: say('desk_code.title', { name: person.name }),
    errors,
    back: path,
    body: (
      <form method="post" action={`${path}/request`} novalidate>
        <FormNumber visit={visit} />
        <p class="govuk-body">{say('desk_code.lead')}</p>
        <HelpFields
          visit={visit}
          errors={errors}
          asked="no_day"
          lengthHint={say('ask_code.length.hint')}
          noteHint={say('ask_code.note.hint')}
        />
        <Radios
          say={say}
          name="kind"
          label={say('desk_code.kind')}
          errors={errors}
          value={form.text('kind') || 'once'}
          choices={[
            { value: 'once', label: say('desk_code.kind.once') },
            { value: 'wall', label: say('desk_code.kind.wall') },
          ]}
        />
        <TextField
          say={say}
          name="days"
          label={say('desk_code.days')}
          value={form.text('days') || '1'}
          errors={errors}
          width={3}
          inputmode="numeric"
        />
        <Button>{say('ask_code.make')}</Button>
      </form>
    ),
  }
}

export const deskCodeScreen = screen({
  path: '/desk/codes/:code',
  who: ['coordinator'],
  async get(visit) {
    const found = await requestByCode(visit.desk.node, visit.desk.people, visit.params.code ?? '')
    return found.ok ? codePage(visit, found.value) : notHere(visit)
  },
  async post(visit): Promise<Answer> {
    const { desk, form, params } = visit
    const found = await requestByCode(desk.node, desk.people, params.code ?? '')
    if (!found.ok) return notHere(visit)
    if (form.has('withdraw')) await withdrawRequest(desk.node, desk.people, found.value.code)
    return { to: `/desk/codes/${found.value.code}` }
  },
})

function codePage(visit: CoordinatorVisit, request: RequestView): Page {
  const { say, desk } = visit
  const { state, used, code, account } = request
  const person = desk.people.byAccount(account)
  const name = person?.name ?? say('person.erased')
  return {
    title: say('desk_code.title', { name }),
    back: person === null ? '/desk' : `/desk/people/${encodeURIComponent(person.number)}`,
    live: { state: `${state} ${used.length}`, waits: state === 'open' },
    body: (
      <>
        <RequestUses visit={visit} request={request} crossings="/desk/crossings" records="/desk/records" />
        {state === 'open' ? (
          <>
            <CodeToShow visit={visit} request={request} />
            <p class="govuk-body ch-no-print">{say('desk_code.print')}</p>
            <form method="post" action={`/desk/codes/${code}`} class="ch-no-print">
              <Button kind="second" name="withdraw" value="yes">
                {say('own_code.withdraw')}
              </Button>
            </form>
          </>
        ) : (
          <ButtonLink to={person === null ? '/desk' : `/desk/people/${encodeURIComponent(person.number)}`}>
            {say('desk_code.done', { name })}
          </ButtonLink>
        )}
      </>
    ),
  }
}
