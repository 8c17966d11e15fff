import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { type KillableBank, Killed } from './killable.ts'
import { orderHex, type Pair, pause, quiet, withPair } from './pair.ts'

const KILLS = 50
const PAYMENTS_A_ROUND = 8
const HANG_GUARD_MS = 600_000

/** A payment as its payer knows it: kept before it is sent, sent again until it is answered. */
interface Submitted {
  readonly bank: KillableBank
  readonly order: string
  readonly account: string
  id: string | null
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

function plan({ harbour, millbrook, here, there }: Pair, round: number): Submitted[] {
  const now = Math.floor(Date.now() / 1000)
  return Array.from({ length: PAYMENTS_A_ROUND }, (_, i) => {
    const n = round * PAYMENTS_A_ROUND + i
    const [bank, from, to] = n % 2 === 0 ? [harbour, here, there] : [millbrook, there, here]
    const which = n >> 1
    // Every fourth must often fail: two seconds are short when a bank has just been killed. Every fourth goes by post.
    const seconds = which % 4 === 0 ? 2 : which % 4 === 1 ? 86_400 : 60
    const order = orderHex(from, to, which, {
      now,
      minutes: 1 + (which % 3),
      seconds,
      postal: which % 4 === 1,
    })
    return { bank, order, account: from.accounts[which % 5] as string, id: null }
  })
}

async function killWhilePaying(pair: Pair): Promise<Submitted[]> {
  const payments: Submitted[] = []
  for (let round = 0; round < KILLS; round++) {
    payments.push(...plan(pair, round))
    const sending = submitAll(payments)
    await pause(Math.random() * 60)
    const victim = Math.random() < 0.5 ? pair.harbour : pair.millbrook
    await victim.kill()
    await sending
    await victim.start()
    await submitAll(payments)
  }
  return payments
}

async function endings(payments: readonly Submitted[]): Promise<Record<string, number>> {
  const ends: Record<string, number> = {}
  for (const { bank, id } of payments) {
    const state = id?.startsWith('refused') ? id : await bank.ask<string>('state', { id })
    ends[state] = (ends[state] ?? 0) + 1
  }
  return ends
}

test(`[PAY-1] [PAY-17] either bank is killed ${KILLS} times during payments: each ends, both logs agree, audit finds nothing`, {
  timeout: HANG_GUARD_MS,
}, async () => {
  await withPair(async (pair) => {
    const { harbour, millbrook, folder } = pair
    const payments = await killWhilePaying(pair)
    await submitAll(payments)
    await quiet(harbour, millbrook)
    const ends = await endings(payments)
    console.log(
      `kills: Harbour ${harbour.kills}, Millbrook ${millbrook.kills}; payments: ${JSON.stringify(ends)}`,
    )
    const ended = (state: string): boolean =>
      ['paid', 'returned', 'dead'].includes(state) || state.startsWith('refused')
    expect(harbour.kills + millbrook.kills).toBe(KILLS)
    expect(Object.keys(ends).filter((state) => !ended(state))).toEqual([])
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
  })
})
