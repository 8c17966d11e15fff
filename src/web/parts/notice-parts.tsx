/**
 * How is an ask or an offer shown, and asked about? A sentence, where it comes from, and one button; the same on the
 * noticeboard, at home and at the desk. Whoever wrote it is not named.
 */

import { categoryName } from '../../core/categories.ts'
import { type Bytes, fromHex, toHex } from '../../core/ids.ts'
import { bankNameOf } from '../../register/neighbours.ts'
import type { NoticeKind, NoticeReach } from '../../register/notice-rows.ts'
import type { FieldError } from '../form.ts'
import type { Visit } from '../screen.ts'
import { Button, Radios, TextArea } from './form-parts.tsx'
import { Carried, CategoryField } from './help-fields.tsx'

/** One notice on the board; `bank` is null for one of this bank. */
export interface Posted {
  readonly id: Bytes
  readonly bank: Bytes | null
  readonly kind: NoticeKind
  readonly text: string
  readonly category: number
}

/** "At Millbrook, about gardening". */
export function whereFrom(visit: Visit, { bank, category }: Posted): string {
  const { say, bankName } = visit
  const name = bank === null ? bankName : bankNameOf(visit.desk.node, bank)
  const kind = categoryName(category)
  return kind === null
    ? say('board.at', { bank: name })
    : say('board.at_about', { bank: name, kind: say(`category.${kind}`) })
}

/** "I can", or "I would like this"; a reader of screens hears what. */
export function AnswerButton({ visit: { say }, notice }: { visit: Visit; notice: Posted }) {
  return (
    <form method="post" action="/board">
      <Carried fields={{ notice: toHex(notice.id), bank: notice.bank === null ? '' : toHex(notice.bank) }} />
      <Button kind="second">
        {say(notice.kind === 'ask' ? 'board.can' : 'board.would_like')}
        <span class="govuk-visually-hidden">: {notice.text}</span>
      </Button>
    </form>
  )
}

/** Its page at the desk. */
export function noticePath({ id }: { readonly id: Bytes }): string {
  return `/desk/notices/${toHex(id)}`
}

/** The desk's page about an answer to a neighbour's notice. */
export function sentPath({ id }: { readonly id: Bytes }): string {
  return `/desk/notices/sent/${toHex(id)}`
}

/** Which notice a form means: its id, and its bank or null for this one; null for nonsense. */
export function readPosted({ form }: Pick<Visit, 'form'>): { id: Bytes; bank: Bytes | null } | null {
  const id = fromHex(form.text('notice'), 16)
  const bank = form.text('bank') === '' ? null : fromHex(form.text('bank'), 20)
  return id === null || (bank === null && form.text('bank') !== '') ? null : { id, bank }
}

/** The sentence, its kind, and who sees it; the last only where there are neighbours. */
export function NoticeFields({
  visit,
  label,
  hint,
  errors,
  neighbours,
  newcomer = false,
}: {
  visit: Visit
  label: string
  hint: string
  errors: readonly FieldError[]
  neighbours: number
  newcomer?: boolean
}) {
  const { say, speech, form } = visit
  return (
    <>
      <TextArea
        say={say}
        name="text"
        label={label}
        hint={hint}
        size="s"
        value={form.text('text')}
        errors={errors}
        rows={3}
      />
      <CategoryField say={say} speech={speech} form={form} errors={errors} />
      {neighbours === 0 ? null : (
        <Radios
          say={say}
          name="reach"
          label={say('notice.reach')}
          hint={newcomer ? say('notice.reach.newcomer') : undefined}
          errors={errors}
          value={readReach(visit)}
          choices={[
            { value: 'bank', label: say('notice.reach.bank') },
            {
              value: 'neighbours',
              label: say('notice.reach.neighbours'),
              hint: say('notice.reach.neighbours.hint'),
            },
          ]}
        />
      )}
    </>
  )
}

/** My bank, unless somebody said otherwise ([DIR-7]). */
export function readReach({ form }: Pick<Visit, 'form'>): NoticeReach {
  return form.text('reach') === 'neighbours' ? 'neighbours' : 'bank'
}
