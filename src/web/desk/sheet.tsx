/**
 * How are the hours of a whole group recorded? From the sheet that everybody signed, typed once, read over with its
 * totals, and saved as one record, all of it or none ([EX-12]).
 */

import { dateOf } from '../../register/calendar.ts'
import { recordSheet } from '../../register/sheets.ts'
import { Button } from '../parts/form-parts.tsx'
import { Carried, carriedOf } from '../parts/help-fields.tsx'
import { LengthTable } from '../parts/length-table.tsx'
import { calledName, groupSentence } from '../parts/sentences.ts'
import { type Unclear, whichPage, withTyped } from '../parts/who.tsx'
import { type Answer, type CoordinatorVisit, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { lineFields, readSheet, type SheetDraft, sheetFields, shownLines } from './sheet-draft.ts'
import { sheetPage } from './sheet-form.tsx'

export const sheetScreen = screen({
  path: '/desk/sheet',
  who: ['coordinator'],
  get: (visit) => sheetPage(visit, []),
  async post(given) {
    const { form, left } = withTyped(given.form)
    const visit = { ...given, form }
    if (form.has('change') || form.has('more')) return sheetPage(visit, [])
    const { draft, errors, unclear } = readSheet(visit)
    if (errors.length > 0) return sheetPage(visit, errors)
    const label = (_: Unclear, typed: string): string => visit.say('sheet.which', { typed })
    if (draft === null)
      return whichPage(visit, { to: '/desk/sheet', fields: sheetFields(form), unclear, left, label })
    return form.has('save') ? save(visit, draft) : checkPage(visit, draft)
  },
})

function checkPage(visit: Visit, draft: SheetDraft, wrong: string | null = null): Page {
  const { say, speech, form } = visit
  const total = draft.lines.reduce((sum, { minutes }) => sum + minutes, 0)
  const facts = {
    length: speech.hours(total),
    other: calledName(visit, draft.other),
    count: draft.lines.length,
  }
  return {
    title: say('sheet.check.title'),
    errors: wrong === null ? [] : [{ field: null, text: wrong }],
    body: (
      <>
        <p class="ch-sentence">{sheetSentence(visit, draft, total)}</p>
        <LengthTable visit={visit} lines={draft.lines} />
        <p class="govuk-body">{say(`sheet.check.${draft.direction}`, facts)}</p>
        <form method="post" action="/desk/sheet" class="ch-row">
          <Carried fields={{ ...carriedOf(form, sheetFields(form)), ...namedFields(visit, draft) }} />
          <Button name="save" value="yes">
            {say('sheet.save')}
          </Button>
          <Button kind="second" name="change" value="yes">
            {say('form.change')}
          </Button>
        </form>
      </>
    ),
  }
}

/** Whoever was meant is carried on by number, so that what is saved is what was read. */
function namedFields({ form }: Visit, { other, lines }: SheetDraft): Record<string, string> {
  const written = Array.from({ length: shownLines(form) }, (_, i) => lineFields(i + 1).who).filter(
    (who) => form.text(who) !== '',
  )
  const numbers = written.map((who, i) => [who, lines[i]?.person.number ?? ''] as const)
  return {
    other: form.text('side') === 'pot' ? form.text('other') : other.number,
    ...Object.fromEntries(numbers),
  }
}

function sheetSentence(visit: Visit, draft: SheetDraft, minutes: number): string {
  const { other, lines, direction } = draft
  const they = lines.map(({ person }) => calledName(visit, person))
  const it = [calledName(visit, other)]
  const sides = direction === 'they_helped' ? { helpers: they, helped: it } : { helpers: it, helped: they }
  return groupSentence(visit, { ...draft, ...sides, minutes }, visit.today)
}

async function save(visit: CoordinatorVisit, draft: SheetDraft): Promise<Answer> {
  const { desk, visitor } = visit
  const { other, direction, lines, category, note, nonce, source } = draft
  const recorded = await recordSheet(
    desk.node,
    desk.people,
    {
      other: other.number,
      direction,
      lines: lines.map(({ person, minutes }) => ({ number: person.number, minutes })),
      day: dateOf(draft.day),
      category,
      note,
      nonce,
    },
    {
      coordinator: visitor.coordinator,
      channel: source === 'paper' ? 'paper' : 'desk',
      reason: 'group_sheet',
    },
  )
  if (!recorded.ok) return checkPage(visit, draft, refusalText(visit, recorded.refusal))
  const { index, record } = recorded.value
  return { to: `/desk/records/${index}?${record === 'known' ? 'again' : 'new'}` }
}
