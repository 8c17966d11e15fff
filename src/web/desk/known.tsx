/**
 * How does the coordinator know whose word it is? The answer says how the record reached the bank, too ([DESK-2]).
 */

import type { Channel, CoordinatorReason } from '../../core/entry.ts'
import type { FieldError, Form } from '../form.ts'
import { Radios } from '../parts/form-parts.tsx'
import type { Visit } from '../screen.ts'

export const WAYS_TO_KNOW = ['voice', 'call_back', 'phone_word', 'here', 'paper'] as const
export type Known = (typeof WAYS_TO_KNOW)[number]

export const KNOWN_BY: Readonly<
  Record<Known, { readonly channel: Channel; readonly reason: CoordinatorReason }>
> = {
  voice: { channel: 'call', reason: 'telephoned' },
  call_back: { channel: 'call', reason: 'telephoned' },
  phone_word: { channel: 'call', reason: 'telephoned' },
  here: { channel: 'desk', reason: 'at_the_desk' },
  paper: { channel: 'paper', reason: 'on_paper' },
}

export function readKnown(form: Form): Known | null {
  return WAYS_TO_KNOW.find((way) => way === form.text('known')) ?? null
}

export function KnownField({
  say,
  form,
  errors,
}: Pick<Visit, 'say' | 'form'> & { errors: readonly FieldError[] }) {
  return (
    <Radios
      say={say}
      name="known"
      label={say('record.known')}
      errors={errors}
      value={form.text('known')}
      choices={WAYS_TO_KNOW.map((way) => ({ value: way, label: say(`record.known.${way}`) }))}
    />
  )
}
