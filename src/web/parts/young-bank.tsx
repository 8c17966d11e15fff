/** What does the desk of a bank read that has just begun? The next first step, and what is still to be made safe. */

import { type FirstStep, fixName, type ToFix } from '../../register/to-fix.ts'
import type { Visit } from '../screen.ts'
import { Button, ButtonLink } from './form-parts.tsx'
import { Carried } from './help-fields.tsx'

const STEPS: Readonly<Record<FirstStep, string>> = { people: '/desk/people/new', hour: '/desk/record' }
const FIXES: Readonly<Record<ToFix, string>> = {
  sheet: '/run/sheet',
  colleague: '/run/coordinators',
  neighbour: '/run/neighbours',
}

export function NextStep({ visit: { say }, next }: { visit: Visit; next: FirstStep }) {
  return (
    <div class="ch-card">
      <h2 class="govuk-heading-m">{say(`young.${next}.title`)}</h2>
      <p class="govuk-body">{say(`young.${next}.text`)}</p>
      <div class="ch-row">
        <ButtonLink to={STEPS[next]}>{say(`young.${next}.go`)}</ButtonLink>
        {next === 'people' ? (
          <ButtonLink to="/desk/lists" kind="second">
            {say('lists.link')}
          </ButtonLink>
        ) : null}
      </div>
    </div>
  )
}

export function ThingsToFix({ visit: { say }, toFix }: { visit: Visit; toFix: readonly ToFix[] }) {
  if (toFix.length === 0) return null
  return (
    <>
      <h2 class="govuk-heading-m">{say('fix.title')}</h2>
      <ul class="ch-cards">
        {toFix.map((one) => (
          <li class="ch-card">
            <h3 class="govuk-heading-s">{say(`fix.${one}.title`)}</h3>
            <p class="govuk-body">{say(`fix.${one}.text`)}</p>
            <div class="ch-row">
              <ButtonLink to={FIXES[one]} kind="second">
                {say(`fix.${one}.go`)}
              </ButtonLink>
              {one === 'sheet' ? null : (
                <form method="post" action="/desk">
                  <Carried fields={{ item: fixName(one) }} />
                  <Button kind="second">{say('fix.later')}</Button>
                </form>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}
