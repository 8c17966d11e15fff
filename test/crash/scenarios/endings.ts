/** How do a line and an account end while something is open? Closing by both banks, leaving, asking for hours back. */

import type { Bytes } from '../../../src/core/ids.ts'
import { lineWith } from '../../../src/core/ledger/book.ts'
import type { RefusalCode } from '../../../src/core/refusal.ts'
import { decideFarewell, decideLeaving } from '../../../src/node/leaving.ts'
import type { Node } from '../../../src/node/node.ts'
import type { Town } from '../../sim/world.ts'
import type { Ask } from '../asks.ts'
import { type Scenario, two } from '../scenario.ts'
import type { Stage } from '../stage.ts'

/** What a bank says that has closed already, or waits for the other to do so. */
const CLOSED: readonly RefusalCode[] = ['line_missing', 'line_closing', 'line_closed']

export const ENDINGS: readonly Scenario[] = [
  {
    name: 'a line is closed by both',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      await evenOut(stage)
      await stage.answered(closes(stage, harbour, millbrook))
      await ended(stage)
    },
  },
  {
    name: 'both close a line at once',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      await evenOut(stage)
      await stage.answered(closes(stage, harbour, millbrook), closes(stage, millbrook, harbour))
      await ended(stage)
    },
  },
  {
    name: 'a close waits for an open payment, and is taken back',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['offer'], fate: 'withheld' })
      const held = stage.pay(millbrook, harbour, 40, { ends: ['paid'] })
      await stage.answered(held.ask)
      await stage.answered(closes(stage, harbour, millbrook))
      await stage.pass(5)
      const resume = stage.ask(harbour, 'take back', (node) =>
        node.pauseNeighbour(millbrook.bank.bank, 'resume'),
      )
      stage.allow(resume, 'not_paused')
      await stage.answered(resume)
      stage.calm()
      await stage.settled()
      stage.pay(harbour, millbrook, 30, { ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'a close waits for an open payment, and is answered when it ends',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['offer'], fate: 'withheld' })
      const held = stage.pay(millbrook, harbour, 40, { ends: ['never'] })
      await stage.answered(held.ask)
      await stage.answered(closes(stage, harbour, millbrook))
      await stage.pass(5)
      await stage.answered(stage.cancel(held))
      stage.calm()
      await ended(stage)
    },
  },
  {
    name: 'the payee leaves while a payment to it is promised',
    shape: two(),
    rows: ["payee's bank dies around the waiver", "payer's bank dies around the abort"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const open = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      await stage.until(() => (stage.seen(open)?.promised.size ?? 0) > 0)
      await stage.answered(open.ask)
      const { account } = millbrook.handles[0] as { account: Bytes }
      await beginsToLeave(stage, millbrook, account)
      await leaves(stage, millbrook, account)
      stage.calm()
      await stage.settled()
      stage.demandEntries('acct.close', 1)
    },
  },
  {
    name: 'the payer leaves while a payment is held and another is on its way',
    shape: two(),
    rows: ["payer's bank dies around the return"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const handle = new Uint8Array(16).fill(7)
      stage.leave(millbrook)
      const held = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      const sent = stage.pay(harbour, millbrook, 35, { handle, postal: true, ends: ['returned'] })
      await stage.answered(held.ask, sent.ask)
      const payer = harbour.members[0] as Bytes
      await beginsToLeave(stage, harbour, payer)
      stage.comeBack(millbrook)
      await leaves(stage, harbour, payer)
      await stage.settled()
      stage.demandEntries('acct.close', 1)
    },
  },
  {
    name: 'hours on their way are asked back',
    shape: two(),
    rows: ["payee's bank dies around the waiver", "payee's bank dies around the bounce"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: harbour, messages: ['commit'], fate: 'withheld' })
      // Once the other bank is asked to give back it does; a crash may lose the question, and then it is paid.
      const payment = stage.pay(harbour, millbrook, 60, { ends: ['returned', 'paid'] })
      await stage.until(() => (stage.seen(payment)?.sent ?? null) !== null)
      const recall = stage.ask(harbour, 'recall', (node) => node.recall(payment.wish.id))
      stage.allow(recall, 'not_recallable')
      await stage.answered(recall)
      await stage.until(() => (stage.seen(payment)?.waived.size ?? 0) > 0, 20)
      stage.calm()
      await stage.settled()
    },
  },
]

/** The same hours in both directions: nothing is owed. */
async function evenOut(stage: Stage): Promise<void> {
  const { harbour, millbrook } = stage
  stage.pay(harbour, millbrook, 30, { ends: ['paid'] })
  stage.pay(millbrook, harbour, 30, { ends: ['paid'] })
  await stage.settled()
}

function closes(stage: Stage, town: Town, other: Town): Ask {
  const ask = stage.ask(town, 'close', (node) => node.closeNeighbour(other.bank.bank))
  stage.allow(ask, ...CLOSED)
  return ask
}

/** Both have signed the end. */
async function ended(stage: Stage): Promise<void> {
  const { harbour, millbrook } = stage
  for (const [town, other] of [
    [harbour, millbrook],
    [millbrook, harbour],
  ] as const) {
    const gone = async (node: Node): Promise<boolean> =>
      node.read(({ book }) => lineWith(book, other.bank.bank) === null)
    await stage.untilTold(town, gone, 900)
    stage.demandOf(town, 'the end of its line', gone, (over) => over)
  }
  await stage.settled()
}

/** Nothing new begins for this account, and what is undecided ends. */
async function beginsToLeave(stage: Stage, town: Town, account: Bytes): Promise<void> {
  const nonce = stage.bytes(16)
  const suspended = stage.ask(town, 'leave', (node) =>
    node.commit(decideLeaving(account, { handles: node.handles, nonce })),
  )
  stage.allow(suspended)
  await stage.answered(suspended)
}

/** Closed when nothing is on its way any more. */
async function leaves(stage: Stage, town: Town, account: Bytes): Promise<void> {
  await stage.until(() => stage.world.seer.atRest().length === 0)
  const nonces = { resume: stage.bytes(16), close: stage.bytes(16) }
  const closed = stage.ask(town, 'close account', (node) =>
    node.commit(decideFarewell(account, null, nonces)),
  )
  stage.allow(closed, 'account_closed')
  await stage.answered(closed)
}
