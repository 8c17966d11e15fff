/**
 * How is one payment between banks shown, and what can be done about it? The state in a bold word, one line under it, who
 * helped whom; where hours are only set aside, every way on: wait, send anyway, cancel (flow D, [PAY-12]); and once it is
 * done, the way to say that it was wrong (flow H).
 */

import { fromHex, HASH_BYTES, toHex } from '../../core/ids.ts'
import type { Outcome } from '../../core/refusal.ts'
import type { Coordinator } from '../../register/coordinators.ts'
import { type CrossingView, readCrossing } from '../../register/crossings.ts'
import type { Act, SignedInAct } from '../../register/exchanges.ts'
import { cancelPayment, recallPayment } from '../../register/payments.ts'
import { isFinished } from '../../register/putting-right.ts'
import { sendAgain, waitOrSendAnyway } from '../../register/sending-again.ts'
import { receiptPhrase } from '../../words/phrase.ts'
import { type Answer, type Page, refusalText, type Visit } from '../screen.ts'
import { crossingSentence, crossingText, crossingTitle, isOpen } from './crossings.ts'
import { Button, ButtonLink } from './form-parts.tsx'
import { helpWords } from './help-fields.tsx'
import {
  canBeCalledWrong,
  isPutRight,
  putsRightRows,
  readWrong,
  type Wrong,
  WrongState,
  waitsForThem,
} from './put-right.tsx'
import { deputyRows, Rows } from './rows.tsx'

/** Seconds within which a neighbour that is awake has answered; longer, and whoever waits is told. */
const ANSWER_SECONDS = 2

/** The payment of this path at this bank, or null. */
export async function crossingOfPath({ desk, params }: Visit): Promise<CrossingView | null> {
  const id = fromHex(params.id ?? '', HASH_BYTES)
  const read = id === null ? null : await readCrossing(desk.node, desk.people, id)
  return read?.ok ? read.value : null
}

/** Waits a moment for the end, so that whoever has no script reads it at once. */
export async function whenAnswered({ desk }: Pick<Visit, 'desk'>, id: Uint8Array): Promise<void> {
  await desk.node.settled(id, ANSWER_SECONDS)
}

/** `below` is the path of such pages, `failed` what could not be done. */
export async function crossingPage(
  visit: Visit,
  crossing: CrossingView,
  { below, back, failed }: { below: string; back: string; failed: string | null },
): Promise<Page> {
  const { say, speech, desk, today } = visit
  const { id, category, note, bankName: bank } = crossing
  const path = `${below}/${toHex(id)}`
  const wrong = await readWrong(visit, id)
  const isChanged = isPutRight(wrong)
  return {
    title: isChanged ? say('crossing.changed.title') : crossingTitle(visit, crossing),
    errors: failed === null ? [] : [{ field: null, text: failed }],
    back,
    live: {
      state: `${crossing.state} ${crossing.reason ?? ''} ${wrong.stage ?? ''}`,
      waits: isOpen(crossing) || waitsForThem(wrong),
    },
    body: (
      <>
        <p class="govuk-body-l">{isChanged ? say('crossing.changed.text') : crossingText(visit, crossing)}</p>
        <p class={`ch-sentence${isChanged ? ' ch-struck' : ''}`}>
          {crossingSentence(visit, crossing, today)}
        </p>
        <WrongState visit={visit} wrong={wrong} bank={bank} below={below} />
        <Rows
          rows={[
            ...(crossing.state === 'dead' || crossing.state === 'released'
              ? []
              : [
                  [
                    say('record.phrase'),
                    <span class="ch-phrase" dir="ltr">
                      {receiptPhrase(id)}
                    </span>,
                  ] as const,
                ]),
            [
              say('record.kind'),
              speech.alone(helpWords(say, { category, note: note ?? '' })) || say('help.category.none'),
            ],
            [say('crossing.since'), speech.moment(crossing.begun, desk.zone)],
            ...deputyRows(visit, crossing),
            ...putsRightRows(visit, wrong, below),
          ]}
        />
        {crossing.role === 'payer' ? <WaysOn visit={visit} crossing={crossing} path={path} /> : null}
        <WrongWays visit={visit} crossing={crossing} wrong={wrong} path={path} />
      </>
    ),
  }
}

/** What a member, or the desk, can do about a payment that is done and was wrong. */
function WrongWays({
  visit,
  crossing,
  wrong,
  path,
}: {
  visit: Visit
  crossing: CrossingView
  wrong: Wrong
  path: string
}) {
  const { say, facts, visitor } = visit
  if (visitor.kind !== 'member')
    return isFinished(crossing) && crossing.person !== null ? (
      <DeskWays say={say} crossing={crossing} wrong={wrong} path={path} />
    ) : null
  return (
    <>
      {canBeCalledWrong(crossing, wrong) ? (
        <p class="govuk-body ch-no-print">
          <a class="govuk-link" href={`${path}/wrong`}>
            {say('own_record.say_wrong')}
          </a>
        </p>
      ) : null}
      <p class="govuk-body">
        {facts.phone === null
          ? say('own_record.wrong')
          : say('own_record.wrong_phone', { phone: facts.phone })}
      </p>
    </>
  )
}

/** The case, or a way to open one; and where the hours came to, the way to give them back. */
function DeskWays({
  say,
  crossing: { role },
  wrong: { one, stage },
  path,
}: {
  say: Visit['say']
  crossing: CrossingView
  wrong: Wrong
  path: string
}) {
  const canBegin = stage === null || stage === 'stands' || stage === 'withdrawn'
  const canGive = role === 'payee' && stage !== 'corrected' && stage !== 'on_its_way'
  return (
    <div class="ch-row ch-no-print">
      {one === null ? null : (
        <ButtonLink to={`${path}/case`} kind="second">
          {say('desk_crossing.case')}
        </ButtonLink>
      )}
      {canBegin ? (
        <ButtonLink to={`${path}/wrong`} kind="second">
          {say('desk_crossing.wrong')}
        </ButtonLink>
      ) : null}
      {canGive ? (
        <ButtonLink to={`${path}/back`} kind="second">
          {say('give_back.title')}
        </ButtonLink>
      ) : null}
    </div>
  )
}

/** What whoever was helped, or the desk for them, can do now. */
function WaysOn({ visit, crossing, path }: { visit: Visit; crossing: CrossingView; path: string }) {
  const { say, desk, query } = visit
  const bank = crossing.bankName
  const isThere = crossing.bank !== null && (desk.node.contacts.link(crossing.bank)?.connected ?? false)
  if (crossing.state === 'sent')
    return (
      <form method="post" action={path} class="ch-no-print">
        {query.has('asked') ? <p class="govuk-body">{say('crossing.asked_back', { bank })}</p> : null}
        <Button kind="second" name="recall" value="yes">
          {say('crossing.recall')}
        </Button>
      </form>
    )
  const isHeld = crossing.state === 'held'
  const isOver =
    crossing.state === 'dead' && (crossing.reason === 'too_late' || crossing.reason === 'cancelled')
  if (!isHeld && !isOver) return null
  return (
    <form method="post" action={path} class="ch-no-print">
      {isHeld && !isThere ? <p class="govuk-body">{say('crossing.held.away', { bank })}</p> : null}
      <div class="ch-row">
        {isHeld && isThere ? null : (
          <>
            <Button name="wait" value="yes">
              {say('crossing.wait')}
            </Button>
            <Button kind="second" name="send" value="yes">
              {say('crossing.send')}
            </Button>
          </>
        )}
        {isHeld ? (
          <Button kind="second" name="cancel" value="yes">
            {say('crossing.cancel')}
          </Button>
        ) : null}
      </div>
      {isHeld && isThere ? null : <p class="govuk-hint">{say('crossing.send.hint', { bank })}</p>}
      <p class="govuk-hint">{say('crossing.safe')}</p>
    </form>
  )
}

/** Does what was pressed; a press that comes late finds what was done. `below` is the path of such pages. */
export async function answerCrossing(
  visit: Visit,
  crossing: CrossingView,
  how: {
    readonly by: Act | SignedInAct
    readonly coordinator: Coordinator | null
    readonly below: string
    readonly back: string
  },
): Promise<Answer> {
  const { desk, form } = visit
  const { node, people } = desk
  const { id } = crossing
  const path = `${how.below}/${toHex(id)}`
  const { below, back } = how
  const shown = (failed: string): Promise<Page> => crossingPage(visit, crossing, { below, back, failed })
  const ended = async (outcome: Outcome<unknown>, to: string): Promise<Answer> =>
    outcome.ok ? { to } : shown(refusalText(visit, outcome.refusal))
  const whose = 'member' in how.by ? how.by : how.coordinator
  if (form.has('cancel')) return ended(await cancelPayment(node, people, id, whose), path)
  if (form.has('recall')) return ended(await recallPayment(node, people, id, whose), `${path}?asked`)
  if (!form.has('wait') && !form.has('send')) return { to: path }
  const postal = form.has('send')
  const again = crossing.state === 'dead' ? sendAgain : waitOrSendAnyway
  const sent = await again(node, people, id, { postal }, how.by)
  if (!sent.ok) return shown(refusalText(visit, sent.refusal))
  await whenAnswered(visit, sent.value.id)
  return { to: `${how.below}/${toHex(sent.value.id)}` }
}
