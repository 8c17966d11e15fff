/**
 * What does a bank that lies answer? As a bank should, so that hours do move and there is something to lie about; or
 * nothing; or something that does not fit what it was asked, or what it said before.
 */

import { encode } from '../../src/core/codec.ts'
import type { Body } from '../../src/core/entry.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import { bundleOf } from '../../src/core/sign.ts'
import { decodeOrder, orderId } from '../../src/core/transfer/order.ts'
import { type Frame, type Message, type MessageOf, offerHash } from '../../src/peer/messages.ts'
import type { ScriptedLiar } from './liar-scripted.ts'
import { entryIn, type OurPayment, type Shown, type TheirPayment, type Victim } from './liar-talk.ts'

/** Hears a frame of an honest bank and answers whatever it likes. */
export function answerFrame(liar: ScriptedLiar, victim: Victim, frame: Frame): void {
  for (const message of frame.messages) hear(liar, victim, message, frame)
}

function hear(liar: ScriptedLiar, victim: Victim, message: Message, frame: Frame): void {
  switch (message.name) {
    case 'hello':
      return greeted(liar, victim, message)
    case 'offer':
      return offered(liar, victim, message)
    case 'commit': {
      const shown = entryIn(frame, message.entry, 'pay.commit')
      return shown === null ? undefined : sent(liar, victim, shown)
    }
    case 'promise': {
      const shown = entryIn(frame, message.entry, 'rcv.promise')
      return shown === null ? undefined : promised(liar, victim, shown)
    }
    case 'ask': {
      const shown = entryIn(frame, message.promise, 'rcv.promise')
      return shown === null || liar.dice.oneIn(2) ? undefined : promised(liar, victim, shown)
    }
    case 'line': {
      const shown = entryIn(frame, message.entry, 'line.limit')
      return shown === null ? undefined : limited(liar, victim, shown)
    }
    case 'busy':
      victim.busy += 1
      liar.world.coverage.met(`reaction: busy about ${message.about}`)
      return
    default:
      return
  }
}

/** Counters were named: what was not consumed is said again, or the chain is begun anew from there. */
function greeted(liar: ScriptedLiar, victim: Victim, hello: MessageOf<'hello'>): void {
  const { talk } = victim
  if (talk === null) return
  talk.named(hello.yours)
  if (!talk.greeted) liar.hello(victim)
  if (hello.inSeq === victim.seq) victim.stuck = 0
  else if (victim.stuck++ > 3) {
    victim.restartChain(hello.inSeq, hello.inChain)
    liar.told('number twice')
  } else victim.repeatAfter(hello.inSeq)
}

/** The honest bank offers hours of its member. */
function offered(liar: ScriptedLiar, victim: Victim, offer: MessageOf<'offer'>): void {
  const { dice } = liar
  const order = decodeOrder(offer.order)
  if (order === null) return
  const id = orderId(offer.order)
  const known = victim.payment(id)
  const payment: TheirPayment = known ?? {
    id,
    aid: offer.aid,
    minutes: order.minutes,
    offer,
    commit: null,
    seq: 0,
    answer: 'none',
  }
  victim.theirs.set(toHex(id), payment)
  if (dice.chance(liar.manners))
    return dice.oneIn(8) ? decline(victim, payment, 'line_full') : promise(liar, victim, payment)
  switch (dice.below(7)) {
    case 0:
      liar.told('promise with other minutes')
      return promise(liar, victim, payment, { minutes: payment.minutes + 1 })
    case 1: {
      liar.told('promise of another offer')
      const part = { line: victim.line, lineVersion: 1, minutes: payment.minutes, offerHash: dice.bytes(32) }
      return promise(liar, victim, payment, { parts: [part] })
    }
    case 2:
      liar.told('promise of another attempt')
      return promise(liar, victim, payment, { aid: dice.bytes(32) })
    case 3:
      liar.told('word that is none of ours')
      return decline(victim, payment, 'call 0900 for your hours')
    case 4:
      liar.told('decline after promise')
      promise(liar, victim, payment)
      return decline(victim, payment, 'line_full')
    case 5:
      liar.told('credit of what was never sent')
      return credit(liar, victim, payment, {
        commit: { ...liar.ref(victim, { index: 0, leaf: dice.bytes(32) }) },
      })
    default:
      return
  }
}

export function promise(
  liar: ScriptedLiar,
  victim: Victim,
  payment: TheirPayment,
  more: Partial<Body<'rcv.promise'>> = {},
): void {
  if (payment.offer === null) return
  const order = decodeOrder(payment.offer.order)
  if (order === null) return
  const { minutes, category, day, decideBy } = order
  const body = {
    id: payment.id,
    aid: payment.aid,
    payee: liar.dice.bytes(16),
    minutes,
    category,
    day,
    decideBy,
    parts: [
      {
        line: victim.line,
        lineVersion: payment.offer.lineVersion,
        minutes,
        offerHash: offerHash(payment.offer),
      },
    ],
    ...more,
  }
  payment.answer = 'promised'
  victim.say([{ name: 'promise', entry: 0 }], [liar.write(victim).write('rcv.promise', body)])
}

function decline(victim: Victim, { id, aid }: TheirPayment, code: string): void {
  victim.say([{ name: 'decline', id, aid, code }])
}

/** The honest bank has sent hours: its member has paid. */
function sent(liar: ScriptedLiar, victim: Victim, shown: Shown<'pay.commit'>): void {
  const { dice } = liar
  const { id, aid, minutes, parts } = shown.body
  const seq = parts[0]?.outSeq ?? 0
  const known = victim.payment(id)
  const payment: TheirPayment = known ?? { id, aid, minutes, offer: null, commit: null, seq, answer: 'none' }
  victim.theirs.set(toHex(id), payment)
  payment.commit = liar.ref(victim, shown)
  payment.seq = seq
  if (seq === victim.inSeq + 1) {
    victim.inSeq = seq
    victim.inChain = shown.leaf
  }
  if (payment.answer === 'credited' || payment.answer === 'waived') return
  if (dice.chance(liar.manners))
    return dice.oneIn(4) ? waive(liar, victim, payment) : credit(liar, victim, payment)
  switch (dice.below(6)) {
    case 0:
      liar.told('credit and waiver at once')
      credit(liar, victim, payment)
      return waive(liar, victim, payment)
    case 1:
      liar.told('credit after waiver')
      waive(liar, victim, payment)
      return credit(liar, victim, payment)
    case 2:
      liar.told('credit with other minutes')
      return credit(liar, victim, payment, { minutes: minutes + 5 })
    case 3:
      liar.told('credit of another attempt')
      return credit(liar, victim, payment, { aid: dice.bytes(32) })
    case 4:
      liar.told('waiver of another attempt')
      return waive(liar, victim, payment, dice.bytes(32))
    default:
      liar.told('leaves a commit unanswered')
  }
}

export function credit(
  liar: ScriptedLiar,
  victim: Victim,
  payment: TheirPayment,
  more: Partial<Body<'rcv.credit'>> = {},
): void {
  const { id, aid, minutes, commit, seq } = payment
  const named = commit ?? more.commit
  if (named === undefined || named === null) return
  const body = {
    id,
    aid,
    payee: liar.dice.bytes(16),
    minutes,
    category: 7,
    day: Math.floor(liar.now / 86_400),
    commit: named,
    parts: [
      { line: victim.line, minutes: more.minutes ?? minutes, inSeq: seq === 0 ? 1 : seq, postRef: null },
    ],
    ...more,
  }
  payment.answer = 'credited'
  victim.say([{ name: 'receipt', entry: 0 }], [liar.write(victim).write('rcv.credit', body)])
}

export function waive(
  liar: ScriptedLiar,
  victim: Victim,
  payment: TheirPayment,
  aid: Bytes = payment.aid,
): void {
  const { id, commit, seq } = payment
  const parts = [{ line: victim.line, inSeq: commit === null ? null : seq }]
  payment.answer = 'waived'
  const index = liar.write(victim).write('rcv.waive', { id, aid, cause: 1, parts, commit })
  victim.say([{ name: 'waive', entry: 0 }], [index])
}

/** The honest bank promised, or asks what became of its promise. */
function promised(liar: ScriptedLiar, victim: Victim, shown: Shown<'rcv.promise'>): void {
  const payment = victim.ours.get(toHex(shown.body.id))
  if (payment === undefined) return
  const { dice } = liar
  const first = !payment.promised
  payment.promised = true
  if (payment.decided) return repeat(victim, payment)
  if (!first && dice.oneIn(2)) return
  const bundle = bundleOf(encode([shown.leaf]))
  if (dice.chance(liar.manners))
    return dice.oneIn(4) ? abort(liar, victim, payment) : decide(liar, victim, payment, bundle)
  switch (dice.below(6)) {
    case 0:
      liar.told('commit and abort at once')
      decide(liar, victim, payment, bundle)
      return abort(liar, victim, payment)
    case 1:
      liar.told('abort, then commit')
      abort(liar, victim, payment)
      return decide(liar, victim, payment, bundle)
    case 2:
      liar.told('commit with other minutes')
      return decide(liar, victim, payment, bundle, { minutes: payment.order.minutes + 60 })
    case 3:
      liar.told('commit of another attempt')
      return decide(liar, victim, payment, bundle, { aid: dice.bytes(32) })
    case 4:
      liar.told('late commit')
      return decide(liar, victim, payment, bundle, {}, payment.order.decideBy + 1)
    default:
      // Neither yes nor no: the promise hangs.
      return liar.told('offers that hang')
  }
}

/** Writes the decision to send and shows it. */
function decide(
  liar: ScriptedLiar,
  victim: Victim,
  payment: OurPayment,
  bundle: Bytes,
  body: { readonly minutes?: number; readonly aid?: Bytes } = {},
  time = liar.now,
): void {
  const { order, bytes } = payment
  const minutes = body.minutes ?? order.minutes
  const part = { minutes, outSum: victim.sum + minutes }
  liar.write(victim)
  payment.decided = true
  const index = victim.commit(order, body.aid ?? payment.aid, {
    bytes,
    bundle,
    time,
    part,
    body: { minutes },
  })
  victim.post(index, null)
}

function abort(liar: ScriptedLiar, victim: Victim, payment: OurPayment): void {
  const { id, aid } = payment
  payment.decided = true
  victim.say([{ name: 'abort', entry: 0 }], [liar.write(victim).write('pay.abort', { id, aid, cause: 1 })])
}

function repeat(victim: Victim, { id }: OurPayment): void {
  const posting = victim.postings.find(({ log, index }) => {
    const raw = log.raws[index]
    return raw !== undefined && Buffer.from(raw).includes(Buffer.from(id))
  })
  if (posting !== undefined) victim.post(posting.index, posting.order, posting.log)
}

/** The honest bank changes what we may owe it: acknowledged, or not, or otherwise. */
function limited(liar: ScriptedLiar, victim: Victim, shown: Shown<'line.limit'>): void {
  const { direction, version, limit, peerEntry } = shown.body
  if (direction !== 1 || peerEntry !== null) return
  const { dice } = liar
  const wrong = !dice.chance(liar.manners)
  if (wrong && dice.oneIn(3)) return
  if (wrong) liar.told('acknowledges another limit')
  const body = {
    line: victim.line,
    direction: 2,
    version: wrong && dice.oneIn(3) ? version + 3 : version,
    limit: wrong && dice.oneIn(2) ? { ...limit, minutes: limit.minutes + 600 } : limit,
    fromOutSeq: wrong ? dice.pick([1, 0, 1_000_000]) : victim.seq + 1,
    peerEntry: liar.ref(victim, shown),
  }
  if (!wrong) victim.mayOwe = limit.minutes
  victim.say([{ name: 'line', entry: 0, token: null }], [liar.write(victim).write('line.limit', body)])
}
