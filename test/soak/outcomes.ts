/**
 * How did every payment end, read from the exported logs alone? Each order that a bank held has exactly one end: its
 * commit and the payee's credit, its commit and the payee's waiver, or its abort. Everything else is trouble.
 */

import { findSources } from '../../src/audit/source.ts'
import { decodeEntry, type Entry } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import { toHex } from '../../src/core/ids.ts'
import { decodeOrder, orderId } from '../../src/core/transfer/order.ts'
import { decodeBundle } from '../../src/log/tiles.ts'
import type { Troubles } from './trouble.ts'

export type End = 'paid' | 'returned' | 'never'

export interface Ending {
  readonly end: End
  /** Of the form that was pressed. */
  readonly nonce: string
  readonly minutes: number
  readonly postal: boolean
}

/** Entries of one kind about one payment, over all logs. */
interface Traces {
  held: { nonce: string; minutes: number; postal: boolean } | null
  readonly times: Record<'commit' | 'abort' | 'return' | 'credit' | 'waive' | 'promise' | 'release', number>
  /** Minutes that each entry which moves some names. */
  readonly minutes: Set<number>
}

/** Ends by payment id in hex. `entries` are counted over all logs. */
export function readOutcomes(
  folders: readonly string[],
  troubles: Troubles,
): { readonly endings: ReadonlyMap<string, Ending>; readonly entries: number } {
  const traces = new Map<string, Traces>()
  const { logs } = findSources(folders)
  let entries = 0
  for (const log of logs) {
    for (const path of bundlesIn(log.paths)) {
      for (const raw of decodeBundle(log.read(path) as Uint8Array) ?? []) {
        const read = decodeEntry(raw)
        must(read.ok, `an exported entry can be read: ${read.ok ? '' : read.problem}`)
        note(traces, read.entry)
        entries += 1
      }
    }
  }
  const endings = new Map<string, Ending>()
  for (const [id, one] of traces) {
    const ending = endOf(one)
    if (typeof ending === 'string') troubles.note(`a payment has no single end: ${ending}`, id)
    else endings.set(id, ending)
  }
  return { endings, entries }
}

/** Of the bundles of one place the widest holds all that the others do. */
function bundlesIn(paths: ReadonlySet<string>): Iterable<string> {
  const widest = new Map<string, { path: string; width: number }>()
  for (const path of paths) {
    const match = /^tile\/entries\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]+))?$/.exec(path)
    if (match === null) continue
    const width = match[2] === undefined ? 256 : Number(match[2])
    const place = match[1] as string
    if (width > (widest.get(place)?.width ?? 0)) widest.set(place, { path, width })
  }
  return [...widest.values()].map(({ path }) => path)
}

function note(traces: Map<string, Traces>, { kind, body }: Entry): void {
  switch (kind) {
    case 'pay.hold': {
      const order = decodeOrder(body.order)
      must(order !== null, 'an order in the log can be read')
      const one = tracesOf(traces, toHex(orderId(body.order)))
      const { minutes, postal } = order
      one.held = { nonce: toHex(order.nonce), minutes, postal }
      one.minutes.add(minutes)
      return
    }
    case 'pay.commit':
    case 'rcv.credit':
    case 'rcv.promise': {
      const one = tracesOf(traces, toHex(body.id))
      one.times[NAMES[kind]] += 1
      one.minutes.add(body.minutes)
      return
    }
    case 'pay.abort':
    case 'pay.return':
    case 'rcv.waive':
    case 'rcv.release':
      tracesOf(traces, toHex(body.id)).times[NAMES[kind]] += 1
  }
}

const NAMES = {
  'pay.commit': 'commit',
  'pay.abort': 'abort',
  'pay.return': 'return',
  'rcv.credit': 'credit',
  'rcv.waive': 'waive',
  'rcv.promise': 'promise',
  'rcv.release': 'release',
} as const

function tracesOf(traces: Map<string, Traces>, id: string): Traces {
  let one = traces.get(id)
  if (one === undefined) {
    const times = { commit: 0, abort: 0, return: 0, credit: 0, waive: 0, promise: 0, release: 0 }
    one = { held: null, times, minutes: new Set() }
    traces.set(id, one)
  }
  return one
}

/** Which entries a payment has at rest, written as one word a log; the end of each that is right. */
const ENDS: Readonly<Record<string, End>> = {
  'commit credit': 'paid',
  'commit promise credit': 'paid',
  'commit return waive': 'returned',
  'commit return promise waive': 'returned',
  abort: 'never',
  'abort promise release': 'never',
  // A promise may be renounced before its abort is seen.
  'abort promise waive': 'never',
}

function endOf({ held, times, minutes }: Traces): Ending | string {
  if (held === null) return 'no order was ever held'
  if (minutes.size !== 1) return `its entries speak of ${[...minutes].join(' and ')} minutes`
  const order = ['commit', 'abort', 'return', 'promise', 'credit', 'waive', 'release'] as const
  const twice = order.filter((name) => times[name] > 1)
  if (twice.length > 0) return `${twice.join(', ')} stands there more than once`
  const shape = order.filter((name) => times[name] === 1).join(' ')
  const end = ENDS[shape]
  return end === undefined ? `held ${shape}` : { end, ...held }
}
