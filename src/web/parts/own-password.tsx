/** Is it really the coordinator who does this, and not somebody at the open computer? The own password is asked once more. */

import type { Write } from '../../store/store.ts'
import { whenceOf } from '../coming-in.ts'
import type { FieldError } from '../form.ts'
import { type CoordinatorVisit, refusalText } from '../screen.ts'
import { TextField } from './form-parts.tsx'

const FIELD = 'own'

export function OwnPassword({ visit, errors }: { visit: CoordinatorVisit; errors: readonly FieldError[] }) {
  const { say, visitor } = visit
  return (
    <>
      <input type="hidden" name="username" autocomplete="username" value={visitor.coordinator.name} />
      <TextField
        say={say}
        name={FIELD}
        label={say('office.own.password')}
        hint={say('office.own.hint')}
        value=""
        type="password"
        autocomplete="current-password"
        errors={errors}
        width={30}
      />
    </>
  )
}

/** What is wrong with it, counted as the door counts wrong guesses; or the rows that a right one is kept with. */
export async function ownPassword(
  visit: CoordinatorVisit,
): Promise<{ readonly wrong: FieldError } | { readonly rows: readonly Write[] }> {
  const { desk, form, say, visitor } = visit
  if (form.exact(FIELD) === '') return { wrong: { field: FIELD, text: say('office.own.missing') } }
  const entered = await desk.logins.enter([visitor.coordinator.actor], form.exact(FIELD), '', whenceOf(visit))
  if (entered.ok) return { rows: entered.value.rows }
  const { refusal } = entered
  const text = refusal.code === 'sign_in_wrong' ? say('me.old.wrong') : refusalText(visit, refusal)
  return { wrong: { field: FIELD, text } }
}
