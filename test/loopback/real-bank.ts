/**
 * A bank for measurements: LevelDB with sync, the guard file, libp2p on loopback; everything real but the clock's
 * seconds, which are the machine's.
 */

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signingKey, verifyingKey } from '../../src/core/ed25519.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, fromHex, originOf, toHex } from '../../src/core/ids.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { foundBank } from '../../src/node/found.ts'
import { type Node, type NodeSettings, openNode, USUAL_SETTINGS } from '../../src/node/node.ts'
import type { Clock, Random } from '../../src/node/ports.ts'
import { openAddressBook } from '../../src/peer/address-book.ts'
import { libp2pDirectory } from '../../src/peer/libp2p-directory.ts'
import { createHost } from '../../src/peer/libp2p-host.ts'
import { libp2pTransport } from '../../src/peer/libp2p-transport.ts'
import { openPeerFolder } from '../../src/peer/peer-folder.ts'
import { peerIdBytesOf } from '../../src/peer/peer-id.ts'
import type { Whereabouts } from '../../src/peer/ports.ts'
import { openFileGuard } from '../../src/store/head-guard.ts'
import { openLevelStore } from '../../src/store/level-store.ts'

export const clock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  // Asked for every message; the kernel's counter, which serve.ts asks now and then, is too slow for that.
  uptime: () => Math.floor(performance.now() / 1000),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }

export interface RealBank {
  readonly node: Node
  readonly bank: Bytes
  readonly coordinator: Bytes
  close(): Promise<void>
}

/** Opens the bank of a folder, founding it first when the folder is new. */
export async function openRealBank(
  folder: string,
  name: string,
  settings: Partial<NodeSettings> = {},
  { port = 0, bootstrap = [] }: { port?: number; bootstrap?: readonly Whereabouts[] } = {},
): Promise<RealBank> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const seedsFile = join(folder, 'seeds.json')
  const seeds = await readFile(seedsFile, 'utf8')
    .then(JSON.parse)
    .catch(() => null)
  const fresh = seeds === null
  const hex = fresh ? { log: toHex(random.bytes(32)), peer: toHex(random.bytes(32)), coordinator: '' } : seeds
  const logKey = signingKey(fromHex(hex.log, 32) as Bytes)
  const peerSeed = fromHex(hex.peer, 32) as Bytes
  const peerKey = signingKey(peerSeed)
  const key = verifyingKey(logKey.publicKey)
  must(key !== null, 'a random key is good')
  const store = await openLevelStore({ folder })
  let origin = ''
  const guard = openFileGuard({
    path: join(folder, 'guard'),
    verify: (note) => openCheckpoint(note, { origin, key })?.size ?? null,
  })
  if (fresh) {
    const { bank, coordinator } = await foundBank({
      store,
      guard,
      clock,
      random,
      report: () => undefined,
      logKey,
      witnessKey: random.bytes(32),
      peerId: peerIdBytesOf(peerKey.publicKey),
      recoveryHash: random.bytes(32),
      name,
      publicUrl: null,
      rows: () => [],
    })
    hex.coordinator = toHex(coordinator)
    hex.bank = toHex(bank)
    await writeFile(seedsFile, JSON.stringify(hex))
  }
  origin = originOf(fromHex(hex.bank, 20) as Bytes, 0)
  const peers = await openPeerFolder(join(folder, 'peers'), (problem) => console.error(problem))
  const listen = [`/ip4/127.0.0.1/tcp/${port}`]
  const host = await createHost({ seed: peerSeed, network: 'lan', listen, datastore: peers.datastore })
  const transport = libp2pTransport(host, (problem) => console.error(problem))
  const node = await openNode({
    store,
    guard: () => guard,
    logKey,
    peerKey,
    transport,
    directory: libp2pDirectory(host),
    addressBook: await openAddressBook(peers.rows, (problem) => console.error(problem)),
    bootstrap,
    clock,
    random,
    report: () => undefined,
    settings: { ...USUAL_SETTINGS, startWaitSeconds: 1, ...settings },
    onFatal: (fault) => {
      console.error(fault)
      process.exit(2)
    },
  })
  const close = async (): Promise<void> => {
    await node.close()
    await peers.close()
    await guard.close()
    await store.close()
  }
  return { node, bank: node.bank, coordinator: fromHex(hex.coordinator, 16) as Bytes, close }
}
