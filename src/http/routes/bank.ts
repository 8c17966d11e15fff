/**
 * What can be asked about the bank as a whole? How it is, whether it signs, and what to do about its clock.
 */

import { toBase32, toHex } from '../../core/ids.ts'
import { bookSum } from '../../core/ledger/book.ts'
import { accept, refuse } from '../../core/refusal.ts'
import type { Gate } from '../../node/gate.ts'
import { printPeerAddresses } from '../../peer/peer-address.ts'
import { actingCoordinator } from '../../register/office.ts'
import { refusalWords } from '../../words/refusals.ts'
import { type Route, route } from '../route.ts'
import { confirmLogShape, doneShape, keyChangeShape, statusShape } from '../shapes/bank.ts'

export const BANK_ROUTES: readonly Route[] = [
  route(
    {
      id: 'status',
      method: 'get',
      path: '/status',
      summary: 'How the bank is',
      answer: statusShape,
      status: 200,
      refusals: [],
    },
    async ({ node, people, version }) => {
      const acting = await actingCoordinator(node, people)
      const { transport, directory } = node
      const look = await node.read(({ book }) => ({
        name: book.card?.name ?? book.name,
        hold_minutes: book.hold,
        sum_minutes: bookSum(book),
        lines_open: book.lines.filter((line) => line.state === 'open').length,
        payments_open: [...book.asPayer.open()].length + [...book.asPayee.open()].length,
        epoch: node.own.epoch,
        head: node.head,
      }))
      const { head, ...shown } = look
      return accept({
        bank_id: toBase32(node.bank),
        ...shown,
        version,
        coordinator: acting?.name ?? '',
        size: head.size,
        root: toHex(head.root),
        time: node.logTime(),
        ...signingOf(node.gate),
        peer_id: transport.peerId,
        addresses: printPeerAddresses({ peerId: transport.peerId, addresses: transport.addresses() }),
        banks_known: directory?.known() ?? null,
        neighbours_connected: node.contacts.all().filter((link) => link.connected).length,
        members: people.all().filter(({ kind }) => kind === 'member' || kind === 'organisation').length,
      })
    },
  ),
  route(
    {
      id: 'changeKey',
      method: 'post',
      path: '/key/rotate',
      summary: 'Change the log key; what is held is ended',
      answer: keyChangeShape,
      status: 200,
      refusals: ['key_weak', 'key_changes_used_up'],
    },
    async (desk) => {
      const changed = await desk.changeKey()
      if (!changed.ok) return changed
      return accept({ epoch: changed.value.epoch, aborted_payments: changed.value.aborted })
    },
  ),
  route(
    {
      id: 'confirmClock',
      method: 'post',
      effect: 'none',
      path: '/clock/confirm',
      summary: 'Say that the clock of this machine is right',
      answer: doneShape,
      status: 200,
      refusals: [],
    },
    async ({ node }) => {
      node.gate.confirmClock()
      return accept({ done: true })
    },
  ),
  route(
    {
      id: 'confirmLog',
      method: 'post',
      effect: 'none',
      path: '/log/confirm',
      summary: 'Vouch for a log whose guard is lost, by typing its size and the first digits of its root',
      body: confirmLogShape,
      answer: doneShape,
      status: 200,
      refusals: ['log_behind_guard', 'log_behind_neighbour', 'start_waits', 'clock_unsure'],
    },
    async ({ node }, { body }) => {
      // A bank that signs already has nothing to be vouched for.
      if (node.gate.state() === null) return accept({ done: true })
      const outcome = await node.confirmLog(body)
      if (outcome.ok) return accept({ done: true })
      return node.gate.state() === 'wait'
        ? refuse('start_waits', { neighbours: node.gate.waitingFor })
        : outcome
    },
  ),
]

function signingOf(gate: Gate) {
  const state = gate.state()
  const refusal =
    state === null || state === 'wait' ? null : { code: state.code, detail: refusalWords(state) }
  const signing: 'yes' | 'waiting' | 'no' = state === null ? 'yes' : state === 'wait' ? 'waiting' : 'no'
  return { signing, refusal, waiting_for_neighbours: state === 'wait' ? gate.waitingFor : 0 }
}
