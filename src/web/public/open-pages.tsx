/**
 * What can anybody read? What this bank is, who sees what of its people, and how well the pages can be used by all.
 */

import { sight, THINGS, VIEWERS } from '../../register/access.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { EVERYBODY, screen } from '../screen.ts'

export const homeScreen = screen({
  path: '/',
  who: EVERYBODY,
  get: ({ say, facts, bankName }) => ({
    title: say('home.title', { bank: bankName }),
    body: (
      <>
        <p class="govuk-body-l">{say('home.lead')}</p>
        {facts.about === null ? null : <p class="govuk-body">{facts.about}</p>}
        <ol class="govuk-list govuk-list--number">
          <li>{say('home.how_1')}</li>
          <li>{say('home.how_2')}</li>
          <li>{say('home.how_3')}</li>
        </ol>
        <p class="govuk-body">
          {facts.phone === null
            ? say('home.join_without_phone')
            : facts.hours === null
              ? say('home.join', { phone: facts.phone })
              : say('home.join_hours', { phone: facts.phone, hours: facts.hours })}
        </p>
        {facts.address === null ? null : (
          <p class="govuk-body">{say('home.address', { address: facts.address })}</p>
        )}
        <div class="ch-row">
          <ButtonLink to="/sign-in">{say('frame.sign_in')}</ButtonLink>
          <ButtonLink to="/join" kind="second">
            {say('home.to_join')}
          </ButtonLink>
        </div>
        <ul class="govuk-list">
          <li>
            <a class="govuk-link" href="/about">
              {say('home.to_about')}
            </a>
          </li>
          <li>
            <a class="govuk-link" href="/activity">
              {say('home.to_activity')}
            </a>
          </li>
          <li>
            <a class="govuk-link" href="/verify">
              {say('home.to_verify')}
            </a>
          </li>
        </ul>
      </>
    ),
  }),
})

export const privacyScreen = screen({
  path: '/privacy',
  who: EVERYBODY,
  get: ({ say, bankName }) => ({
    title: say('privacy.title'),
    body: (
      <>
        <p class="govuk-body-l">{say('privacy.lead', { bank: bankName })}</p>
        <table class="govuk-table ch-stacks-soon">
          <caption class="govuk-table__caption govuk-table__caption--m">{say('privacy.table')}</caption>
          <thead class="govuk-table__head">
            <tr class="govuk-table__row">
              <th scope="col" class="govuk-table__header">
                {say('privacy.what')}
              </th>
              {VIEWERS.map((viewer) => (
                <th scope="col" class="govuk-table__header">
                  {say(`privacy.viewer.${viewer}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody class="govuk-table__body">
            {THINGS.map((thing) => (
              <tr class="govuk-table__row">
                <th scope="row" class="govuk-table__header">
                  {say(`privacy.thing.${thing}`)}
                </th>
                {VIEWERS.map((viewer) => (
                  <td class="govuk-table__cell" data-is={say(`privacy.viewer.${viewer}`)}>
                    {say(`privacy.sight.${sight(viewer, thing)}`)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {(['log', 'keep', 'erase', 'elsewhere'] as const).map((part) => (
          <>
            <h2 class="govuk-heading-m">{say(`privacy.${part}.title`)}</h2>
            <p class="govuk-body">{say(`privacy.${part}.text`)}</p>
          </>
        ))}
      </>
    ),
  }),
})

export const accessibilityScreen = screen({
  path: '/accessibility',
  who: EVERYBODY,
  get: ({ say, facts }) => ({
    title: say('accessibility.title'),
    body: (
      <>
        <p class="govuk-body-l">{say('accessibility.lead')}</p>
        <ul class="govuk-list govuk-list--bullet">
          {(['zoom', 'keyboard', 'reader', 'script', 'print'] as const).map((one) => (
            <li>{say(`accessibility.${one}`)}</li>
          ))}
        </ul>
        <h2 class="govuk-heading-m">{say('accessibility.without.title')}</h2>
        <p class="govuk-body">{say('accessibility.without.text')}</p>
        <h2 class="govuk-heading-m">{say('accessibility.tell.title')}</h2>
        <p class="govuk-body">
          {facts.phone === null
            ? say('accessibility.tell.text')
            : say('accessibility.tell.phone', { phone: facts.phone })}
        </p>
      </>
    ),
  }),
})

export const languageScreen = screen({
  path: '/language',
  who: EVERYBODY,
  get: () => ({ to: '/' }),
  post({ form, desk }) {
    const language = form.text('language')
    const known = desk.languages.some(({ tag }) => tag === language)
    return { to: ownPath(form.text('back')), ...(known ? { language } : {}) }
  },
})

/** A path of this site that came with a request; anything else is home, so that no link leads elsewhere. */
export function ownPath(given: string, home = '/'): string {
  return /^\/(?![/\\])[\w\-./~%]*$/.test(given) ? given : home
}
