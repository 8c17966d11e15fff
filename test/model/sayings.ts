/**
 * What does a bank of the model say? Everything follows from its durable log, as in src/node/outbox.ts, hello.ts and
 * link.ts: news of an entry, the stored answer, what is said again, and the answer to a HELLO ([R4]).
 */

import { asPayee, asPayer, type Plan, postingName, type Side } from './bank.ts'

type Plans = ReadonlyMap<string, Plan>

/** On its way: the posting stays due until an answer is held, also when the pot has paid the payer meanwhile. */
const WAITING = ['sent', 'covered']

/** outbox.ts answerAsPayer. */
function payerAnswer(side: Side, id: string, plans: Plans): string | null {
  const row = asPayer(side, id)
  switch (row.state) {
    case 'none':
      return null
    case 'held':
      return `OFFER ${id} ${row.aid}`
    case 'dead':
      return `ABORT ${id}`
    default:
      return posting(side, row.seq, plans)
  }
}

/** The posting with this number; it stays the artefact when the payment came back later. */
function posting(side: Side, seq: number, plans: Plans): string {
  const id = side.posts[seq - 1] as string
  const before = side.posts[seq - 2]
  const prev = before === undefined ? '-' : postingName(before, asPayer(side, before).aid)
  return `COMMIT ${id} ${asPayer(side, id).aid} ${seq} ${prev} ${plans.get(id)?.minutes} in-time`
}

/** outbox.ts answerAsPayee. */
function payeeAnswer(side: Side, id: string, plans: Plans): string | null {
  const row = asPayee(side, id)
  switch (row.state) {
    case 'promised':
      return `PROMISE ${id} ${row.aid}`
    case 'credited':
      return `RECEIPT ${id} ${row.aid} ${plans.get(id)?.minutes}`
    case 'waived':
      return `WAIVE ${id} ${row.aid}`
    default:
      return null
  }
}

/** The stored answer to a message that changed nothing ([PAY-4]). */
export function stored(side: Side, word: string, id: string, plans: Plans): string | null {
  if (word === 'OFFER' || word === 'COMMIT') return payeeAnswer(side, id, plans)
  if (word === 'PROMISE' || word === 'ASK') return payerAnswer(side, id, plans)
  if (word === 'CLOSE' || word === 'CLOSED') return closeOf(side)
  return word === 'LIMIT' && side.acknowledged !== '' ? side.acknowledged : null
}

/** outbox.ts newsFor: what new entries say, asked once they are durable. */
export function newsOf(side: Side, entries: readonly string[], plans: Plans): string[] {
  const said: (string | null)[] = []
  for (const entry of entries) {
    const [kind, id = ''] = entry.split(' ')
    switch (kind) {
      case 'pay.hold':
        // By post the commit beside it says all.
        if (asPayer(side, id).state === 'held') said.push(payerAnswer(side, id, plans))
        break
      case 'pay.commit':
      case 'pay.abort':
        said.push(payerAnswer(side, id, plans))
        break
      case 'rcv.promise':
      case 'rcv.credit':
      case 'rcv.waive':
      case 'rcv.bounce':
        said.push(payeeAnswer(side, id, plans))
        break
      case 'rcv.invoice':
        said.push(`ENDORSED ${id}`)
        break
      case 'line.limit':
        said.push(...limitNews(side, id))
        break
      case 'line.close':
        said.push(closeOf(side))
        break
    }
  }
  return said.filter((one) => one !== null)
}

/** Our wish to end the line, or our answer to the other's. */
function closeOf(side: Side): string | null {
  if (side.line === 'closed') return 'CLOSED'
  return side.line === 'closing' ? 'CLOSE' : null
}

/** Somebody at the desk asks back what is on its way; nothing is written for it. */
export function recalls(side: Side): string[] {
  return Object.entries(side.pays)
    .filter(([, { state }]) => state === 'sent')
    .map(([id, { aid }]) => `RECALL ${id} ${aid}`)
}

function limitNews(side: Side, what: string): string[] {
  if (what === 'acknowledged') return [side.acknowledged]
  return what === 'set' && side.pendingLimit !== null ? [limitOf(side.pendingLimit)] : []
}

const limitOf = (pending: NonNullable<Side['pendingLimit']>): string =>
  `LIMIT ${pending.version} ${pending.minutes}`

/** link.ts: said again until it is answered. Offers and postings at any time, questions once a deadline passed. */
export function dueFrom(side: Side, now: number, plans: Plans): string[] {
  const said: (string | null)[] = []
  for (const [id, { state }] of Object.entries(side.pays))
    if (state === 'held' || WAITING.includes(state)) said.push(payerAnswer(side, id, plans))
  for (const [id, { state, aid }] of Object.entries(side.gets))
    if (state === 'promised' && now > (plans.get(id)?.due ?? 0)) said.push(`ASK ${id} ${aid}`)
  // Whoever asks for a request again is shown the same entry again.
  for (const request of Object.keys(side.used)) said.push(`ENDORSED ${request}`)
  return said.filter((one) => one !== null)
}

/** hello.ts openMatters: postings it has not consumed, offers, answers to what it names as open, questions, limits. */
export function answersToHello(side: Side, peer: Side, plans: Plans): string[] {
  const said: (string | null)[] = []
  for (let seq = peer.in.seq + 1; seq <= side.out.seq; seq++) said.push(posting(side, seq, plans))
  for (const [id, { state }] of Object.entries(side.pays))
    if (state === 'held') said.push(payerAnswer(side, id, plans))
  const open = Object.keys(peer.pays).filter((id) => ['held', ...WAITING].includes(asPayer(peer, id).state))
  for (const id of open) said.push(payeeAnswer(side, id, plans))
  for (const [id, { state, aid }] of Object.entries(side.gets))
    if (state === 'promised' && !open.includes(id)) said.push(`ASK ${id} ${aid}`)
  said.push(closeOf(side))
  if (side.acknowledged !== '') said.push(side.acknowledged)
  if (side.pendingLimit !== null) said.push(limitOf(side.pendingLimit))
  return said.filter((one) => one !== null)
}
