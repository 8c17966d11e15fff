/**
 * What does a bank that lies do when nobody asked it for anything? Offers and postings as any bank sends them, so that
 * there is something to lie about, and tricks: each says whether it could be played now.
 */

import { type Bytes, compareBytes, toHex } from '../../src/core/ids.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import { encodeFrame, type Message } from '../../src/peer/messages.ts'
import { encodeRecordQuestion } from '../../src/peer/record-messages.ts'
import { credit, promise, waive } from './liar-answers.ts'
import type { Trick } from './liar-lies.ts'
import type { ScriptedLiar } from './liar-scripted.ts'
import type { CommitTerms, OurPayment, TheirPayment, Victim } from './liar-talk.ts'
import type { ScriptedLog } from './scripted-bank.ts'

/** Plays a trick, or says that it cannot now. */
type Play = (liar: ScriptedLiar, victim: Victim) => boolean

interface Act {
  /** Null: no lie. */
  readonly name: Trick | null
  readonly play: Play
  /** How often it is drawn against the others. */
  readonly weight: number
}

/** By post: held by nobody, committed, shown. */
function posted(
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

function astray(part: (liar: ScriptedLiar, victim: Victim, minutes: number) => CommitTerms['part']): Play {
  return (liar, victim) => {
    const payment = liar.order(victim, { postal: true })
    const given = part(liar, victim, payment.order.minutes)
    posted(liar, victim, payment, { astray: true, ...(given === undefined ? {} : { part: given }) })
    return true
  }
}

/** A payment of the honest bank that the liar answered so. */
function answered(liar: ScriptedLiar, victim: Victim, answer: TheirPayment['answer']): TheirPayment | null {
  const all = [...victim.theirs.values()].filter((one) => one.answer === answer && one.commit !== null)
  return all.length === 0 ? null : liar.dice.pick(all)
}

/** A `line.*` entry, shown. */
function lineEntry(write: (liar: ScriptedLiar, victim: Victim) => number): Play {
  return (liar, victim) => {
    const index = write(liar, victim)
    victim.say([{ name: 'line', entry: 0, token: null }], [index])
    return true
  }
}

const tricks: Partial<Record<Trick, Play>> = {
  // Two histories

  'head of a fork': (liar, victim) => {
    const { log } = victim
    if (log.size < 4) return false
    const fork = liar.fork(log, log.size - 1)
    victim.say([], [], { log: fork, head: fork.head(), link: 'none' })
    return true
  },
  'goes on in a fork': (liar, victim) => {
    const { log } = victim
    if (log.size < 6) return false
    victim.log = liar.fork(log, liar.dice.between(Math.max(3, log.size - 12), log.size - 1))
    posted(liar, victim, liar.order(victim, { postal: true }))
    return true
  },
  'other history for each neighbour': (liar, victim) => {
    if (
      liar.victims.length < 2 ||
      liar.victims.some((one) => one !== victim && one.log === victim.log) === false
    )
      return false
    victim.log = liar.fork(victim.log, victim.log.size - 1)
    return true
  },
  'rewrites its log': (liar, victim) => {
    const { log } = victim
    if (log.size < 12) return false
    const fork = liar.fork(log, liar.dice.between(3, 8))
    while (fork.size < log.size + 2) fork.write('acct.open', account(liar), liar.now)
    victim.log = fork
    victim.say([], [], { link: liar.dice.oneIn(2) ? 'none' : 'wrong' })
    return true
  },
  'shows an older head': (_liar, victim) => {
    const { log } = victim
    if (log.size < 4) return false
    victim.say([], [], { head: log.head(log.size - 2), link: 'none' })
    return true
  },

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

  // Replay

  'old frame again': (liar, victim) => {
    const old = victim.said.slice(0, -2)
    if (old.length === 0) return false
    victim.sayRaw(liar.dice.pick(old))
    return true
  },
  'all postings again': (_liar, victim) => {
    victim.repeatAfter(0)
    return victim.postings.length > 0
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
    for (let i = 0; i < 12; i++) invented(liar, victim, 'promise', 200)
    return true
  },
  'limits without end': (liar, victim) => {
    for (let i = 0; i < 5; i++) limitOf(1, { version: 2 + i })(liar, victim)
    return true
  },

  // What it says of us

  'consumed what was never sent': (liar, victim) => {
    liar.hello(victim, { inSeq: 10_000, inChain: liar.dice.bytes(32) })
    return true
  },
  'consumed another posting': (liar, victim) => {
    if (victim.inSeq === 0) return false
    liar.hello(victim, { inChain: liar.dice.bytes(32) })
    return true
  },
  'forged head of ours': (liar, victim) => {
    const ours = victim.log.head()
    liar.hello(victim, { yours: liar.dice.oneIn(2) ? ours : damaged(liar, victim.heads.at(-1) ?? ours) })
    return true
  },
  'wrong counters': (liar, victim) => {
    liar.hello(victim, { outSeq: liar.dice.below(50), outChain: liar.dice.bytes(32), inSeq: 0 })
    return true
  },
  'old head of ours': (liar, victim) => {
    const [oldest] = victim.heads
    if (oldest === undefined) return false
    liar.hello(victim, { yours: liar.dice.oneIn(3) ? null : oldest })
    return true
  },
  'ids that are not open': (liar, victim) => {
    const others = liar.victims.flatMap(({ theirs }) => [...theirs.values()].map(({ id }) => id))
    const open = [...others.slice(-50), ...Array.from({ length: 30 }, () => liar.dice.bytes(32))]
    liar.hello(victim, { open })
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

  // The line

  'limit of another version': (liar, victim) =>
    limitOf(liar.dice.pick([1, 1, 2]), { version: liar.dice.pick([1, 2, 3, 9]) })(liar, victim),
  'closes the line': lineEntry((liar, victim) => {
    const peerEntry = liar.dice.oneIn(2) ? null : liar.ref(victim, { index: 5, leaf: liar.dice.bytes(32) })
    const body = { line: victim.line, cause: 1, lastStatement: 0, peerEntry }
    return liar.write(victim).write('line.close', body)
  }),
  'pauses and resumes': (liar, victim) => {
    const { line } = victim
    const evidence = liar.dice.bytes(32)
    if (liar.dice.oneIn(3))
      lineEntry(() => liar.write(victim).write('line.freeze', { line, cause: 2, evidence }))(liar, victim)
    const thaw = { line, cause: 1, board: null, accepted: null }
    return lineEntry(() => liar.write(victim).write('line.thaw', thaw))(liar, victim)
  },
  'second line': lineEntry((liar, victim) =>
    liar.write(victim).write('line.open', {
      terms: termsOf(liar, liar.bank, victim.town.bank.bank),
      peerEntry: liar.dice.oneIn(2) ? null : liar.ref(victim, { index: 7, leaf: liar.dice.bytes(32) }),
    }),
  ),
  'line of two other banks': lineEntry((liar, victim) =>
    liar.write(victim).write('line.open', {
      terms: termsOf(
        liar,
        liar.victims.find((one) => one !== victim)?.town.bank.bank ?? liar.dice.bytes(20),
        victim.town.bank.bank,
      ),
      peerEntry: null,
    }),
  ),

  // Bytes

  'bad signature': (liar, victim) => {
    const { log, index, bytes } = unsigned(liar, victim)
    const commit: Message = { name: 'commit', entry: 0, order: bytes }
    victim.say([commit], [index], { log, head: damaged(liar, log.head()), link: 'none' })
    return true
  },
  'entry under no head': (liar, victim) => {
    const forged = unsigned(liar, victim)
    const index = victim.log.size - 1
    const entry = forged.log.raws[forged.index] as Bytes
    const entries = [{ index, entry, proof: victim.log.proof(index) }]
    const messages: Message[] = [{ name: 'commit', entry: 0, order: forged.bytes }]
    victim.sayRaw(encodeFrame({ head: victim.log.head(), link: null, entries, messages }))
    return true
  },
  'proof that does not fit': (_liar, victim) => {
    victim.say([], [], { link: 'wrong' })
    return true
  },
  'unknown message': (liar, victim) => {
    const raw = encodeFrame({ head: null, link: null, entries: [], messages: [] })
    // An empty list of messages is the last byte; a list of one array of one number takes its place.
    victim.sayRaw(Uint8Array.of(...raw.slice(0, -1), 0x81, 0x81, 0x18, liar.dice.between(60, 200)))
    return true
  },
  'largest frame': (liar, victim) => {
    const { log } = victim
    const entries: { index: number; entry: Bytes; proof: Bytes[] }[] = []
    for (let i = 0; i < LIMITS.frameEntries; i++) {
      const index = i % log.size
      entries.push({ index, entry: log.raws[index] as Bytes, proof: log.proof(index) })
    }
    let many = entries.length
    const offers = Array.from({ length: 200 }, () =>
      liar.offer(victim, liar.order(victim, { minutes: 6_000 })),
    )
    for (; many > 0; many -= 16) {
      const raw = encodeFrame({
        head: log.head(),
        link: null,
        entries: entries.slice(0, many),
        messages: offers,
      })
      if (raw.length > LIMITS.frameBytes) continue
      victim.sayRaw(raw)
      return true
    }
    return false
  },
  'many small frames': (_liar, victim) => {
    const raw = encodeFrame({ head: null, link: null, entries: [], messages: [] })
    for (let i = 0; i < 150; i++) victim.sayRaw(raw)
    return true
  },
  'record questions': (liar, victim) => {
    const target = { peerId: victim.town.bank.peerId, addresses: [] }
    for (let i = 0; i < 20; i++) {
      const bank = liar.dice.pick([null, liar.dice.bytes(20), liar.bank, victim.town.bank.bank])
      const question = i % 5 === 4 ? liar.dice.bytes(60) : encodeRecordQuestion({ request: i, bank })
      liar.transport.ask(target, question, new AbortController().signal).catch(() => undefined)
    }
    return true
  },
  'falls silent': (liar) => {
    liar.fallSilent()
    liar.world.agenda.after(liar.dice.between(2_000, 60_000), () => {
      liar.silent = false
    })
    return true
  },
}

/** Tricks that are drawn less often than the others: they end sessions, or are much work. */
const RARE: ReadonlySet<Trick> = new Set<Trick>([
  'bad signature',
  'entry under no head',
  'unknown message',
  'largest frame',
  'many small frames',
  'falls silent',
  'goes on in a fork',
  'rewrites its log',
  'head of a fork',
  'proof that does not fit',
])

const honestly: readonly Act[] = [
  {
    name: null,
    weight: 70,
    play: (liar, victim) => {
      victim.say([liar.offer(victim, liar.order(victim))])
      return true
    },
  },
  {
    name: null,
    weight: 40,
    play: (liar, victim) => {
      posted(liar, victim, liar.order(victim, { postal: true }))
      return true
    },
  },
]

const FLOOD: Trick = 'more inventions than a day allows'

const ACTS: readonly Act[] = [
  ...honestly,
  ...(Object.entries(tricks) as [Trick, Play][]).map(([name, play]) => ({
    name,
    play,
    weight: name === FLOOD || name === "decides others' payments" ? 12 : RARE.has(name) ? 1 : 4,
  })),
]

/** What the liar does next, if it can. */
export function drawnTrick({ dice, floods }: ScriptedLiar): Act {
  for (;;) {
    let at = dice.below(ACTS.reduce((sum, { weight }) => sum + weight, 0))
    for (const act of ACTS) {
      at -= act.weight
      if (at >= 0) continue
      // Thousands of entries are for a few worlds only.
      if (act.name === FLOOD && !floods) break
      return act
    }
  }
}

/** So many promises, or questions that show one, for ids that nobody ever ordered. */
function invented(liar: ScriptedLiar, victim: Victim, name: 'promise' | 'ask', many: number): boolean {
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

function limitOf(direction: 1 | 2, { version }: { readonly version: number }): Play {
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
function unsigned(liar: ScriptedLiar, victim: Victim): { log: ScriptedLog; index: number; bytes: Bytes } {
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
function foreign(liar: ScriptedLiar, victim: Victim): TheirPayment | null {
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

function termsOf(liar: ScriptedLiar, one: Bytes, other: Bytes): Bytes {
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

function account(liar: ScriptedLiar): { acct: Bytes; class: number; nonce: Bytes } {
  return { acct: liar.dice.bytes(16), class: 1, nonce: liar.dice.bytes(16) }
}

function damaged(liar: ScriptedLiar, note: Bytes): Bytes {
  const bad = note.slice()
  // The signature stands at the end, in base64.
  bad[bad.length - 8 - liar.dice.below(40)]! ^= 1
  return bad
}
