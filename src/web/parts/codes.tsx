/** How are fresh recovery codes shown? Once, as a sheet to print; the page is never kept by the browser ([SIGN-8]). */

import type { Coordinator } from '../../register/coordinators.ts'
import type { Page, Visit } from '../screen.ts'
import { ButtonLink } from './form-parts.tsx'

export function codesPage(
  { say }: Pick<Visit, 'say'>,
  coordinator: Coordinator,
  codes: readonly string[],
): Page {
  return {
    title: say('codes.title'),
    body: (
      <>
        <p class="govuk-body-l">{say('codes.lead')}</p>
        <div class="ch-letter">
          <h2 class="govuk-heading-m">{say('codes.sheet', { name: coordinator.name })}</h2>
          <ol class="govuk-list govuk-list--number">
            {codes.map((code) => (
              <li>
                <span class="ch-phrase" dir="ltr">
                  {code}
                </span>
              </li>
            ))}
          </ol>
          <p class="govuk-body">{say('codes.use')}</p>
        </div>
        <p class="govuk-body ch-no-print">{say('codes.print')}</p>
        <div class="ch-no-print">
          <ButtonLink to="/desk">{say('codes.done')}</ButtonLink>
        </div>
      </>
    ),
  }
}
