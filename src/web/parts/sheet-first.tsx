/** What does a desk read that wants a neighbour before the recovery sheet is on paper? What comes first, and why ([KEY-7]). */

import type { Page, Visit } from '../screen.ts'
import { ButtonLink } from './form-parts.tsx'

export function sheetFirstPage({ say }: Visit): Page {
  return {
    title: say('sheet.first.title'),
    back: '/run/neighbours',
    status: 409,
    body: (
      <>
        <p class="govuk-body">{say('sheet.first.text')}</p>
        <ButtonLink to="/run/sheet">{say('fix.sheet.go')}</ButtonLink>
      </>
    ),
  }
}
