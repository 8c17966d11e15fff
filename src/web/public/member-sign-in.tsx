/**
 * How does a member come in? With the number on the card and a PIN; with a code from a letter or the desk the first time
 * and whenever something was lost. A code leads to a PIN of one's own choice, and then in.
 */

import { findMemberNumber } from '../../register/find-people.ts'
import type { Person } from '../../register/person.ts'
import type { Write } from '../../store/store.ts'
import { comeIn, whenceOf } from '../coming-in.ts'
import type { FieldError } from '../form.ts'
import { Button, TextField } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { type Answer, EVERYBODY, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { ownPath } from './open-pages.tsx'
import { SharedComputer } from './sign-in.tsx'

export const memberSignInScreen = screen({
  path: '/sign-in',
  who: EVERYBODY,
  get: (visit) => (visit.visitor.kind === 'member' ? { to: '/me' } : signInPage(visit)),
  async post(visit) {
    const { desk, form, query } = visit
    const person = named(visit)
    const entered = await desk.memberKeys.enter(
      person?.account ?? null,
      form.text('pin'),
      asked(visit),
      whenceOf(visit),
    )
    if (!entered.ok || person === null)
      return signInPage(visit, entered.ok ? visit.say('sign_in.wrong') : refusalText(visit, entered.refusal))
    return signedInMember(visit, person, entered.value.rows, ownPath(query.get('to') ?? '', '/me'))
  },
})

function signInPage({ say, form, query, facts }: Visit, wrong: string | null = null): Page {
  const errors = wrong === null ? [] : [{ field: 'number', text: wrong }]
  const to = query.get('to')
  return {
    title: say('frame.sign_in'),
    errors,
    back: '/',
    body: (
      <>
        <form
          method="post"
          action={`/sign-in${to === null ? '' : `?to=${encodeURIComponent(to)}`}`}
          novalidate
        >
          <NumberField visit={{ say, form }} errors={errors} />
          <TextField
            say={say}
            name="pin"
            label={say('sign_in.pin')}
            value=""
            type="password"
            inputmode="numeric"
            errors={[]}
            autocomplete="current-password"
            width={5}
          />
          <SharedComputer visit={{ say, form }} />
          <Button>{say('frame.sign_in')}</Button>
        </form>
        <ul class="govuk-list">
          <li>
            <a class="govuk-link" href="/sign-in/code">
              {say('sign_in.have_code')}
            </a>
          </li>
          <li>
            <a class="govuk-link" href="/sign-in/desk">
              {say('sign_in.coordinator')}
            </a>
          </li>
        </ul>
        <p class="govuk-body">
          {facts.phone === null ? say('sign_in.lost') : say('sign_in.lost_phone', { phone: facts.phone })}
        </p>
      </>
    ),
  }
}

function NumberField({
  visit: { say, form },
  errors,
}: {
  visit: Pick<Visit, 'say' | 'form'>
  errors: readonly FieldError[]
}) {
  return (
    <TextField
      say={say}
      name="number"
      label={say('sign_in.number')}
      hint={say('sign_in.number.hint')}
      value={form.text('number')}
      errors={errors}
      autocomplete="username"
      autocapitalize="characters"
      spellcheck={false}
      width={10}
    />
  )
}

export const codeScreen = screen({
  path: '/sign-in/code',
  who: EVERYBODY,
  get: (visit) => codePage(visit),
  async post(visit) {
    const { desk, form, say } = visit
    const person = named(visit)
    const code = form.text('code')
    const tried = await desk.memberKeys.tryCode(person?.account ?? null, code, asked(visit))
    if (!tried.ok || person === null)
      return codePage(visit, tried.ok ? say('sign_in.wrong') : refusalText(visit, tried.refusal))
    if (!form.has('pin')) return pinPage(visit, person, [])
    const pin = form.text('pin')
    if (pin !== form.text('again'))
      return pinPage(visit, person, [{ field: 'again', text: say('pin.differs') }])
    const chosen = await desk.memberKeys.choosePin(person.account, pin, { code })
    if (!chosen.ok)
      return pinPage(visit, person, [{ field: 'pin', text: refusalText(visit, chosen.refusal) }])
    // Whoever lost a telephone chose anew, so that nobody goes on with the old one.
    await desk.signIns.endAll({ role: 'member', id: person.account }, null)
    return signedInMember(visit, person, [], '/me?new')
  },
})

function codePage({ say, form }: Visit, wrong: string | null = null): Page {
  const errors = wrong === null ? [] : [{ field: 'code', text: wrong }]
  return {
    title: say('code.title'),
    errors,
    back: '/sign-in',
    body: (
      <form method="post" action="/sign-in/code" novalidate>
        <p class="govuk-body">{say('code.lead')}</p>
        <NumberField visit={{ say, form }} errors={[]} />
        <TextField
          say={say}
          name="code"
          label={say('code.code')}
          hint={say('code.hint')}
          value={form.text('code')}
          errors={errors}
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck={false}
          width={20}
        />
        <Button>{say('form.continue')}</Button>
      </form>
    ),
  }
}

function pinPage({ say, form }: Visit, person: Person, errors: readonly FieldError[]): Page {
  return {
    title: say('pin.title', { name: person.name }),
    errors,
    body: (
      <form method="post" action="/sign-in/code" novalidate>
        <Carried fields={{ number: form.text('number'), code: form.text('code') }} />
        <p class="govuk-body">{say('pin.lead')}</p>
        {(['pin', 'again'] as const).map((name) => (
          <TextField
            say={say}
            name={name}
            label={say(`pin.${name}`)}
            hint={name === 'pin' ? say('pin.hint') : undefined}
            value=""
            type="password"
            inputmode="numeric"
            errors={errors}
            autocomplete="new-password"
            width={5}
          />
        ))}
        <SharedComputer visit={{ say, form }} />
        <Button>{say('frame.sign_in')}</Button>
      </form>
    ),
  }
}

async function signedInMember(
  visit: Visit,
  person: Person,
  rows: readonly Write[],
  to: string,
): Promise<Answer> {
  const keep = await comeIn(visit, { role: 'member', id: person.account }, rows)
  return keep.ok ? { to, keep: keep.value } : signInPage(visit, refusalText(visit, keep.refusal))
}

function named({ desk, form }: Visit): Person | null {
  return findMemberNumber(desk.people, form.text('number'))
}

/** The number that was typed, in one spelling, whether anybody has it or not. */
function asked({ desk, form }: Visit): string {
  return desk.people.spelledNumber(form.text('number'))
}
