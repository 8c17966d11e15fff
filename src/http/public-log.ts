/**
 * What can anybody read of our log, and under which path? Checkpoint, hash tiles and proofs for all, up to the
 * public head; the entries for holders of the token, or for all where the bank's rules say so ([HTTP-1], [PRIV-6]).
 */

import { originOf, toBase32 } from '../core/ids.ts'
import { refuse } from '../core/refusal.ts'
import { KEY_TYPE, printVkey } from '../log/note.ts'
import { printReceipt } from '../log/receipt.ts'
import { encodeBundle, parseTilePath, TILE_WIDTH, type TileName } from '../log/tiles.ts'
import type { Node } from '../node/node.ts'
import type { Door } from './auth.ts'
import { refusalResponse } from './problem.ts'
import type { PublicHead, ServedHead } from './public-head.ts'

const TEXT = 'text/plain; charset=utf-8'
const BYTES = 'application/octet-stream'
const FOR_ALL = 'public, max-age=604800, immutable'
const FOR_HOLDER = 'private, max-age=604800, immutable'
const EPOCH = 0
const INDEX = /^\/proof\/(0|[1-9][0-9]{0,15})$/

export interface PublicLog {
  /** Answers a GET below `/tlog/<bank>/<epoch>`, or at the root, by the path that follows; null when it is none of ours. */
  answer(path: string, authorization: string | undefined): Promise<Response>
  /** The path below our own log's prefix, or null for any other. */
  below(path: string): string | null
}

export function openPublicLog(node: Node, door: Door, heads: PublicHead): PublicLog {
  const prefix = `/tlog/${toBase32(node.bank)}/${EPOCH}`

  async function answer(path: string, authorization: string | undefined): Promise<Response> {
    const holder = authorization !== undefined && door.enter(authorization).ok
    const head = holder ? heads.newest() : await heads.forAll()
    if (path === '/checkpoint') return ofBytes(head.note, TEXT, 'no-cache')
    if (path === '/vkey') return ofText(await vkeyOf(node))
    const proof = INDEX.exec(path)
    if (proof !== null) return receipt(node, Number(proof[1]), head)
    const tile = parseTilePath(path)
    if (tile === null) return nothingHere()
    if (tile.kind === 'tile') return hashes(node, tile, head)
    const open = holder || (await node.read(({ book }) => book.rules?.publicEntries === true))
    if (open) return entries(node, tile, head, holder ? FOR_HOLDER : FOR_ALL)
    const entered = door.enter(authorization)
    return refusalResponse(entered.ok ? refuse('token_missing').refusal : entered.refusal)
  }

  return { answer, below: (path) => (path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : null) }
}

/** The log's verifying key as one line: name, key id, type and key ([CKPT-2]). */
async function vkeyOf(node: Node): Promise<string> {
  const { bank, key } = await node.read(({ book }) => ({ bank: book.bank, key: book.logKey }))
  return `${printVkey({ name: originOf(bank, EPOCH), type: KEY_TYPE.log, key })}\n`
}

function receipt(node: Node, index: number, head: ServedHead): Promise<Response> {
  return node.read(({ own }) => {
    if (!Number.isSafeInteger(index) || index >= head.size) return nothingHere()
    const file = printReceipt({
      index,
      entry: null,
      proof: own.proof(index, head.size),
      checkpoint: head.note,
    })
    return ofBytes(file, TEXT, 'no-cache')
  })
}

function hashes(
  node: Node,
  { level, n, width }: TileName & { kind: 'tile' },
  head: ServedHead,
): Promise<Response> {
  return node.read(() => {
    const last = n * TILE_WIDTH + width
    if (last > Math.floor(head.size / TILE_WIDTH ** level)) return nothingHere()
    const bytes = node.tree.tile(level, n, width)
    return bytes === null ? nothingHere() : ofBytes(bytes, BYTES, FOR_ALL)
  })
}

function entries(node: Node, { n, width }: TileName, head: ServedHead, cache: string): Promise<Response> {
  return node.read(({ own }) => {
    const from = n * TILE_WIDTH
    if (from + width > head.size) return nothingHere()
    return ofBytes(encodeBundle(Array.from({ length: width }, (_, i) => own.raw(from + i))), BYTES, cache)
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
