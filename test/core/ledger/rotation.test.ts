import { describe, expect, test } from 'vitest'
import { type Bench, openBook } from '../../../src/core/audit/book.ts'
import { beginEpoch } from '../../../src/core/audit/rotation.ts'
import { judgeEntry } from '../../../src/core/audit.ts'
import { decode } from '../../../src/core/codec.ts'
import { signingKey, verify, verifyingKey } from '../../../src/core/ed25519.ts'
import {
  type Body,
  decodeEntry,
  type EntryOf,
  encodeEntry,
  type Kind,
  rotationStatement,
} from '../../../src/core/entry.ts'
import { sha256 } from '../../../src/core/hash.ts'
import type { Bytes } from '../../../src/core/ids.ts'
import { lineIdOf, recoveryHashOf, rotatePreimage } from '../../../src/core/sign.ts'
import { leafHash } from '../../../src/log/merkle.ts'
import {
  BookLog,
  COORDINATOR,
  commitOf,
  creditOf,
  expectRefused,
  FUND,
  holdOf,
  id16,
  id32,
  idOf,
  joinBanks,
  orderFrom,
  promiseOf,
  RULES,
} from './books.ts'

const keyOf = (seed: number) => signingKey(sha256(id32(seed)))
const sheet = keyOf(50)
const [second, third] = [keyOf(51).publicKey, keyOf(52).publicKey]
const ROOT = id32(9)

/** A bank whose sheet is at hand. */
function bankOf(seed: number): BookLog {
  const log = new BookLog()
  const logKey = keyOf(seed).publicKey
  const recoveryHash = recoveryHashOf(sheet.publicKey)
  log.add('found', { nonce: id32(seed), name: `Bank ${seed}`, logKey, recoveryHash, unit: 1 })
  log.add('rules', RULES)
  log.add('card', { name: `Bank ${seed}`, witnessKey: keyOf(99).publicKey, peerId: id16(4), publicUrl: null })
  log.add('acct.open', { acct: FUND, class: 3, nonce: id16(5) })
  log.add('role.grant', { actor: COORDINATOR, role: 1, ownAcct: null, until: null, nonce: id16(6) })
  return log
}

const out = (more: Partial<Body<'rotate.out'>> = {}): Body<'rotate.out'> => ({
  epoch: 1,
  logKey: second,
  cause: 1,
  ...more,
})

/** The first entry of the next epoch, signed by the sheet unless it is planned. */
function into(log: BookLog, more: Partial<Body<'rotate.in'>> = {}): Body<'rotate.in'> {
  const { bank, epochs, recoveryHash, size } = log.book
  const oldSize = size - (epochs.at(-1)?.start ?? 0)
  const stated = {
    bank,
    epoch: epochs.length,
    logKey: second,
    oldEpoch: epochs.length - 1,
    oldSize,
    oldRoot: ROOT,
    keptSize: oldSize,
    cause: 1,
    recoveryHash,
    ...more,
  }
  const signature = sheet.sign(rotatePreimage(rotationStatement(stated)))
  const recovery = stated.cause === 1 ? null : { key: sheet.publicKey, signature }
  return { ...stated, recovery: more.recovery === undefined ? recovery : more.recovery }
}
const newSheet = recoveryHashOf(keyOf(60).publicKey)

/** Rules that the judge finds broken in these logs, in which an epoch begins with every `rotate.in`. */
function judged(log: BookLog, ...more: (readonly [Kind, unknown])[]): string[] {
  const book = openBook(log.book.bank, 0)
  const broken: string[] = []
  const bench: Bench = {
    decode: (bytes) => {
      const read = decode(bytes)
      return read.ok ? read.value : undefined
    },
    report: ({ rule, epoch, index, facts }) =>
      broken.push(`${rule} ${epoch}/${index} ${facts.problem ?? ''}`),
    verify: ({ rule, key, message, signature }) => {
      const known = verifyingKey(key)
      if (known === null || !verify(known, message, signature)) broken.push(rule)
    },
  }
  const raws = more.map(([kind, body]) =>
    encodeEntry({ kind, time: log.time, body } as unknown as EntryOf<Kind>),
  )
  for (const raw of [...log.placed.map((one) => one.raw), ...raws]) {
    const read = decodeEntry(raw)
    if (!read.ok) throw new Error(read.problem)
    const start = book.epochs.at(-1)?.start ?? 0
    const size = book.times.length - start
    if (read.entry.kind === 'rotate.in' && size > 0) beginEpoch(book, { size, root: ROOT })
    judgeEntry(book, bench, read.entry, leafHash(raw))
  }
  // Books for tests have a coordinator without an account of the own.
  return broken.filter((one) => !one.startsWith('AUD-3.coordinator_without_account'))
}

describe('a planned change', () => {
  test('[KEY-3] the old key names the new one, and the next epoch carries everything over', () => {
    const log = bankOf(1)
    log.member(10)
    log.add('rotate.out', out())
    expect(log.book.ending).toEqual(out())
    const start = log.book.size
    log.add('rotate.in', into(log))
    expect(log.book.epochs.map(({ epoch, start: from, key }) => [epoch, from, key])).toEqual([
      [0, 0, keyOf(1).publicKey],
      [1, start, second],
    ])
    expect([log.book.logKey, log.book.ending]).toEqual([second, null])
    expect(log.ref(start)).toMatchObject({ epoch: 1, index: 0 })
    log.member(11)
    log.add('rotate.out', out({ epoch: 2, logKey: third }))
    log.add('rotate.in', into(log, { logKey: third }))
    expect(log.book.epochs.length).toBe(3)
    expect(judged(log)).toEqual([])
  })

  test('[KEY-3] after the last entry of an epoch there is one legal next entry', () => {
    const log = bankOf(1)
    log.add('rotate.out', out())
    const open = { acct: id16(10), class: 1, nonce: id16(11) }
    expectRefused(log, 'acct.open', open, /comes the first one of the next/)
    expectRefused(log, 'rotate.out', out(), /comes the first one of the next/)
    expect(judged(log, ['acct.open', open])).toEqual(['AUD-1.after_rotation 0/6 '])
    log.add('rotate.in', into(log))
  })

  test.each<[string, Partial<Body<'rotate.out'>>, RegExp, string]>([
    ['another number', { epoch: 2 }, /next number/, 'the next epoch has another number'],
    ['a cause of the sheet', { cause: 3 }, /as planned, or not/, 'the cause is none for which'],
    ['the same key', { logKey: keyOf(1).publicKey }, /signs one epoch/, 'the key was used before'],
  ])('[KEY-3] rotate.out with %s is refused', (_, more, rule, problem) => {
    const log = bankOf(1)
    expectRefused(log, 'rotate.out', out(more), rule)
    expect(judged(log, ['rotate.out', out(more)])).toEqual([expect.stringContaining(problem)])
  })

  test('[KEY-1] [SIG-2] the new key is one that may be used, and has no other role', () => {
    const log = bankOf(1)
    expectRefused(log, 'rotate.out', out({ logKey: new Uint8Array(32) }), /no key that may be used/)
    expectRefused(log, 'rotate.out', out({ logKey: keyOf(99).publicKey }), /two roles/)
  })

  const wrongs: [string, Partial<Body<'rotate.in'>>, RegExp, string][] = [
    ['another number', { epoch: 2 }, /next number/, 'another number'],
    ['another old epoch', { oldEpoch: 1 }, /next number/, 'another number'],
    ['another key', { logKey: third }, /named another one/, 'not named the new one'],
    ['another size', { oldSize: 3, keptSize: 3 }, /another size/, 'another size or root'],
    ['entries left out', { keptSize: 3 }, /carried over/, 'left out'],
    ['another sheet', { recoveryHash: newSheet }, /keeps the recovery sheet/, 'leaves the recovery sheet'],
    ['a lost tail', { cause: 4 }, /not understood yet/, 'left out'],
  ]
  test.each(wrongs)('[KEY-3] rotate.in with %s is refused', (_, more, rule, problem) => {
    const log = bankOf(1)
    log.add('rotate.out', out())
    expectRefused(log, 'rotate.in', into(log, more), rule)
    expect(judged(log, ['rotate.in', into(log, more)])[0]).toMatch(problem)
  })

  test('[KEY-3] another bank, another root, a recovery key that is not needed, a key that nobody named', () => {
    const log = bankOf(1)
    expectRefused(log, 'rotate.in', into(log), /has not named the new one/)
    expect(judged(log, ['rotate.in', into(log)])).toEqual([expect.stringContaining('not named the new one')])
    log.add('rotate.out', out())
    const other = bankOf(2).book.bank
    expectRefused(log, 'rotate.in', into(log, { bank: other }), /another bank/)
    expect(judged(log, ['rotate.in', into(log, { bank: other })])[0]).toMatch('of another bank')
    // The ledger leaves the root to whoever has the tree.
    expect(judged(log, ['rotate.in', into(log, { oldRoot: id32(8) })])[0]).toMatch('another size or root')
    const recovery = { key: sheet.publicKey, signature: new Uint8Array(64) }
    expectRefused(log, 'rotate.in', into(log, { recovery }), /needs no recovery key/)
  })

  test('[PAY-15] nothing is held when the key changes, and what an epoch held is decided by no other', () => {
    const [a, b] = [bankOf(1), bankOf(2)]
    const payer = a.member(10)
    joinBanks(a, b)
    const order = orderFrom({ bank: a, account: payer }, { bank: b, handle: id16(20) }, 60)
    a.add('pay.hold', holdOf(a, b, order))
    expectRefused(a, 'rotate.out', out(), /held payment is aborted/)
    expect(judged(a, ['rotate.out', out()])).toEqual([expect.stringContaining('payments are still held')])
    // The sheet needs no abort before: the old key cannot speak any more.
    a.add('rotate.in', into(a, { cause: 2, recoveryHash: newSheet }))
    const commit = commitOf(a, b, idOf(order))
    expectRefused(a, 'pay.commit', commit, /in the epoch that held it/)
    expect(judged(a, ['pay.commit', commit])).toEqual([
      expect.stringContaining('AUD-3.commit_other_epoch 1/1'),
    ])
    a.add('pay.abort', { id: idOf(order), aid: id32(42), cause: 6 })
    expect(a.book.hold).toBe(0)
    expect(judged(a)).toEqual([])
  })

  test('[PAY-15] a promise is credited on a commit of the epoch that its offer pinned', () => {
    const [a, b] = [bankOf(1), bankOf(2)]
    const payee = b.member(10)
    joinBanks(a, b)
    const promised = (number: number): { id: Bytes; payee: Bytes; minutes: number } => {
      const terms = { id: id32(number), payee, minutes: 60 }
      b.add('rcv.promise', promiseOf(b, a, terms))
      return terms
    }
    const seen = (epoch: number): Body<'seen'> => {
      return { bank: a.book.bank, epoch, size: 1, root: ROOT, signature: new Uint8Array(64) }
    }
    const of = (terms: ReturnType<typeof promised>, epoch: number): Body<'rcv.credit'> => {
      const credit = creditOf(b, a, terms)
      return { ...credit, commit: { ...credit.commit, epoch } }
    }
    const old = promised(500)
    b.add('seen', seen(1))
    const later = promised(501)
    expectRefused(b, 'rcv.credit', of(old, 1), /that its offer pinned/)
    expectRefused(b, 'rcv.credit', of(later, 0), /that its offer pinned/)
    expect(judged(b, ['rcv.credit', of(later, 0)])).toEqual([
      expect.stringContaining('AUD-3.credit_other_epoch'),
    ])
    b.add('rcv.credit', of(old, 0))
    // An older head says nothing newer.
    b.add('seen', seen(0))
    b.add('rcv.credit', of(later, 1))
    expect(judged(b)).toEqual([])
  })
})

describe('a recovery', () => {
  test.each([2, 3])(
    '[KEY-4] the sheet opens the next epoch with cause %i, without the old key or against it',
    (cause) => {
      const log = bankOf(1)
      log.add('rotate.in', into(log, { cause, recoveryHash: newSheet }))
      expect([log.book.logKey, log.book.recoveryHash]).toEqual([second, newSheet])
      expect(judged(log)).toEqual([])
      const robbed = bankOf(1)
      robbed.add('rotate.out', out({ logKey: third }))
      robbed.add('rotate.in', into(robbed, { cause, recoveryHash: newSheet }))
      expect(robbed.book.logKey).toEqual(second)
      expect(judged(robbed)).toEqual([])
    },
  )

  test('[KEY-4] another key, a signature over other fields, and a sheet that is used up are refused', () => {
    const log = bankOf(1)
    const good = into(log, { cause: 2, recoveryHash: newSheet })
    const other = { key: keyOf(61).publicKey, signature: good.recovery!.signature }
    expectRefused(log, 'rotate.in', { ...good, recovery: other }, /not signed by the recovery key/)
    expectRefused(log, 'rotate.in', { ...good, recovery: null }, /not signed by the recovery key/)
    expect(judged(log, ['rotate.in', { ...good, recovery: other }])[0]).toMatch('not that of the bank')
    expectRefused(log, 'rotate.in', { ...good, logKey: third }, /signature of the recovery key/)
    expect(judged(log, ['rotate.in', { ...good, logKey: third }])).toEqual(['AUD-1.recovery_signature'])
    const same = into(log, { cause: 2 })
    expectRefused(log, 'rotate.in', same, /sheet is used once/)
    expect(judged(log, ['rotate.in', same])[0]).toMatch('not a new one')
    log.add('rotate.in', good)
    expectRefused(
      log,
      'rotate.in',
      into(log, { cause: 2, logKey: third, recoveryHash: id32(3) }),
      /not signed by the recovery key/,
    )
  })

  test('[KEY-5] one that a neighbour refuses is accepted by the board alone, and by name', () => {
    const [a, b] = [bankOf(1), bankOf(2)]
    const line = lineIdOf(joinBanks(a, b))
    const board = [id16(81), id16(82)]
    for (const actor of board)
      b.add('role.grant', { actor, role: 2, ownAcct: null, until: null, nonce: id16(83) })
    const accepted = a.ref(a.add('rotate.in', into(a, { cause: 3, recoveryHash: newSheet })))
    const thaw = { line, cause: 4, board, accepted }
    expectRefused(b, 'line.thaw', thaw, /no recovery was refused/)
    b.add('line.freeze', { line, cause: 1, evidence: null })
    b.add('line.freeze', { line, cause: 3, evidence: accepted.leaf })
    expectRefused(b, 'line.freeze', { line, cause: 3, evidence: accepted.leaf }, /refused already/)
    expectRefused(b, 'line.thaw', { ...thaw, cause: 1, board: null, accepted: null }, /by the board/)
    expect(judged(b, ['line.thaw', { ...thaw, cause: 1, board: null, accepted: null }])[0]).toMatch(
      'line_state',
    )
    expectRefused(b, 'line.thaw', { ...thaw, board: null }, /thaw is refused/)
    expectRefused(b, 'line.thaw', { ...thaw, accepted: { ...accepted, leaf: id32(1) } }, /not the one/)
    expectRefused(b, 'line.thaw', { ...thaw, accepted: { ...accepted, bank: b.book.bank } }, /not the one/)
    b.add('line.thaw', thaw)
    expect([b.line(a).frozen, b.line(a).refused]).toEqual([false, null])
    expect(judged(b)).toEqual([])
    expect(judged(b, ['line.thaw', thaw])[0]).toMatch('line_state')
  })
})
