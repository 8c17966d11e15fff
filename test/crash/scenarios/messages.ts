/** What if one frame is lost, doubled or late? Each message of a payment, and each fate, while any machine may die. */

import type { MessageName } from '../../../src/peer/messages.ts'
import type { Harm } from '../harms.ts'
import { type Scenario, two } from '../scenario.ts'
import type { Stage } from '../stage.ts'

/** Handle of nobody: by post it comes back. */
const NOBODY = new Uint8Array(16).fill(7)

/** A payment that ends well although frames with this message meet this fate, so many times. */
function harmed(
  message: MessageName,
  from: 'payer' | 'payee',
  fate: Harm['fate'],
  times: number,
): (stage: Stage) => Promise<void> {
  return async (stage) => {
    const { harbour, millbrook } = stage
    stage.harm({ from: from === 'payer' ? harbour : millbrook, messages: [message], fate, times })
    stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
    await stage.settled()
  }
}

export const MESSAGES: readonly Scenario[] = [
  { name: 'offer lost', shape: two(), rows: ['OFFER lost'], play: harmed('offer', 'payer', 'lost', 2) },
  {
    name: 'offer doubled',
    shape: two(),
    rows: ['OFFER doubled or overtaken'],
    play: harmed('offer', 'payer', 'doubled', 2),
  },
  { name: 'promise lost', shape: two(), rows: ['PROMISE lost'], play: harmed('promise', 'payee', 'lost', 2) },
  {
    name: 'promise doubled',
    shape: two(),
    rows: ['PROMISE doubled or late'],
    play: harmed('promise', 'payee', 'doubled', 2),
  },
  { name: 'commit lost', shape: two(), rows: ['COMMIT lost'], play: harmed('commit', 'payer', 'lost', 2) },
  {
    name: 'commit doubled',
    shape: two(),
    rows: ['COMMIT doubled or overtaken'],
    play: harmed('commit', 'payer', 'doubled', 3),
  },
  {
    name: 'commit late',
    shape: two(),
    rows: ['COMMIT doubled or overtaken'],
    play: harmed('commit', 'payer', { late: 9_000 }, 1),
  },
  {
    name: 'receipt lost, then HELLO',
    shape: two(),
    rows: ['RECEIPT lost'],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['receipt'], fate: 'lost' })
      const payment = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.until(() => stage.end(payment) === 'paid')
      await stage.pass(3)
      stage.calm()
      stage.hangUp(harbour, millbrook)
      await stage.settled()
    },
  },
  {
    name: 'waiver lost and doubled',
    shape: two(),
    rows: ['WAIVE lost', 'WAIVE doubled', "payer's bank dies around the return"],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['waive'], fate: 'lost', times: 2 })
      stage.harm({ from: millbrook, messages: ['waive'], fate: 'doubled', times: 2 })
      stage.pay(harbour, millbrook, 60, { handle: NOBODY, postal: true, ends: ['returned'] })
      await stage.settled()
    },
  },
  {
    name: 'two postings out of order',
    shape: two(),
    rows: ['COMMIT doubled or overtaken'],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: harbour, messages: ['commit'], fate: { late: 5_000 }, times: 1 })
      const first = stage.pay(harbour, millbrook, 30, { postal: true, ends: ['paid'] })
      await stage.answered(first.ask)
      stage.pay(harbour, millbrook, 40, { postal: true, ends: ['paid'] })
      stage.pay(harbour, millbrook, 50, { handle: NOBODY, postal: true, ends: ['returned'] })
      await stage.settled()
    },
  },
  {
    name: 'connections break at every step',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const payment = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      const steps = [
        () => stage.seen(payment)?.held === true,
        () => (stage.seen(payment)?.promised.size ?? 0) > 0,
        () => stage.seen(payment) !== null && stage.seen(payment)?.sent !== null,
        () => stage.end(payment) === 'paid',
      ]
      for (const step of steps) {
        await stage.until(step)
        stage.hangUp(harbour, millbrook)
      }
      await stage.settled()
    },
  },
]
