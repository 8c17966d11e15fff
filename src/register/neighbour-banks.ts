/**
 * With which banks can members exchange hours now? Those with an open line, by the name we know them by, with the room that
 * is left and where their pages are ([EX-18]).
 */

import type { Bytes } from '../core/ids.ts'
import type { Node } from '../node/node.ts'
import { neighbours } from './neighbours.ts'

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
  return (await neighbours(node))
    .flatMap(({ bank, name, connected, line }) => {
      if (line === null || line.state !== 'open' || line.pausedHere) return []
      const { roomToSendMinutes: roomToSend, roomToReceiveMinutes: roomToReceive } = line
      const address = webAddress(node.contacts.link(bank)?.neighbour.publicUrl ?? null)
      return [{ bank, name, connected, roomToSend, roomToReceive, address }]
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
