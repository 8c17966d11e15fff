/** What if somebody changes their mind, or nobody decides in time? Cancelling, deadlines, sending anyway, waiting. */

import { DAY, type Scenario, two } from '../scenario.ts'

const SWAP_DIES = "payer's bank dies while swapping an order"

export const DECISIONS: readonly Scenario[] = [
  {
    name: 'cancelled while the promise is on its way',
    shape: two(),
    rows: ['PROMISE lost', "payer's bank dies around the abort"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const payment = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      await stage.until(() => (stage.seen(payment)?.promised.size ?? 0) > 0)
      await stage.answered(payment.ask)
      await stage.answered(stage.cancel(payment))
      stage.calm()
      await stage.settled()
    },
  },
  {
    name: 'cancelled while the other bank is away',
    shape: two(),
    rows: ["payer's bank dies around the abort"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.leave(millbrook)
      const payment = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      await stage.answered(payment.ask)
      await stage.answered(stage.cancel(payment))
      stage.comeBack(millbrook)
      await stage.settled()
    },
  },
  {
    name: 'overdue',
    shape: two(),
    rows: ['OFFER lost', "payer's bank dies around the abort"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: harbour, messages: ['offer'], fate: 'withheld' })
      const payment = stage.pay(harbour, millbrook, 60, { seconds: 40, ends: ['never'] })
      await stage.until(() => stage.seen(payment)?.aborted === true, 120)
      stage.calm()
      await stage.settled()
    },
  },
  {
    name: 'a promise too late',
    shape: two(),
    rows: ['PROMISE doubled or late', "payer's bank dies around the abort"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: { late: 60_000 } })
      const payment = stage.pay(harbour, millbrook, 60, { seconds: 40, ends: ['never'] })
      await stage.until(() => stage.seen(payment)?.aborted === true, 120)
      await stage.pass(62)
      stage.calm()
      await stage.settled()
    },
  },
  {
    name: 'send anyway while the other bank is away',
    shape: two(),
    rows: [SWAP_DIES],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.leave(millbrook)
      const held = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      await stage.answered(held.ask)
      const sent = stage.swap(held, { postal: true, ends: ['paid'] })
      await stage.answered(sent.ask)
      stage.comeBack(millbrook)
      await stage.settled()
    },
  },
  {
    name: 'send anyway after a promise',
    shape: two(),
    rows: [SWAP_DIES, 'PROMISE lost'],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const held = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      await stage.until(() => (stage.seen(held)?.promised.size ?? 0) > 0)
      await stage.answered(held.ask)
      await stage.answered(stage.swap(held, { postal: true, ends: ['paid'] }).ask)
      stage.calm()
      await stage.settled()
    },
  },
  {
    name: 'wait',
    shape: two(),
    rows: [SWAP_DIES],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.leave(millbrook)
      const held = stage.pay(harbour, millbrook, 60, { seconds: 600, ends: ['never'] })
      await stage.answered(held.ask)
      await stage.answered(stage.swap(held, { ends: ['paid'] }).ask)
      await stage.days(1)
      stage.comeBack(millbrook)
      await stage.settled()
    },
  },
  {
    name: 'grace over, then a late commit',
    shape: two(),
    rows: [
      'COMMIT lost',
      "payee's bank dies around the waiver",
      "payer's bank dies around the return",
      "payee's bank dies around the bounce",
    ],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: harbour, messages: ['commit'], fate: 'withheld' })
      const payment = stage.pay(harbour, millbrook, 60, { seconds: 600, ends: ['returned'] })
      await stage.until(() => (stage.seen(payment)?.sent ?? null) !== null)
      // The commit leaves, and does not arrive.
      await stage.pass(0.5)
      stage.leave(harbour)
      await stage.days(9)
      await stage.until(() => (stage.seen(payment)?.waived.size ?? 0) > 0)
      stage.calm()
      stage.comeBack(harbour)
      await stage.settled()
    },
  },
  {
    name: 'grace over, and never sent',
    shape: two(),
    rows: ["payer's bank away for days after the promise", "payee's bank dies around the waiver"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const payment = stage.pay(harbour, millbrook, 60, { seconds: DAY, ends: ['never'] })
      await stage.until(() => (stage.seen(payment)?.promised.size ?? 0) > 0)
      await stage.answered(payment.ask)
      stage.leave(harbour)
      await stage.days(9)
      await stage.until(() => (stage.seen(payment)?.waived.size ?? 0) > 0)
      stage.calm()
      stage.comeBack(harbour)
      await stage.settled()
    },
  },
]
