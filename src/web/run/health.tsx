/** How is the bank? Whatever it looks after by itself, in plain words, each with the one thing to do about it ([OPS-4]). */

import type { JobRun } from '../../node/jobs.ts'
import { type Finding, sentencesOf, type Verdict, worstOf } from '../../register/health/finding.ts'
import { healthOf } from '../../register/health/health.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { type Page, screen, type Visit } from '../screen.ts'

const PATH = '/run/health'

export const healthScreen = screen({
  path: PATH,
  who: ['coordinator'],
  get: (visit) => healthPage(visit),
})

async function healthPage(visit: Visit): Promise<Page> {
  const { say, desk } = visit
  const { look, findings } = await healthOf(desk.node, desk.surroundings)
  const worst = worstOf(findings)
  return {
    title: say('health.title'),
    back: '/run/bank',
    body: (
      <>
        <p class="govuk-body">{say('health.lead')}</p>
        <p class="govuk-body">
          <strong>{say(SUMMARIES[worst])}</strong>
        </p>
        <ul class="ch-cards">
          {TO_DO.flatMap((verdict) => findings.filter((one) => one.verdict === verdict)).map((one) => (
            <FindingCard visit={visit} one={one} />
          ))}
        </ul>
        <WellList visit={visit} findings={findings} />
        <ButtonLink to={PATH} kind="second">
          {say('health.again')}
        </ButtonLink>
        {worst === 'wrong' || worst === 'look' ? <p class="govuk-body">{say('health.ask')}</p> : null}
        <JobList visit={visit} jobs={look.jobs} />
      </>
    ),
  }
}

/** What is to be done comes first, and each thing that is well takes one line. */
const TO_DO: readonly Verdict[] = ['wrong', 'look', 'unknown']

const SUMMARIES = {
  fine: 'health.all_well',
  unknown: 'health.all_well',
  look: 'health.some_look',
  wrong: 'health.some_wrong',
} as const

/** Colour alone says nothing: each has its own sign, and the word. */
const SIGNS: Readonly<Record<Verdict, { readonly sign: string; readonly colour: string }>> = {
  fine: { sign: '✓', colour: 'green' },
  look: { sign: '!', colour: 'yellow' },
  wrong: { sign: '✕', colour: 'red' },
  unknown: { sign: '?', colour: 'grey' },
}

function Sign({ say, verdict }: Pick<Visit, 'say'> & { verdict: Verdict }) {
  const { sign, colour } = SIGNS[verdict]
  return (
    <strong class={`govuk-tag govuk-tag--${colour}`}>
      <span aria-hidden="true">{sign}</span> {say(`health.verdict.${verdict}`)}
    </strong>
  )
}

function WellList({ visit: { say }, findings }: { visit: Visit; findings: readonly Finding[] }) {
  return (
    <>
      <h2 class="govuk-heading-m">{say('health.well')}</h2>
      <dl class="govuk-summary-list">
        {findings
          .filter(({ verdict }) => verdict === 'fine')
          .map((one) => (
            <div class="govuk-summary-list__row">
              <dt class="govuk-summary-list__key">{say(`health.name.${one.id}`)}</dt>
              <dd class="govuk-summary-list__value">
                <Sign say={say} verdict="fine" /> {say(sentencesOf(one).says, one.facts)}
              </dd>
            </div>
          ))}
      </dl>
    </>
  )
}

function FindingCard({ visit: { say }, one }: { visit: Visit; one: Finding }) {
  const { id, verdict, facts } = one
  const { says, todo } = sentencesOf(one)
  return (
    <li class="ch-card">
      <h2 class="govuk-heading-s">{say(`health.name.${id}`)}</h2>
      <p class="govuk-body">
        <Sign say={say} verdict={verdict} />
      </p>
      <p class="govuk-body">{say(says, facts)}</p>
      {todo === null ? null : (
        <p class="govuk-body">
          <strong>{say('health.todo')}:</strong> {say(todo, facts)}
        </p>
      )}
    </li>
  )
}

function JobList({ visit, jobs }: { visit: Visit; jobs: readonly JobRun[] }) {
  const { say } = visit
  return (
    <>
      <h2 class="govuk-heading-m">{say('health.jobs')}</h2>
      <dl class="govuk-summary-list">
        {jobs.map((run) => (
          <div class="govuk-summary-list__row">
            <dt class="govuk-summary-list__key">{say(`health.job.${run.job}`)}</dt>
            <dd class="govuk-summary-list__value">{runWords(visit, run)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function runWords({ say, speech, desk }: Visit, { at, outcome }: JobRun): string {
  if (at === null) return say('health.jobs.not_yet')
  const time = speech.moment(at, desk.zone)
  return outcome === 'failed' ? say('health.jobs.failed', { time }) : time
}
