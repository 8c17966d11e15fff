import { describe, expect, test } from 'vitest'
import { bodyBytes } from '../../../src/core/entry-body.ts'
import { sha256 } from '../../../src/core/hash.ts'
import { bookSum } from '../../../src/core/ledger/book.ts'
import { BookLog, COORDINATOR, expectRefused, FUND, id16, id32, RULES, START, usableKey } from './books.ts'
import { EXAMPLES } from './examples.ts'

const bank = (): BookLog => BookLog.founded(1)

describe('a log begins', () => {
  test('[LOG-1] with the founding entry and nothing else; its body bytes are the bank id', () => {
    const log = new BookLog()
    expectRefused(log, 'acct.open', EXAMPLES['acct.open'], /begins with the founding entry/)
    log.add('found', EXAMPLES.found)
    const raw = log.placed[0]?.raw as Uint8Array
    expect(log.book.bank).toEqual(sha256(bodyBytes(raw)).slice(0, 20))
    expectRefused(log, 'found', EXAMPLES.found, /index 0 and nowhere else/)
  })

  test('[LOG-4] [R5] time stands still or goes on, and never back', () => {
    const log = bank()
    log.time = START - 1
    expectRefused(log, 'acct.open', EXAMPLES['acct.open'], /time goes back/)
    log.time = START
    log.add('acct.open', EXAMPLES['acct.open'])
    log.time = START + 100
    log.add('acct.suspend', EXAMPLES['acct.suspend'])
    expect(log.book.time).toBe(START + 100)
  })

  test('[PAY-7] [LOG-3] no entry about the bank, its accounts, devices or roles posts anything', () => {
    const log = bank()
    const [a] = [log.member(1)]
    log.add('dev.add', { ...EXAMPLES['dev.add'], acct: a, introducedBy: null, key: usableKey() })
    log.add('acct.suspend', { ...EXAMPLES['acct.suspend'], acct: a })
    expect(bookSum(log.book)).toBe(0)
    expect(log.book.accounts.every(({ balance }) => balance === 0)).toBe(true)
  })
})

describe('rules', () => {
  test('[CRASH-9] follow each other by one, the same ones again too', () => {
    const log = bank()
    expectRefused(log, 'rules', { ...RULES, version: 1 }, /version 1 do not follow version 1/)
    expectRefused(log, 'rules', { ...RULES, version: 3 }, /do not follow/)
    log.add('rules', { ...RULES, version: 2 })
    expect(log.book.rules?.version).toBe(2)
  })

  test('[LOG-8] name the classes 1 to 4 in order', () => {
    const twisted = [...RULES.classes].reverse()
    expectRefused(bank(), 'rules', { ...RULES, version: 2, classes: twisted }, /classes 1 to 4 in order/)
  })
})

describe('accounts', () => {
  test('[PRIV-2] an id is opened once', () => {
    const log = bank()
    log.member(1)
    expectRefused(log, 'acct.open', { acct: id16(1), class: 2, nonce: id16(9) }, /exists already/)
  })

  test('[IMP-3] one account for opening balances and one for netting; the first fund is the pot', () => {
    const log = bank()
    for (const [acct, kind] of [
      [id16(1), 5],
      [id16(2), 4],
    ] as const) {
      log.add('acct.open', { acct, class: kind, nonce: id16(9) })
      expectRefused(log, 'acct.open', { acct: id16(3), class: kind, nonce: id16(9) }, /one .* at most/)
    }
    log.add('acct.open', { acct: id16(4), class: 3, nonce: id16(9) })
    expect(log.book.fund?.id).toEqual(FUND)
    expect(log.book.before?.id).toEqual(id16(1))
  })

  test('[PAY-14] one closes at balance 0 with nothing open, for good, and the pot never', () => {
    const log = bank()
    const [a, b] = [log.member(1), log.member(2)]
    const close = (acct: Uint8Array) => ({ acct, cause: 1, nonce: id16(9) })
    log.account(a).balance = 5
    expectRefused(log, 'acct.close', close(a), /balance of a closing account must be 0/)
    log.account(a).balance = 0
    log.account(a).open = 1
    expectRefused(log, 'acct.close', close(a), /open payments/)
    log.account(a).open = 0
    log.add('acct.close', close(a))
    expectRefused(log, 'acct.close', close(a), /no such open account/)
    expectRefused(log, 'acct.close', close(id16(77)), /no such open account/)
    expectRefused(log, 'acct.close', close(FUND), /pot is never closed/)
    log.add('acct.close', close(b))
  })

  test('[LOG-10] suspended and let go again, each once at a time', () => {
    const log = bank()
    const acct = log.member(1)
    const turn = (on: boolean) => ({ acct, on, cause: 1, nonce: id16(9) })
    expectRefused(log, 'acct.suspend', turn(false), /in that state already/)
    log.add('acct.suspend', turn(true))
    expectRefused(log, 'acct.suspend', turn(true), /in that state already/)
    log.add('acct.suspend', turn(false))
    expect(log.account(acct).state).toBe('open')
    expectRefused(log, 'acct.suspend', { ...turn(true), acct: id16(77) }, /no such open account/)
  })
})

describe('devices and roles', () => {
  test('[LOG-7] a device belongs to one open account, is introduced by one of the same, and is removed once', () => {
    const log = bank()
    const [a, b] = [log.member(1), log.member(2)]
    const add = (acct: Uint8Array, device: number, by: number | null) => ({
      ...EXAMPLES['dev.add'],
      acct,
      device: id16(device),
      key: usableKey(),
      introducedBy: by === null ? null : { device: id16(by), signature: new Uint8Array(64) },
    })
    log.add('dev.add', add(a, 10, null))
    expectRefused(log, 'dev.add', add(b, 10, null), /used already/)
    expectRefused(log, 'dev.add', add(id16(77), 11, null), /no such open account/)
    expectRefused(log, 'dev.add', add(b, 11, 10), /not registered to this account/)
    expectRefused(log, 'dev.add', add(a, 11, 77), /not registered to this account/)
    log.add('dev.add', add(a, 11, 10))
    const remove = { device: id16(10), cause: 1, nonce: id16(9) }
    log.add('dev.remove', remove)
    expectRefused(log, 'dev.remove', remove, /no such registered device/)
    expectRefused(log, 'dev.add', add(a, 12, 10), /not registered to this account/)
  })

  test('[PRIV-10] an actor has one grant, an own account that exists, and a reader an end', () => {
    const log = bank()
    const grant = { actor: id16(1), role: 1, ownAcct: null, until: null, nonce: id16(9) }
    expectRefused(log, 'role.grant', { ...grant, actor: COORDINATOR }, /used already/)
    expectRefused(log, 'role.grant', { ...grant, ownAcct: id16(77) }, /does not exist/)
    expectRefused(log, 'role.grant', { ...grant, role: 4 }, /read grant has an end/)
    log.add('role.grant', { ...grant, role: 4, until: START + 1 })
  })
})

describe("a neighbour's head", () => {
  test('[LINE-8] is noted with the counters of its line; the own one never', () => {
    const log = bank()
    expectRefused(log, 'seen', { ...EXAMPLES.seen, bank: log.book.bank }, /own head/)
    log.add('seen', { ...EXAMPLES.seen, root: id32(5) })
  })
})
