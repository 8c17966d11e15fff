/**
 * What can coordinators do about their own sign-in? See where they are signed in and end it there, choose a new password
 * with the old one, and print new recovery codes ([SIGN-8], [SIGN-10]).
 */

import { LIMITS } from '../../core/limits.ts'
import { type SignIn, signInName } from '../../register/sign-ins.ts'
import { whenceOf } from '../coming-in.ts'
import type { FieldError } from '../form.ts'
import { codesPage } from '../parts/codes.tsx'
import { Button, TextField } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { type Answer, type CoordinatorVisit, type Page, refusalText, screen } from '../screen.ts'

export const ownPageScreen = screen({
  path: '/desk/me',
  who: ['coordinator'],
  get: (visit) => ownPage(visit, []),
  post(visit) {
    const { form } = visit
    if (form.has('end')) return endOne(visit)
    if (form.has('others')) return endOthers(visit)
    return newSecrets(visit)
  },
})

/** A sign-in of somebody else is not found, whatever is posted. */
async function endOne(visit: CoordinatorVisit): Promise<Answer> {
  const { desk, form, visitor } = visit
  const own = await ownSignIns(visit)
  const found = own.find((one) => signInName(one) === form.text('end'))
  if (found === undefined) return { to: '/desk/me' }
  await desk.signIns.end(found.key)
  const isHere = signInName(found) === signInName(visitor.signIn)
  return isHere ? { to: '/', keep: { token: null, seconds: null } } : { to: '/desk/me?ended' }
}

async function endOthers({ desk, visitor }: CoordinatorVisit): Promise<Answer> {
  const { coordinator, signIn } = visitor
  await desk.signIns.endAll({ role: 'coordinator', id: coordinator.actor }, signIn.key)
  return { to: '/desk/me?ended' }
}

/**
 * A new password, or the same one with new recovery codes: both ask for the password of now, count wrong ones as the
 * door does, and sign other devices out only when the password changes.
 */
async function newSecrets(visit: CoordinatorVisit): Promise<Answer> {
  const { desk, form, say, visitor } = visit
  const { actor } = visitor.coordinator
  const changes = form.has('password')
  const asked = changes ? 'old' : 'now'
  const [old, password] = [form.exact(asked), changes ? form.exact('password') : form.exact('now')]
  const errors: FieldError[] = []
  if (changes && [...password].length < LIMITS.passwordCharacters)
    errors.push({
      field: 'password',
      text: say('setup.password.short', { characters: LIMITS.passwordCharacters }),
    })
  else if (changes && password !== form.exact('again'))
    errors.push({ field: 'again', text: say('setup.again.differs') })
  if (errors.length > 0) return ownPage(visit, errors)
  const entered = await desk.logins.enter([actor], old, '', whenceOf(visit))
  if (!entered.ok) {
    const { refusal } = entered
    const text = refusal.code === 'sign_in_wrong' ? say('me.old.wrong') : refusalText(visit, refusal)
    return ownPage(visit, [{ field: asked, text }])
  }
  const chosen = await desk.logins.choose(actor, password, { rows: entered.value.rows })
  if (!chosen.ok) return ownPage(visit, [{ field: asked, text: refusalText(visit, chosen.refusal) }])
  if (changes) await desk.signIns.endAll({ role: 'coordinator', id: actor }, visitor.signIn.key)
  return codesPage(visit, visitor.coordinator, chosen.value)
}

function ownSignIns({ desk, visitor }: CoordinatorVisit): Promise<SignIn[]> {
  return desk.signIns.of({ role: 'coordinator', id: visitor.coordinator.actor })
}

async function ownPage(visit: CoordinatorVisit, errors: readonly FieldError[]): Promise<Page> {
  const { say, query, visitor } = visit
  const signIns = await ownSignIns(visit)
  return {
    title: say('me.title', { name: visitor.coordinator.name }),
    errors,
    back: '/desk',
    body: (
      <>
        {query.has('ended') ? <div class="govuk-inset-text">{say('me.ended')}</div> : null}
        <h2 class="govuk-heading-m">{say('me.devices')}</h2>
        <Devices visit={visit} signIns={signIns} />
        {signIns.length > 1 ? (
          <form method="post" action="/desk/me">
            <Button kind="second" name="others" value="yes">
              {say('me.end_others')}
            </Button>
          </form>
        ) : (
          <p class="govuk-body">{say('me.only_here')}</p>
        )}
        <NewPassword visit={visit} errors={errors} />
        <NewCodes visit={visit} errors={errors} />
      </>
    ),
  }
}

function Devices({ visit, signIns }: { visit: CoordinatorVisit; signIns: readonly SignIn[] }) {
  const { say, speech, desk, visitor } = visit
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-visually-hidden">{say('me.devices')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          {(['device', 'since', 'seen', 'end'] as const).map((column) => (
            <th scope="col" class="govuk-table__header">
              {say(`me.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {signIns.map((one) => (
          <tr class="govuk-table__row">
            <th scope="row" class="govuk-table__header">
              {one.onSharedComputer ? say('me.shared', { device: one.device }) : one.device}
            </th>
            <td class="govuk-table__cell" data-is={say('me.since')}>
              {speech.moment(one.since, desk.zone)}
            </td>
            <td class="govuk-table__cell" data-is={say('me.seen')}>
              {speech.moment(one.seen, desk.zone)}
            </td>
            <td class="govuk-table__cell">
              {signInName(one) === signInName(visitor.signIn) ? (
                say('me.here')
              ) : (
                <form method="post" action="/desk/me">
                  <Carried fields={{ end: signInName(one) }} />
                  <button type="submit" class="govuk-button govuk-button--secondary ch-in-row">
                    {say('me.end')}
                    <span class="govuk-visually-hidden"> {one.device}</span>
                  </button>
                </form>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface Asking {
  readonly visit: CoordinatorVisit
  readonly errors: readonly FieldError[]
}

function NewPassword({ visit: { say, visitor }, errors }: Asking) {
  const field = { say, value: '', type: 'password', errors, width: 30 } as const
  return (
    <form method="post" action="/desk/me" novalidate>
      <h2 class="govuk-heading-m">{say('me.password')}</h2>
      <p class="govuk-body">{say('me.password.lead')}</p>
      <input type="hidden" name="username" autocomplete="username" value={visitor.coordinator.name} />
      <TextField {...field} name="old" label={say('me.old')} autocomplete="current-password" />
      <TextField
        {...field}
        name="password"
        label={say('me.new')}
        hint={say('setup.password.hint', { characters: LIMITS.passwordCharacters })}
        autocomplete="new-password"
      />
      <TextField {...field} name="again" label={say('setup.again')} autocomplete="new-password" />
      <Button>{say('me.password.save')}</Button>
    </form>
  )
}

function NewCodes({ visit: { say, visitor }, errors }: Asking) {
  return (
    <form method="post" action="/desk/me" novalidate>
      <h2 class="govuk-heading-m">{say('me.codes')}</h2>
      <p class="govuk-body">{say('me.codes.lead')}</p>
      <input type="hidden" name="username" autocomplete="username" value={visitor.coordinator.name} />
      <TextField
        say={say}
        value=""
        type="password"
        errors={errors}
        width={30}
        name="now"
        label={say('me.old')}
        autocomplete="current-password"
      />
      <Button kind="second">{say('me.codes.save')}</Button>
    </form>
  )
}
