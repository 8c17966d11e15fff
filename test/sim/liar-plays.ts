/**
 * How is a trick played? What the tricks of a bank that lies are made of: postings that nobody held, invented ids,
 * histories that nobody is shown, and what it knows of others' payments.
 */

import { type Bytes, compareBytes, toHex } from '../../src/core/ids.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import type { ScriptedLiar } from './liar-scripted.ts'
import type { CommitTerms, OurPayment, TheirPayment, Victim } from './liar-talk.ts'
import type { ScriptedLog } from './scripted-bank.ts'

/** Plays a trick, or says that it cannot now. */
export type Play = (liar: ScriptedLiar, victim: Victim) => boolean

/** By post: held by nobody, committed, shown. */
export function posted(
  liar: ScriptedLiar,
  victim: Victim,
  payment: OurPayment,
  how: Partial<CommitTerms> = {},
): number {
  const { order, bytes, aid } = payment
  liar.write(victim)
  const index = victim.commit(order, aid, { bytes, bundle: null, time: liar.now, ...how })
  victim.post(index, bytes)
  return index
}

export function astray(
  part: (liar: ScriptedLiar, victim: Victim, minutes: number) => CommitTerms['part'],
): Play {
  return (liar, victim) => {
    const payment = liar.order(victim, { postal: true })
    const given = part(liar, victim, payment.order.minutes)
    posted(liar, victim, payment, { astray: true, ...(given === undefined ? {} : { part: given }) })
    return true
  }
}

/** A payment of the honest bank that the liar answered so. */
export function answered(
  liar: ScriptedLiar,
  victim: Victim,
  answer: TheirPayment['answer'],
): TheirPayment | null {
  const all = [...victim.theirs.values()].filter((one) => one.answer === answer && one.commit !== null)
  return all.length === 0 ? null : liar.dice.pick(all)
}

/** A `line.*` entry, shown. */
export function lineEntry(write: (liar: ScriptedLiar, victim: Victim) => number): Play {
  return (liar, victim) => {
    const index = write(liar, victim)
    victim.say([{ name: 'line', entry: 0, token: null }], [index])
    return true
  }
}

/** So many promises, or questions that show one, for ids that nobody ever ordered. */
export function invented(liar: ScriptedLiar, victim: Victim, name: 'promise' | 'ask', many: number): boolean {
  const ids = Array.from({ length: many }, () => liar.dice.bytes(32))
  const show = ids.map((id) =>
    liar.write(victim).write('rcv.promise', {
      id,
      aid: liar.dice.bytes(32),
      payee: liar.dice.bytes(16),
      minutes: 30,
      category: 7,
      day: Math.floor(liar.now / 86_400),
      decideBy: liar.now + 600,
      parts: [{ line: victim.line, lineVersion: 1, minutes: 30, offerHash: liar.dice.bytes(32) }],
    }),
  )
  victim.say(
    ids.map((id, place) => (name === 'ask' ? { name, id, promise: place } : { name, entry: place })),
    show,
  )
  return true
}

export function limitOf(direction: 1 | 2, { version }: { readonly version: number }): Play {
  return lineEntry((liar, victim) =>
    liar.write(victim).write('line.limit', {
      line: victim.line,
      direction,
      version,
      limit: { minutes: liar.dice.pick([0, 60, 600, 6_000, 600_000]), openCap: 240, parkCap: 240 },
      fromOutSeq: direction === 2 ? liar.dice.pick([0, 1, victim.seq + 1]) : null,
      peerEntry: direction === 2 ? liar.ref(victim, { index: 9, leaf: liar.dice.bytes(32) }) : null,
    }),
  )
}

/** A commit of the next posting that the liar has not signed and never will, in a history that nobody is shown. */
export function unsigned(
  liar: ScriptedLiar,
  victim: Victim,
): { log: ScriptedLog; index: number; bytes: Bytes } {
  const log = victim.log.fork(victim.log.size)
  const { order, aid, bytes, id } = liar.order(victim, { postal: true })
  const { minutes, decideBy } = order
  const { line, seq, sum, prev } = victim
  const parts = [{ line, minutes, outSeq: seq + 1, outSum: sum + minutes, prevOut: prev }]
  const index = log.write('pay.commit', { id, aid, minutes, decideBy, bundle: null, parts }, liar.now)
  return { log, index, bytes }
}

/**
 * A payment that another neighbour makes to the liar, or one between two honest banks: their ids are no secret, and
 * somebody may have told.
 */
export function foreign(liar: ScriptedLiar, victim: Victim): TheirPayment | null {
  const { seer } = liar.world
  const here = toHex(victim.town.bank.bank)
  const others = [...seer.payments.values()].filter(
    ({ payerBank, payeeBank }) =>
      seer.isHonest(payerBank) && seer.isHonest(payeeBank) && [payerBank, payeeBank].includes(here),
  )
  // What is promised and not decided yet is where a third word could do harm.
  const open = others.filter(
    ({ promised, credited, waived }) => promised.size > 0 && credited === null && waived.size === 0,
  )
  const told = open.at(-1) ?? others.at(-1 - liar.dice.below(4))
  const aid = told?.sent ?? [...(told?.promised ?? [])][0]
  if (told !== undefined && aid !== undefined && liar.dice.oneIn(2)) {
    const [id, attempt] = [told.id, aid].map((hex) => new Uint8Array(Buffer.from(hex, 'hex'))) as [
      Bytes,
      Bytes,
    ]
    return { id, aid: attempt, minutes: told.minutes, offer: null, commit: null, seq: 0, answer: 'none' }
  }
  const all = liar.victims.filter((one) => one !== victim).flatMap(({ theirs }) => [...theirs.values()])
  return all.length === 0 ? null : liar.dice.pick(all)
}

export function termsOf(liar: ScriptedLiar, one: Bytes, other: Bytes): Bytes {
  const limit = { minutes: 6_000, openCap: 240, parkCap: 240 }
  const [lower, higher] = compareBytes(one, other) < 0 ? [one, other] : [other, one]
  const nonce = liar.dice.bytes(16)
  return encodeTerms({
    version: 1,
    lower,
    higher,
    lowerMayOwe: limit,
    higherMayOwe: limit,
    statementEvery: 0,
    nonce,
  })
}

export function account(liar: ScriptedLiar): { acct: Bytes; class: number; nonce: Bytes } {
  return { acct: liar.dice.bytes(16), class: 1, nonce: liar.dice.bytes(16) }
}

export function damaged(liar: ScriptedLiar, note: Bytes): Bytes {
  const bad = note.slice()
  // The signature stands at the end, in base64.
  bad[bad.length - 8 - liar.dice.below(40)]! ^= 1
  return bad
}
