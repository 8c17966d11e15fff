/**
 * How does the desk write an ask or an offer for somebody on the telephone? For whom, which of the two, one sentence, and
 * who sees it; the coordinator has looked at it by typing it ([DIR-5], [DIR-13]).
 */

import { toHex } from '../../core/ids.ts'
import { NOTICE_KINDS } from '../../register/notice-rows.ts'
import { makeNotice } from '../../register/notices.ts'
import type { FieldError } from '../form.ts'
import { Button, Radios } from '../parts/form-parts.tsx'
import { Carried, readCategory } from '../parts/help-fields.tsx'
import { NoticeFields, noticePath, readReach } from '../parts/notice-parts.tsx'
import { readPeople, WhoField, whichPage, withTyped } from '../parts/who.tsx'
import { type Answer, type CoordinatorVisit, type Page, refusalText, screen } from '../screen.ts'

const PATH = '/desk/notices/new'
const FIELDS = ['who', 'kind', 'text', 'category', 'reach', 'nonce'] as const

export const newNoticeScreen = screen({
  path: PATH,
  who: ['coordinator'],
  get: (visit) => formPage(visit, []),
  post(visit) {
    const { form, left } = withTyped(visit.form)
    return save({ ...visit, form }, left)
  },
})

async function save(visit: CoordinatorVisit, left: readonly string[]): Promise<Answer> {
  const { desk, form, say, visitor } = visit
  const { found, errors, unclear } = readPeople(visit, { who: say('desk_notice.who.missing') })
  const kind = NOTICE_KINDS.find((one) => one === form.text('kind'))
  if (kind === undefined) errors.push({ field: 'kind', text: say('desk_notice.kind.missing') })
  if (form.text('text') === '') errors.push({ field: 'text', text: say('notice.missing') })
  if (errors.length > 0 || kind === undefined) return formPage(visit, errors)
  const label = (_: unknown, typed: string): string => say('desk_notice.who.which', { typed })
  if (found.who === undefined) return whichPage(visit, { to: PATH, fields: FIELDS, unclear, left, label })
  const made = await makeNotice(
    desk.node,
    desk.people,
    {
      number: found.who.number,
      kind,
      text: form.text('text'),
      category: readCategory(form),
      reach: readReach(visit),
      nonce: form.text('nonce'),
    },
    { coordinator: visitor.coordinator },
  )
  if (made.ok) return { to: noticePath(made.value) }
  const { code } = made.refusal
  const isOfText = code === 'text_too_long' || code === 'notice_shows_contact' || code === 'notice_missing'
  return formPage(visit, [{ field: isOfText ? 'text' : null, text: refusalText(visit, made.refusal) }])
}

async function formPage(visit: CoordinatorVisit, errors: readonly FieldError[]): Promise<Page> {
  const { say, form, query, desk } = visit
  const neighbours = await desk.elsewhere.neighbours()
  return {
    title: say('desk_notice.new.title'),
    errors,
    back: '/desk/notices',
    body: (
      <form method="post" action={PATH} novalidate>
        <Carried fields={{ nonce: form.text('nonce') || toHex(desk.node.random.bytes(16)) }} />
        <WhoField
          visit={visit}
          name="who"
          label={say('desk_notice.who')}
          value={form.has('who') ? form.text('who') : (query.get('who') ?? '')}
          errors={errors}
        />
        <Radios
          say={say}
          name="kind"
          label={say('desk_notice.kind')}
          errors={errors}
          value={form.text('kind')}
          choices={NOTICE_KINDS.map((value) => ({ value, label: say(`desk_notice.kind.${value}`) }))}
        />
        <NoticeFields
          visit={visit}
          label={say('desk_notice.text')}
          hint={say('desk_notice.text.hint')}
          errors={errors}
          neighbours={neighbours.length}
        />
        <Button>{say('notice.save')}</Button>
      </form>
    ),
  }
}
