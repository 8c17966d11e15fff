import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bookSum } from '../../src/core/ledger/book.ts'
import { accept } from '../../src/core/refusal.ts'
import { serve } from '../../src/serve.ts'
import { killWhileFilling } from '../bench/kill-while-filling.ts'

const HANG_GUARD_MS = 300_000
const PEOPLE = 500
const NEIGHBOURS = 50

interface Started {
  readonly entries: number
  readonly payments: number
  readonly sum: number
  readonly crashes: number
}

/** Starts the bank of a folder as `serve` does, writes one more entry, and lets it go in order. */
async function startAndWrite(folder: string): Promise<Started> {
  let crashes = 0
  const bank = await serve({
    folder,
    http: { host: '127.0.0.1', port: 0 },
    p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], announce: [], network: 'lan' },
    bootstrap: [],
    publicHead: 'usual',
    node: { startWaitSeconds: 0 },
    log: {
      info: () => undefined,
      warn: (_, message) => {
        if (message === 'the last run did not end in order') crashes += 1
      },
      error: () => undefined,
    },
    onFatal: (fault) => {
      throw fault
    },
  })
  try {
    const entries = bank.node.head.size
    const acct = { acct: new Uint8Array(16).fill(entries), class: 1, nonce: new Uint8Array(16) }
    const written = await bank.node.commit(() =>
      accept({ entries: [{ kind: 'acct.open', body: acct }], value: null }),
    )
    expect(written).toMatchObject({ ok: true })
    expect(bank.node.head.size).toBe(entries + 1)
    return await bank.node.read(({ book }) => ({
      entries,
      payments: book.asPayer.size + book.asPayee.size,
      sum: bookSum(book),
      crashes,
    }))
  } finally {
    await bank.close()
  }
}

async function memoryOf(...folders: readonly string[]) {
  const child = fork(fileURLToPath(new URL('./replay-memory.ts', import.meta.url)), folders, {
    execArgv: ['--expose-gc'],
  })
  const [found] = await once(child, 'message')
  await once(child, 'exit')
  return found as { entries: number; ids: number; bytes: number }[]
}

describe('a bank with many entries', () => {
  let folder: string
  const small = (): string => join(folder, 'small')
  const large = (): string => join(folder, 'large')
  let kept: { durable: number; started: Started }[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commonhour-large-'))
    kept = []
    for (const entries of [10_000, 20_000, 60_000]) {
      const durable = await killWhileFilling(large(), { entries, people: PEOPLE, neighbours: NEIGHBOURS })
      kept.push({ durable, started: await startAndWrite(large()) })
      if (entries === 20_000) await cp(large(), small(), { recursive: true })
    }
  }, HANG_GUARD_MS)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('[CRASH-4] [CRASH-6] SIGKILL in the middle of its writes at 10,000, 20,000 and 60,000 entries: nothing that was durable is gone, and it goes on writing', () => {
    for (const { durable, started } of kept) {
      expect(started.entries).toBeGreaterThanOrEqual(durable)
      expect(started.payments).toBeGreaterThan(durable / 4)
      expect([started.sum, started.crashes]).toEqual([0, 1])
    }
    expect(kept).toHaveLength(3)
  })

  test('[CRASH-10] 40,000 entries and 22,000 ids more take at most 80 bytes an entry', {
    timeout: HANG_GUARD_MS,
  }, async () => {
    const [before, after] = await memoryOf(small(), large())
    const entries = (after?.entries ?? 0) - (before?.entries ?? 0)
    const ids = (after?.ids ?? 0) - (before?.ids ?? 0)
    expect(entries).toBeGreaterThan(35_000)
    expect(ids).toBeGreaterThan(entries / 2)
    const bytes = (after?.bytes ?? 0) - (before?.bytes ?? 0)
    expect(bytes / entries).toBeGreaterThan(20)
    expect(bytes / entries).toBeLessThan(80)
  })
})
