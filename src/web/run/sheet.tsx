/**
 * How does the recovery sheet of a bank that was set up in the browser come onto paper? The words are shown to whoever has
 * the own password, two of them are asked back, and then the machine forgets them ([KEY-7]).
 */

import { placesAsked, putSheetAway, showSheet, wordsFit } from '../../register/sheet-on-hold.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink, TextField } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { OwnPassword, ownPassword } from '../parts/own-password.tsx'
import { type CoordinatorVisit, type Page, refused, screen } from '../screen.ts'

const PATH = '/run/sheet'
const NUMBERS = /^\d{1,2},\d{1,2}$/

export const sheetOnPaperScreen = screen({
  path: PATH,
  who: ['coordinator'],
  get: (visit) => (visit.desk.sheet.waits() ? explainPage(visit, []) : donePage(visit)),
  async post(visit) {
    const { desk, form, visitor } = visit
    const words = await desk.sheet.words()
    // A second press, or a colleague was quicker.
    if (words === null) return { to: PATH }
    if (form.text('act') === 'ask') return askPage(visit, placesAsked(words, desk.node.random.bytes(2)), [])
    if (form.text('act') === 'check') {
      const places = placesIn(form.text('places'), words)
      if (places === null) return explainPage(visit, [])
      const typed = places.map((place) => ({ place, word: form.text(`word-${place + 1}`) }))
      if (!wordsFit(words, typed)) return askPage(visit, places, [wrong(visit, places)])
      const kept = await putSheetAway(desk, visitor.coordinator)
      return kept.ok ? { to: PATH } : refused(visit, kept.refusal, PATH)
    }
    const own = await ownPassword(visit)
    if ('wrong' in own) return explainPage(visit, [own.wrong])
    const kept = await showSheet(desk, visitor.coordinator, own.rows)
    if (!kept.ok) return refused(visit, kept.refusal, PATH)
    return wordsPage(visit, words)
  },
})

function placesIn(text: string, words: readonly string[]): readonly number[] | null {
  const places = NUMBERS.test(text) ? text.split(',').map(Number) : []
  return places.length > 0 && places.every((place) => place < words.length) ? places : null
}

function wrong({ say }: CoordinatorVisit, [place = 0]: readonly number[]): FieldError {
  return { field: `word-${place + 1}`, text: say('sheet.paper.wrong') }
}

function explainPage(visit: CoordinatorVisit, errors: readonly FieldError[]): Page {
  const { say } = visit
  return {
    title: say('sheet.paper.title'),
    errors,
    back: '/desk',
    body: (
      <form method="post" action={PATH} novalidate>
        <p class="govuk-body-l">{say('sheet.paper.why')}</p>
        <p class="govuk-body">{say('sheet.paper.until')}</p>
        <p class="govuk-body">{say('sheet.paper.printer')}</p>
        <OwnPassword visit={visit} errors={errors} />
        <Button>{say('sheet.paper.show')}</Button>
      </form>
    ),
  }
}

function wordsPage(visit: CoordinatorVisit, words: readonly string[]): Page {
  const { say, speech, bankName, today } = visit
  return {
    title: say('sheet.paper.title'),
    body: (
      <>
        <p class="govuk-body ch-no-print">{say('sheet.paper.keep')}</p>
        <div class="ch-letter">
          <h2 class="govuk-heading-m">{say('sheet.paper.words', { bank: bankName })}</h2>
          <p class="govuk-body">{say('sheet.paper.made', { day: speech.date(today) })}</p>
          <ol class="govuk-list govuk-list--number ch-words" lang="en" dir="ltr">
            {words.map((word) => (
              <li>{word}</li>
            ))}
          </ol>
          <p class="govuk-body">{say('sheet.paper.two')}</p>
        </div>
        <form method="post" action={PATH} class="ch-no-print">
          <Carried fields={{ act: 'ask' }} />
          <Button>{say('sheet.paper.have')}</Button>
        </form>
      </>
    ),
  }
}

/** Asked on a page without the words: whoever has no paper begins anew. */
function askPage(visit: CoordinatorVisit, places: readonly number[], errors: readonly FieldError[]): Page {
  const { say } = visit
  return {
    title: say('sheet.paper.title'),
    errors,
    back: PATH,
    body: (
      <>
        <AskForm visit={visit} places={places} errors={errors} />
        <p class="govuk-body">{say('sheet.paper.no_paper')}</p>
        <ButtonLink to={PATH} kind="second">
          {say('sheet.paper.again')}
        </ButtonLink>
      </>
    ),
  }
}

function AskForm({
  visit: { say, form },
  places,
  errors,
}: {
  visit: CoordinatorVisit
  places: readonly number[]
  errors: readonly FieldError[]
}) {
  return (
    <form method="post" action={PATH} novalidate>
      <p class="govuk-body-l">{say('sheet.paper.check')}</p>
      <Carried fields={{ act: 'check', places: places.join(',') }} />
      {places.map((place) => (
        <TextField
          say={say}
          name={`word-${place + 1}`}
          label={say('sheet.paper.word', { number: place + 1 })}
          value={form.text(`word-${place + 1}`)}
          errors={errors}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          width={20}
        />
      ))}
      <Button>{say('form.continue')}</Button>
    </form>
  )
}

function donePage({ say }: CoordinatorVisit): Page {
  return {
    title: say('sheet.paper.title'),
    back: '/run/bank',
    body: (
      <>
        <p class="govuk-body-l">{say('sheet.paper.done')}</p>
        <p class="govuk-body">{say('sheet.paper.lost')}</p>
        <ButtonLink to="/desk">{say('sheet.paper.on')}</ButtonLink>
      </>
    ),
  }
}
