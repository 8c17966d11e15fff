/**
 * How does somebody answer who has no computer? They ring, the desk says who it is, and it is the same answer as a press on
 * the noticeboard, here and at a neighbouring bank (P-2).
 */

import { type Bytes, fromHex, toHex } from '../../core/ids.ts'
import { answerNotice } from '../../register/notice-answers.ts'
import { shownNotices } from '../../register/notices.ts'
import type { FieldError } from '../form.ts'
import { Button } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { noticePath, type Posted, sentPath, whereFrom } from '../parts/notice-parts.tsx'
import { readPeople, WhoField, whichPage, withTyped } from '../parts/who.tsx'
import { type Answer, type CoordinatorVisit, notHere, type Page, refusalText, screen } from '../screen.ts'

const PATH = '/desk/notices/answer'
const FIELDS = ['who', 'notice', 'bank'] as const

export const answerForScreen = screen({
  path: PATH,
  who: ['coordinator'],
  async get(visit) {
    const { query } = visit
    const posted = await wanted(visit, query.get('notice') ?? '', query.get('bank') ?? '')
    return posted === null ? notHere(visit) : formPage(visit, posted, [])
  },
  async post(visit) {
    const { form, left } = withTyped(visit.form)
    const posted = await wanted(visit, form.text('notice'), form.text('bank'))
    return posted === null ? notHere(visit) : save({ ...visit, form }, posted, left)
  },
})

/** One that is shown now, here or at a neighbouring bank. */
async function wanted({ desk }: CoordinatorVisit, notice: string, bank: string): Promise<Posted | null> {
  const id = fromHex(notice, 16)
  if (id === null) return null
  if (bank !== '') {
    const at: Bytes | null = fromHex(bank, 20)
    return at === null ? null : desk.elsewhere.find(at, id)
  }
  const here = await shownNotices(desk.node, desk.people)
  const found = here.find((one) => toHex(one.id) === notice)
  return found === undefined ? null : { ...found, bank: null }
}

async function save(visit: CoordinatorVisit, posted: Posted, left: readonly string[]): Promise<Answer> {
  const { desk, say, visitor } = visit
  const { found, errors, unclear } = readPeople(visit, { who: say('answer_for.who.missing') })
  if (errors.length > 0) return formPage(visit, posted, errors)
  const label = (_: unknown, typed: string): string => say('desk_notice.who.which', { typed })
  if (found.who === undefined) return whichPage(visit, { to: PATH, fields: FIELDS, unclear, left, label })
  const { id, bank } = posted
  const { coordinator } = visitor
  if (bank === null) {
    const answered = await answerNotice(desk.node, desk.people, id, found.who, coordinator)
    if (answered.ok) return { to: noticePath({ id }) }
    return formPage(visit, posted, [{ field: 'who', text: refusalText(visit, answered.refusal) }])
  }
  const sent = await desk.elsewhere.answer(bank, id, found.who, coordinator)
  if (sent.ok) return { to: sentPath(sent.value) }
  return formPage(visit, posted, [{ field: 'who', text: refusalText(visit, sent.refusal) }])
}

function formPage(visit: CoordinatorVisit, posted: Posted, errors: readonly FieldError[]): Page {
  const { say, form } = visit
  const { id, bank, kind, text } = posted
  return {
    title: say(`answer_for.title.${kind}`),
    errors,
    back: '/desk/notices',
    body: (
      <>
        <p class="ch-sentence" dir="auto">
          {text}
        </p>
        <p class="govuk-body">{whereFrom(visit, posted)}</p>
        <form method="post" action={PATH} novalidate>
          <Carried fields={{ notice: toHex(id), bank: bank === null ? '' : toHex(bank) }} />
          <WhoField
            visit={visit}
            name="who"
            label={say('answer_for.who')}
            value={form.text('who')}
            errors={errors}
          />
          <Button>{say('answer_for.save')}</Button>
        </form>
      </>
    ),
  }
}

/** Where the desk answers this notice for somebody. */
export function answerForPath({ id, bank }: Pick<Posted, 'id' | 'bank'>): string {
  return `${PATH}?notice=${toHex(id)}${bank === null ? '' : `&bank=${toHex(bank)}`}`
}
