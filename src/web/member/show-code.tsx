/**
 * How does somebody who helped ask for the hours? A code and its picture, shown to whoever was helped or sent as a link; the
 * page tells when they have said yes ([EX-20], flow C).
 */

import { toHex } from '../../core/ids.ts'
import { dateOf } from '../../register/calendar.ts'
import { shownCode } from '../../register/request-codes.ts'
import {
  makeRequest,
  type RequestView,
  requestByCode,
  requestsOf,
  withdrawRequest,
} from '../../register/requests.ts'
import { type FieldError, isNonce } from '../form.ts'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { readCategory, readLength } from '../parts/help-fields.tsx'
import { FormNumber, HelpFields } from '../parts/help-form.tsx'
import { CodeToShow, RequestUses } from '../parts/shown-request.tsx'
import { type Answer, type MemberVisit, notHere, type Page, refusalText, screen } from '../screen.ts'

export const askCodeScreen = screen({
  path: '/codes/new',
  who: ['member'],
  get: (visit) => askPage(visit, []),
  async post(visit) {
    const { desk, form, visitor, today } = visit
    const isOpen = form.text('hours') === '' && form.text('minutes') === ''
    const length = isOpen ? { minutes: null } : readLength(visit, form)
    if ('error' in length) return askPage(visit, [length.error])
    // Without it a second press would make a second code.
    if (!isNonce(form)) return askPage(visit, [{ field: null, text: visit.say('refusal.request_malformed') }])
    const made = await makeRequest(desk.node, desk.people, {
      number: visitor.person.number,
      minutes: length.minutes,
      category: readCategory(form),
      day: dateOf(today),
      what: form.text('note'),
      nonce: form.text('nonce'),
    })
    if (!made.ok) return askPage(visit, [{ field: null, text: refusalText(visit, made.refusal) }])
    return { to: `/codes/${made.value.code}` }
  },
})

function askPage(visit: MemberVisit, errors: readonly FieldError[]): Page {
  const { say } = visit
  return {
    title: say('ask_code.title'),
    errors,
    back: '/helped',
    body: (
      <form method="post" action="/codes/new" novalidate>
        <FormNumber visit={visit} />
        <p class="govuk-body">{say('ask_code.lead')}</p>
        <HelpFields
          visit={visit}
          errors={errors}
          asked="no_day"
          lengthHint={say('ask_code.length.hint')}
          noteHint={say('ask_code.note.hint')}
        />
        <Button>{say('ask_code.make')}</Button>
      </form>
    ),
  }
}

export const ownCodeScreen = screen({
  path: '/codes/:code',
  who: ['member'],
  async get(visit) {
    const request = await ownRequest(visit)
    return request === null ? notHere(visit) : codePage(visit, request)
  },
  async post(visit): Promise<Answer> {
    const request = await ownRequest(visit)
    if (request === null) return notHere(visit)
    const { desk, form } = visit
    if (form.has('withdraw')) await withdrawRequest(desk.node, desk.people, request.code)
    return { to: `/codes/${request.code}` }
  },
})

/** The request of this path if it is this member's. */
async function ownRequest({ desk, params, visitor }: MemberVisit): Promise<RequestView | null> {
  const found = await requestByCode(desk.node, desk.people, params.code ?? '')
  if (!found.ok || toHex(found.value.account) !== toHex(visitor.person.account)) return null
  return found.value
}

function codePage(visit: MemberVisit, request: RequestView): Page {
  const { say } = visit
  const { state, used, code } = request
  const title = state === 'open' && used.length > 0 ? 'open' : state
  return {
    title: say(TITLES[title]),
    back: '/me',
    live: { state: `${state} ${used.length}`, waits: state === 'open' },
    body: (
      <>
        <RequestUses visit={visit} request={request} crossings="/crossings" records="/records" />
        {state === 'open' ? (
          <>
            <CodeToShow visit={visit} request={request} />
            <p class="govuk-body">{say('own_code.waiting')}</p>
            <div class="ch-row ch-no-print">
              <ButtonLink to={`/codes/${code}`} kind="second">
                {say('own_code.reload')}
              </ButtonLink>
              <form method="post" action={`/codes/${code}`}>
                <Button kind="second" name="withdraw" value="yes">
                  {say('own_code.withdraw')}
                </Button>
              </form>
            </div>
          </>
        ) : (
          <ButtonLink to="/codes/new">{say('own_code.new')}</ButtonLink>
        )}
      </>
    ),
  }
}

const TITLES = {
  open: 'own_code.title',
  used: 'own_code.used.title',
  expired: 'own_code.over.title',
  withdrawn: 'own_code.withdrawn.title',
} as const

export const ownCodesScreen = screen({
  path: '/codes',
  who: ['member'],
  async get(visit) {
    const { say, speech, desk, visitor } = visit
    const found = await requestsOf(desk.node, desk.people, visitor.person.number)
    const requests = found.ok ? found.value : []
    return {
      title: say('own_codes.title'),
      back: '/me',
      body: (
        <>
          {requests.length === 0 ? <p class="govuk-body">{say('own_codes.none')}</p> : null}
          <ul class="ch-cards">
            {requests.slice(0, SHOWN).map(({ code, state, expires, minutes, what }) => (
              <li class="ch-card">
                <p class="govuk-body">
                  <a class="govuk-link ch-phrase" dir="ltr" href={`/codes/${code}`}>
                    {shownCode(code)}
                  </a>
                </p>
                <p class="govuk-body">
                  {minutes === null
                    ? say('own_code.for_open')
                    : say('own_code.for', { length: speech.hours(minutes) })}
                </p>
                {what === '' ? null : <p class="govuk-body">{speech.alone(what)}</p>}
                <p class="govuk-body-s">
                  {say(`own_codes.state.${state}`, { time: speech.moment(expires, desk.zone) })}
                </p>
              </li>
            ))}
          </ul>
          <ButtonLink to="/codes/new">{say('own_code.new')}</ButtonLink>
        </>
      ),
    }
  },
})

/** Codes that one person looks through on a telephone. */
const SHOWN = 20
