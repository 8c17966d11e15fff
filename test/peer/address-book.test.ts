/** Are banks met before remembered, within bounds, and is losing that memory never fatal? */

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { openAddressBook } from '../../src/peer/address-book.ts'
import { memoryRows, openPeerFolder, type PeerRows } from '../../src/peer/peer-folder.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const silent = (problem: string): never => {
  throw new Error(`reported: ${problem}`)
}

async function newFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'commonhour-peers-'))
  closers.push(() => rm(path, { recursive: true, force: true }))
  return path
}

function bankNo(n: number): Uint8Array {
  const id = new Uint8Array(20)
  new DataView(id.buffer).setUint32(0, n)
  return id
}

const heard = (at: number, fill = 1) => ({ peerId: 'peer', record: new Uint8Array(100).fill(fill), at })
const worked = (at: number, address = '/ip4/9.9.9.9/tcp/1') => ({ peerId: 'peer', address, at })

describe.each([
  ['in memory', async (): Promise<PeerRows> => memoryRows()],
  [
    'in a folder',
    async (): Promise<PeerRows> => {
      const folder = await openPeerFolder(await newFolder(), silent)
      closers.push(() => folder.close())
      return folder.rows
    },
  ],
])('[DISC-6] the address book %s', (_, newRows) => {
  test('remembers the last record and the addresses that worked, the latest first, over a restart', async () => {
    const rows = await newRows()
    const book = await openAddressBook(rows, silent)
    expect(await book.look(bankNo(1))).toBeNull()
    await book.hear(bankNo(1), heard(5))
    await book.worked(bankNo(1), worked(10, '/a'))
    await book.worked(bankNo(1), worked(20, '/b'))
    await book.worked(bankNo(1), worked(30, '/a'))
    await book.hear(bankNo(1), heard(40, 9))
    await book.worked(bankNo(2), worked(1))
    for (const one of [book, await openAddressBook(rows, silent)]) {
      expect(await one.look(bankNo(1))).toEqual({
        peerId: 'peer',
        record: new Uint8Array(100).fill(9),
        addresses: [
          { address: '/a', workedAt: 30 },
          { address: '/b', workedAt: 20 },
        ],
        heardAt: 40,
      })
      expect(await one.look(bankNo(2))).toMatchObject({ record: null, heardAt: 1 })
      expect(one.banks()).toEqual([bankNo(1), bankNo(2)])
    }
  })

  test('keeps eight addresses of a bank, and none of a peer id it had before', async () => {
    const book = await openAddressBook(await newRows(), silent)
    for (let i = 0; i < 10; i++) await book.worked(bankNo(1), worked(i, `/${i}`))
    const kept = (await book.look(bankNo(1)))?.addresses.map(({ address }) => address)
    expect(kept).toEqual(['/9', '/8', '/7', '/6', '/5', '/4', '/3', '/2'])
    await book.hear(bankNo(1), { ...heard(20), peerId: 'moved' })
    expect(await book.look(bankNo(1))).toMatchObject({ peerId: 'moved', addresses: [] })
  })

  test('holds 5,000 banks, and lets the longest unheard go', async () => {
    const rows = await newRows()
    const book = await openAddressBook(rows, silent)
    const kept = Array.from({ length: LIMITS.addressBookBanks }, (_, n) =>
      book.hear(bankNo(n), heard(1_000 + n)),
    )
    await Promise.all(kept)
    await book.worked(bankNo(0), worked(9_000))
    await book.hear(bankNo(70_000), heard(9_001))
    for (const one of [book, await openAddressBook(rows, silent)]) {
      expect(one.banks()).toHaveLength(LIMITS.addressBookBanks)
      expect(await one.look(bankNo(1))).toBeNull()
      expect((await one.look(bankNo(0)))?.record).toHaveLength(100)
      expect(one.banks()[0]).toEqual(bankNo(70_000))
    }
    expect(await rows.get(`/commonhour/record/${Buffer.from(bankNo(1)).toString('hex')}`)).toBeNull()
  })
})

describe('[DISC-6] the memory of the network is disposable', () => {
  test('a folder that is gone, or full of rubbish, is made anew and reported', async () => {
    const path = await newFolder()
    const first = await openPeerFolder(path, silent)
    await (await openAddressBook(first.rows, silent)).hear(bankNo(1), heard(1))
    await first.close()

    for (const name of await readdir(path)) await writeFile(join(path, name), 'rubbish')
    const reports: string[] = []
    const second = await openPeerFolder(path, (problem) => reports.push(problem))
    expect(reports).toEqual([expect.stringContaining('begun anew')])
    const book = await openAddressBook(second.rows, silent)
    expect(book.banks()).toEqual([])
    await book.hear(bankNo(2), heard(1))
    await second.close()

    await rm(path, { recursive: true })
    const third = await openPeerFolder(path, silent)
    expect((await openAddressBook(third.rows, silent)).banks()).toEqual([])
    await third.close()
  })

  test('a row that cannot be read is lost alone, and reported', async () => {
    const rows = memoryRows()
    await (await openAddressBook(rows, silent)).hear(bankNo(1), heard(1))
    await rows.write(
      new Map([
        ['/commonhour/bank/ff', new Uint8Array(3)],
        ['/commonhour/bank/x', Uint8Array.of(1)],
      ]),
    )
    const reports: string[] = []
    const book = await openAddressBook(rows, (problem) => reports.push(problem))
    expect(book.banks()).toEqual([bankNo(1)])
    expect(reports).toEqual([expect.stringContaining('2 banks')])
  })

  test('a disk that fails is reported, and the book goes on from memory', async () => {
    const failing: PeerRows = { ...memoryRows(), write: () => Promise.reject(new Error('no space left')) }
    const reports: string[] = []
    const book = await openAddressBook(failing, (problem) => reports.push(problem))
    await book.worked(bankNo(1), worked(3))
    expect((await book.look(bankNo(1)))?.addresses).toHaveLength(1)
    expect(reports).toEqual([expect.stringContaining('no space left')])
  })

  test('a folder in which another database works is left alone', async () => {
    const path = await newFolder()
    await mkdir(path, { recursive: true })
    const open = await openPeerFolder(path, silent)
    closers.push(() => open.close())
    await expect(openPeerFolder(path, silent)).rejects.toMatchObject({ code: 'folder_in_use' })
    await open.rows.write(new Map([['/commonhour/x', Uint8Array.of(1)]]))
    expect(await open.rows.get('/commonhour/x')).toEqual(Uint8Array.of(1))
  })
})
