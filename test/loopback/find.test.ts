import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { KillableBank } from './killable.ts'

interface Where {
  readonly bank: string
  readonly peerId: string
  readonly addresses: readonly string[]
}

const HANG_GUARD_MS = 300_000
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Asks until the bank is found; the DHT needs a moment to hear of a newcomer. The test's time is the hang guard. */
async function finds(bank: KillableBank, wanted: string): Promise<string> {
  for (;;) {
    const name = await bank.ask<string>('find', { bank: wanted })
    if (name !== 'bank_unknown') return name
    await pause(200)
  }
}

test('[DISC-5] [DISC-6] banks find each other by bank id: after the bootstrap is gone, and after a restart of all without any address', {
  timeout: HANG_GUARD_MS,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-find-'))
  const open = async (name: string) => new KillableBank(join(folder, name), name, await freePort())
  const banks = {
    bootstrap: await open('Bootstrap'),
    harbour: await open('Harbour'),
    millbrook: await open('Millbrook'),
    northgate: await open('Northgate'),
  }
  try {
    await banks.bootstrap.start()
    const first = await banks.bootstrap.ask<Where>('where')
    for (const bank of [banks.harbour, banks.millbrook]) {
      bank.bootstrapFrom(first)
      await bank.start()
    }
    const harbour = await banks.harbour.ask<Where>('where')
    const millbrook = await banks.millbrook.ask<Where>('where')
    expect(await finds(banks.harbour, millbrook.bank)).toBe('Millbrook')
    await banks.bootstrap.kill()
    banks.northgate.bootstrapFrom(millbrook)
    await banks.northgate.start()
    const northgate = await banks.northgate.ask<Where>('where')
    expect(await finds(banks.northgate, harbour.bank)).toBe('Harbour')
    const three = [banks.harbour, banks.millbrook, banks.northgate]
    for (const bank of three) await bank.end()
    for (const bank of three) bank.bootstrapFrom()
    for (const bank of three) await bank.start()
    const wanted: [KillableBank, string, string][] = [
      [banks.harbour, northgate.bank, 'Northgate'],
      [banks.northgate, millbrook.bank, 'Millbrook'],
      [banks.millbrook, harbour.bank, 'Harbour'],
    ]
    for (const [bank, id, name] of wanted) expect(await finds(bank, id)).toBe(name)
  } finally {
    for (const bank of Object.values(banks)) await bank.end()
    await rm(folder, { recursive: true, force: true })
  }
})
