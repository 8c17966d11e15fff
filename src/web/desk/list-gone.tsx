/** What does somebody read whose list waits no more, or never was theirs? That nothing is lost, and to paste it again. */

import { ButtonLink } from '../parts/form-parts.tsx'
import type { Page, Visit } from '../screen.ts'

export function goneList({ say }: Visit): Page {
  return {
    title: say('lists.gone.title'),
    status: 404,
    body: (
      <>
        <p class="govuk-body">{say('lists.gone.text')}</p>
        <ButtonLink to="/desk/lists">{say('lists.gone.again')}</ButtonLink>
      </>
    ),
  }
}
