/**
 * With which banks can members exchange hours now? Those with an open line, by the name we know them by, with the room that
 * is left and where their pages are ([EX-18]).
 */

import type { Bytes } from '../core/ids.ts'
import { roomToReceive, roomToSend } from '../core/line.ts'
import type { Node } from '../node/node.ts'

export interface NeighbourBank {
  readonly bank: Bytes
  readonly name: string
  /** Minutes our members can still be helped by theirs, and theirs by ours. */
  readonly roomToSend: number
  readonly roomToReceive: number
  readonly connected: boolean
  /** Without a slash at the end; null when it has no pages for the public. */
  readonly address: string | null
}

/** Banks whose line takes hours, by name. */
export async function neighbourBanks(node: Node): Promise<readonly NeighbourBank[]> {
  const lines = await node.read(({ book }) =>
    book.lines
      .filter((line) => line.state === 'open' && !line.frozen)
      .map((line) => ({
        bank: line.peer,
        roomToSend: Math.max(0, roomToSend(line)),
        roomToReceive: Math.max(0, roomToReceive(line)),
      })),
  )
  return lines
    .flatMap((line) => {
      const link = node.contacts.link(line.bank)
      if (link === null) return []
      const { name, publicUrl } = link.neighbour
      return [{ ...line, name, connected: link.connected, address: webAddress(publicUrl) }]
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** An address of web pages as a link may lead to; anything else, as another bank may say it, is none. */
export function webAddress(typed: string | null): string | null {
  if (typed === null || !URL.canParse(typed)) return null
  const url = new URL(typed)
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  const web = url.protocol === 'https:' || url.protocol === 'http:'
  return web && plain ? url.href.replace(/\/+$/, '') : null
}
