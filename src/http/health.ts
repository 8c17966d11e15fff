/**
 * Is the process alive, and is the bank ready to record? For whatever watches over it ([OPS-4]).
 */

import { LIMITS } from '../core/limits.ts'
import type { Node } from '../node/node.ts'

/** The process answers; nothing else is asked. */
export function alive(): Response {
  return answered(200, { alive: true })
}

/** Before the log was read to its end. */
export function starting(): Response {
  return answered(503, { ready: false, reasons: ['starting'] })
}

/** Ready when the store reads, the gate lets sign, and the disk has room; otherwise the codes of what is wrong. */
export async function ready(node: Node): Promise<Response> {
  const reasons: string[] = []
  const gate = node.gate.state()
  if (gate !== null) reasons.push(gate === 'wait' ? 'start_waits' : gate.code)
  try {
    await node.read(({ own }) => own.raw(0))
    if ((await node.store.freeBytes()) < LIMITS.diskFreeBytes) reasons.push('disk_low')
  } catch {
    // Whoever reads next gets the fault itself; here it is one of the reasons.
    reasons.push('store_failed')
  }
  return reasons.length === 0
    ? answered(200, { ready: true, reasons })
    : answered(503, { ready: false, reasons })
}

function answered(status: 200 | 503, body: Readonly<Record<string, unknown>>): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
