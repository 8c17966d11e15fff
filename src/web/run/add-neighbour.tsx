/**
 * How does this bank take up an invitation? The link is pasted, the other bank is asked who it is, and one press on
 * "Agree" proposes the line; with a good invitation the other side has agreed already ([REC-6], [LINE-12]).
 */

import { type Bytes, toBase32 } from '../../core/ids.ts'
import { lineWith } from '../../core/ledger/book.ts'
import { LIMITS } from '../../core/limits.ts'
import type { Outcome } from '../../core/refusal.ts'
import { within } from '../../node/deadline.ts'
import type { Neighbour } from '../../node/neighbour.ts'
import { type Invite, parseInvite } from '../../peer/invite.ts'
import { answered, bankNameOf } from '../../register/neighbours.ts'
import type { FieldError } from '../form.ts'
import { Button, TextArea, TextField } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { sheetFirstPage } from '../parts/sheet-first.tsx'
import { type Answer, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { hoursTyped, mostHours, SixWords } from './neighbour.tsx'

const MINUTES = 60
const ANSWER_SECONDS = 5

export const addNeighbourScreen = screen({
  path: '/run/neighbours/add',
  who: ['coordinator'],
  get: (visit) => (visit.desk.sheet.waits() ? sheetFirstPage(visit) : pastePage(visit, [])),
  async post(visit) {
    const { form, say, desk } = visit
    if (desk.sheet.waits()) return sheetFirstPage(visit)
    const invite = parseInvite(form.text('link'))
    if (invite === null) return pastePage(visit, [{ field: 'link', text: say('add_neighbour.link.wrong') }])
    const there = await lineState(visit, invite.bank)
    if (there) return { to: pathOf(invite.bank) }
    const found = await find(visit, invite)
    if (!found.ok) return pastePage(visit, [{ field: 'link', text: refusalText(visit, found.refusal) }])
    return form.has('agree') ? agree(visit, found.value, invite) : checkPage(visit, invite, [])
  },
})

function pathOf(bank: Bytes): string {
  return `/run/neighbours/${toBase32(bank)}`
}

/** Whether there is a line with this bank already, as after a second press. */
function lineState({ desk }: Visit, bank: Bytes): Promise<boolean> {
  return desk.node.read(({ book }) => lineWith(book, bank) !== null)
}

/** Asks the bank itself, where the invitation says that it is. */
function find({ desk }: Visit, { bank, peerId, addresses }: Invite): Promise<Outcome<Neighbour>> {
  const { clock, contacts } = desk.node
  return within(clock, LIMITS.answerSeconds, [], (signal) =>
    contacts.find(bank, [{ peerId, addresses }], signal),
  )
}

async function agree(visit: Visit, found: Neighbour, invite: Invite): Promise<Answer> {
  const { desk, form, say } = visit
  const minutes = hoursTyped(form.text('hours'))
  if (minutes === null)
    return checkPage(visit, invite, [{ field: 'hours', text: say('neighbour.limit.wrong', mostHours()) }])
  const offer = { weMayOwe: minutes, theyMayOwe: minutes }
  const added = await desk.node.addNeighbour(found, offer, invite.token)
  if (!added.ok && added.refusal.code !== 'line_exists')
    return checkPage(visit, invite, [{ field: 'hours', text: refusalText(visit, added.refusal) }])
  await answered(desk.node, invite.bank, ANSWER_SECONDS)
  return { to: `${pathOf(invite.bank)}?saved` }
}

function pastePage({ say, form }: Visit, errors: readonly FieldError[]): Page {
  return {
    title: say('add_neighbour.title'),
    errors,
    back: '/run/neighbours',
    body: (
      <form method="post" action="/run/neighbours/add" novalidate>
        <TextArea
          say={say}
          name="link"
          label={say('add_neighbour.link')}
          hint={say('add_neighbour.link.hint')}
          value={form.text('link')}
          rows={5}
          errors={errors}
        />
        <Button>{say('form.continue')}</Button>
      </form>
    ),
  }
}

function checkPage(visit: Visit, { bank }: Invite, errors: readonly FieldError[]): Page {
  const { say, form, desk } = visit
  const name = bankNameOf(desk.node, bank)
  return {
    title: say('add_neighbour.check.title', { bank: name }),
    errors,
    back: '/run/neighbours/add',
    body: (
      <form method="post" action="/run/neighbours/add" novalidate>
        <Carried fields={{ link: form.text('link'), agree: 'yes' }} />
        <p class="govuk-body">{say('add_neighbour.check.text', { bank: name })}</p>
        <TextField
          say={say}
          name="hours"
          label={say('add_neighbour.hours')}
          hint={say('add_neighbour.hours.hint')}
          value={form.has('hours') ? form.text('hours') : String(LIMITS.firstLineMinutes / MINUTES)}
          suffix={say('neighbour.hours')}
          inputmode="numeric"
          width={4}
          errors={errors}
        />
        <SixWords visit={visit} bank={bank} />
        <Button>{say('neighbour.agree')}</Button>
      </form>
    ),
  }
}
