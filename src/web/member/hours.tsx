/**
 * What does a member read about the own hours? Both tallies in a sentence, every line of the chosen months, on screen, on
 * paper and as a file; and one record with its phrase ([EX-10], [EX-21]).
 */

import { toHex } from '../../core/ids.ts'
import { statementCsv } from '../../register/statement-csv.ts'
import { type MemberLine, memberStatement } from '../../register/statements.ts'
import { writtenReference } from '../../register/verify.ts'
import { receiptPhrase } from '../../words/phrase.ts'
import { helpWords } from '../parts/help-fields.tsx'
import { isStruck, lineWords } from '../parts/lines.tsx'
import { deputyRows, Rows } from '../parts/rows.tsx'
import { CaseState } from '../parts/says-wrong.tsx'
import { recordSentence } from '../parts/sentences.ts'
import { notHere, screen, type Visit } from '../screen.ts'
import { ownStanding } from './home.tsx'
import { ownRecord } from './wrong.tsx'

export const hoursScreen = screen({
  path: '/hours',
  who: ['member'],
  shows: ['name', 'record_words'],
  async get(visit) {
    const { say, desk, visitor } = visit
    const read = await memberStatement(desk.node, desk.people, visitor.person.number)
    if (!read.ok) return notHere(visit)
    const lines = [...read.value.lines].reverse()
    return {
      title: say('hours.title'),
      back: '/me',
      body: (
        <>
          <p class="govuk-body-l">{ownStanding(visit, read.value)}</p>
          <p class="govuk-body">{say('hours.number', { number: visitor.person.number })}</p>
          {lines.length === 0 ? (
            <p class="govuk-body">{say('person.nothing_yet')}</p>
          ) : (
            <OwnLines visit={visit} lines={lines} />
          )}
          <p class="govuk-body ch-no-print">
            <a class="govuk-link" href="/hours.csv">
              {say('hours.file')}
            </a>
          </p>
          <p class="govuk-body ch-no-print">{say('hours.print')}</p>
        </>
      ),
    }
  },
})

export const hoursFileScreen = screen({
  path: '/hours.csv',
  who: ['member'],
  shows: ['name', 'record_words'],
  async get(visit) {
    const { desk, visitor } = visit
    const read = await memberStatement(desk.node, desk.people, visitor.person.number)
    if (!read.ok) return notHere(visit)
    const rows = read.value.lines.map((line) => ({
      line,
      words: lineWords(visit, line),
      isStruck: isStruck(visit, line),
    }))
    return { file: statementCsv(rows), name: 'hours.csv', type: 'text/csv; charset=utf-8' }
  },
})

function OwnLines({ visit, lines }: { visit: Visit; lines: readonly MemberLine[] }) {
  const { say, speech } = visit
  return (
    <ul class="ch-cards">
      {lines.map((line) => (
        <li class="ch-card">
          <p class="govuk-body-s">{speech.date(line.day ?? Math.floor(line.time / 86_400))}</p>
          <p class={`govuk-body${isStruck(visit, line) ? ' ch-struck' : ''}`}>
            {say('hours.line', {
              what: lineWords(visit, line),
              length: speech.hours(Math.abs(line.minutes)),
            })}
          </p>
          {line.what === 'exchange' ? (
            <a class="govuk-link" href={`/records/${line.index}`}>
              {say('hours.receipt')}
              <span class="govuk-visually-hidden"> {lineWords(visit, line)}</span>
            </a>
          ) : line.bank !== null && line.what !== 'loss' ? (
            <a class="govuk-link" href={`/crossings/${toHex(line.id)}`}>
              {say('hours.receipt')}
              <span class="govuk-visually-hidden"> {lineWords(visit, line)}</span>
            </a>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

export const ownRecordScreen = screen({
  path: '/records/:index',
  who: ['member'],
  shows: ['name', 'record_words'],
  async get(visit) {
    const { say, speech, desk, query, today, facts } = visit
    const record = await ownRecord(visit)
    if (record === null) return notHere(visit)
    const one = desk.cases.find(record.id)
    const taken = record.reversedAt !== null
    const state = taken
      ? 'record.state.taken_back'
      : query.has('again')
        ? 'record.state.again'
        : 'own_record.done'
    return {
      title: say(state),
      back: '/me',
      body: (
        <>
          <p class={`ch-sentence${taken ? ' ch-struck' : ''}`}>{recordSentence(visit, record, today)}</p>
          <Rows
            rows={[
              [
                say('record.phrase'),
                <span class="ch-phrase" dir="ltr">
                  {receiptPhrase(record.id)}
                </span>,
              ],
              [
                say('receipt.reference'),
                <span class="ch-reference" dir="ltr">
                  {writtenReference(record.id)}
                </span>,
              ],
              [
                say('record.kind'),
                speech.alone(helpWords(say, { category: record.category, note: record.note ?? '' })) ||
                  say('help.category.none'),
              ],
              ...deputyRows(visit, record),
            ]}
          />
          <ul class="govuk-list ch-no-print">
            <li>
              <a class="govuk-link" href={`/records/${record.index}/proof`}>
                {say('own_record.proof')}
              </a>
            </li>
            <li>
              <a class="govuk-link" href="/verify">
                {say('own_record.check')}
              </a>
            </li>
          </ul>
          {one === null ? null : <CaseState visit={visit} one={one} />}
          {taken || one !== null ? null : (
            <p class="govuk-body ch-no-print">
              <a class="govuk-link" href={`/records/${record.index}/wrong`}>
                {say('own_record.say_wrong')}
              </a>
            </p>
          )}
          <p class="govuk-body">
            {facts.phone === null
              ? say('own_record.wrong')
              : say('own_record.wrong_phone', { phone: facts.phone })}
          </p>
        </>
      ),
    }
  },
})
