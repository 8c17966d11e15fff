/** What stands in each letter? Welcome, the statement of hours, and the receipt of one record ([DESK-9], [EX-19], [EX-21]). */

import { GIFT } from '../../core/categories.ts'
import { dateOf, dayAt, dayOf } from '../../register/calendar.ts'
import type { Person } from '../../register/person.ts'
import type { RecordView } from '../../register/records.ts'
import type { MemberLine, MemberStatement } from '../../register/statements.ts'
import { writtenReference } from '../../register/verify.ts'
import { receiptPhrase } from '../../words/phrase.ts'
import { Letter, type Writing } from '../parts/letter.tsx'
import { isStruck, Lines } from '../parts/lines.tsx'
import { Rows } from '../parts/rows.tsx'
import { recordSentence } from '../parts/sentences.ts'

export function WelcomeLetter({ writing, person }: { writing: Writing; person: Person }) {
  const { say, bankName } = writing
  return (
    <Letter writing={writing} to={person} title={say('letter.welcome.title', { bank: bankName })}>
      <p>{say('letter.welcome.glad')}</p>
      <p>
        {say('letter.welcome.number')}{' '}
        <strong class="ch-phrase" dir="ltr">
          {person.number}
        </strong>
      </p>
      <p>{say('letter.welcome.use')}</p>
      <h3 class="govuk-heading-s">{say('letter.welcome.how')}</h3>
      <ol>
        <li>{say('letter.welcome.how_1')}</li>
        <li>{say('letter.welcome.how_2')}</li>
        <li>{say('letter.welcome.how_3')}</li>
      </ol>
      <p>{say('letter.welcome.free')}</p>
      <p>{say('letter.welcome.phone')}</p>
      <h3 class="govuk-heading-s">{say('letter.welcome.private.title')}</h3>
      <p>{say('letter.welcome.private')}</p>
    </Letter>
  )
}

/** A month as YYYY-MM, or everything since joining. */
export type Period = 'all' | string

/** The first day of a month, or null for what is no month. */
export function monthDay(period: Period): number | null {
  return /^\d{4}-\d{2}$/.test(period) ? dayOf(`${period}-01`) : null
}

/** What was recorded in this time: somebody who looks each month misses nothing that was recorded late. */
function linesOf({ lines }: MemberStatement, period: Period): readonly MemberLine[] {
  if (monthDay(period) === null) return lines
  return lines.filter(({ time }) => dateOf(dayAt(time)).startsWith(period))
}

export function StatementLetter({
  writing,
  statement,
  period,
}: {
  writing: Writing
  statement: MemberStatement
  period: Period
}) {
  const { say, speech, facts } = writing
  const lines = linesOf(statement, period)
  const day = monthDay(period)
  const month = day === null ? '' : speech.month(day)
  const standing = lines.filter((line) => !isStruck(writing, line))
  const [given, received] = [helpedIn(standing, 1), helpedIn(standing, -1)].map(speech.hours)
  return (
    <Letter writing={writing} to={statement.person} title={say('letter.statement.title')}>
      {day === null ? null : (
        <p>{say('letter.statement.month', { month, given: given ?? '', received: received ?? '' })}</p>
      )}
      <p>{ownStanding(writing, statement)}</p>
      <h3 class="govuk-heading-s">
        {day === null ? say('letter.statement.list_all') : say('letter.statement.list_month', { month })}
      </h3>
      {lines.length === 0 ? (
        <p>{say('letter.statement.none')}</p>
      ) : (
        <Lines visit={writing} lines={lines} caption={say('letter.statement.title')} links={false} />
      )}
      <h3 class="govuk-heading-s">{say('letter.statement.wrong.title')}</h3>
      <p>
        {facts.phone === null
          ? say('letter.statement.wrong_without_phone')
          : say('letter.statement.wrong', { phone: facts.phone })}
      </p>
    </Letter>
  )
}

const HELP: readonly MemberLine['what'][] = ['exchange', 'received', 'sent']

/** Minutes of these lines' help, given (1) or received (-1); between banks, hours passed on are none. */
function helpedIn(lines: readonly MemberLine[], way: 1 | -1): number {
  return lines
    .filter(({ what, minutes }) => HELP.includes(what) && minutes * way > 0)
    .filter(({ what, category }) => what === 'exchange' || category !== GIFT)
    .reduce((sum, { minutes }) => sum + Math.abs(minutes), 0)
}

/** Standing as two tallies and a kind word, said to the person ([EX-10]). */
export function ownStanding(
  { say, speech }: Pick<Writing, 'say' | 'speech'>,
  { givenMinutes, receivedMinutes, balanceMinutes }: MemberStatement,
): string {
  if (givenMinutes === 0 && receivedMinutes === 0 && balanceMinutes === 0) return say('standing.you.none')
  const facts = { given: speech.hours(givenMinutes), received: speech.hours(receivedMinutes) }
  return balanceMinutes > 0
    ? say('standing.you.hours_waiting', { ...facts, left: speech.hours(balanceMinutes) })
    : say('standing.you.welcome', facts)
}

export function ReceiptLetter({ writing, record }: { writing: Writing; record: RecordView }) {
  const { say, speech, facts, today } = writing
  return (
    <Letter writing={writing} to={null} title={say('receipt.title')}>
      <p class={`ch-sentence${record.reversedAt === null ? '' : ' ch-struck'}`}>
        {recordSentence(writing, record, today)}
      </p>
      <p>{say(record.reversedAt === null ? 'receipt.state' : 'receipt.taken_back')}</p>
      <Rows
        rows={[
          [
            say('receipt.phrase'),
            <span class="ch-phrase" dir="ltr">
              {receiptPhrase(record.id)}
            </span>,
          ],
          [say('receipt.reference'), <span dir="ltr">{writtenReference(record.id)}</span>],
          [say('receipt.recorded'), speech.date(dayAt(record.time))],
        ]}
      />
      <p>
        {facts.phone === null
          ? say('receipt.wrong_without_phone')
          : say('receipt.wrong', { phone: facts.phone })}
      </p>
    </Letter>
  )
}
