/**
 * What do people read on the page of a payment that somebody calls wrong, that was put right, or that put another one right?
 * The same at both banks: the words of the payment that took the hours back belong to both ([DESK-14]).
 */

import { toHex } from '../../core/ids.ts'
import type { Case } from '../../register/case-rows.ts'
import { type CrossingView, readCrossing } from '../../register/crossings.ts'
import { isFinished, type Stage, stageOf } from '../../register/putting-right.ts'
import { receiptPhrase } from '../../words/phrase.ts'
import type { Visit } from '../screen.ts'
import type { Row } from './rows.tsx'
import { CaseState } from './says-wrong.tsx'

/** How far this payment is from being right. */
export interface Wrong {
  readonly one: Case | null
  readonly stage: Stage | null
  /** The payment that took its hours back, with the words both banks have. */
  readonly back: CrossingView | null
  /** The payment whose hours this one takes back. */
  readonly puts: Uint8Array | null
}

export async function readWrong({ desk }: Pick<Visit, 'desk'>, id: Uint8Array): Promise<Wrong> {
  const { node, people, cases } = desk
  const [one, puts] = [cases.find(id), cases.putRightBy(id)]
  if (one === null) return { one, puts, stage: null, back: null }
  const { stage } = await stageOf(desk, one)
  const read = one.back === null ? null : await readCrossing(node, people, one.back)
  return { one, puts, stage, back: read?.ok ? read.value : null }
}

/** Whether it was put right: both banks' pages say so, and the old sentence is struck through. */
export function isPutRight({ stage }: Wrong): boolean {
  return stage === 'corrected'
}

/** Whether the page may change without anybody here doing anything. */
export function waitsForThem({ stage }: Wrong): boolean {
  return stage === 'asked' || stage === 'on_its_way'
}

/** The way back to what this payment put right; `below` begins the paths of such pages. */
export function putsRightRows(visit: Pick<Visit, 'say'>, { puts }: Wrong, below: string): readonly Row[] {
  if (puts === null) return []
  const link = (
    <a class="govuk-link" href={`${below}/${toHex(puts)}`}>
      <span class="ch-phrase" dir="ltr">
        {receiptPhrase(puts)}
      </span>
    </a>
  )
  return [[visit.say('crossing.puts_right'), link]]
}

/** How things stand, why, and the payment by which the hours went back. */
export function WrongState({
  visit,
  wrong: { one, stage, back },
  bank,
  below,
}: {
  visit: Pick<Visit, 'say' | 'speech'>
  wrong: Wrong
  bank: string
  below: string
}) {
  const { say, speech } = visit
  if (one === null) return null
  const shown = stage === 'corrected' && back?.note ? { ...one, answer: speech.alone(back.note) } : one
  const said =
    stage === 'open' || stage === 'lapsed' || stage === 'came_back'
      ? say('case.open.across', { bank })
      : stage === 'asked' || stage === 'on_its_way'
        ? say(`case.${stage}`, { bank })
        : null
  const more = (
    <>
      {said === null ? null : <p class="govuk-body">{said}</p>}
      {back === null || (stage !== 'corrected' && stage !== 'on_its_way') ? null : (
        <p class="govuk-body">
          <a class="govuk-link" href={`${below}/${toHex(back.id)}`}>
            {say('crossing.went_back')}
          </a>
        </p>
      )}
    </>
  )
  return <CaseState visit={visit} one={shown} more={more} />
}

/** Whether somebody can still say that it is wrong: it moved hours, and nobody has said so before. */
export function canBeCalledWrong(crossing: CrossingView, { one }: Wrong): boolean {
  return isFinished(crossing) && one === null
}
