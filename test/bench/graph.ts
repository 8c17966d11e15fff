/**
 * What happens when a real community's trades are replayed over five banks? Takes a folder with
 * `exchange-graph-100k.csv` (rows `from to amount`, in time order); parties are spread over the banks so that most
 * trades stay inside one. Skips with a printed reason where there is no such folder.
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runGraph, type Trade } from './graph-banks.ts'
import type { Figures } from './main.ts'

const ROWS = 20_000
/** Parties of the source that are an issuer's own wallets. */
const ISSUERS = new Set(['0', '5'])

export async function graph(data: string | null): Promise<Figures> {
  const file = data === null ? null : join(data, 'exchange-graph-100k.csv')
  if (file === null || !existsSync(file))
    return { skipped: 'give a folder with exchange-graph-100k.csv: --data FOLDER' }
  const trades: Trade[] = []
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [from, to, amount] = line.split(' ')
    if (
      from === undefined ||
      to === undefined ||
      amount === undefined ||
      ISSUERS.has(from) ||
      ISSUERS.has(to)
    )
      continue
    if (from === to) continue
    // 15 minutes to 4 hours, in quarter hours.
    trades.push({
      from,
      to,
      minutes: Math.max(15, Math.round((15 + (Math.floor(Number(amount)) % 226)) / 15) * 15),
    })
    if (trades.length === ROWS) break
  }
  return runGraph(trades)
}
