/** What if a bank is gone for ever, or for so long that it was given up? The acts of boards, while machines die. */

import { type Bytes, toHex } from '../../../src/core/ids.ts'
import { accept, type RefusalCode } from '../../../src/core/refusal.ts'
import {
  decideCover,
  decideGiveUp,
  decideSeat,
  decideSettleLoss,
  decideTakeUp,
  decideUnseat,
  decideWriteOff,
} from '../../../src/node/board-acts.ts'
import type { Decide } from '../../../src/node/commit.ts'
import type { Town } from '../../sim/world.ts'
import type { Ask } from '../asks.ts'
import { type Scenario, two } from '../scenario.ts'
import type { Payment, Stage } from '../stage.ts'
import { issues } from './house.ts'

/** Days after which a silent bank may be given up, and one more. */
const SILENT_DAYS = 31

export const BOARDS: readonly Scenario[] = [
  {
    name: "the payee's bank is gone for ever, and the pot pays back",
    shape: two(),
    rows: ["payee's bank gone for ever after the commit: covered"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const board = await elects(stage, harbour)
      const payment = await sentAndNotHeard(stage, ['covered'])
      stage.leaveForEver(millbrook)
      await givesUp(stage, harbour, millbrook, board)
      await covers(stage, harbour, payment, board)
      await stage.settled()
      stage.demandEntries('pay.cover', 1)
    },
  },
  {
    name: "the payer's bank is gone for ever, and its debt is written off",
    shape: two(),
    rows: ["payer's bank gone for ever after its commit arrived: written off"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const board = await elects(stage, millbrook)
      stage.pay(harbour, millbrook, 60, { postal: true, ends: ['paid'] })
      await stage.settled()
      stage.leaveForEver(harbour)
      await givesUp(stage, millbrook, harbour, board)
      await writesOff(stage, millbrook, harbour, board)
      const peer = harbour.bank.bank
      await acts(stage, millbrook, 'settle', decideSettleLoss(peer, 60, board), 'amount_too_large')
      await stage.settled()
      stage.demandEntries('line.writeoff', 1)
      stage.demandEntries('susp.settle', 1)
    },
  },
  {
    name: 'a bank that was given up comes back',
    shape: two(),
    rows: ["payee's bank gone for ever after the commit: covered"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const board = await elects(stage, harbour)
      // The grace of the promise is over by then.
      const payment = await sentAndNotHeard(stage, ['returned'])
      stage.leave(millbrook)
      await givesUp(stage, harbour, millbrook, board)
      await covers(stage, harbour, payment, board)
      stage.calm()
      stage.comeBack(millbrook)
      await takesUp(stage, harbour, millbrook, board)
      await stage.settled()
      // The handle of a month ago has run out.
      stage.pay(millbrook, harbour, 25, { handle: await issues(stage, harbour), ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'a debt was written off, and the bank comes back',
    shape: two(),
    rows: ["payer's bank gone for ever after its commit arrived: written off"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const board = await elects(stage, millbrook)
      stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.settled()
      stage.leave(harbour)
      await givesUp(stage, millbrook, harbour, board)
      await writesOff(stage, millbrook, harbour, board)
      const peer = harbour.bank.bank
      await acts(stage, millbrook, 'settle', decideSettleLoss(peer, 60, board), 'amount_too_large')
      stage.comeBack(harbour)
      await takesUp(stage, millbrook, harbour, board)
      await acts(stage, millbrook, 'settle back', decideSettleLoss(peer, 60, board), 'amount_too_large')
      await stage.settled()
      // The handle of a month ago has run out.
      stage.pay(millbrook, harbour, 25, { handle: await issues(stage, harbour), ends: ['paid'] })
      await stage.settled()
      stage.demandEntries('line.writeoff', 2)
      stage.demandEntries('susp.settle', 2)
    },
  },
  {
    name: 'a member of the board leaves office',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const [first] = await elects(stage, harbour)
      const nonce = stage.bytes(16)
      await acts(stage, harbour, 'unseat', decideUnseat(first as Bytes, nonce), 'board_unknown')
      stage.pay(harbour, millbrook, 30, { ends: ['paid'] })
      await stage.settled()
      stage.demandEntries('role.grant', 2)
      stage.demandEntries('role.revoke', 1)
    },
  },
]

/** A payment from Harbour that is decided, and of which Millbrook hears nothing until the network is calm. */
async function sentAndNotHeard(stage: Stage, ends: Payment['ends']): Promise<Payment> {
  const { harbour, millbrook } = stage
  stage.harm({ from: harbour, messages: ['commit'], fate: 'withheld' })
  const payment = stage.pay(harbour, millbrook, 60, { ends })
  await stage.until(() => (stage.seen(payment)?.sent ?? null) !== null)
  await stage.answered(payment.ask)
  return payment
}

/** Two members of a board; asked again, they are in office already. */
async function elects(stage: Stage, town: Town): Promise<Bytes[]> {
  const board = [stage.bytes(16), stage.bytes(16)]
  for (const actor of board) {
    const seat = decideSeat({ actor, ownAccount: null, nonce: stage.bytes(16) }, [])
    await acts(stage, town, 'elect', (book, now) =>
      book.roles.has(toHex(actor)) ? accept({ entries: [], value: null }) : seat(book, now),
    )
  }
  return board
}

async function givesUp(stage: Stage, town: Town, silent: Town, board: readonly Bytes[]): Promise<void> {
  await stage.days(SILENT_DAYS)
  await acts(stage, town, 'give up', decideGiveUp(silent.bank.bank, board, 0), 'line_dead')
}

async function covers(stage: Stage, town: Town, payment: Payment, board: readonly Bytes[]): Promise<void> {
  await acts(stage, town, 'cover', decideCover(payment.wish.id, board), 'not_coverable')
  stage.world.coverage.met('board: a payment on its way there is covered')
}

async function writesOff(stage: Stage, town: Town, gone: Town, board: readonly Bytes[]): Promise<void> {
  await acts(stage, town, 'write off', decideWriteOff(gone.bank.bank, 60, board), 'amount_too_large')
  stage.world.coverage.met('board: what it owed is written off')
}

/** Once both have seen that the other has the history it knew. */
async function takesUp(stage: Stage, town: Town, back: Town, board: readonly Bytes[]): Promise<void> {
  const peer = back.bank.bank
  await stage.until(() => town.bank.node?.contacts.link(peer)?.agreed === true)
  await acts(stage, town, 'take up', decideTakeUp(peer, board, 'agree'), 'line_not_dead')
  // What the other has only in its memory may be lost once more.
  for (let i = 0; i < 2; i++) {
    await stage.until(() => back.bank.node?.contacts.link(town.bank.bank)?.neighbour.pausedThere === false)
    await stage.pass(1)
  }
}

/** A decision of the board, pressed until it is answered. */
async function acts<T>(
  stage: Stage,
  town: Town,
  what: string,
  decide: Decide<T>,
  ...allowed: readonly RefusalCode[]
): Promise<Ask> {
  const ask = stage.ask(town, what, (node) => node.commit(decide))
  stage.allow(ask, ...allowed)
  await stage.answered(ask)
  return ask
}
