/** Which tricks does a bank that lies play with its log, its line, its HELLO and the bytes of its frames? */

import type { Bytes } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { encodeFrame, type Message } from '../../src/peer/messages.ts'
import { encodeRecordQuestion } from '../../src/peer/record-messages.ts'
import type { Trick } from './liar-lies.ts'
import { account, damaged, limitOf, lineEntry, type Play, posted, termsOf, unsigned } from './liar-plays.ts'

export const bankTricks: Partial<Record<Trick, Play>> = {
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
