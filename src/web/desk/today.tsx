/**
 * What does a coordinator see first? What waits for somebody at the desk, each thing with one button, and the way to
 * record help for whoever rings now ([DESK-1]).
 */

import { toBase32, toHex } from '../../core/ids.ts'
import { bankNameOf } from '../../register/neighbours.ts'
import { shownText } from '../../register/texts.ts'
import { lacking } from '../../register/to-fix.ts'
import { putOff, type TodayItem, todayItems } from '../../register/today.ts'
import { answererName } from '../member/own-notice.tsx'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { noticePath, sentPath } from '../parts/notice-parts.tsx'
import { calledName } from '../parts/sentences.ts'
import { NextStep, ThingsToFix } from '../parts/young-bank.tsx'
import { type Page, refused, screen, type Visit } from '../screen.ts'
import { casePath } from './crossing-case.tsx'
import { joinerPath } from './joiners.tsx'

const SECONDS_PER_DAY = 86_400
const LATER_DAYS = 7
/** A small bank may do well without for long. */
const FIX_LATER_DAYS = 60
/** Things one person can look through at the desk; the rest is counted. */
const SHOWN = 20

export const todayScreen = screen({
  path: '/desk',
  who: ['coordinator'],
  get: (visit) => todayPage(visit),
  async post(visit) {
    const { desk, form, now } = visit
    const days = form.text('item').startsWith('fix ') ? FIX_LATER_DAYS : LATER_DAYS
    const off = await putOff(desk.node, form.text('item'), now + days * SECONDS_PER_DAY)
    return off.ok ? { to: '/desk' } : refused(visit, off.refusal, '/desk')
  },
})

async function todayPage(visit: Visit): Promise<Page> {
  const { say, speech, desk, now, today } = visit
  const items = await todayItems(desk, now)
  const { next, toFix } = await lacking(desk, now)
  return {
    title: say('today.title', { day: speech.day(today, today) }),
    body: (
      <>
        {next === null ? (
          <ButtonLink to="/desk/record">{say('today.record')}</ButtonLink>
        ) : (
          <NextStep visit={visit} next={next} />
        )}
        <FindForm visit={visit} />
        <h2 class="govuk-heading-m">{say('today.waiting', { count: items.length })}</h2>
        {items.length === 0 ? <p class="govuk-body">{say('today.nothing')}</p> : null}
        <ul class="ch-cards">
          {items.slice(0, SHOWN).map((item) => (
            <li class="ch-card">
              <h3 class="govuk-heading-s">{headingOf(visit, item)}</h3>
              <p class="govuk-body">{adviceOf(visit, item)}</p>
              <div class="ch-row">
                <WayOn visit={visit} item={item} />
                <form method="post" action="/desk">
                  <Carried fields={{ item: item.name }} />
                  <Button kind="second">{say('today.later')}</Button>
                </form>
              </div>
            </li>
          ))}
        </ul>
        {items.length > SHOWN ? (
          <p class="govuk-body">{say('today.more', { count: items.length - SHOWN })}</p>
        ) : null}
        <ThingsToFix visit={visit} toFix={toFix} />
      </>
    ),
  }
}

/** One field that finds a person by name, number or telephone. */
export function FindForm({ visit: { say, query } }: { visit: Visit }) {
  return (
    <search>
      <form method="get" action="/desk/people" class="govuk-form-group">
        <label class="govuk-label govuk-label--s" for="who">
          {say('people.find')}
        </label>
        <div id="who-hint" class="govuk-hint">
          {say('people.find.hint')}
        </div>
        <div class="ch-row">
          <input
            class="govuk-input govuk-input--width-20"
            id="who"
            name="who"
            type="search"
            autocomplete="off"
            aria-describedby="who-hint"
            value={query.get('who') ?? ''}
          />
          <button type="submit" class="govuk-button govuk-button--secondary" data-module="govuk-button">
            {say('people.find.button')}
          </button>
        </div>
      </form>
    </search>
  )
}

function headingOf(visit: Visit, item: TodayItem): string {
  const { say, speech, desk } = visit
  const nameOf = (account: Uint8Array): string => calledName(visit, desk.people.byAccount(account))
  switch (item.kind) {
    case 'case':
      return say('today.case.title', {
        name:
          item.about.from === 'member' || item.bank === null
            ? nameOf(item.about.by)
            : bankNameOf(desk.node, item.bank),
      })
    case 'claim':
      return say('today.claim.title', {
        helper: nameOf(item.claim.helper),
        helped: nameOf(item.claim.helped),
      })
    case 'no_exchange_yet':
    case 'quiet':
    case 'past_nudge':
      return say(`today.${item.kind}.title`, { name: item.person.name })
    case 'payment_waits':
    case 'payment_on_its_way':
      return say(`today.${item.kind}.title`, {
        length: speech.hours(item.minutes),
        bank: bankName(desk, item),
      })
    case 'neighbour_asks':
      return say('today.neighbour_asks.title', { bank: bankName(desk, item) })
    case 'notice_answer': {
      const facts = { name: answererName(visit, item.answer), owner: item.person.name }
      return say(`today.notice_answer.title.${item.notice.kind}`, facts)
    }
    case 'notice_sent':
      return say(`sent.title.${item.sent.kind}`, {
        name: item.person.name,
        bank: bankNameOf(visit.desk.node, item.sent.bank),
      })
    case 'notice_waits':
      return say('today.notice_waits.title', { name: item.person.name })
    case 'joiner':
    case 'joiner_met':
      return say(`today.${item.kind}.title`, { name: shownText(item.joiner.name) })
  }
}

function adviceOf(visit: Visit, item: TodayItem): string {
  const { say, speech, desk } = visit
  switch (item.kind) {
    case 'case': {
      const day = speech.date(Math.floor(item.about.due / SECONDS_PER_DAY))
      return item.bank === null
        ? say('today.case.text', { day })
        : say('today.case.across', { day, bank: bankNameOf(desk.node, item.bank) })
    }
    case 'claim': {
      const helped = desk.people.byAccount(item.claim.helped)
      const phone = helped?.phone ?? say('person.no_phone')
      return say('today.claim.text', { helped: calledName(visit, helped), phone })
    }
    case 'no_exchange_yet':
    case 'quiet':
      return say(`today.${item.kind}.text`, {
        days: item.days,
        phone: item.person.phone ?? say('person.no_phone'),
      })
    case 'past_nudge':
      return say(`today.past_nudge.${item.side}`, { phone: item.person.phone ?? say('person.no_phone') })
    case 'payment_waits':
    case 'payment_on_its_way':
      return say(`today.${item.kind}.text`, { days: item.days, bank: bankName(desk, item) })
    case 'neighbour_asks':
      return say('today.neighbour_asks.text')
    case 'notice_answer':
      return say('today.notice_answer.text', { text: item.notice.text })
    case 'notice_sent':
      return say('today.notice_sent.text', { text: item.sent.text })
    case 'notice_waits':
      return say('today.notice_waits.text', { name: item.person.name, text: item.notice.text })
    case 'joiner':
    case 'joiner_met': {
      const { phone, reach } = item.joiner
      return say(`today.${item.kind}.text`, {
        days: item.days,
        phone: shownText(phone ?? reach ?? '') || say('person.no_phone'),
      })
    }
  }
}

function WayOn({ visit: { say, desk }, item }: { visit: Visit; item: TodayItem }) {
  switch (item.kind) {
    case 'case':
      return <ButtonLink to={casePath(item.about)}>{say('today.open')}</ButtonLink>
    case 'claim': {
      const numberOf = (account: Uint8Array): string =>
        encodeURIComponent(desk.people.byAccount(account)?.number ?? '')
      const to = `/desk/record?helper=${numberOf(item.claim.helper)}&helped=${numberOf(item.claim.helped)}`
      return <ButtonLink to={to}>{say('today.record')}</ButtonLink>
    }
    case 'no_exchange_yet':
    case 'quiet':
    case 'past_nudge':
      return (
        <ButtonLink to={`/desk/people/${encodeURIComponent(item.person.number)}`}>
          {say('today.open')}
        </ButtonLink>
      )
    case 'notice_answer':
    case 'notice_waits':
      return <ButtonLink to={noticePath(item.notice)}>{say('today.open')}</ButtonLink>
    case 'notice_sent':
      return <ButtonLink to={sentPath(item.sent)}>{say('today.open')}</ButtonLink>
    case 'neighbour_asks':
      return <ButtonLink to={`/run/neighbours/${toBase32(item.bank)}`}>{say('today.open')}</ButtonLink>
    case 'joiner':
    case 'joiner_met':
      return <ButtonLink to={joinerPath(item.joiner)}>{say('today.open')}</ButtonLink>
    case 'payment_waits':
    case 'payment_on_its_way':
      return <ButtonLink to={`/desk/crossings/${toHex(item.id)}`}>{say('today.open')}</ButtonLink>
  }
}

function bankName({ node }: Visit['desk'], { bank }: { bank: Uint8Array }): string {
  return bankNameOf(node, bank)
}
