/**
 * How does somebody leave the bank? The hours that are left go to whomever they name or to the pot, it is read over, and
 * the account closes for good ([EX-11]).
 */

import { leaveBank } from '../../register/leaving.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink, Radios } from '../parts/form-parts.tsx'
import { Carried, carriedOf } from '../parts/help-fields.tsx'
import { calledName } from '../parts/sentences.ts'
import { readPeople, type Unclear, WhoField, whichPage, withTyped } from '../parts/who.tsx'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'
import { KNOWN_BY, type Known, KnownField, readKnown } from './known.tsx'
import { type AccountNow, accountNow, personOfPath } from './one-person.ts'
import { personPath } from './people.tsx'

const FIELDS = ['rest', 'who', 'known'] as const
const REST = ['pot', 'person'] as const

export const leaveScreen = screen({
  path: '/desk/people/:number/leave',
  who: ['coordinator'],
  async get(visit) {
    const person = personOfPath(visit)
    if (person === null) return notHere(visit)
    const now = await accountNow(visit, person)
    return now.state === 'closed' ? { to: personPath(person) } : leavePage(visit, { person, now }, [])
  },
  async post(given) {
    const { form, left } = withTyped(given.form)
    const visit = { ...given, form }
    const person = personOfPath(visit)
    if (person === null) return notHere(visit)
    const now = await accountNow(visit, person)
    // A second press finds that it is done.
    if (now.state === 'closed') return { to: personPath(person) }
    const leaver = { person, now }
    const { heir, known, errors, unclear } = await readLeaving(visit, leaver)
    if (errors.length > 0 || known === null) return leavePage(visit, leaver, errors)
    const label = (_: Unclear, typed: string): string => visit.say('sheet.which', { typed })
    if (unclear.length > 0)
      return whichPage(visit, { to: `${personPath(person)}/leave`, fields: FIELDS, unclear, left, label })
    const wish = { heir, known }
    return form.has('save') ? leave(visit, leaver, wish) : checkPage(visit, leaver, wish)
  },
})

interface Leaver {
  readonly person: Person
  readonly now: AccountNow
}

interface Wish {
  /** Null for the pot. */
  readonly heir: Person | null
  readonly known: Known
}

async function readLeaving(
  visit: Visit,
  { person, now }: Leaver,
): Promise<{ heir: Person | null; known: Known | null; errors: FieldError[]; unclear: Unclear[] }> {
  const { form, say } = visit
  const errors: FieldError[] = []
  const unclear: Unclear[] = []
  let heir: Person | null = null
  const rest = REST.find((one) => one === form.text('rest'))
  if (now.balance > 0 && rest === undefined)
    errors.push({ field: 'rest', text: say('account.leave.to.missing') })
  if (now.balance > 0 && rest === 'person') {
    const read = readPeople<'who'>(visit, { who: say('account.leave.who.missing') })
    errors.push(...read.errors)
    unclear.push(...read.unclear)
    heir = read.found.who ?? null
    if (heir === person) errors.push({ field: 'who', text: say('account.leave.self', { name: person.name }) })
    else if (heir !== null && (await accountNow(visit, heir)).state === 'closed')
      errors.push({ field: 'who', text: say('refusal.account_closed') })
  }
  const known = readKnown(form)
  if (known === null) errors.push({ field: 'known', text: say('record.known.missing') })
  return { heir, known, errors, unclear }
}

async function leave(visit: CoordinatorVisit, leaver: Leaver, { heir, known }: Wish): Promise<Answer> {
  const { desk, visitor, say } = visit
  const { person } = leaver
  const by = { coordinator: visitor.coordinator, ...KNOWN_BY[known] }
  const left = await leaveBank(desk.node, desk.people, person.number, by, heir?.number ?? null)
  if (!left.ok) return leavePage(visit, leaver, [{ field: 'known', text: refusalText(visit, left.refusal) }])
  if (left.value.waiting === 0) return { to: personPath(person) }
  return {
    title: say('account.leave.check.title', { name: person.name }),
    back: personPath(person),
    body: say('account.leave.waiting', { count: left.value.waiting }),
  }
}

function leavePage(visit: Visit, { person, now }: Leaver, errors: readonly FieldError[]): Page {
  const { say, speech, form } = visit
  const { name } = person
  const what = now.balance > 0 ? 'left' : now.balance < 0 ? 'pot_gives' : 'none'
  return {
    title: say('account.leave.check.title', { name }),
    errors,
    back: `${personPath(person)}/account`,
    body: (
      <form method="post" action={`${personPath(person)}/leave`} novalidate>
        <p class="govuk-body">
          {say(`account.leave.${what}`, { name, left: speech.hours(Math.max(0, now.balance)) })}
        </p>
        {what === 'left' ? (
          <>
            <Radios
              say={say}
              name="rest"
              label={say('account.leave.to')}
              errors={errors}
              value={form.text('rest')}
              choices={REST.map((value) => ({ value, label: say(`account.leave.to.${value}`) }))}
            />
            <WhoField
              visit={visit}
              name="who"
              label={say('account.leave.to.who')}
              value={form.text('who')}
              errors={errors}
            />
          </>
        ) : null}
        <KnownField say={say} form={form} errors={errors} />
        <Button>{say('account.leave.check')}</Button>
      </form>
    ),
  }
}

function checkPage(visit: Visit, { person, now }: Leaver, { heir }: Wish): Page {
  const { say, speech, form, desk } = visit
  const { name } = person
  const other = calledName(visit, heir ?? desk.people.byNumber('POT'))
  const fields = { ...carriedOf(form, FIELDS), ...(heir === null ? {} : { who: heir.number }) }
  return {
    title: say('account.leave.check.title', { name }),
    back: `${personPath(person)}/leave`,
    body: (
      <>
        <p class="ch-sentence">
          {now.balance > 0
            ? say('account.leave.check.rest', { left: speech.hours(now.balance), name, other })
            : say(now.balance < 0 ? 'account.leave.pot_gives' : 'account.leave.check.nothing', { name })}
        </p>
        <p class="govuk-body">{say('account.leave.check.over')}</p>
        <form method="post" action={`${personPath(person)}/leave`} class="ch-row">
          <Carried fields={fields} />
          <Button kind="warning" name="save" value="yes">
            {say('account.leave.do', { name })}
          </Button>
          <ButtonLink to={personPath(person)} kind="second">
            {say('account.leave.not_yet')}
          </ButtonLink>
        </form>
      </>
    ),
  }
}
