/** How is a link shown on which a colleague chooses a password? Once: as text to send, and as a picture for a camera. */

import type { LetIn } from '../../register/letting-in.ts'
import type { Page, Visit } from '../screen.ts'
import { ButtonLink } from './form-parts.tsx'
import { QrPicture } from './qr.tsx'

/** The page after it was made; `back` is where its end leads. */
export function linkPage(visit: Visit, { name, path, ends }: LetIn, back: string): Page {
  const { say, speech, desk, origin } = visit
  return {
    title: say('office.link.title', { name }),
    back,
    body: (
      <>
        <p class="govuk-body-l">{say('office.link.made', { name, time: speech.moment(ends, desk.zone) })}</p>
        {origin === null ? <p class="govuk-body">{say('office.link.after')}</p> : null}
        <p class="govuk-body ch-link" dir="ltr">
          {(origin ?? '') + path}
        </p>
        {origin === null ? null : <QrPicture text={origin + path} label={say('office.link.picture')} />}
        <p class="govuk-body">{say('office.link.secret')}</p>
        <ButtonLink to={back}>{say('office.link.done')}</ButtonLink>
      </>
    ),
  }
}
