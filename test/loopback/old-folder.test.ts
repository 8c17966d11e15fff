import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { orderHex, type Pair, quiet, withPair } from './pair.ts'

const HANG_GUARD_MS = 300_000

/** Some payments from Harbour to Millbrook, to their end. */
async function pay({ harbour, millbrook, here, there }: Pair, count: number): Promise<void> {
  const now = await harbour.ask<number>('logTime')
  for (let n = 0; n < count; n++) {
    const order = orderHex(here, there, n, { now, minutes: 15, seconds: 60, postal: false })
    expect(await harbour.ask('submit', { order, account: here.accounts[n % 5] })).toBeTypeOf('string')
  }
  await quiet(harbour, millbrook)
}

test('[R8] [CRASH-8] an older copy of a folder put back while the neighbour knows more: refuses to sign, and reads go on', {
  timeout: HANG_GUARD_MS,
}, async () => {
  await withPair(async (pair) => {
    const { folder, millbrook, here, there } = pair
    await pay(pair, 3)
    await millbrook.end()
    // The head guard lies in the folder and is copied with it: only the neighbour can tell.
    await cp(join(folder, 'millbrook'), join(folder, 'older'), { recursive: true })
    await millbrook.start()
    await pay(pair, 3)
    await millbrook.end()
    await rm(join(folder, 'millbrook'), { recursive: true })
    await cp(join(folder, 'older'), join(folder, 'millbrook'), { recursive: true })
    await millbrook.start()
    const now = await millbrook.ask<number>('logTime')
    const order = orderHex(there, here, 0, { now, minutes: 15, seconds: 60, postal: false })
    const submitted = millbrook.ask<{ refused: string }>('submit', { order, account: there.accounts[0] })
    expect((await submitted).refused).toBe('log_behind_neighbour')
    expect(await millbrook.ask<number>('open')).toBe(0)
  })
})
