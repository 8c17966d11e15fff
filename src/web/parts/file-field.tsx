/** How is a file chosen? GOV.UK Frontend's plain file field; without script the browser shows which file it is. */

import type { Speech } from '../../words/language.ts'
import type { FieldError } from '../form.ts'

export function FileField({
  say,
  name,
  label,
  hint,
  errors,
}: {
  say: Speech['say']
  name: string
  label: string
  hint: string
  errors: readonly FieldError[]
}) {
  const error = errors.find(({ field }) => field === name)?.text ?? null
  const ids = error === null ? `${name}-hint` : `${name}-hint ${name}-error`
  return (
    <div class={`govuk-form-group${error === null ? '' : ' govuk-form-group--error'}`}>
      <label class="govuk-label" for={name}>
        {label}
      </label>
      <div id={`${name}-hint`} class="govuk-hint">
        {hint}
      </div>
      {error === null ? null : (
        <p id={`${name}-error`} class="govuk-error-message">
          <span class="govuk-visually-hidden">{say('form.error')}</span> {error}
        </p>
      )}
      <input class="govuk-file-upload" id={name} name={name} type="file" aria-describedby={ids} />
    </div>
  )
}
