/**
 * When is the PIN asked once more, and was it right? For so many hours that whoever finds a telephone must not send them; a
 * wrong one counts as at the sign-in, and what was typed stays in the form ([SIGN-15]).
 */

import { LIMITS } from '../../core/limits.ts'
import { whenceOf } from '../coming-in.ts'
import type { FieldError } from '../form.ts'
import { type MemberVisit, refusalText } from '../screen.ts'
import { TextField } from './form-parts.tsx'

/** Stands before the button that records so many minutes; nothing for fewer. Whoever acts for another types their own. */
export function PinAgain({
  visit,
  minutes,
  errors,
}: {
  visit: MemberVisit
  minutes: number
  errors: readonly FieldError[]
}) {
  if (minutes <= LIMITS.pinAgainMinutes) return null
  const { say, speech, desk, visitor } = visit
  if (!desk.memberKeys.hasPin(visitor.person.account))
    return (
      <div class="govuk-inset-text">
        <p class="govuk-body">{noPin(visit)}</p>
        <a class="govuk-link" href="/sign-in/code">
          {say('sign_in.have_code')}
        </a>
      </div>
    )
  return (
    <TextField
      say={say}
      name="pin"
      label={say('pin_again.label')}
      hint={say('pin_again.hint', { length: speech.hours(LIMITS.pinAgainMinutes) })}
      value=""
      type="password"
      inputmode="numeric"
      errors={errors}
      autocomplete="current-password"
      width={5}
    />
  )
}

/** What stands in the way of recording so many minutes, or null. A field left empty is no try. */
export async function pinAgainError(visit: MemberVisit, minutes: number): Promise<FieldError | null> {
  if (minutes <= LIMITS.pinAgainMinutes) return null
  const { say, desk, form, visitor } = visit
  const { account } = visitor.person
  if (!desk.memberKeys.hasPin(account)) return { field: null, text: noPin(visit) }
  const pin = form.text('pin')
  if (pin === '') return { field: 'pin', text: say('pin_again.missing') }
  const entered = await desk.memberKeys.confirm(account, pin, whenceOf(visit))
  if (entered.ok) return null
  const isWrong = entered.refusal.code === 'sign_in_wrong'
  return { field: 'pin', text: isWrong ? say('pin_again.wrong') : refusalText(visit, entered.refusal) }
}

function noPin({ say, speech, facts: { phone } }: MemberVisit): string {
  const length = speech.hours(LIMITS.pinAgainMinutes)
  return phone === null ? say('pin_again.none', { length }) : say('pin_again.none_phone', { length, phone })
}
