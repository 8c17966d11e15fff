/**
 * Two killable banks with an open line, and orders between their members; what the tests over real processes share.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromHex } from '../../src/core/ids.ts'
import { encodeOrder } from '../../src/core/transfer/order.ts'
import { freePort } from './free-port.ts'
import { KillableBank } from './killable.ts'
import { random } from './real-bank.ts'

export interface Where {
  readonly bank: string
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly accounts: readonly string[]
  readonly handles: readonly string[]
}

export interface Pair {
  readonly folder: string
  readonly harbour: KillableBank
  readonly millbrook: KillableBank
  readonly here: Where
  readonly there: Where
}

/** Runs `tell` with Harbour and Millbrook up and a line open between them, and cleans up after it. */
export async function withPair(tell: (pair: Pair) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-pair-'))
  const harbour = new KillableBank(join(folder, 'harbour'), 'Harbour', await freePort())
  const millbrook = new KillableBank(join(folder, 'millbrook'), 'Millbrook', await freePort())
  try {
    await Promise.all([harbour.start(), millbrook.start()])
    const here = await harbour.ask<Where>('where')
    const there = await millbrook.ask<Where>('where')
    await harbour.ask('propose', { ...there })
    await millbrook.ask('accept', { bank: here.bank })
    while (!(await harbour.ask<boolean>('isOpen'))) await pause(20)
    await tell({ folder, harbour, millbrook, here, there })
  } finally {
    await harbour.end()
    await millbrook.end()
    await rm(folder, { recursive: true, force: true })
  }
}

const bytes = (hex: string): Uint8Array => fromHex(hex, hex.length / 2) as Uint8Array

/** Order bytes in hex; `n` chooses the members. Seconds from `now` until the deadline. */
export function orderHex(
  from: Where,
  to: Where,
  n: number,
  terms: { now: number; minutes: number; seconds: number; postal: boolean },
): string {
  const order = encodeOrder({
    version: 1,
    payerBank: bytes(from.bank),
    payer: bytes(from.accounts[n % 5] as string),
    payeeBank: bytes(to.bank),
    handle: bytes(to.handles[(n * 3) % 5] as string),
    minutes: terms.minutes,
    category: 1,
    day: Math.floor(terms.now / 86_400),
    commitment: random.bytes(32),
    decideBy: terms.now + terms.seconds,
    postal: terms.postal,
    invoice: null,
    refs: [],
    nonce: random.bytes(16),
  })
  return Buffer.from(order).toString('hex')
}

/** Nothing waits for anybody any more, at any of the banks. */
export async function quiet(...banks: readonly KillableBank[]): Promise<void> {
  for (;;) {
    const open = await Promise.all(banks.map((bank) => bank.ask<number>('open')))
    if (open.every((count) => count === 0)) return
    await pause(50)
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
