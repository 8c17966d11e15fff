/**
 * How does a coordinator come in and go out? By name and password, or by a printed recovery code when the password is
 * forgotten. What is wrong is said of both together, so that nobody learns which names exist.
 */

import type { Bytes } from '../../core/ids.ts'
import { coordinatorsInOffice } from '../../register/office.ts'
import { line } from '../../register/texts.ts'
import type { Write } from '../../store/store.ts'
import { comeIn, whenceOf } from '../coming-in.ts'
import { Button, Checkboxes, TextField } from '../parts/form-parts.tsx'
import { type Answer, EVERYBODY, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { ownPath } from './open-pages.tsx'

export const coordinatorSignInScreen = screen({
  path: '/sign-in/desk',
  who: EVERYBODY,
  get: (visit) => (visit.visitor.kind === 'coordinator' ? { to: '/desk' } : signInPage(visit)),
  async post(visit) {
    const { desk, form } = visit
    const entered = await desk.logins.enter(
      await named(visit),
      form.exact('password'),
      asked(visit),
      whenceOf(visit),
    )
    if (!entered.ok) {
      return signInPage(visit, refusalText(visit, entered.refusal))
    }
    return signedIn(visit, entered.value.actor, {
      rows: entered.value.rows,
      to: ownPath(visit.query.get('to') ?? '', '/desk'),
    })
  },
})

function signInPage({ say, form, query }: Visit, wrong: string | null = null): Page {
  const errors = wrong === null ? [] : [{ field: 'name', text: wrong }]
  const to = query.get('to')
  return {
    title: say('sign_in.desk.title'),
    errors,
    back: '/',
    body: (
      <>
        <form
          method="post"
          action={`/sign-in/desk${to === null ? '' : `?to=${encodeURIComponent(to)}`}`}
          novalidate
        >
          <TextField
            say={say}
            name="name"
            label={say('sign_in.name')}
            value={form.text('name')}
            errors={errors}
            autocomplete="username"
            spellcheck={false}
            width={30}
          />
          <TextField
            say={say}
            name="password"
            label={say('sign_in.password')}
            value=""
            type="password"
            errors={[]}
            autocomplete="current-password"
            width={30}
          />
          <SharedComputer visit={{ say, form }} />
          <Button>{say('frame.sign_in')}</Button>
        </form>
        <p class="govuk-body">
          <a class="govuk-link" href="/sign-in/recovery">
            {say('sign_in.forgotten')}
          </a>
        </p>
      </>
    ),
  }
}

export function SharedComputer({ visit: { say, form } }: { visit: Pick<Visit, 'say' | 'form'> }) {
  return (
    <Checkboxes
      say={say}
      name="shared"
      label={say('sign_in.shared.legend')}
      hint={say('sign_in.shared.hint')}
      errors={[]}
      values={form.all('shared')}
      choices={[{ value: 'yes', label: say('sign_in.shared') }]}
    />
  )
}

export const recoveryScreen = screen({
  path: '/sign-in/recovery',
  who: EVERYBODY,
  get: (visit) => recoveryPage(visit),
  async post(visit) {
    const { desk, form } = visit
    const recovered = await desk.logins.recover(await named(visit), form.text('code'), asked(visit))
    if (!recovered.ok) return recoveryPage(visit, refusalText(visit, recovered.refusal))
    return { to: desk.logins.link(recovered.value.actor).path }
  },
})

function recoveryPage({ say, form }: Visit, wrong: string | null = null): Page {
  const errors = wrong === null ? [] : [{ field: 'name', text: wrong }]
  return {
    title: say('recovery.title'),
    errors,
    back: '/sign-in/desk',
    body: (
      <form method="post" novalidate>
        <p class="govuk-body">{say('recovery.lead')}</p>
        <TextField
          say={say}
          name="name"
          label={say('sign_in.name')}
          value={form.text('name')}
          errors={errors}
          autocomplete="username"
          spellcheck={false}
          width={30}
        />
        <TextField
          say={say}
          name="code"
          label={say('recovery.code')}
          hint={say('recovery.code.hint')}
          value=""
          errors={[]}
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck={false}
          width={20}
        />
        <Button>{say('form.continue')}</Button>
        <p class="govuk-body">{say('recovery.none')}</p>
      </form>
    ),
  }
}

export const signOutScreen = screen({
  path: '/sign-out',
  who: EVERYBODY,
  get: () => ({ to: '/' }),
  async post({ visitor, desk }) {
    if (visitor.kind !== 'nobody') await desk.signIns.end(visitor.signIn.key)
    return { to: '/', keep: { token: null, seconds: null } }
  },
})

/** A new sign-in for this coordinator, and on to where they wanted to go. */
export async function signedIn(
  visit: Visit,
  actor: Bytes,
  { rows, to }: { rows: readonly Write[]; to: string },
): Promise<Answer> {
  const keep = await comeIn(visit, { role: 'coordinator', id: actor }, rows)
  return keep.ok ? { to, keep: keep.value } : signInPage(visit, refusalText(visit, keep.refusal))
}

/** Coordinators of the name that was typed, whatever its capitals; several may bear it. */
async function named(visit: Visit): Promise<Bytes[]> {
  const name = asked(visit)
  const all = await coordinatorsInOffice(visit.desk.node, visit.desk.people)
  return all.filter((one) => line(one.name).toLowerCase() === name).map(({ actor }) => actor)
}

/** The name that was typed, in the one spelling by which it is compared. */
function asked({ form }: Visit): string {
  return line(form.text('name')).toLowerCase()
}
