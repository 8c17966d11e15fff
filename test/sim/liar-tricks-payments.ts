/** Which tricks does a bank that lies play with payments: with its own, with those of its victims, and with others'? */

import { encodeIntent } from '../../src/core/intent.ts'
import { LIMITS } from '../../src/core/limits.ts'
import type { Message } from '../../src/peer/messages.ts'
import { credit, promise, waive } from './liar-answers.ts'
import type { Trick } from './liar-lies.ts'
import { answered, astray, foreign, invented, limitOf, type Play, posted } from './liar-plays.ts'
import type { TheirPayment } from './liar-talk.ts'

export const paymentTricks: Partial<Record<Trick, Play>> = {
  // Decisions

  'commit, then abort': (liar, victim) => {
    const payment = liar.order(victim, { postal: true })
    posted(liar, victim, payment)
    const { id, aid } = payment
    victim.say([{ name: 'abort', entry: 0 }], [liar.write(victim).write('pay.abort', { id, aid, cause: 1 })])
    return true
  },
  'two commits for one id': (liar, victim) => {
    const payment = liar.order(victim, { postal: true })
    posted(liar, victim, payment)
    const again = liar.dice.oneIn(2) ? payment : { ...payment, aid: liar.dice.bytes(32) }
    posted(liar, victim, again, { astray: true })
    return true
  },
  'commit with another order beside it': (liar, victim) => {
    const payment = liar.order(victim, { postal: true })
    const other = liar.order(victim, { postal: true })
    liar.write(victim)
    const { order, aid, bytes } = payment
    victim.post(victim.commit(order, aid, { bytes, bundle: null, time: liar.now }), other.bytes)
    return true
  },
  'commit over the limit': (liar, victim) => {
    const minutes = Math.min(LIMITS.crossingMinutes, victim.mayOwe + liar.dice.between(1, 600))
    posted(liar, victim, liar.order(victim, { postal: true, minutes }))
    return true
  },
  'commits until the limit and on': (liar, victim) => {
    const minutes = Math.max(1, Math.floor(victim.mayOwe / 3))
    for (let i = 0; i < 5; i++) posted(liar, victim, liar.order(victim, { postal: true, minutes }))
    return true
  },
  'late commit': (liar, victim) => {
    const decideBy = liar.now - liar.dice.between(1, 4_000)
    posted(liar, victim, liar.order(victim, { postal: true, decideBy }))
    return true
  },
  'time goes back': (liar, victim) => {
    posted(liar, victim, liar.order(victim, { postal: true }), { time: liar.now - 86_400 })
    return true
  },
  'mints hours': (liar, victim) => {
    const legs = [1, 2].map(() => ({ acct: liar.dice.bytes(16), minutes: 6_000 }))
    const intent = encodeIntent({
      version: 1,
      bank: liar.bank,
      day: Math.floor(liar.now / 86_400),
      category: 3,
      legs,
      commitment: liar.dice.bytes(32),
      nonce: liar.dice.bytes(16),
    })
    liar.write(victim).write('exchange', {
      intent,
      channel: 1,
      auths: [{ form: 2, actor: liar.dice.bytes(16), onBehalfOf: null, reason: 2, second: null }],
      refs: [],
    })
    posted(liar, victim, liar.order(victim, { postal: true }))
    return true
  },
  'sends what nobody held': (liar, victim) => {
    posted(liar, victim, liar.order(victim, { postal: true }))
    return true
  },

  // Chain

  gap: astray((_, victim) => ({ outSeq: victim.seq + 3 })),
  'number twice': (liar, victim) => {
    if (victim.seq === 0) return false
    return astray(({ dice }, { seq }) => ({ outSeq: dice.between(1, seq) }))(liar, victim)
  },
  'wrong chain': astray((liar) => ({ prevOut: liar.dice.bytes(32) })),
  'part with other minutes': astray((_liar, _victim, minutes) => ({ minutes: minutes + 1 })),
  'posting over another line': astray((liar, victim) => {
    const other = liar.victims.find((one) => one !== victim)
    return { line: other?.line ?? liar.dice.bytes(16) }
  }),

  // Answers

  'waiver after credit': (liar, victim) => {
    const one = answered(liar, victim, 'credited')
    if (one === null) return false
    waive(liar, victim, one)
    return true
  },
  'gives everything back': (liar, victim) => {
    const credited = (): TheirPayment[] =>
      [...victim.theirs.values()].filter(({ answer }) => answer === 'credited')
    if (credited().length < 2) return false
    // First it owes as much as it may; every minute that it gives back then is beyond the limit.
    for (const part of [2, 2, 3, 5, 9, 20]) {
      const minutes = Math.max(1, Math.floor(victim.mayOwe / part))
      posted(liar, victim, liar.order(victim, { postal: true, minutes }))
    }
    liar.world.agenda.after(4_000, () => {
      for (const one of credited()) waive(liar, victim, one)
    })
    return true
  },
  'credit after waiver': (liar, victim) => {
    const one = answered(liar, victim, 'waived')
    if (one === null) return false
    credit(liar, victim, one)
    return true
  },

  // Making us write

  'offers that hang': (liar, victim) => {
    const many = liar.dice.pick([3, 10, 40])
    const offers = Array.from({ length: many }, () => liar.offer(victim, liar.order(victim, { minutes: 1 })))
    victim.say(offers)
    return true
  },
  'refused offers': (liar, victim) => {
    // Handles are tried: the one answer says nothing of whom they may belong to.
    const wrong = (): Message => liar.offer(victim, liar.order(victim, { handle: liar.dice.bytes(16) }))
    victim.say(Array.from({ length: liar.dice.between(2, 60) }, wrong))
    return true
  },
  'promise for an invented id': (liar, victim) => invented(liar, victim, 'promise', liar.dice.between(1, 12)),
  'question about an invented id': (liar, victim) => invented(liar, victim, 'ask', liar.dice.between(1, 12)),
  'more inventions than a day allows': (liar, victim) => {
    liar.floods -= 1
    for (let i = 0; i < 9; i++) invented(liar, victim, 'promise', 200)
    return true
  },
  'limits without end': (liar, victim) => {
    for (let i = 0; i < 5; i++) limitOf(1, { version: 2 + i })(liar, victim)
    return true
  },

  // Others' affairs

  "decides others' payments": (liar, victim) => {
    const theirs = foreign(liar, victim)
    if (theirs === null) return false
    const { id, aid } = theirs
    const parts = [{ line: victim.line, inSeq: null }]
    const waived = liar.write(victim).write('rcv.waive', { id, aid, cause: 1, parts, commit: null })
    const aborted = victim.log.write('pay.abort', { id, aid, cause: 1 }, liar.now)
    victim.say(
      [
        { name: 'waive', entry: 0 },
        { name: 'abort', entry: 1 },
      ],
      [waived, aborted],
    )
    return true
  },
  "asks after others' payments": (liar, victim) => {
    const theirs = foreign(liar, victim)
    if (theirs === null || theirs.offer === null) return false
    promise(liar, victim, { ...theirs })
    return true
  },
}
