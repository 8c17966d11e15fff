/** Which two questions make a bank? Its name, and who begins at the desk; the others follow once it is there. */

import { LIMITS } from '../../core/limits.ts'
import { fits, line } from '../../register/texts.ts'
import type { FieldError } from '../form.ts'
import { TextField } from '../parts/form-parts.tsx'
import type { First } from './first.ts'

/** One line each, at most `LIMITS.nameBytes` long. */
export interface FirstAnswers {
  /** Of the bank. */
  readonly name: string
  /** Of the first coordinator. */
  readonly coordinator: string
}

const QUESTIONS = ['name', 'coordinator'] as const

export function readAnswers({ say, form }: First): FirstAnswers | { readonly errors: readonly FieldError[] } {
  const typed = { name: line(form.text('name')), coordinator: line(form.text('coordinator')) }
  const errors = QUESTIONS.flatMap((field): FieldError[] => {
    if (typed[field] === '') return [{ field, text: say(`begin.${field}.missing`) }]
    return fits(typed[field], LIMITS.nameBytes) ? [] : [{ field, text: say('begin.too_long') }]
  })
  return errors.length > 0 ? { errors } : typed
}

export function Questions({ first, errors }: { first: First; errors: readonly FieldError[] }) {
  const { say, form } = first
  return (
    <>
      <TextField
        say={say}
        name="name"
        label={say('begin.name')}
        hint={say('begin.name.hint')}
        value={form.text('name')}
        errors={errors}
        autocomplete="off"
        width={30}
      />
      <TextField
        say={say}
        name="coordinator"
        label={say('begin.coordinator')}
        hint={say('begin.coordinator.hint')}
        value={form.text('coordinator')}
        errors={errors}
        autocomplete="name"
        width={30}
      />
    </>
  )
}
