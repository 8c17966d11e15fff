/**
 * What can anybody read of our log, and under which path? Checkpoint, hash tiles and proofs for all, up to the
 * public head; the entries for holders of the token, or for all where the bank's rules say so ([HTTP-1], [PRIV-6]).
 */

import { originOf, toBase32 } from '../core/ids.ts'
import { refuse } from '../core/refusal.ts'
import { KEY_TYPE, printVkey } from '../log/note.ts'
import { printReceipt } from '../log/receipt.ts'
import { encodeBundle, parseTilePath, TILE_WIDTH, type TileName } from '../log/tiles.ts'
import type { OwnEpoch } from '../node/epochs.ts'
import type { Node } from '../node/node.ts'
import type { Door } from './auth.ts'
import { refusalResponse } from './problem.ts'
import type { PublicHead, ServedHead } from './public-head.ts'

const TEXT = 'text/plain; charset=utf-8'
const BYTES = 'application/octet-stream'
const FOR_ALL = 'public, max-age=604800, immutable'
const FOR_HOLDER = 'private, max-age=604800, immutable'
const INDEX = /^\/proof\/(0|[1-9][0-9]{0,15})$/

export interface PublicLog {
  /** Answers a GET of the log of an epoch, by the path that follows `/tlog/<bank>/<epoch>` or the root. */
  answer(path: string, authorization: string | undefined, epoch: number): Promise<Response>
  /** Epoch and path below our own log's prefix, or null for any other. */
  below(path: string): { readonly epoch: number; readonly path: string } | null
  /** The epoch that the paths at the root are of. */
  present(): number
}

const BELOW = /^\/(0|[1-9][0-9]{0,5})(\/.*)$/

export function openPublicLog(node: Node, door: Door, heads: PublicHead): PublicLog {
  const prefix = `/tlog/${toBase32(node.bank)}`

  async function answer(path: string, authorization: string | undefined, epoch: number): Promise<Response> {
    const holder = authorization !== undefined && door.enter(authorization).ok
    const head = holder ? heads.newest(epoch) : await heads.forAll(epoch)
    if (path === '/checkpoint') return ofBytes(head.note, TEXT, 'no-cache')
    if (path === '/vkey') return ofText(vkeyOf(node, epoch))
    const shown = { of: node.epochs[epoch] as OwnEpoch, head }
    const proof = INDEX.exec(path)
    if (proof !== null) return receipt(node, Number(proof[1]), shown)
    const tile = parseTilePath(path)
    if (tile === null) return nothingHere()
    if (tile.kind === 'tile') return hashes(node, tile, shown)
    const open = holder || (await node.read(({ book }) => book.rules?.publicEntries === true))
    if (open) return entries(node, tile, shown, holder ? FOR_HOLDER : FOR_ALL)
    const entered = door.enter(authorization)
    return refusalResponse(entered.ok ? refuse('token_missing').refusal : entered.refusal)
  }

  function below(path: string): { epoch: number; path: string } | null {
    const match = path.startsWith(prefix) ? BELOW.exec(path.slice(prefix.length)) : null
    const [, epoch = '', rest = ''] = match ?? []
    return match === null || node.epochs[Number(epoch)] === undefined
      ? null
      : { epoch: Number(epoch), path: rest }
  }

  return { answer, below, present: () => node.own.epoch }
}

/** The verifying key of an epoch as one line: name, key id, type and key ([CKPT-2]). */
export function vkeyOf(node: Node, epoch: number): string {
  const name = originOf(node.bank, epoch)
  return `${printVkey({ name, type: KEY_TYPE.log, key: node.own.keyOf(epoch) })}\n`
}

/** An epoch up to the head that whoever asks may see. */
interface Shown {
  readonly of: OwnEpoch
  readonly head: ServedHead
}

function receipt(node: Node, index: number, { of, head }: Shown): Promise<Response> {
  return node.read(({ own }) => {
    if (!Number.isSafeInteger(index) || index >= head.size) return nothingHere()
    const file = printReceipt({
      index,
      entry: null,
      proof: own.proof(of.start + index, head.size),
      checkpoint: head.note,
    })
    return ofBytes(file, TEXT, 'no-cache')
  })
}

function hashes(
  node: Node,
  { level, n, width }: TileName & { kind: 'tile' },
  { of, head }: Shown,
): Promise<Response> {
  return node.read(() => {
    const last = n * TILE_WIDTH + width
    if (last > Math.floor(head.size / TILE_WIDTH ** level)) return nothingHere()
    const bytes = of.tree.tile(level, n, width)
    return bytes === null ? nothingHere() : ofBytes(bytes, BYTES, FOR_ALL)
  })
}

function entries(node: Node, { n, width }: TileName, { of, head }: Shown, cache: string): Promise<Response> {
  return node.read(({ own }) => {
    const from = n * TILE_WIDTH
    if (from + width > head.size) return nothingHere()
    const raws = Array.from({ length: width }, (_, i) => own.raw(of.start + from + i))
    return ofBytes(encodeBundle(raws), BYTES, cache)
  })
}

export function nothingHere(): Response {
  return refusalResponse(refuse('nothing_here').refusal)
}

function ofText(text: string): Response {
  return new Response(text, { headers: { 'content-type': TEXT, 'cache-control': 'no-cache' } })
}

function ofBytes(bytes: Uint8Array, type: string, cache: string): Response {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': type, 'cache-control': cache } })
}
