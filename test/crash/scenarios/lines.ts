/** What if a line changes while payments are open on it? Proposals that cross or are withdrawn, limits, pauses. */

import { toHex } from '../../../src/core/ids.ts'
import { lineWith } from '../../../src/core/ledger/book.ts'
import { type Outcome, refuse } from '../../../src/core/refusal.ts'
import type { Node } from '../../../src/node/node.ts'
import type { Town } from '../../sim/world.ts'
import type { Ask } from '../asks.ts'
import { type Scenario, STRANGERS, two } from '../scenario.ts'
import type { Stage } from '../stage.ts'

export const LINES: readonly Scenario[] = [
  {
    name: 'a line is proposed and accepted',
    shape: STRANGERS,
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      await stage.answered(proposes(stage, harbour, millbrook, 300))
      await stage.answered(accepts(stage, millbrook, harbour))
      await isOpen(stage)
      stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'proposals of the same terms cross',
    shape: STRANGERS,
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const asks = [proposes(stage, harbour, millbrook, 300), proposes(stage, millbrook, harbour, 300)]
      await stage.answered(...asks)
      await isOpen(stage)
      stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'proposals of other terms cross',
    shape: STRANGERS,
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      await stage.answered(proposes(stage, harbour, millbrook, 300), proposes(stage, millbrook, harbour, 200))
      // The lower id's stands; the other bank's operator is asked about it.
      const [lower, higher] =
        toHex(harbour.bank.bank) < toHex(millbrook.bank.bank) ? [harbour, millbrook] : [millbrook, harbour]
      await stage.answered(accepts(stage, higher, lower))
      await isOpen(stage)
      stage.pay(millbrook, harbour, 60, { ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'a proposal is withdrawn',
    shape: STRANGERS,
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      await stage.answered(proposes(stage, harbour, millbrook, 300))
      await proposalWaits(stage)
      await stage.days(31)
      await stage.until(() => stage.many('line.close') > 0)
      await stage.pass(20)
      // Nobody dials for a line that is no more, so the withdrawal may not have been heard. Taking it up finds it out.
      const late = stage.ask(millbrook, 'accept', async (node): Promise<Outcome<unknown>> => {
        const waits = node.proposals().length > 0
        return waits ? node.acceptNeighbour(harbour.bank.bank) : { ok: true, value: null }
      })
      stage.allow(late, 'proposal_unknown')
      await stage.settled()
      noLine(stage)
    },
  },
  {
    name: 'a withdrawal meets an acceptance',
    shape: STRANGERS,
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      await stage.answered(proposes(stage, harbour, millbrook, 300))
      await proposalWaits(stage)
      stage.silence(harbour, millbrook)
      stage.hangUp(harbour, millbrook)
      await stage.days(31)
      await stage.answered(accepts(stage, millbrook, harbour))
      await stage.until(() => stage.many('line.close') > 0)
      stage.calm()
      await stage.settled()
      noLine(stage)
    },
  },
  {
    name: 'a limit is raised while payments are open',
    shape: two(100),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const held = stage.pay(harbour, millbrook, 80, { ends: ['paid'] })
      await stage.answered(held.ask)
      await stage.answered(limits(stage, millbrook, harbour, 300))
      await stage.untilTold(harbour, async (node) => (await limitWith(millbrook)(node)) === 300)
      const more = stage.pay(harbour, millbrook, 150, { ends: ['paid'] })
      await stage.answered(more.ask)
      stage.calm()
      await stage.settled()
      stage.demandOf(harbour, 'its limit', limitWith(millbrook), (limit) => limit === 300)
    },
  },
  {
    name: 'a limit is lowered while payments are open',
    shape: two(300),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const held = stage.pay(harbour, millbrook, 120, { ends: ['paid'] })
      // The promise counts as made under the limit of that time.
      await stage.until(() => (stage.seen(held)?.promised.size ?? 0) > 0)
      await stage.answered(held.ask)
      await stage.answered(limits(stage, millbrook, harbour, 40))
      await stage.untilTold(harbour, async (node) => (await limitWith(millbrook)(node)) === 40)
      const more = stage.pay(harbour, millbrook, 30, { ends: ['never'] })
      stage.allow(more.ask, 'line_full')
      await stage.answered(more.ask)
      stage.calm()
      await stage.settled()
      stage.pay(millbrook, harbour, 90, { ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'limits change both ways at once',
    shape: two(100),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const asks = [limits(stage, millbrook, harbour, 200), limits(stage, harbour, millbrook, 50)]
      stage.pay(harbour, millbrook, 60, { postal: true, ends: ['paid'] })
      stage.pay(millbrook, harbour, 50, { ends: ['paid'] })
      await stage.answered(...asks)
      await stage.settled()
      stage.demandOf(harbour, 'its limit', limitWith(millbrook), (limit) => limit === 200)
      stage.demandOf(millbrook, 'its limit', limitWith(harbour), (limit) => limit === 50)
    },
  },
  {
    name: 'paused by the payer with an open payment, and resumed',
    shape: two(),
    rows: [],
    play: (stage) => pausedWhileOpen(stage, stage.harbour, stage.millbrook),
  },
  {
    name: 'paused by the payee with an open payment, and resumed',
    shape: two(),
    rows: [],
    play: (stage) => pausedWhileOpen(stage, stage.millbrook, stage.harbour),
  },
]

/** What is signed is honoured; what is new is refused until the bank that paused resumes. */
async function pausedWhileOpen(stage: Stage, pauser: Town, other: Town): Promise<void> {
  const { harbour, millbrook } = stage
  stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
  const open = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
  await stage.until(() => (stage.seen(open)?.promised.size ?? 0) > 0)
  await stage.answered(open.ask)
  const pause = stage.ask(pauser, 'pause', (node) => node.pauseNeighbour(other.bank.bank, 'pause'))
  stage.allow(pause, 'line_paused')
  await stage.answered(pause)
  const refused = stage.pay(pauser, other, 20, { ends: ['never'] })
  stage.allow(refused.ask, 'line_paused')
  await stage.answered(refused.ask)
  stage.calm()
  await stage.settled()
  const resume = stage.ask(pauser, 'resume', (node) => node.pauseNeighbour(other.bank.bank, 'resume'))
  stage.allow(resume, 'not_paused')
  await stage.answered(resume)
  // What is only in its memory may be lost once more.
  for (let i = 0; i < 2; i++) {
    await stage.until(() => pausedThere(other, pauser) === false)
    await stage.pass(1)
  }
  stage.pay(other, pauser, 20, { ends: ['paid'] })
  await stage.settled()
}

/** Whether this bank has heard that the other one paused the line. */
function pausedThere(town: Town, other: Town): boolean | null {
  return town.bank.node?.contacts.link(other.bank.bank)?.neighbour.pausedThere ?? null
}

/** Each may owe the other so much. Asked again after it was done, the bank says that it has a line already. */
function proposes(stage: Stage, from: Town, to: Town, minutes: number): Ask {
  const offer = { weMayOwe: minutes, theyMayOwe: minutes }
  const ask = stage.ask(from, 'propose', async (node): Promise<Outcome<{ line: Uint8Array }>> => {
    const where = { peerId: to.bank.peerId, addresses: to.bank.node?.transport.addresses() ?? [] }
    const found = await node.contacts.find(to.bank.bank, [where], new AbortController().signal)
    if (!found.ok) return refuse('too_busy')
    return node.addNeighbour(found.value, offer, null)
  })
  stage.allow(ask, 'line_exists')
  return ask
}

/** The operator looks now and then whether a proposal of that bank waits; when the line is there, all is done. */
function accepts(stage: Stage, town: Town, from: Town): Ask {
  return stage.ask(town, 'accept', async (node): Promise<Outcome<unknown>> => {
    if ((await node.read(({ book }) => lineWith(book, from.bank.bank)?.state)) === 'open')
      return { ok: true, value: null }
    const accepted = await node.acceptNeighbour(from.bank.bank)
    return accepted.ok ? accepted : refuse('too_busy')
  })
}

function limits(stage: Stage, creditor: Town, debtor: Town, minutes: number): Ask {
  const ask = stage.ask(creditor, `limit ${minutes}`, (node) =>
    node.limitNeighbour(debtor.bank.bank, minutes),
  )
  // A press after the one that the crash left unanswered: the limit waits for its acknowledgement, or is in force.
  stage.allow(ask, 'limit_waits')
  return ask
}

/** Most that this bank may owe the other. */
function limitWith(other: Town): (node: Node) => Promise<number | null> {
  return (node) => node.read(({ book }) => lineWith(book, other.bank.bank)?.out.limit ?? null)
}

const stateWith =
  (other: Town) =>
  (node: Node): Promise<string> =>
    node.read(({ book }) => lineWith(book, other.bank.bank)?.state ?? 'none')

/** Goes on until both have signed. */
async function isOpen(stage: Stage): Promise<void> {
  const { harbour, millbrook } = stage
  await stage.untilTold(harbour, async (node) => (await stateWith(millbrook)(node)) === 'open')
  await stage.untilTold(millbrook, async (node) => (await stateWith(harbour)(node)) === 'open')
}

/** Goes on until Millbrook has a proposal on its disk: what is only in its memory may still be lost. */
async function proposalWaits(stage: Stage): Promise<void> {
  const waits = (): boolean => (stage.millbrook.bank.node?.proposals().length ?? 0) > 0
  await stage.until(waits)
  await stage.pass(1)
  await stage.until(waits)
  await stage.pass(1)
}

/** At the end neither bank has a line or waits for one. */
function noLine(stage: Stage): void {
  const { harbour, millbrook } = stage
  for (const [town, other] of [
    [harbour, millbrook],
    [millbrook, harbour],
  ] as const) {
    const waiting = async (node: Node): Promise<number> => node.proposals().length
    stage.demandOf(town, 'its waiting proposals', waiting, (many) => many === 0)
    stage.demandOf(town, 'its line', stateWith(other), (state) => state === 'none')
  }
}
