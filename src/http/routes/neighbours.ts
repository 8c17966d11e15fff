/**
 * What can be asked and done about other banks? Finding them, opening a line, its limits, pausing it, inviting.
 */

import { z } from '@hono/zod-openapi'
import { BANK_ID_BYTES, type Bytes, fromBase32, toBase32 } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, type RefusalCode, refuse } from '../../core/refusal.ts'
import type { Neighbour } from '../../node/neighbour.ts'
import { makeInvite, parseInvite } from '../../peer/invite.ts'
import { parsePeerAddress, printPeerAddresses } from '../../peer/peer-address.ts'
import type { Whereabouts } from '../../peer/ports.ts'
import { readyForNeighbours } from '../../register/sheet-on-hold.ts'
import { findNeighbour, oneNamed } from '../named-bank.ts'
import { type Desk, type Route, route } from '../route.ts'
import { bankName } from '../shapes/fields.ts'
import {
  findShape,
  foundShape,
  inviteShape,
  limitShape,
  neighbourShape,
  neighboursShape,
  newNeighbourShape,
} from '../shapes/neighbours.ts'
import { neighbourView, proposalView } from '../views.ts'

const byBank = z.object({ bank: bankName })
export const NAMED: readonly RefusalCode[] = ['bank_unknown', 'bank_ambiguous']

export const NEIGHBOUR_ROUTES: readonly Route[] = [
  route(
    {
      id: 'listNeighbours',
      method: 'get',
      path: '/neighbours',
      summary: 'Neighbouring banks, banks that ask for a line, and banks that may not ask',
      answer: neighboursShape,
      status: 200,
      refusals: [],
    },
    async (desk) => accept(await allNeighbours(desk)),
  ),
  route(
    {
      id: 'findBank',
      method: 'post',
      effect: 'none',
      path: '/neighbours/find',
      summary: 'Find a bank by its id',
      body: findShape,
      answer: foundShape,
      status: 200,
      refusals: ['own_bank', 'bank_unknown'],
    },
    async ({ node }, { body, signal }) => {
      const where = whereOf(body.addresses ?? [])
      if (!where.ok) return where
      const found = await node.contacts.find(idOf(body.bank_id), where.value, signal)
      return found.ok ? accept(foundView(found.value)) : found
    },
  ),
  route(
    {
      id: 'addNeighbour',
      method: 'post',
      path: '/neighbours',
      summary: 'Propose a line to another bank',
      body: newNeighbourShape,
      answer: neighbourShape,
      status: 201,
      refusals: ['sheet_waits', 'own_bank', 'bank_unknown', 'limit_out_of_range', 'line_exists'],
    },
    async (desk, { body, signal }) => {
      const { node } = desk
      const ready = readyForNeighbours(desk.sheet)
      if (!ready.ok) return ready
      const wanted = wantedBank(body)
      if (!wanted.ok) return wanted
      const { bank, where, token } = wanted.value
      const found = await node.contacts.find(bank, where, signal)
      if (!found.ok) return found
      const offer = { weMayOwe: body.we_may_owe_minutes, theyMayOwe: body.they_may_owe_minutes }
      const added = await node.addNeighbour(found.value, offer, token)
      return added.ok ? shown(desk, bank) : added
    },
  ),
  route(
    {
      id: 'acceptNeighbour',
      method: 'post',
      path: '/neighbours/{bank}/accept',
      summary: 'Agree to a line that another bank proposed',
      params: byBank,
      answer: neighbourShape,
      status: 200,
      refusals: [...NAMED, 'sheet_waits', 'proposal_unknown', 'line_exists'],
    },
    async (desk, { params }) => {
      const ready = readyForNeighbours(desk.sheet)
      return ready.ok ? onBank(desk, params.bank, (bank) => desk.node.acceptNeighbour(bank)) : ready
    },
  ),
  route(
    {
      id: 'refuseNeighbour',
      method: 'post',
      path: '/neighbours/{bank}/refuse',
      summary: 'Say no to a bank that asks for a line, for good',
      params: byBank,
      answer: neighboursShape,
      status: 200,
      refusals: [...NAMED, 'proposal_unknown'],
    },
    async (desk, { params }) => {
      const bank = await findNeighbour(desk, params.bank)
      if (!bank.ok) return bank
      const outcome = await desk.node.neighbourhood.refuse(bank.value)
      return outcome.ok ? accept(await allNeighbours(desk)) : outcome
    },
  ),
  route(
    {
      id: 'letNeighbourAsk',
      method: 'post',
      path: '/neighbours/{bank}/let-ask',
      summary: 'Let a bank ask for a line again',
      params: byBank,
      answer: neighboursShape,
      status: 200,
      refusals: NAMED,
    },
    async (desk, { params }) => {
      const { neighbourhood } = desk.node
      const all = neighbourhood.refused().map(({ bank, name }) => ({ bank, name }))
      const bank = oneNamed(params.bank, all)
      if (!bank.ok) return bank
      const outcome = await neighbourhood.letAsk(bank.value)
      return outcome.ok ? accept(await allNeighbours(desk)) : outcome
    },
  ),
  route(
    {
      id: 'limitNeighbour',
      method: 'post',
      path: '/neighbours/{bank}/limit',
      summary: 'Set how much a neighbouring bank may owe',
      params: byBank,
      body: limitShape,
      answer: neighbourShape,
      status: 200,
      refusals: [...NAMED, 'line_missing', 'line_proposed', 'limit_out_of_range', 'limit_waits'],
    },
    (desk, { params, body }) =>
      onBank(desk, params.bank, (bank) => desk.node.limitNeighbour(bank, body.they_may_owe_minutes)),
  ),
  ...(['pause', 'resume'] as const).map((act) =>
    route(
      {
        id: `${act}Neighbour`,
        method: 'post',
        path: `/neighbours/{bank}/${act}`,
        summary:
          act === 'pause'
            ? 'Stop new hours on a line'
            : 'Let new hours pass again; takes back a close that was not answered',
        params: byBank,
        answer: neighbourShape,
        status: 200,
        refusals: [
          ...NAMED,
          'line_missing',
          'line_proposed',
          'line_dead',
          act === 'pause' ? 'line_paused' : 'not_paused',
        ],
      },
      (desk, { params }) => onBank(desk, params.bank, (bank) => desk.node.pauseNeighbour(bank, act)),
    ),
  ),
  route(
    {
      id: 'closeNeighbour',
      method: 'post',
      path: '/neighbours/{bank}/close',
      summary: 'End the line to a bank, once both agree and nothing is owed; withdraws a proposal',
      params: byBank,
      answer: neighbourShape,
      status: 200,
      refusals: [...NAMED, 'line_missing', 'line_closing', 'line_dead', 'line_not_settled'],
    },
    (desk, { params }) => onBank(desk, params.bank, (bank) => desk.node.closeNeighbour(bank)),
  ),
  route(
    {
      id: 'invite',
      method: 'post',
      path: '/invitations',
      summary: 'An invitation for another bank, good once',
      answer: inviteShape,
      status: 201,
      refusals: ['sheet_waits', 'too_many_waiting'],
    },
    async ({ node, sheet }) => {
      const ready = readyForNeighbours(sheet)
      if (!ready.ok) return ready
      const expires = node.clock.now() + LIMITS.inviteSeconds
      const { peerId } = node.transport
      const token = await node.invite(expires)
      if (!token.ok) return token
      const addresses = node.transport.addresses()
      const invite = makeInvite({ bank: node.bank, peerId, addresses, token: token.value })
      return accept({ invite, expires })
    },
  ),
]

async function allNeighbours(desk: Desk): Promise<z.output<typeof neighboursShape>> {
  const { node } = desk
  const neighbours = await node.read((reading) =>
    node.contacts.all().map((link) => neighbourView(reading, link)),
  )
  return {
    neighbours: neighbours.filter(({ line_state }) => line_state !== 'none'),
    proposals: node.proposals().map((proposal) => proposalView(desk, proposal)),
    refused: node.neighbourhood.refused().map(({ bank, name, since }) => {
      return { bank_id: toBase32(bank), name, since }
    }),
  }
}

/** Does something about the bank of this id or name, and shows it as it is then. */
export async function onBank(desk: Desk, named: string, act: (bank: Bytes) => Promise<Outcome<unknown>>) {
  const bank = await findNeighbour(desk, named)
  if (!bank.ok) return bank
  const outcome = await act(bank.value)
  return outcome.ok ? shown(desk, bank.value) : outcome
}

async function shown({ node }: Desk, bank: Bytes) {
  const link = node.contacts.link(bank)
  if (link === null) return refuse('bank_unknown')
  return accept(await node.read((reading) => neighbourView(reading, link)))
}

/** Which bank is meant, by an invitation or by its id, and where to look for it. */
function wantedBank(body: {
  readonly invite?: string | undefined
  readonly bank_id?: string | undefined
  readonly addresses?: readonly string[] | undefined
}): Outcome<{ bank: Bytes; where: readonly Whereabouts[]; token: Bytes | null }> {
  if ((body.invite === undefined) === (body.bank_id === undefined)) {
    return refuse('request_malformed', {
      field: 'bank_id',
      problem: 'name the bank by its id or by an invitation',
    })
  }
  if (body.bank_id !== undefined) {
    const where = whereOf(body.addresses ?? [])
    return where.ok ? accept({ bank: idOf(body.bank_id), where: where.value, token: null }) : where
  }
  const invite = parseInvite(body.invite ?? '')
  if (invite === null)
    return refuse('request_malformed', { field: 'invite', problem: 'this is no invitation' })
  const { bank, peerId, addresses, token } = invite
  return accept({ bank, where: [{ peerId, addresses }], token })
}

function whereOf(addresses: readonly string[]): Outcome<readonly Whereabouts[]> {
  const parsed = addresses.map(parsePeerAddress)
  const sound = parsed.filter((one) => one !== null)
  if (sound.length === parsed.length) return accept(sound)
  const problem = 'an address ends in /p2p/ and the peer id, as /ip4/192.0.2.7/tcp/7601/p2p/12D3Koo...'
  return refuse('request_malformed', { field: 'addresses', problem })
}

function idOf(text: string): Bytes {
  return fromBase32(text, BANK_ID_BYTES) as Bytes
}

function foundView(found: Neighbour) {
  const { bank, name, peerId, addresses } = found
  return {
    bank_id: toBase32(bank),
    name,
    peer_id: peerId,
    addresses: printPeerAddresses({ peerId, addresses }),
  }
}
