/**
 * How does a member say what happened? "Someone helped me" is done at once and the helper is thanked; "I helped someone"
 * asks the other; a gift passes hours on without help. Who, how long, what; then the sentence; then done ([EX-3], [EX-6]).
 */

import { GIFT } from '../../core/categories.ts'
import { toHex } from '../../core/ids.ts'
import { dateOf } from '../../register/calendar.ts'
import { recordHelp } from '../../register/exchanges.ts'
import { findForMember, sharedWith } from '../../register/find-people.ts'
import { POT_NUMBER } from '../../register/people.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { ForWhom, readForWhom } from '../parts/for-whom.tsx'
import { Button, Radios, TextField } from '../parts/form-parts.tsx'
import { readCategory, readDay, readLength } from '../parts/help-fields.tsx'
import { CheckForm, FormNumber, HELP_FIELDS, HelpFields } from '../parts/help-form.tsx'
import { PinAgain, pinAgainError } from '../parts/pin-again.tsx'
import { seenName } from '../parts/seen-name.ts'
import { calledName, helpSentence } from '../parts/sentences.ts'
import { type Answer, type MemberVisit, type Page, refusalText, screen } from '../screen.ts'
import { claimPath } from './claim.tsx'

/** What is told: hours go from me in the first and the last, to me in the second. */
type Way = 'was_helped' | 'has_helped' | 'gift'

interface Draft {
  /** Whose hours: the member's own, or of somebody who lets the member act for them. */
  readonly me: Person
  readonly other: Person
  readonly minutes: number
  readonly day: number
  readonly category: number
  readonly note: string
  readonly nonce: string
}

const PATHS: Readonly<Record<Way, string>> = { was_helped: '/record', has_helped: '/helped', gift: '/gift' }
const FIELDS = ['for', 'who', 'other', ...HELP_FIELDS] as const

const tellScreen = (way: Way) =>
  screen({
    path: PATHS[way],
    who: ['member'],
    get: (visit) => formPage(visit, way, []),
    async post(visit) {
      const { form } = visit
      if (form.has('change')) return formPage(visit, way, [])
      const { draft, errors } = readDraft(visit, way)
      if (draft === null) return formPage(visit, way, errors)
      return form.has('save') ? save(visit, way, draft) : checkPage(visit, way, draft)
    },
  })

export const wasHelpedScreen = tellScreen('was_helped')
export const hasHelpedScreen = tellScreen('has_helped')
export const giftScreen = tellScreen('gift')

function readDraft(visit: MemberVisit, way: Way): { draft: Draft | null; errors: FieldError[] } {
  const { form, say, today, visitor } = visit
  const errors: FieldError[] = []
  const other = readOther(visit, errors)
  const me = way === 'was_helped' ? readForWhom(visit) : visitor.person
  if (me === null) errors.push({ field: null, text: say('for_whom.not_let') })
  if (other !== null && me !== null && toHex(other.account) === toHex(me.account))
    errors.push({ field: 'other', text: say('tell.self') })
  const length = readLength(visit, form)
  if ('error' in length) errors.push(length.error)
  const day = way === 'gift' ? { day: today } : readDay(say, form, today)
  if ('error' in day) errors.push(day.error)
  if (errors.length > 0 || other === null || me === null || 'error' in length || 'error' in day)
    return { draft: null, errors }
  const category = way === 'gift' ? GIFT : readCategory(form)
  const draft = {
    me,
    other,
    minutes: length.minutes,
    day: day.day,
    category,
    note: form.text('note'),
    nonce: form.text('nonce'),
  }
  return { draft, errors }
}

/** One of those met before, or whoever was typed. */
function readOther({ desk, form, say }: MemberVisit, errors: FieldError[]): Person | null {
  const chosen = form.text('who')
  const typed = chosen === '' || chosen === 'other' ? form.text('other') : chosen
  if (typed === '') {
    errors.push({ field: 'other', text: say('tell.who.missing') })
    return null
  }
  if (chosen === POT_NUMBER) return desk.people.byNumber(POT_NUMBER)
  const found = findForMember(desk.people, typed)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  errors.push({
    field: 'other',
    text: say(found.length === 0 ? 'tell.who.nobody' : 'tell.who.several', { typed }),
  })
  return null
}

async function formPage(visit: MemberVisit, way: Way, errors: readonly FieldError[]): Promise<Page> {
  const { say, speech, form, desk, visitor } = visit
  const known = await sharedWith(desk.node, desk.people, visitor.person.account)
  const pot = way === 'gift' ? desk.people.byNumber(POT_NUMBER) : null
  const offered = [...(pot === null ? [] : [pot]), ...known.filter(({ number }) => number !== POT_NUMBER)]
  return {
    title: say(`tell.${way}.title`),
    errors,
    back: '/me',
    body: (
      <form method="post" action={PATHS[way]} novalidate>
        <OtherWay visit={visit} way={way} />
        <FormNumber visit={visit} />
        {way === 'was_helped' ? <ForWhom visit={visit} errors={errors} /> : null}
        {offered.length === 0 ? (
          <OtherField visit={visit} label={say(`tell.${way}.who`)} errors={errors} />
        ) : (
          <Radios
            say={say}
            name="who"
            label={say(`tell.${way}.who`)}
            errors={[]}
            value={form.text('who')}
            choices={[
              ...offered.map((one) => ({ value: one.number, label: speech.alone(calledName(visit, one)) })),
              { value: 'other', label: say('tell.who.other') },
            ]}
          >
            <OtherField visit={visit} label={say('tell.who.label')} errors={errors} />
          </Radios>
        )}
        <HelpFields
          visit={visit}
          errors={errors}
          asked={way === 'gift' ? 'length' : 'all'}
          noteHint={say('tell.note.hint')}
        />
        <Button>{say('form.check')}</Button>
      </form>
    ),
  }
}

/** What suits better where the two belong to different banks. */
function OtherWay({ visit: { say }, way }: { visit: MemberVisit; way: Way }) {
  if (way === 'gift') return null
  return way === 'was_helped' ? (
    <p class="govuk-body">
      <a class="govuk-link" href="/record/neighbour">
        {say('tell.at_neighbour')}
      </a>
    </p>
  ) : (
    <div class="govuk-inset-text">
      <a class="govuk-link" href="/codes/new">
        {say('tell.show_code')}
      </a>
      <br />
      {say('tell.show_code.hint')}
    </div>
  )
}

function OtherField({
  visit: { say, form },
  label,
  errors,
}: {
  visit: MemberVisit
  label: string
  errors: readonly FieldError[]
}) {
  return (
    <TextField
      say={say}
      name="other"
      label={label}
      hint={say('tell.who.hint')}
      value={form.text('other')}
      errors={errors}
      autocomplete="off"
      spellcheck={false}
    />
  )
}

async function checkPage(
  visit: MemberVisit,
  way: Way,
  draft: Draft,
  wrong: FieldError | null = null,
): Promise<Page> {
  const { say, speech, form, today, visitor } = visit
  const me = draft.me.name
  const other = await seenName(visit, draft.other, { me: draft.me, typed: form.text('other') })
  const isMine = draft.me === visitor.person
  const [helper, helped] = way === 'has_helped' ? [me, other] : [other, me]
  const fields = Object.fromEntries(
    FIELDS.filter((name) => form.has(name)).map((name) => [name, form.text(name)]),
  )
  const facts = { length: speech.hours(draft.minutes), other }
  const errors = wrong === null ? [] : [wrong]
  return {
    title: say('tell.check.title'),
    errors,
    body: (
      <>
        <p class="ch-sentence">
          {way === 'gift'
            ? say('tell.gift.sentence', { ...facts, me })
            : helpSentence(visit, { ...draft, helper, helped }, today)}
        </p>
        <p class="govuk-body">
          {isMine ? say(`tell.${way}.moves`, facts) : say('for_whom.moves', { ...facts, name: me })}
        </p>
        <CheckForm visit={visit} to={PATHS[way]} fields={fields} save={say(`tell.${way}.save`, facts)}>
          {way === 'has_helped' ? null : <PinAgain visit={visit} minutes={draft.minutes} errors={errors} />}
        </CheckForm>
      </>
    ),
  }
}

async function save(visit: MemberVisit, way: Way, draft: Draft): Promise<Answer> {
  const { desk, visitor } = visit
  const { me, other, minutes, day, category, note, nonce } = draft
  const help = { minutes, day: dateOf(day), category, note, nonce }
  if (way === 'has_helped') {
    const made = await desk.claims.make(me, { ...help, recipient: other.number })
    return made.ok
      ? { to: claimPath(made.value) }
      : checkPage(visit, way, draft, { field: null, text: refusalText(visit, made.refusal) })
  }
  const wrong = await pinAgainError(visit, minutes)
  if (wrong !== null) return checkPage(visit, way, draft, wrong)
  const recorded = await recordHelp(
    desk.node,
    desk.people,
    { ...help, provider: other.number, recipient: me.number },
    { member: visitor.person, method: 'pin', channel: 'web' },
  )
  if (!recorded.ok)
    return checkPage(visit, way, draft, { field: null, text: refusalText(visit, recorded.refusal) })
  return { to: `/records/${recorded.value.index}?${recorded.value.record === 'known' ? 'again' : 'new'}` }
}
