/**
 * How is it with one neighbouring bank, and what can be done about the line to it? Agree, pause, let pass again, set how
 * far it may get ahead ([OPS-13]); ending it has a page of its own.
 */

import { BANK_ID_BYTES, fromBase32, toBase32 } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { type Outcome, refuse } from '../../core/refusal.ts'
import { answered, type NeighbourView, neighbour } from '../../register/neighbours.ts'
import { readyForNeighbours } from '../../register/sheet-on-hold.ts'
import { sixWords } from '../../words/six-words.ts'
import type { FieldError } from '../form.ts'
import { Button, TextField } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { Rows } from '../parts/rows.tsx'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'
import { contactWords, hindrances, RoomLeft, standingWords } from './line-words.tsx'
import { neighbourPath, RefuseForGood } from './neighbours.tsx'

const MINUTES = 60
/** Seconds that a press waits for the other bank, so that most people see the end of it at once. */
const ANSWER_SECONDS = 3

export const neighbourScreen = screen({
  path: '/run/neighbours/:bank',
  who: ['coordinator'],
  async get(visit) {
    const view = await neighbourOfPath(visit)
    return view === null ? notHere(visit) : neighbourPage(visit, view, [])
  },
  async post(visit) {
    const view = await neighbourOfPath(visit)
    if (view === null) return isRefusedAlready(visit) ? { to: '/run/neighbours' } : notHere(visit)
    const limit = visit.form.text('act') === 'limit'
    const minutes = limit ? hoursTyped(visit.form.text('hours')) : 0
    if (minutes === null)
      return neighbourPage(visit, view, [
        { field: 'hours', text: visit.say('neighbour.limit.wrong', mostHours()) },
      ])
    const outcome = await act(visit, view, minutes)
    if (outcome.ok) return after(visit, view)
    // A second press finds that it is done.
    if (isDone(view, outcome)) return { to: neighbourPath(view) }
    const text = refusalText(visit, outcome.refusal)
    return neighbourPage(visit, view, [{ field: limit ? 'hours' : null, text }])
  },
})

/** The bank in the path; null when it is none that we know, or has no line and asks for none. */
export async function neighbourOfPath({ desk, params }: Visit): Promise<NeighbourView | null> {
  const bank = fromBase32(params.bank ?? '', BANK_ID_BYTES)
  const view = bank === null ? null : await neighbour(desk.node, bank)
  return view === null || (view.line === null && view.proposal === null) ? null : view
}

/** Whole hours as typed, in minutes; null for anything else. */
export function hoursTyped(text: string): number | null {
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : null
  return hours === null || hours * MINUTES > LIMITS.lineMinutes ? null : hours * MINUTES
}

export function mostHours(): { readonly most: number } {
  return { most: Math.floor(LIMITS.lineMinutes / MINUTES) }
}

async function act(
  { desk, form }: CoordinatorVisit,
  { bank }: NeighbourView,
  minutes: number,
): Promise<Outcome<unknown>> {
  const { node } = desk
  switch (form.text('act')) {
    case 'agree': {
      const ready = readyForNeighbours(desk.sheet)
      return ready.ok ? node.acceptNeighbour(bank) : ready
    }
    case 'refuse':
      return node.neighbourhood.refuse(bank)
    case 'pause':
      return node.pauseNeighbour(bank, 'pause')
    case 'resume':
      return node.pauseNeighbour(bank, 'resume')
    case 'limit':
      return node.limitNeighbour(bank, minutes)
    default:
      return refuse('request_malformed', { field: 'act' })
  }
}

async function after({ desk, form }: CoordinatorVisit, view: NeighbourView): Promise<Answer> {
  // Nothing is left of it here but its place on the list.
  if (form.text('act') === 'refuse') return { to: '/run/neighbours' }
  if (form.text('act') === 'agree') await answered(desk.node, view.bank, ANSWER_SECONDS)
  return { to: `${neighbourPath(view)}?saved` }
}

/** A second press finds that the bank may not ask any more. */
function isRefusedAlready({ desk, form, params }: CoordinatorVisit): boolean {
  const banks = desk.node.neighbourhood.refused()
  return form.text('act') === 'refuse' && banks.some(({ bank }) => toBase32(bank) === params.bank)
}

function isDone({ line }: NeighbourView, outcome: Outcome<unknown>): boolean {
  if (outcome.ok) return true
  const { code } = outcome.refusal
  return code === 'line_paused' || code === 'not_paused' || (code === 'proposal_unknown' && line !== null)
}

function neighbourPage(visit: Visit, view: NeighbourView, errors: readonly FieldError[]): Page {
  const { say, query } = visit
  return {
    title: view.name,
    errors,
    back: '/run/neighbours',
    body: (
      <>
        {query.has('saved') ? <div class="govuk-inset-text">{say('neighbour.saved')}</div> : null}
        {view.proposal === null ? null : <Proposal visit={visit} view={view} />}
        {view.line === null ? null : <LineNow visit={visit} view={view} />}
        <SixWords visit={visit} bank={view.bank} />
        {view.line?.state === 'open' ? <LineActs visit={visit} view={view} errors={errors} /> : null}
        {view.line?.state === 'closing' ? (
          <Act view={view} act="resume" words={say('neighbour.keep')} />
        ) : null}
        {view.line === null || view.line.state === 'closing' || view.line.state === 'dead' ? null : (
          <p class="govuk-body">
            <a class="govuk-link" href={`${neighbourPath(view)}/end`}>
              {say('neighbour.end', { bank: view.name })}
            </a>
          </p>
        )}
      </>
    ),
  }
}

function Proposal({ visit, view }: { visit: Visit; view: NeighbourView }) {
  const { say, speech } = visit
  const { name, proposal } = view
  if (proposal === null) return null
  const { weMayOwe, theyMayOwe } = proposal.offer
  return (
    <div class="ch-card">
      <p class="govuk-body">
        {say(proposal.invited ? 'neighbour.asks.invited' : 'neighbour.asks', { bank: name })}
      </p>
      <ul class="govuk-list govuk-list--bullet">
        <li>{say('neighbour.terms.here', { bank: name, length: speech.hours(weMayOwe) })}</li>
        <li>{say('neighbour.terms.there', { bank: name, length: speech.hours(theyMayOwe) })}</li>
      </ul>
      {proposal.invited ? null : <p class="govuk-body">{say('neighbour.asks.ring')}</p>}
      <div class="ch-row">
        <Act view={view} act="agree" words={say('neighbour.agree')} first />
        <RefuseForGood visit={visit} view={view} />
      </div>
    </div>
  )
}

/** The same on the other coordinator's screen, or it is another bank ([REC-7]). */
export function SixWords({ visit: { say, desk }, bank }: { visit: Visit; bank: Uint8Array }) {
  return (
    <details class="govuk-details">
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">{say('neighbour.words')}</span>
      </summary>
      <div class="govuk-details__text">
        <p class="govuk-body">{say('neighbour.words.text')}</p>
        <p class="govuk-body">
          <span class="ch-phrase" dir="ltr" lang="en">
            {sixWords(desk.node.bank, bank).join(' ')}
          </span>
        </p>
      </div>
    </details>
  )
}

function LineNow({ visit, view }: { visit: Visit; view: NeighbourView }) {
  const { say, speech } = visit
  const { line, name } = view
  if (line === null) return null
  return (
    <>
      {hindrances(visit, view).map((words) => (
        <div class="govuk-inset-text">{words}</div>
      ))}
      <RoomLeft visit={visit} view={view} />
      <Rows
        rows={[
          [say('neighbour.contact'), contactWords(visit, view)],
          [say('neighbour.standing'), standingWords(visit, view)],
          [
            say('neighbour.limits'),
            <>
              {say('neighbour.terms.here', { bank: name, length: speech.hours(line.weMayOweMinutes) })}
              <br />
              {say('neighbour.terms.there', { bank: name, length: speech.hours(line.theyMayOweMinutes) })}
            </>,
          ],
          [say('neighbour.open'), say('neighbour.open.count', { count: line.openPayments })],
        ]}
      />
    </>
  )
}

function LineActs({
  visit,
  view,
  errors,
}: {
  visit: Visit
  view: NeighbourView
  errors: readonly FieldError[]
}) {
  const { say, form } = visit
  const { line, name } = view
  const typed = form.has('hours')
    ? form.text('hours')
    : String(Math.floor((line?.theyMayOweMinutes ?? 0) / MINUTES))
  return (
    <>
      <h2 class="govuk-heading-m">{say('neighbour.pause.title')}</h2>
      <p class="govuk-body">{say('neighbour.pause.text')}</p>
      {line?.pausedHere ? (
        <Act view={view} act="resume" words={say('neighbour.resume')} />
      ) : (
        <Act view={view} act="pause" words={say('neighbour.pause')} />
      )}
      <form method="post" action={neighbourPath(view)} novalidate>
        <Carried fields={{ act: 'limit' }} />
        <h2 class="govuk-heading-m">{say('neighbour.limit.title')}</h2>
        <TextField
          say={say}
          name="hours"
          label={say('neighbour.limit', { bank: name })}
          hint={say('neighbour.limit.hint', { bank: name })}
          value={typed}
          suffix={say('neighbour.hours')}
          inputmode="numeric"
          width={4}
          errors={errors}
        />
        <Button kind="second">{say('form.save')}</Button>
      </form>
    </>
  )
}

function Act({
  view,
  act,
  words,
  first = false,
}: {
  view: NeighbourView
  act: string
  words: string
  first?: boolean
}) {
  return (
    <form method="post" action={neighbourPath(view)}>
      <Carried fields={{ act }} />
      <Button kind={first ? 'first' : 'second'}>{words}</Button>
    </form>
  )
}
