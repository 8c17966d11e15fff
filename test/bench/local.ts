/**
 * How many exchanges a second does one bank record, durable and signed by members' devices? Beside it, where
 * PostgreSQL is installed, pgbench TPC-B on the same disk.
 */

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addMember, exchange, ok, timed } from '../loopback/orders.ts'
import { openRealBank } from '../loopback/real-bank.ts'
import type { Figures } from './main.ts'
import { pgbench } from './pgbench.ts'

export async function local(): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-bench-'))
  try {
    const bank = await openRealBank(folder, 'Harbour')
    const members: Awaited<ReturnType<typeof addMember>>[] = []
    for (let i = 0; i < 50; i++) members.push(await addMember(bank))
    const pick = (n: number) => members[n % members.length] as (typeof members)[number]
    const make = (n: number) => exchange(bank, pick(n), pick(n * 7 + 1), 15 + (n % 20))
    const results: Record<string, number> = {}
    for (const inFlight of [1, 4, 64]) {
      const requests = Array.from({ length: inFlight === 1 ? 2_000 : 12_000 }, (_, n) => make(n))
      const seconds = await timed(requests.length, inFlight, async (n) =>
        ok(await bank.node.recordExchange(requests[n] as never)),
      )
      results[`exchanges/s, ${inFlight} in flight`] = Math.round(requests.length / seconds)
    }
    const size = bank.node.head.size
    results['RSS after, MB'] = Math.round(process.memoryUsage().rss / 1e6)
    await bank.close()
    results['bytes on disk per exchange'] = Math.round((await bytesIn(join(folder, 'db'))) / size)
    const peer = await pgbench()
    if (peer !== null) {
      results['pgbench TPC-B/s, scale 20, 4 clients'] = Math.round(peer)
      results['ratio to pgbench (4 in flight)'] = round(
        (results['exchanges/s, 4 in flight'] as number) / peer,
      )
      results['ratio to pgbench (64 in flight)'] = round(
        (results['exchanges/s, 64 in flight'] as number) / peer,
      )
    }
    return results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const round = (ratio: number): number => Math.round(ratio * 100) / 100

async function bytesIn(folder: string): Promise<number> {
  let sum = 0
  for (const name of await readdir(folder)) sum += (await stat(join(folder, name))).size
  return sum
}
