/**
 * What does a bank take along when it leaves? One zip: its log as the files that anybody can check, the heads of
 * other banks it has seen, and, unless left out, its people ([P-12], [IMP-9]). All of it as of one head.
 */

import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { sha256 } from '../core/hash.ts'
import { type Bytes, toBase32, toHex } from '../core/ids.ts'
import type { Head } from '../log/checkpoint.ts'
import { encodeBundle, printTilePath, TILE_WIDTH, type TileName, tilesOf } from '../log/tiles.ts'
import type { OwnEpoch } from '../node/epochs.ts'
import type { Node } from '../node/node.ts'
import { exportPeople } from '../register/import/export.ts'
import type { People } from '../register/people.ts'
import { parseSeenHeadKey, seenHeadRange } from '../store/keyspace.ts'
import { vkeyOf } from './public-log.ts'

/** `packed`: text and entries, which deflate well; hashes do not. */
interface ExportedFile {
  readonly path: string
  readonly bytes: Bytes
  readonly packing: 'packed' | 'plain'
}

interface Manifest {
  readonly format: 1
  readonly bank_id: string
  readonly name: string
  readonly epochs: number
  /** Of the last epoch. */
  readonly size: number
  readonly root: string
  readonly files: readonly { readonly path: string; readonly sha256: string }[]
}

const MANIFEST = 'commonhour-export.json'
const HEAD_PAGE = 64

/** The zip as a stream, made while it is read. `people` null leaves the register out. Ends with an error on `signal`. */
export async function exportZip(
  node: Node,
  people: People | null,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { epochs, name } = await node.read(({ book, own }) => ({
    epochs: node.epochs.map((of) => ({
      of,
      head: of.epoch === own.epoch ? node.head : own.headOf(of.epoch),
    })),
    name: book.card?.name ?? book.name,
  }))
  const { head } = epochs.at(-1) as ExportedEpoch
  const about = {
    format: 1 as const,
    bank_id: toBase32(node.bank),
    name,
    epochs: epochs.length,
    size: head.size,
    root: toHex(head.root),
  }
  return zipped(withManifest(about, filesOf(node, people, epochs)), node.clock.now() * 1000, signal)
}

async function* filesOf(
  node: Node,
  people: People | null,
  epochs: readonly ExportedEpoch[],
): AsyncGenerator<ExportedFile> {
  for (const one of epochs) yield* logFiles(node, one)
  for await (const page of node.store.pages(seenHeadRange(), HEAD_PAGE)) {
    for (const [key, note] of page) {
      const { originHash, size, root } = parseSeenHeadKey(key)
      yield {
        path: `heads/${toHex(originHash)}/${size}-${toHex(root).slice(0, 16)}`,
        bytes: note,
        packing: 'plain',
      }
    }
  }
  if (people === null) return
  const { members, exchanges } = await exportPeople(people, node)
  yield { path: 'register/members.csv', bytes: members, packing: 'packed' }
  yield { path: 'register/exchanges.csv', bytes: exchanges, packing: 'packed' }
}

/** An epoch and the head up to which it is exported. */
interface ExportedEpoch {
  readonly of: OwnEpoch
  readonly head: Head
}

async function* logFiles(node: Node, { of, head }: ExportedEpoch): AsyncGenerator<ExportedFile> {
  const log = `tlog/${toBase32(node.bank)}/${of.epoch}`
  yield { path: `${log}/checkpoint`, bytes: head.note, packing: 'plain' }
  yield { path: `${log}/vkey`, bytes: utf8(vkeyOf(node, of.epoch)), packing: 'plain' }
  for (const name of tilesOf(head.size)) {
    const bytes = await node.read(({ own }) => tileBytes(of, own.raw, name))
    yield { path: log + printTilePath(name), bytes, packing: name.kind === 'tile' ? 'plain' : 'packed' }
  }
}

function tileBytes({ tree, start }: OwnEpoch, raw: (index: number) => Bytes, name: TileName): Bytes {
  if (name.kind === 'tile') return tree.tile(name.level, name.n, name.width) as Bytes
  const from = start + name.n * TILE_WIDTH
  return encodeBundle(Array.from({ length: name.width }, (_, i) => raw(from + i)))
}

/** The files, and last the list of them with their digests. */
async function* withManifest(
  about: Omit<Manifest, 'files'>,
  files: AsyncIterable<ExportedFile>,
): AsyncGenerator<ExportedFile> {
  const listed: { path: string; sha256: string }[] = []
  for await (const file of files) {
    listed.push({ path: file.path, sha256: toHex(sha256(file.bytes)) })
    yield file
  }
  const manifest: Manifest = { ...about, files: listed }
  yield { path: MANIFEST, bytes: utf8(`${JSON.stringify(manifest, null, 2)}\n`), packing: 'packed' }
}

/** One file at a time goes in whenever the reader has room; nothing is gathered in memory. */
function zipped(
  files: AsyncGenerator<ExportedFile>,
  mtime: number,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let out: ReadableStreamDefaultController<Uint8Array>
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    if (chunk.length > 0) out.enqueue(chunk)
  })
  return new ReadableStream<Uint8Array>({
    start(controller) {
      out = controller
    },
    async pull(controller) {
      signal.throwIfAborted()
      const next = await files.next()
      if (next.done) {
        zip.end()
        controller.close()
        return
      }
      const { path, bytes, packing } = next.value
      const file = packing === 'packed' ? new ZipDeflate(path) : new ZipPassThrough(path)
      file.mtime = mtime
      zip.add(file)
      file.push(new Uint8Array(bytes), true)
    },
    async cancel() {
      await files.return(undefined)
    },
  })
}

function utf8(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'utf8'))
}
