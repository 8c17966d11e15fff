/**
 * Who works at the desk, and what did they do for whom? Coordinators come and go; their acts are kept and never edited.
 */

import { z } from '@hono/zod-openapi'
import { type Bytes, toHex } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { accept } from '../../core/refusal.ts'
import type { KeptAct } from '../../register/acts.ts'
import type { Coordinator } from '../../register/coordinators.ts'
import { personOf } from '../../register/exchanges.ts'
import { webAddress } from '../../register/neighbour-banks.ts'
import { addCoordinator, listCoordinators, removeCoordinator } from '../../register/office.ts'
import { type Desk, type Route, route } from '../route.ts'
import {
  actsShape,
  coordinatorLinkShape,
  coordinatorShape,
  coordinatorsShape,
  newCoordinatorShape,
} from '../shapes/desk.ts'

const pageQuery = z.object({
  before: z.coerce.number().int().min(1).optional().openapi({
    description: 'Number of an act; only earlier ones are shown.',
    type: 'integer',
  }),
})

export const DESK_ROUTES: readonly Route[] = [
  route(
    {
      id: 'listCoordinators',
      method: 'get',
      path: '/coordinators',
      summary: 'Who is a coordinator, and who was',
      answer: coordinatorsShape,
      status: 200,
      refusals: [],
    },
    async (desk) => accept({ coordinators: await shownCoordinators(desk) }),
  ),
  route(
    {
      id: 'addCoordinator',
      method: 'post',
      path: '/coordinators',
      summary: 'Somebody becomes a coordinator',
      body: newCoordinatorShape,
      answer: coordinatorShape,
      status: 201,
      refusals: ['name_missing', 'text_too_long', 'account_unknown', 'number_mistyped', 'coordinator_known'],
    },
    async (desk, { body }) => {
      const { node, people, coordinator } = desk
      const wanted = { name: body.name, ownNumber: body.member ?? null }
      const outcome = await addCoordinator(node, people, wanted, coordinator)
      return outcome.ok ? shown(desk, outcome.value) : outcome
    },
  ),
  route(
    {
      id: 'removeCoordinator',
      method: 'delete',
      path: '/coordinators/{name}',
      summary: 'Somebody ceases to be a coordinator; the last one cannot',
      params: z.object({ name: z.string() }),
      answer: coordinatorShape,
      status: 200,
      refusals: ['coordinator_unknown', 'last_coordinator'],
    },
    async (desk, { params }) => {
      const { node, people, coordinator } = desk
      const outcome = await removeCoordinator(node, people, params.name, coordinator)
      return outcome.ok ? shown(desk, outcome.value) : outcome
    },
  ),
  route(
    {
      id: 'letCoordinatorIn',
      method: 'post',
      path: '/coordinators/{name}/link',
      summary: 'A link on which a coordinator chooses a password; good once, for half an hour',
      params: z.object({ name: z.string() }),
      answer: coordinatorLinkShape,
      status: 201,
      refusals: ['coordinator_unknown'],
    },
    async (desk, { params }) => {
      const made = await desk.letIn(params.name, desk.coordinator)
      if (!made.ok) return made
      const origin = webAddress(await desk.node.read(({ book }) => book.card?.publicUrl ?? null))
      return accept({ ...made.value, url: origin === null ? null : origin + made.value.path })
    },
  ),
  route(
    {
      id: 'listActs',
      method: 'get',
      path: '/acts',
      summary: 'What coordinators did, the newest first',
      query: pageQuery,
      answer: actsShape,
      status: 200,
      refusals: [],
    },
    async (desk, { query }) => {
      const page = { before: query.before ?? null, most: LIMITS.listedPayments }
      const { acts, next } = await desk.people.acts.recent(page)
      return accept({ acts: acts.map((act) => actView(desk, act)), next })
    },
  ),
  route(
    {
      id: 'listMemberActs',
      method: 'get',
      path: '/members/{number}/acts',
      summary: 'What coordinators did for a member, the newest first',
      params: z.object({ number: z.string() }),
      answer: actsShape,
      status: 200,
      refusals: ['account_unknown', 'number_mistyped'],
    },
    async (desk, { params }) => {
      const person = personOf(desk.people, params.number)
      if (!person.ok) return person
      const acts = await desk.people.acts.about(person.value.account)
      return accept({ acts: acts.map((act) => actView(desk, act)), next: null })
    },
  ),
]

async function shownCoordinators({ node, people }: Desk) {
  return (await listCoordinators(node, people)).map(({ name, state, ownAccount }) => ({
    name,
    number: numberOf(people, ownAccount),
    state,
  }))
}

async function shown(desk: Desk, { actor }: Coordinator) {
  const { node, people } = desk
  const all = await listCoordinators(node, people)
  const at = all.findIndex((one) => toHex(one.actor) === toHex(actor))
  const view = (await shownCoordinators(desk))[at]
  return accept(view ?? { name: '', number: null, state: 'removed' as const })
}

function actView({ people }: Desk, { no, time, actor, what, accounts, record }: KeptAct) {
  return {
    no,
    time,
    coordinator: people.coordinators.nameOf(actor),
    what,
    members: accounts.flatMap((account) => numberOf(people, account) ?? []),
    record: record === null ? null : toHex(record),
  }
}

function numberOf(people: Desk['people'], account: Bytes | null): string | null {
  return account === null ? null : (people.byAccount(account)?.number ?? null)
}
