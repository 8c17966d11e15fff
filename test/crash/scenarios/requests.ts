/** What if a member asks first? A request is endorsed, fetched and paid, and the words go across, while any machine may die. */

import type { Bytes } from '../../../src/core/ids.ts'
import { memoCommitment, type Words } from '../../../src/core/memo.ts'
import { type Outcome, refuse } from '../../../src/core/refusal.ts'
import type { FetchedRequest } from '../../../src/node/fetched.ts'
import type { Node } from '../../../src/node/node.ts'
import { readMemo } from '../../../src/register/memos.ts'
import { FIRST_SECOND } from '../../sim/sim-bank.ts'
import type { Town } from '../../sim/world.ts'
import { FrontDesk } from '../front-desk.ts'
import { DAY, type Scenario, two } from '../scenario.ts'
import type { Payment, Stage } from '../stage.ts'
import { issues } from './house.ts'

const CODE = '7K3QX9M2'

export const REQUESTS: readonly Scenario[] = [
  {
    name: 'a request is paid, and the words arrive with it',
    shape: two(),
    rows: [
      "payee's bank dies before the credit is durable",
      "payee's bank dies after the credit, before RECEIPT",
    ],
    play: async (stage) => {
      const request = await asks(stage)
      const paid = pays(stage, request, 60, ['paid'])
      await stage.settled()
      stage.demandEntries('rcv.invoice', 1)
      stage.demandEntries('rcv.promise', 0)
      demandWords(stage, paid)
    },
  },
  {
    name: 'two pay on a request for one',
    shape: two(),
    rows: ["payer's bank dies around the return", "payee's bank dies around the waiver"],
    play: async (stage) => {
      const request = await asks(stage)
      // Without a crash the first is in time; a crash may lose the first, or what was fetched, before the second.
      const both = [
        pays(stage, request, 60, ['paid', 'returned', 'never']),
        pays(stage, request, 61, ['returned', 'paid', 'never']),
      ]
      await stage.settled()
      stage.demand(async () => {
        const ends = both.map((one) => stage.end(one))
        return ends.filter((end) => end === 'paid').length === 1 ? null : `they ended as ${ends.join(', ')}`
      })
      stage.demandEntries('rcv.credit', 1)
      stage.demandEntries('rcv.invoice', 1)
    },
  },
  {
    name: 'a request is paid while its bank is away, and it comes back days later',
    shape: two(),
    rows: ["payer's bank dies after the commit, before COMMIT"],
    play: async (stage) => {
      const { millbrook } = stage
      const request = await asks(stage)
      stage.leave(millbrook)
      const paid = pays(stage, request, 60, ['paid'])
      await stage.answered(paid.ask)
      await stage.days(3)
      stage.comeBack(millbrook)
      await stage.settled()
      demandWords(stage, paid)
    },
  },
]

interface AskedFor {
  readonly handle: Bytes
  readonly fetched: FetchedRequest
}

/** Millbrook's member asks for an hour or so, and Harbour fetches it. */
async function asks(stage: Stage): Promise<AskedFor | null> {
  const { harbour, millbrook } = stage
  const handle = await issues(stage, millbrook)
  const account = millbrook.handles[0]?.account
  if (account === undefined) throw new Error('Millbrook has a member')
  for (const town of [harbour, millbrook]) town.bank.reception = new FrontDesk()
  deskOf(millbrook).requests.set(CODE, {
    account,
    name: 'Bo M.',
    handle,
    minutes: null,
    category: 3,
    day: null,
    expires: FIRST_SECOND + 30 * DAY,
    uses: 1,
    words: wordsOf(stage, 'gardening'),
    withdrawn: null,
  })
  const ask = stage.ask(harbour, 'fetch', (node) => node.fetchRequest(millbrook.bank.bank, CODE))
  await stage.answered(ask)
  return ask.answer?.ok === true ? { handle, fetched: ask.answer.value } : null
}

const deskOf = (town: Town): FrontDesk => town.bank.reception as FrontDesk

const wordsOf = (stage: Stage, text: string): Words => ({
  texts: [text, '', ''],
  salts: [stage.bytes(32), stage.bytes(32), stage.bytes(32)],
})

/** Harbour's member pays it. A bank that has forgotten the request fetches it again, unless it is used by then. */
function pays(stage: Stage, request: AskedFor | null, minutes: number, ends: Payment['ends']): Payment {
  const { harbour, millbrook } = stage
  const words = wordsOf(stage, `gardening ${minutes}`)
  const payment = stage.pay(harbour, millbrook, minutes, {
    ends,
    invoice: request?.fetched.ref ?? null,
    commitment: memoCommitment(words.texts, words.salts),
    ...(request === null ? {} : { handle: request.handle }),
    insteadOf: (node, pay) => paidAfterFetch(node, millbrook.bank.bank, pay),
  })
  deskOf(harbour).says(payment.wish.id, words)
  stage.allow(payment.ask, 'request_used')
  return payment
}

async function paidAfterFetch<T>(
  node: Node,
  bank: Bytes,
  pay: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const first = await pay()
  if (first.ok || first.refusal.code !== 'invoice_not_held') return first
  const fetched = await node.fetchRequest(bank, CODE)
  if (fetched.ok) return pay()
  return fetched.refusal.code === 'request_used' ? fetched : refuse('too_busy')
}

/** Whoever was credited can read what it was for, at both banks alike. */
function demandWords(stage: Stage, payment: Payment): void {
  const { harbour, millbrook } = stage
  stage.demandOf(
    millbrook,
    'what the payment was for',
    async (node) => readMemo(node.store, payment.wish.id)?.texts[0] ?? null,
    (text) => text === deskOf(harbour).words(payment.wish.id)?.texts[0],
  )
}
