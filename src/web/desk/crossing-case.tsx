/**
 * How does the desk close a case about hours that moved between two banks? It rings its member and the other desk; then it
 * stands, it was withdrawn, or this bank asks for the hours back by a code that is read out ([DESK-13], flow H).
 */

import { type Bytes, sameBytes, toHex } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { type Outcome, refuse } from '../../core/refusal.ts'
import type { Case } from '../../register/case-rows.ts'
import type { CrossingView } from '../../register/crossings.ts'
import { neighbourBanks } from '../../register/neighbour-banks.ts'
import {
  askBack,
  endWithoutMoving,
  isFinished,
  type PuttingRight,
  stageOf,
  takeCodeBack,
} from '../../register/putting-right.ts'
import { shownCode } from '../../register/request-codes.ts'
import type { RequestView } from '../../register/requests.ts'
import { receiptPhrase } from '../../words/phrase.ts'
import type { FieldError } from '../form.ts'
import { crossingOfPath } from '../parts/crossing-page.tsx'
import { crossingSentence, partyName } from '../parts/crossings.ts'
import { Button, ButtonLink, TextArea } from '../parts/form-parts.tsx'
import { Rows } from '../parts/rows.tsx'
import { saysWrongPage, sayWrong } from '../parts/says-wrong.tsx'
import { calledName } from '../parts/sentences.ts'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'

const SECONDS_PER_DAY = 86_400

function crossingPath(id: Bytes): string {
  return `/desk/crossings/${toHex(id)}`
}

/** Where the desk reads a case. */
export function casePath({ about, record, index }: Case): string {
  return about === 'record' ? `/desk/cases/${index}` : `${crossingPath(record)}/case`
}

/** Somebody rings: the desk opens the case for its member, anew where one had ended and nothing moved. */
export const deskWrongScreen = screen({
  path: '/desk/crossings/:id/wrong',
  who: ['coordinator'],
  get: (visit) => openAnswer(visit, 'look'),
  post: (visit) => openAnswer(visit, 'post'),
})

async function openAnswer(visit: CoordinatorVisit, what: 'look' | 'post'): Promise<Answer> {
  const { desk, say, today } = visit
  const crossing = await crossingOfPath(visit)
  if (crossing === null || crossing.person === null) return notHere(visit)
  const { id, index, bankName: bank, person } = crossing
  const back = crossingPath(id)
  if (!isFinished(crossing)) return { to: back }
  const state = desk.cases.find(id)?.state
  if (state === 'open' || state === 'corrected') return { to: `${back}/case` }
  const about = { record: id, about: 'payment', index, by: person.account } as const
  const errors = what === 'look' ? [] : await sayWrong(visit, about)
  if (what === 'post' && errors.length === 0) return { to: `${back}/case` }
  const sentence = crossingSentence(visit, crossing, today)
  return saysWrongPage(visit, { sentence, back, hint: say('wrong.across', { bank }) }, errors)
}

interface Found {
  readonly crossing: CrossingView
  readonly one: Case
  readonly right: PuttingRight
}

export const crossingCaseScreen = screen({
  path: '/desk/crossings/:id/case',
  who: ['coordinator'],
  async get(visit) {
    const found = await wanted(visit)
    return found === null ? notHere(visit) : casePage(visit, found, [])
  },
  async post(visit) {
    const found = await wanted(visit)
    if (found === null) return notHere(visit)
    const { crossing, one } = found
    const done = await press(visit, crossing)
    if (done === null) return casePage(visit, found, [{ field: null, text: visit.say('case.missing') }])
    if (done.ok) return { to: casePath(one) }
    const { refusal } = done
    const field = refusal.code === 'text_too_long' ? 'answer' : null
    const isSpent = refusal.code === 'requests_too_many' && one.asked.length >= LIMITS.caseRequests
    const text = isSpent
      ? visit.say('put_right.too_many', { most: LIMITS.caseRequests })
      : refusalText(visit, refusal)
    return casePage(visit, (await wanted(visit)) ?? found, [{ field, text }])
  },
})

async function wanted(visit: Visit): Promise<Found | null> {
  const { desk } = visit
  const crossing = await crossingOfPath(visit)
  const one = crossing === null ? null : desk.cases.find(crossing.id)
  return crossing === null || one === null ? null : { crossing, one, right: await stageOf(desk, one) }
}

/** Does what was pressed; null when it was nothing that is here. */
async function press(
  { desk, form, say, visitor }: CoordinatorVisit,
  { id, role }: CrossingView,
): Promise<Outcome<unknown> | null> {
  const answer = form.text('answer')
  if (form.has('ask')) {
    if (role !== 'payer') return refuse('claim_answered')
    const facts = { phrase: receiptPhrase(id), why: answer, said: answer === '' ? 'no' : 'yes' }
    return askBack(desk, id, say('put_right.what', facts), visitor)
  }
  if (form.has('withdraw')) return takeCodeBack(desk, id)
  const state = (['stands', 'withdrawn'] as const).find((end) => form.has(end))
  return state === undefined ? null : endWithoutMoving(desk, id, state, answer)
}

async function casePage(visit: Visit, found: Found, errors: readonly FieldError[]): Promise<Page> {
  const { say, today } = visit
  const { crossing, right } = found
  const { stage, request } = right
  const isChanged = stage === 'corrected'
  return {
    title: say('case.title'),
    errors,
    back: '/desk',
    live: { state: stage, waits: stage === 'asked' || stage === 'on_its_way' },
    body: (
      <>
        <p class={`ch-sentence${isChanged ? ' ch-struck' : ''}`}>
          {crossingSentence(visit, crossing, today)}
        </p>
        <p class="govuk-body-l">{stageText(visit, found)}</p>
        {request === null ? null : <CodeToRead visit={visit} request={request} />}
        <CaseRows visit={visit} found={found} desk={await deskOf(visit, crossing)} />
        <Ends visit={visit} found={found} errors={errors} />
      </>
    ),
  }
}

function stageText({ say }: Visit, { crossing, right: { stage } }: Found): string {
  const { role, bankName: bank } = crossing
  if (stage === 'open') return say(`put_right.open.${role}`, { bank })
  const isEnded = stage === 'stands' || stage === 'corrected' || stage === 'withdrawn'
  return isEnded ? say(`case.${stage}.text`) : say(`put_right.${stage}`, { bank })
}

function CodeToRead({ visit: { say, speech, desk }, request }: { visit: Visit; request: RequestView }) {
  return (
    <>
      <p class="ch-code ch-phrase" dir="ltr">
        {shownCode(request.code)}
      </p>
      <p class="govuk-body">{speech.alone(request.what)}</p>
      <p class="govuk-body">{say('own_code.until', { time: speech.moment(request.expires, desk.zone) })}</p>
    </>
  )
}

interface TheirDesk {
  readonly phone: string | null
  readonly address: string | null
}

/** How the other desk is reached, as far as that bank has ever said so. */
async function deskOf({ desk }: Pick<Visit, 'desk'>, { bank }: CrossingView): Promise<TheirDesk> {
  if (bank === null) return { phone: null, address: null }
  const told = desk.people.notices.sent().filter((one) => one.phone !== null && sameBytes(one.bank, bank))
  const newest = told.sort((a, b) => b.made - a.made)[0]
  const there = (await neighbourBanks(desk.node)).find((one) => sameBytes(one.bank, bank))
  return { phone: newest?.phone ?? null, address: there?.address ?? null }
}

function CaseRows({ visit, found, desk }: { visit: Visit; found: Found; desk: TheirDesk }) {
  const { say, speech, desk: ours } = visit
  const { crossing, one, right } = found
  const { person, bankName: bank, minutes, id } = crossing
  const day = crossing.day ?? Math.floor(crossing.begun / SECONDS_PER_DAY)
  const by = one.from === 'member' ? calledName(visit, ours.people.byAccount(one.by)) : bank
  const { back, state } = one
  return (
    <Rows
      rows={[
        [say('case.by'), by],
        [say('case.what'), say(`wrong.what.${one.what}`)],
        [say('case.words'), one.words === '' ? say('person.not_said') : speech.alone(one.words)],
        [
          say('record.phrase'),
          <span class="ch-phrase" dir="ltr">
            {receiptPhrase(id)}
          </span>,
        ],
        [say('line.length'), speech.hours(minutes)],
        [say('line.day'), speech.date(day)],
        [say('case.due'), speech.date(Math.floor(one.due / SECONDS_PER_DAY))],
        [say('case.ring', { name: calledName(visit, person) }), person?.phone ?? say('person.no_phone')],
        [say('case.theirs', { bank }), partyName(visit, crossing)],
        [say('sent.desk', { bank }), <Reached visit={visit} desk={desk} />],
        ...(state === 'open' ? [] : [[say('case.ended'), say(`case.${state}`)] as const]),
        ...(state === 'open' || one.answer === ''
          ? []
          : [[say('case.told'), speech.alone(one.answer)] as const]),
        ...(back === null || right.stage === 'open'
          ? []
          : [[say('case.back'), <BackLink visit={visit} back={back} />] as const]),
      ]}
    />
  )
}

function Reached({ visit: { say }, desk: { phone, address } }: { visit: Visit; desk: TheirDesk }) {
  if (phone !== null) return <span dir="ltr">{phone}</span>
  if (address === null) return <>{say('person.no_phone')}</>
  return (
    <a class="govuk-link" href={`${address}/about`} dir="ltr">
      {address}
    </a>
  )
}

function BackLink({ visit: { say }, back }: { visit: Visit; back: Bytes }) {
  return (
    <a class="govuk-link" href={crossingPath(back)}>
      {say('line.open')}{' '}
      <span class="ch-phrase" dir="ltr">
        {receiptPhrase(back)}
      </span>
    </a>
  )
}

/** What can be pressed now: nothing while the other bank is waited for but to take the code back, nothing at the end. */
function Ends({ visit, found, errors }: { visit: Visit; found: Found; errors: readonly FieldError[] }) {
  const { say, form } = visit
  const { crossing, one, right } = found
  const { stage } = right
  if (stage === 'on_its_way' || one.state !== 'open') return null
  const canAsk = crossing.role === 'payer' && stage !== 'asked'
  return (
    <form method="post" action={casePath(one)} novalidate>
      <TextArea
        say={say}
        name="answer"
        label={say('case.answer')}
        hint={say(canAsk ? 'put_right.answer.both' : 'put_right.answer.own')}
        value={form.text('answer')}
        errors={errors}
      />
      <div class="ch-row">
        {canAsk ? (
          <Button kind="warning" name="ask" value="yes">
            {say('put_right.ask')}
          </Button>
        ) : null}
        {crossing.role === 'payee' ? (
          <ButtonLink to={`${crossingPath(crossing.id)}/back`}>{say('give_back.title')}</ButtonLink>
        ) : null}
        <Button kind="second" name="stands" value="yes">
          {say('case.press.stands')}
        </Button>
        <Button kind="second" name="withdrawn" value="yes">
          {say('case.press.withdrawn')}
        </Button>
        {stage === 'asked' ? (
          <Button kind="second" name="withdraw" value="yes">
            {say('own_code.withdraw')}
          </Button>
        ) : null}
      </div>
    </form>
  )
}
