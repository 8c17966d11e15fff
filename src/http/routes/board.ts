/**
 * What can be asked and done about the board? Who is on it, and what only it decides: giving a silent bank up, taking it
 * up again, and who bears what is lost with it.
 */

import { z } from '@hono/zod-openapi'
import { type Bytes, HASH_BYTES, toHex } from '../../core/ids.ts'
import type { Book } from '../../core/ledger/book.ts'
import { accept, type RefusalCode } from '../../core/refusal.ts'
import {
  decideCover,
  decideGiveUp,
  decideSettleLoss,
  decideTakeUp,
  decideWriteOff,
} from '../../node/board-acts.ts'
import type { Decide } from '../../node/commit.ts'
import type { Seat } from '../../register/board.ts'
import { addToBoard, decidedBy, removeFromBoard } from '../../register/seats.ts'
import { type Desk, type Route, route } from '../route.ts'
import { boardShape, newSeatShape, seatShape } from '../shapes/board.ts'
import { bankName, paymentId } from '../shapes/fields.ts'
import { boardActShape, boardAmountShape, neighbourShape } from '../shapes/neighbours.ts'
import { paymentShape } from '../shapes/payments.ts'
import { paymentJson } from '../views.ts'
import { bytesOf } from './members.ts'
import { NAMED, onBank } from './neighbours.ts'

const byBank = z.object({ bank: bankName })
const BOARD: readonly RefusalCode[] = ['board_too_few', 'board_unknown']
const AMOUNT: readonly RefusalCode[] = ['minutes_not_whole', 'minutes_out_of_range', 'amount_too_large']

export const BOARD_ROUTES: readonly Route[] = [
  route(
    {
      id: 'listBoard',
      method: 'get',
      path: '/board',
      summary: 'Who is on the board',
      answer: boardShape,
      status: 200,
      refusals: [],
    },
    async (desk) => {
      const { node, people } = desk
      return accept({
        board: await node.read(({ book }) =>
          people.board.seated(book).map((seat) => seatView(desk, book, seat)),
        ),
      })
    },
  ),
  route(
    {
      id: 'addToBoard',
      method: 'post',
      path: '/board',
      summary: 'Somebody joins the board',
      body: newSeatShape,
      answer: seatShape,
      status: 201,
      refusals: ['name_missing', 'text_too_long', 'board_known', 'account_unknown', 'number_mistyped'],
    },
    async (desk, { body }) => {
      const wanted = { name: body.name, member: body.member ?? null }
      const outcome = await addToBoard(desk.node, desk.people, wanted, desk.coordinator)
      return outcome.ok ? shownSeat(desk, outcome.value) : outcome
    },
  ),
  route(
    {
      id: 'removeFromBoard',
      method: 'delete',
      path: '/board/{name}',
      summary: 'Somebody leaves the board',
      params: z.object({ name: z.string() }),
      answer: seatShape,
      status: 200,
      refusals: ['board_unknown'],
    },
    async (desk, { params }) => {
      const outcome = await removeFromBoard(desk.node, desk.people, params.name, desk.coordinator)
      return outcome.ok ? shownSeat(desk, outcome.value) : outcome
    },
  ),
  route(
    {
      id: 'giveUpNeighbour',
      method: 'post',
      path: '/neighbours/{bank}/give-up',
      summary: 'The board gives a bank up that has been silent for 30 days',
      params: byBank,
      body: boardActShape,
      answer: neighbourShape,
      status: 200,
      refusals: [...NAMED, 'line_missing', 'line_proposed', 'line_dead', ...BOARD, 'line_not_silent'],
    },
    (desk, { params, body }) =>
      onBank(desk, params.bank, (bank) => {
        const { node } = desk
        const link = node.contacts.link(bank)
        const heard = link?.connected === true ? node.logTime() : (link?.neighbour.heardAt ?? 0)
        return decided(desk, body.board, (board) => decideGiveUp(bank, board, heard))
      }),
  ),
  route(
    {
      id: 'reviveNeighbour',
      method: 'post',
      path: '/neighbours/{bank}/revive',
      summary: 'The board takes a bank up again that came back',
      params: byBank,
      body: boardActShape,
      answer: neighbourShape,
      status: 200,
      refusals: [...NAMED, 'line_missing', 'line_not_dead', ...BOARD, 'heads_not_compared'],
    },
    (desk, { params, body }) =>
      onBank(desk, params.bank, (bank) => {
        const heads = desk.node.contacts.link(bank)?.agreed === true ? 'agree' : 'unknown'
        return decided(desk, body.board, (board) => decideTakeUp(bank, board, heads))
      }),
  ),
  route(
    {
      id: 'acceptRecovery',
      method: 'post',
      path: '/neighbours/{bank}/accept-recovery',
      summary: 'The board accepts that a bank began its log anew and left something out',
      params: byBank,
      body: boardActShape,
      answer: neighbourShape,
      status: 200,
      refusals: [...NAMED, 'line_missing', ...BOARD, 'no_recovery_refused'],
    },
    (desk, { params, body }) =>
      onBank(desk, params.bank, (bank) => decided(desk, body.board, desk.node.acceptRecovery(bank))),
  ),
  route(
    {
      id: 'writeOff',
      method: 'post',
      path: '/neighbours/{bank}/write-off',
      summary: 'The board gives up what a dead bank owes',
      params: byBank,
      body: boardAmountShape,
      answer: neighbourShape,
      status: 200,
      refusals: [...NAMED, 'line_missing', 'line_not_dead', ...BOARD, ...AMOUNT],
    },
    (desk, { params, body }) =>
      onBank(desk, params.bank, (bank) =>
        decided(desk, body.board, (board) => decideWriteOff(bank, body.minutes, board)),
      ),
  ),
  route(
    {
      id: 'settleLoss',
      method: 'post',
      path: '/neighbours/{bank}/settle-loss',
      summary: 'The pot bears what was written off, or gets it back',
      params: byBank,
      body: boardAmountShape,
      answer: neighbourShape,
      status: 200,
      refusals: [...NAMED, ...BOARD, ...AMOUNT, 'fund_missing'],
    },
    (desk, { params, body }) =>
      onBank(desk, params.bank, (bank) =>
        decided(desk, body.board, (board) => decideSettleLoss(bank, body.minutes, board)),
      ),
  ),
  route(
    {
      id: 'coverPayment',
      method: 'post',
      path: '/payments/{id}/cover',
      summary: 'The pot pays back hours that are on their way to a dead bank',
      params: z.object({ id: paymentId }),
      body: boardActShape,
      answer: paymentShape,
      status: 200,
      refusals: ['payment_unknown', 'not_coverable', 'line_not_dead', ...BOARD, 'fund_missing'],
    },
    async (desk, { params, body }) => {
      const id = bytesOf(params.id, HASH_BYTES)
      const outcome = await decided(desk, body.board, (board) => decideCover(id, board))
      if (!outcome.ok) return outcome
      const view = await desk.node.payment(id)
      return view.ok ? accept(paymentJson(desk, view.value)) : view
    },
  ),
]

/** A decision of the members of the board who are named. */
function decided<T>(desk: Desk, names: readonly string[], act: (board: readonly Bytes[]) => Decide<T>) {
  return desk.node.commit(decidedBy(desk.people, names, act))
}

async function shownSeat(desk: Desk, seat: Seat) {
  return accept(await desk.node.read(({ book }) => seatView(desk, book, seat)))
}

function seatView({ people }: Desk, book: Book, seat: Seat) {
  const account = book.roles.get(toHex(seat.actor))?.ownAccount ?? null
  return { name: seat.name, number: account === null ? null : (people.byAccount(account)?.number ?? null) }
}
