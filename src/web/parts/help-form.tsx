/**
 * Which pieces has every form that records help? Length, day, kind and words; the number that makes a second press harmless;
 * and the last step, where a sentence was read and one button records it.
 */

import type { Child } from 'hono/jsx'
import { toHex } from '../../core/ids.ts'
import type { FieldError } from '../form.ts'
import type { Visit } from '../screen.ts'
import { Button, TextField } from './form-parts.tsx'
import { Carried, CategoryField, DayFields, LengthFields } from './help-fields.tsx'

/** Names of the fields below, as they go from step to step. */
export const HELP_FIELDS = [
  'hours',
  'minutes',
  'when',
  'day',
  'month',
  'year',
  'category',
  'note',
  'nonce',
] as const

type Asking = Pick<Visit, 'say' | 'speech' | 'form' | 'today'>

/** What is asked beside the words; hints say who reads these, and what an empty length means. */
export function HelpFields({
  visit: { say, speech, form, today },
  errors,
  asked = 'all',
  lengthHint = say('help.length.hint'),
  noteHint = say('help.note.hint'),
}: {
  visit: Asking
  errors: readonly FieldError[]
  asked?: 'all' | 'no_day' | 'length'
  lengthHint?: string
  noteHint?: string
}) {
  return (
    <>
      <LengthFields say={say} form={form} errors={errors} hint={lengthHint} />
      {asked === 'all' ? <DayFields say={say} form={form} errors={errors} today={today} /> : null}
      {asked === 'length' ? null : <CategoryField say={say} speech={speech} form={form} errors={errors} />}
      <TextField
        say={say}
        name="note"
        label={say('help.note')}
        hint={noteHint}
        value={form.text('note')}
        errors={errors}
      />
    </>
  )
}

/** The number that this form has had since it was first shown ([EX-7]). */
export function FormNumber({ visit: { desk, form } }: { visit: Pick<Visit, 'desk' | 'form'> }) {
  return <Carried fields={{ nonce: form.text('nonce') || toHex(desk.node.random.bytes(16)) }} />
}

/** Everything that was typed goes along; one button records it, the other goes back to it. Children are asked first. */
export function CheckForm({
  visit: { say },
  to,
  fields,
  save,
  children,
}: {
  visit: Pick<Visit, 'say'>
  to: string
  fields: Readonly<Record<string, string>>
  save: string
  children?: Child
}) {
  return (
    <form method="post" action={to} novalidate>
      <Carried fields={fields} />
      {children}
      <div class="ch-row">
        <Button name="save" value="yes">
          {save}
        </Button>
        <Button kind="second" name="change" value="yes">
          {say('form.change')}
        </Button>
      </div>
    </form>
  )
}
