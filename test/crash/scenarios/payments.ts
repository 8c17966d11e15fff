/** Which payments are played while nothing else goes wrong? Each way to begin one, and each way it may end. */

import { type Scenario, THREE, two } from '../scenario.ts'

const PAYER_DIES = [
  "payer's bank dies before the hold is durable",
  "payer's bank dies after the hold, before OFFER",
  "payer's bank dies before the commit is durable",
  "payer's bank dies after the commit, before COMMIT",
]
const PAYEE_DIES = [
  "payee's bank dies before the promise is durable",
  "payee's bank dies after the promise, before PROMISE",
  "payee's bank dies before the credit is durable",
  "payee's bank dies after the credit, before RECEIPT",
]
const COMES_BACK = ["payer's bank dies around the return", "payee's bank dies around the waiver"]
const ENDS_HERE = ["payer's bank dies around the abort"]

/** A handle that no bank has given out. */
const NOBODY = new Uint8Array(16).fill(7)

export const PAYMENTS: readonly Scenario[] = [
  {
    name: 'direct',
    shape: two(),
    rows: [...PAYER_DIES, ...PAYEE_DIES, 'the head guard is torn'],
    play: async (stage) => {
      stage.pay(stage.harbour, stage.millbrook, 60, { ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'declined',
    shape: two(),
    rows: ['OFFER refused', ...ENDS_HERE],
    play: async (stage) => {
      stage.pay(stage.harbour, stage.millbrook, 60, { handle: NOBODY, ends: ['never'] })
      await stage.settled()
    },
  },
  {
    name: 'by post',
    shape: two(),
    rows: [
      "payee's bank dies before the credit is durable",
      "payee's bank dies after the credit, before RECEIPT",
    ],
    play: async (stage) => {
      stage.pay(stage.harbour, stage.millbrook, 60, { postal: true, ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'by post to nobody',
    shape: two(),
    rows: COMES_BACK,
    play: async (stage) => {
      stage.pay(stage.harbour, stage.millbrook, 60, { handle: NOBODY, postal: true, ends: ['returned'] })
      await stage.settled()
    },
  },
  {
    name: 'pressed twice',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const { wish } = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      stage.ask(harbour, 'press again', (node) => node.pay(wish.request))
      stage.ask(harbour, 'and again', (node) => node.pay(wish.request))
      await stage.settled()
      stage.demandEntries('pay.hold', 1)
      stage.demandEntries('rcv.credit', 1)
    },
  },
  {
    name: 'both ways at once',
    shape: two(),
    rows: [...PAYER_DIES, ...PAYEE_DIES],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      for (const minutes of [30, 45]) {
        stage.pay(harbour, millbrook, minutes, { ends: ['paid'] })
        stage.pay(millbrook, harbour, minutes + 5, { ends: ['paid'] })
        await stage.pass(0.02)
      }
      await stage.settled()
    },
  },
  {
    name: 'the line is full',
    shape: two(100),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.pay(harbour, millbrook, 80, { ends: ['paid'] })
      await stage.settled()
      const tooMuch = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      stage.allow(tooMuch.ask, 'line_full')
      await stage.settled()
      stage.pay(millbrook, harbour, 50, { ends: ['paid'] })
      await stage.settled()
      stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'room waits for a receipt',
    shape: two(100),
    rows: ['RECEIPT lost'],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: harbour, messages: ['receipt'], fate: 'lost', times: 2 })
      const first = stage.pay(millbrook, harbour, 100, { postal: true, ends: ['paid'] })
      await stage.until(() => stage.end(first) === 'paid')
      // Harbour knows that it was paid; Millbrook does not know yet, and cannot tell this from too much.
      stage.pay(harbour, millbrook, 150, { postal: true, ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'three banks',
    shape: THREE,
    rows: [...PAYER_DIES, ...PAYEE_DIES],
    play: async (stage) => {
      const { harbour, millbrook, northgate } = stage
      stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      stage.pay(northgate, millbrook, 45, { postal: true, ends: ['paid'] })
      stage.pay(millbrook, northgate, 30, { ends: ['paid'] })
      stage.pay(millbrook, harbour, 20, { handle: NOBODY, postal: true, ends: ['returned'] })
      await stage.settled()
    },
  },
]
