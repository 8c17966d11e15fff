/** How is a request shown to whoever holds the telephone, and what came of it? Code, picture and link; then the receipts. */

import { toHex } from '../../core/ids.ts'
import { readCrossing } from '../../register/crossings.ts'
import { indexOf } from '../../register/exchanges.ts'
import { readRecord } from '../../register/records.ts'
import { shownCode } from '../../register/request-codes.ts'
import type { RequestView } from '../../register/requests.ts'
import { receiptPhrase } from '../../words/phrase.ts'
import type { Visit } from '../screen.ts'
import { crossingSentence } from './crossings.ts'
import { QrPicture } from './qr.tsx'
import { recordSentence } from './sentences.ts'

export function CodeToShow({ visit, request }: { visit: Visit; request: RequestView }) {
  const { say, speech, desk, origin } = visit
  const { code, minutes, what, uses, used, expires } = request
  const link = origin === null ? null : `${origin}/r/${code}`
  return (
    <>
      <p class="govuk-body-l">
        {minutes === null ? say('own_code.for_open') : say('own_code.for', { length: speech.hours(minutes) })}
      </p>
      {what === '' ? null : <p class="govuk-body">{speech.alone(what)}</p>}
      {link === null ? null : <QrPicture text={link} label={say('own_code.picture')} />}
      <p class="govuk-body">{say('own_code.say')}</p>
      <p class="ch-code ch-phrase" dir="ltr">
        {shownCode(code)}
      </p>
      {link === null ? (
        <p class="govuk-body">{say('own_code.no_address')}</p>
      ) : (
        <>
          <p class="govuk-body">{say('own_code.link')}</p>
          <p class="govuk-body ch-link" dir="ltr">
            {link}
          </p>
        </>
      )}
      <p class="govuk-body">{say('own_code.until', { time: speech.moment(expires, desk.zone) })}</p>
      {uses === 1 ? null : <p class="govuk-body">{say('own_code.uses', { uses, used: used.length })}</p>}
    </>
  )
}

/** What was recorded under the code so far, the newest first; `crossings` and `records` begin their pages' paths. */
export async function RequestUses({
  visit,
  request,
  crossings,
  records,
}: {
  visit: Visit
  request: RequestView
  crossings: string
  records: string
}) {
  const { say } = visit
  const shown = request.used.slice(-SHOWN).reverse()
  const uses = await Promise.all(shown.map(({ record }) => useOf(visit, record, { crossings, records })))
  return (
    <>
      {uses.map(({ sentence, phrase, to }) => (
        <div class="ch-card">
          <p class="govuk-body">{sentence}</p>
          <p class="govuk-body">
            {say('record.phrase')}{' '}
            <span class="ch-phrase" dir="ltr">
              {phrase}
            </span>
          </p>
          <a class="govuk-link" href={to}>
            {say('own_code.receipt')}
          </a>
        </div>
      ))}
    </>
  )
}

/** Uses of a wall code that fit on a page. */
const SHOWN = 20

async function useOf(
  visit: Visit,
  record: Uint8Array,
  { crossings, records }: { crossings: string; records: string },
): Promise<{ sentence: string; phrase: string; to: string }> {
  const { node, people } = visit.desk
  const phrase = receiptPhrase(record)
  const crossing = await readCrossing(node, people, record)
  if (crossing.ok) {
    const to = `${crossings}/${toHex(record)}`
    return { sentence: crossingSentence(visit, crossing.value, visit.today), phrase, to }
  }
  const index = await indexOf(node, record)
  const read = index === null ? null : await readRecord(node, people, index)
  const sentence = read?.ok ? recordSentence(visit, read.value, visit.today) : ''
  return { sentence, phrase, to: `${records}/${index ?? 0}` }
}
