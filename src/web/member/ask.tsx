/**
 * How does a member ask for help or offer something? One sentence, and who sees it; then it is on the noticeboard. Asking
 * is what people find hardest, so nothing else is asked (P-3).
 */

import { toHex } from '../../core/ids.ts'
import type { NoticeKind } from '../../register/notice-rows.ts'
import { isNewcomer, makeNotice } from '../../register/notices.ts'
import type { FieldError } from '../form.ts'
import { Button } from '../parts/form-parts.tsx'
import { Carried, readCategory } from '../parts/help-fields.tsx'
import { NoticeFields, readReach } from '../parts/notice-parts.tsx'
import { type Answer, type MemberVisit, type Page, refusalText, screen } from '../screen.ts'

const writeScreen = (kind: NoticeKind) =>
  screen({
    path: `/${kind}`,
    who: ['member'],
    get: (visit) => formPage(visit, kind, []),
    post: (visit) => save(visit, kind),
  })

export const askScreen = writeScreen('ask')
export const offerScreen = writeScreen('offer')

async function save(visit: MemberVisit, kind: NoticeKind): Promise<Answer> {
  const { desk, form, say, visitor } = visit
  if (form.text('text') === '') return formPage(visit, kind, [{ field: 'text', text: say('notice.missing') }])
  const { person } = visitor
  const wanted = {
    number: person.number,
    kind,
    text: form.text('text'),
    category: readCategory(form),
    reach: readReach(visit),
    nonce: form.text('nonce'),
  }
  const made = await makeNotice(desk.node, desk.people, wanted, { member: person })
  if (made.ok) return { to: `/notices/${toHex(made.value.id)}?new` }
  const { code } = made.refusal
  const isOfText = code === 'text_too_long' || code === 'notice_shows_contact' || code === 'notice_missing'
  return formPage(visit, kind, [{ field: isOfText ? 'text' : null, text: refusalText(visit, made.refusal) }])
}

async function formPage(visit: MemberVisit, kind: NoticeKind, errors: readonly FieldError[]): Promise<Page> {
  const { say, form, desk } = visit
  const neighbours = await desk.elsewhere.neighbours()
  const me = visit.visitor.person.account
  return {
    title: say(`write.${kind}.title`),
    errors,
    back: '/board',
    body: (
      <form method="post" action={`/${kind}`} novalidate>
        <Carried fields={{ nonce: form.text('nonce') || toHex(desk.node.random.bytes(16)) }} />
        <NoticeFields
          visit={visit}
          label={say(`write.${kind}.label`)}
          hint={say(`write.${kind}.hint`)}
          errors={errors}
          neighbours={neighbours.length}
          newcomer={await desk.node.read(({ book }) => isNewcomer(book, me))}
        />
        <Button>{say('notice.save')}</Button>
      </form>
    ),
  }
}
