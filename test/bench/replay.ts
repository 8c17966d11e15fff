/**
 * How long does a start take? A log of 100,000 and one of 1,000,000 entries is read again through the one reducer,
 * in a fresh process, and the memory at rest is looked at.
 */

import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Auth } from '../../src/core/entry.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import { addMember, ok, timed } from '../loopback/orders.ts'
import { openRealBank, random } from '../loopback/real-bank.ts'
import type { Figures } from './main.ts'

export async function replayBench(): Promise<Figures> {
  const figures: Figures = {}
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-bench-'))
  try {
    for (const entries of [100_000, 1_000_000]) {
      await fill(folder, entries)
      const started = execFileSync(
        process.execPath,
        [fileURLToPath(new URL('./replay-start.ts', import.meta.url)), folder],
        {
          encoding: 'utf8',
        },
      )
      const { seconds, rssMB, size } = JSON.parse(started.trim().split('\n').at(-1) as string)
      figures[`${entries} entries: seconds to start`] = seconds
      figures[`${entries} entries: entries/s`] = Math.round(size / seconds)
      figures[`${entries} entries: RSS at rest, MB`] = rssMB
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return figures
}

/** Adds exchanges by a coordinator until the log has so many entries. */
async function fill(folder: string, entries: number): Promise<void> {
  const bank = await openRealBank(folder, 'Harbour', { startWaitSeconds: 0 })
  const members: Awaited<ReturnType<typeof addMember>>[] = []
  for (let i = 0; i < 200; i++) members.push(await addMember(bank))
  const auth: Auth = { form: 2, actor: bank.coordinator, onBehalfOf: null, reason: 5, second: null }
  const day = Math.floor(bank.node.logTime() / 86_400)
  await timed(entries - bank.node.head.size, 512, async (n) => {
    const [a, b] = [members[n % 200], members[(n * 7 + 1) % 200]]
    const legs = [
      { acct: (a as (typeof members)[number]).account, minutes: -15 },
      { acct: (b as (typeof members)[number]).account, minutes: 15 },
    ]
    if (a === b) return
    const intent = encodeIntent({
      version: 1,
      bank: bank.bank,
      day,
      category: 1,
      legs,
      commitment: random.bytes(32),
      nonce: random.bytes(16),
    })
    ok(await bank.node.recordExchange({ intent, auths: [auth], channel: 3, refs: [], rows: [] }))
  })
  await bank.close()
}
