/**
 * What would this list do? How many people, their hours, and every line that is left out with its number and the reason;
 * typing the bank's name says yes to all of it ([IMP-1], [IMP-2]).
 */

import { toHex } from '../../core/ids.ts'
import { applyImport } from '../../register/import/apply.ts'
import { checkImport, type ImportPlan } from '../../register/import/check.ts'
import { digestOf } from '../../register/import/files.ts'
import type { FieldError } from '../form.ts'
import type { ListDraft } from '../list-drafts.ts'
import { Button, TextField } from '../parts/form-parts.tsx'
import { Rows } from '../parts/rows.tsx'
import { type Answer, type CoordinatorVisit, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { goneList } from './list-gone.tsx'
import { asksMore } from './list-new.tsx'
import { LeftOut, NotTaken, SameNames, SheetTable } from './list-parts.tsx'

export const listCheckScreen = screen({
  path: '/desk/lists/:list',
  who: ['coordinator'],
  get: (visit) => withDraft(visit, (draft) => checkPage(visit, draft, [])),
  post: (visit) =>
    withDraft(visit, (draft) => (visit.form.has('again') ? leaveOut(visit, draft) : bringIn(visit, draft))),
})

async function withDraft(
  visit: CoordinatorVisit,
  use: (draft: ListDraft) => Answer | Promise<Answer>,
): Promise<Answer> {
  const draft = visit.desk.lists.find(visit.params.list ?? '', visit.visitor.coordinator.actor)
  if (draft === null) return goneList(visit)
  return asksMore(draft.files) ? { to: `/desk/lists/${draft.id}/columns` } : use(draft)
}

/** The lines that were ticked stay out, and those that were not come in. */
function leaveOut({ desk, form }: CoordinatorVisit, { id, files }: ListDraft): Answer {
  const { columns } = files
  if (columns !== undefined && columns !== null) {
    const asked = new Set(form.all('asked').map(Number))
    const ticked = form.all('out').map(Number)
    const others = columns.leaveOut.filter((line) => !asked.has(line))
    const lines = [...new Set([...others, ...ticked])].filter(
      (line) => Number.isSafeInteger(line) && line > 0,
    )
    desk.lists.change(id, { ...files, columns: { ...columns, leaveOut: lines.sort((a, b) => a - b) } })
  }
  return { to: `/desk/lists/${id}` }
}

async function bringIn(visit: CoordinatorVisit, draft: ListDraft): Promise<Answer> {
  const { desk, form, visitor, say } = visit
  const digest = digestOf(draft.files)
  // What is accepted is what was shown: another page may have changed it since.
  if (form.text('digest') !== toHex(digest))
    return checkPage(visit, draft, [{ field: null, text: say('lists.check.changed') }])
  const by = { coordinator: visitor.coordinator, digest }
  const outcome = await applyImport(draft.files, desk.node, desk.people, by, form.text('name'))
  if (!outcome.ok) {
    const field = outcome.refusal.code === 'name_not_typed' ? 'name' : null
    return checkPage(visit, draft, [{ field, text: refusalText(visit, outcome.refusal) }])
  }
  desk.lists.drop(draft.id)
  return { to: `/desk/brought/${toHex(digest)}?${outcome.value.changed ? 'new' : 'again'}` }
}

async function checkPage(visit: Visit, draft: ListDraft, errors: readonly FieldError[]): Promise<Page> {
  const { say, desk, bankName } = visit
  const plan = await checkImport(draft.files, desk.node, desk.people)
  const stops = plan.refusals.map((refusal) => ({ field: null, text: refusalText(visit, refusal) }))
  const people = plan.totals.newMembers
  const isOpen = stops.length === 0 && !plan.done && people > 0
  return {
    title: stops.length > 0 ? say('lists.check.stopped') : say('lists.check.title', { count: people }),
    errors: [...stops, ...errors],
    back: draft.files.from === 'sheet' ? `/desk/lists/${draft.id}/columns` : '/desk/lists',
    body: (
      <>
        {plan.done ? <p class="govuk-inset-text">{say('lists.check.done')}</p> : null}
        {stops.length > 0 ? null : <Totals visit={visit} plan={plan} />}
        <SameNames visit={visit} plan={plan} draft={draft} />
        <LeftOut visit={visit} plan={plan} />
        <NotTaken visit={visit} plan={plan} />
        <SheetTable visit={visit} plan={plan} />
        {isOpen ? (
          <form method="post" action={`/desk/lists/${draft.id}`} novalidate>
            <h2 class="govuk-heading-m">{say('lists.accept')}</h2>
            <p class="govuk-body">{say('lists.accept.lead')}</p>
            <input type="hidden" name="digest" value={toHex(digestOf(draft.files))} />
            <TextField
              say={say}
              name="name"
              label={say('lists.accept.name', { bank: bankName })}
              value={visit.form.text('name')}
              errors={errors}
              width={20}
            />
            <Button>{say('lists.accept.go', { count: people })}</Button>
          </form>
        ) : null}
      </>
    ),
  }
}

function Totals({ visit: { say, speech }, plan }: { visit: Visit; plan: ImportPlan }) {
  const { totals, skipped } = plan
  const more = totals.fileSumMinutes
  const sum =
    more === 0
      ? say('lists.sum.even')
      : say(more > 0 ? 'lists.sum.more' : 'lists.sum.less', { length: speech.hours(Math.abs(more)) })
  return (
    <Rows
      rows={[
        [say('lists.totals.people'), String(totals.newMembers)],
        ...(totals.addedBefore > 0
          ? [[say('lists.totals.before'), String(totals.addedBefore)] as const]
          : []),
        [say('lists.totals.opening'), speech.hours(totals.openingMinutes)],
        [say('lists.totals.behind'), speech.hours(totals.owedMinutes)],
        [say('lists.totals.sum'), sum],
        ...(totals.archived > 0 ? [[say('lists.totals.archived'), String(totals.archived)] as const] : []),
        ...(totals.differing > 0 ? [[say('lists.totals.differing'), String(totals.differing)] as const] : []),
        [say('lists.totals.left_out'), String(skipped.length)],
      ]}
    />
  )
}
