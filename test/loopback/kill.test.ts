import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { fromHex } from '../../src/core/ids.ts'
import { encodeOrder } from '../../src/core/transfer/order.ts'
import { freePort } from './free-port.ts'
import { KillableBank, Killed } from './killable.ts'
import { random } from './real-bank.ts'

const KILLS = 50
const HANG_GUARD_MS = 600_000

interface Where {
  readonly bank: string
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly accounts: readonly string[]
  readonly handles: readonly string[]
}

/** A payment as its payer knows it: kept before it is sent, sent again until it is answered. */
interface Submitted {
  readonly bank: KillableBank
  readonly order: string
  readonly account: string
  id: string | null
}

const bytes = (hex: string): Uint8Array => fromHex(hex, hex.length / 2) as Uint8Array

function orderHex(from: Where, to: Where, n: number, now: number): string {
  return Buffer.from(
    encodeOrder({
      version: 1,
      payerBank: bytes(from.bank),
      payer: bytes(from.accounts[n % 5] as string),
      payeeBank: bytes(to.bank),
      handle: bytes(to.handles[(n * 3) % 5] as string),
      minutes: 1 + (n % 3),
      category: 1,
      day: Math.floor(now / 86_400),
      commitment: random.bytes(32),
      // Some must fail: a deadline of two seconds is often missed when a bank has just been killed.
      decideBy: now + (n % 4 === 0 ? 2 : n % 4 === 1 ? 86_400 : 60),
      postal: n % 4 === 1,
      invoice: null,
      refs: [],
      nonce: random.bytes(16),
    }),
  ).toString('hex')
}

/** Sends what has no answer yet; an answer lost in a crash is asked for again with the same bytes. */
async function submitAll(payments: readonly Submitted[]): Promise<void> {
  await Promise.all(
    payments.map(async (payment) => {
      if (payment.id !== null) return
      const answer = await payment.bank
        .ask<string | { refused: string }>('submit', { order: payment.order, account: payment.account })
        .catch((error) => {
          if (error instanceof Killed) return null
          throw error
        })
      if (typeof answer === 'string') payment.id = answer
      else if (answer !== null && answer.refused !== 'too_busy') payment.id = `refused ${answer.refused}`
    }),
  )
}

test(`[PAY-17] either bank is killed ${KILLS} times during payments: each ends, both logs agree, audit finds nothing`, {
  timeout: HANG_GUARD_MS,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-kill-'))
  const harbour = new KillableBank(join(folder, 'harbour'), 'Harbour', await freePort())
  const millbrook = new KillableBank(join(folder, 'millbrook'), 'Millbrook', await freePort())
  try {
    await Promise.all([harbour.start(), millbrook.start()])
    const here = await harbour.ask<Where>('where')
    const there = await millbrook.ask<Where>('where')
    await harbour.ask('propose', { ...there })
    await millbrook.ask('accept', { bank: here.bank })
    while (!(await harbour.ask<boolean>('isOpen'))) await pause(20)
    const payments = await killWhilePaying(harbour, millbrook, here, there)
    await submitAll(payments)
    await quiet(harbour, millbrook)
    const ends: Record<string, number> = {}
    for (const { bank, id } of payments) {
      const state = id?.startsWith('refused') ? id : await bank.ask<string>('state', { id })
      ends[state] = (ends[state] ?? 0) + 1
    }
    console.log(
      `kills: Harbour ${harbour.kills}, Millbrook ${millbrook.kills}; payments: ${JSON.stringify(ends)}`,
    )
    expect(harbour.kills + millbrook.kills).toBeGreaterThanOrEqual(KILLS)
    expect(
      Object.keys(ends).filter(
        (state) => !['paid', 'returned', 'dead'].includes(state) && !state.startsWith('refused'),
      ),
    ).toEqual([])
    expect(ends.paid).toBeGreaterThan(KILLS)
    expect((await harbour.ask<number>('position')) + (await millbrook.ask<number>('position'))).toBe(0)
    const out = [join(folder, 'out-harbour'), join(folder, 'out-millbrook')] as const
    await harbour.ask('export', { out: out[0] })
    await millbrook.ask('export', { out: out[1] })
    for (const independent of ['no', 'yes'] as const) {
      const report = await auditPaths([...out], { independent })
      expect(report.findings).toEqual([])
      expect([report.payments.in_transit, report.payments.undecided, report.sum]).toEqual([0, 0, 0])
    }
  } finally {
    await harbour.end()
    await millbrook.end()
    await rm(folder, { recursive: true, force: true })
  }
})

async function killWhilePaying(
  harbour: KillableBank,
  millbrook: KillableBank,
  here: Where,
  there: Where,
): Promise<Submitted[]> {
  const payments: Submitted[] = []
  for (let round = 0; round < KILLS; round++) {
    const now = Math.floor(Date.now() / 1000)
    for (let i = 0; i < 8; i++) {
      const n = round * 8 + i
      const [bank, from, to] = n % 2 === 0 ? [harbour, here, there] : [millbrook, there, here]
      payments.push({
        bank,
        order: orderHex(from, to, n >> 1, now),
        account: from.accounts[(n >> 1) % 5] as string,
        id: null,
      })
    }
    const sending = submitAll(payments)
    await pause(Math.random() * 60)
    const victim = Math.random() < 0.5 ? harbour : millbrook
    await victim.kill()
    await sending
    await victim.start()
    await submitAll(payments)
  }
  return payments
}

/** Nothing waits for anybody any more, at either bank. */
async function quiet(...banks: readonly KillableBank[]): Promise<void> {
  for (;;) {
    const open = await Promise.all(banks.map((bank) => bank.ask<number>('open')))
    if (open.every((count) => count === 0)) return
    await pause(100)
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
