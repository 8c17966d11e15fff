import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromBase32, toHex } from '../../src/core/ids.ts'
import { openAddressBook } from '../../src/peer/address-book.ts'
import { openPeerFolder } from '../../src/peer/peer-folder.ts'
import { init } from '../../src/serve.ts'
import { end, serveFolder, testBank } from './served.ts'

const report = (problem: string): void => {
  throw new Error(problem)
}

test('[DISC-6] a served bank keeps in its folder which banks it has met and where', async () => {
  const millbrook = await testBank('Millbrook')
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-met-'))
  await init({ folder, name: 'Harbour', coordinator: 'Priya' })
  const harbour = await serveFolder(folder, 'Harbour')
  try {
    const { addresses } = (await millbrook.call('GET', '/status')).json
    const found = await harbour.call('POST', '/neighbours/find', { bank_id: millbrook.id, addresses })
    expect(found.status).toBe(200)
    await harbour.close()
    const peers = await openPeerFolder(join(folder, 'peers'), report)
    const book = await openAddressBook(peers.rows, report)
    expect(book.banks().map(toHex)).toEqual([toHex(fromBase32(millbrook.id, 20) as Uint8Array)])
    await peers.close()
  } finally {
    await end(harbour, millbrook)
  }
})
