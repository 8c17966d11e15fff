/**
 * Which keys have signed the log of a bank, one epoch after the other? The founding entry names the first, and every
 * change of the key is proven by artefacts: the last entry of the old epoch under the old key, the first entry of the
 * next under the new one ([KEY-6]). Nothing else teaches a new key.
 */

import { type VerifyingKey, verifyingKey } from '../core/ed25519.ts'
import { type Body, decodeEntry } from '../core/entry.ts'
import { type Bytes, originOf, parseOrigin, sameBytes } from '../core/ids.ts'
import { type Reign, ROTATION, reignAfter, rotateInProblem, rotateOutProblem } from '../core/rotation.ts'
import { decodeArtefact, type OpenedArtefact, openArtefact } from './artefact.ts'
import { type Head, openCheckpoint, peekOrigin } from './checkpoint.ts'

/** What a founding entry says about keys. */
export interface Founded {
  readonly bank: Bytes
  readonly logKey: Bytes
  readonly recoveryHash: Bytes
}

/** One epoch of a log. */
export interface LogEpoch {
  readonly epoch: number
  readonly origin: string
  readonly key: VerifyingKey
  /** The `rotate.in` that began it, and the head under which it was shown; null for epoch 0. */
  readonly began: { readonly body: Body<'rotate.in'>; readonly leaf: Bytes; readonly head: Head } | null
  /** How it ended, by the word of the next one; null while it lasts. */
  readonly end: { readonly size: number; readonly root: Bytes } | null
}

export interface Lineage {
  readonly reign: Reign
  /** At least one; the last one lasts. */
  readonly epochs: readonly LogEpoch[]
  /** The artefacts that prove it, to be handed on. */
  readonly chain: readonly Bytes[]
}

export type ReadLineage =
  | { readonly ok: true; readonly lineage: Lineage }
  | { readonly ok: false; readonly problem: string }

/** The epochs that these artefacts prove, from the founding entry on. */
export function readLineage(founded: Founded, chain: readonly Bytes[]): ReadLineage {
  const key = verifyingKey(founded.logKey)
  if (key === null) return bad('the log key is no key that may be used')
  const { bank, recoveryHash } = founded
  const first = { epoch: 0, origin: originOf(bank, 0), key, began: null, end: null }
  let lineage: Lineage = {
    reign: { bank, keys: [founded.logKey], recoveryHash, ending: null },
    epochs: [first],
    chain: [],
  }
  for (const bytes of chain) {
    const next = oneMore(lineage, bytes)
    if (typeof next === 'string') return bad(next)
    lineage = { ...next, chain: [...lineage.chain, bytes] }
  }
  return lineage.reign.ending === null ? { ok: true, lineage } : bad('the next epoch of the log is not shown')
}

type Stretch = Omit<Lineage, 'chain'>

function oneMore({ reign, epochs }: Stretch, bytes: Bytes): Stretch | string {
  const artefact = decodeArtefact(bytes)
  const read = artefact === null ? null : decodeEntry(artefact.entry)
  if (artefact === null || read === null || !read.ok) return 'a change of the log key cannot be read'
  const { entry } = read
  const present = epochs.at(-1) as LogEpoch
  if (entry.kind === 'rotate.out') {
    const opened = openArtefact(artefact, present)
    if (opened === null) return 'the last entry of an epoch does not verify under its key'
    if (opened.index !== opened.head.size - 1) return 'the last entry of an epoch is not its last'
    const problem = rotateOutProblem(reign, entry.body)
    const end = { size: opened.head.size, root: opened.head.root }
    return (
      problem ?? { reign: { ...reign, ending: entry.body }, epochs: withLast(epochs, { ...present, end }) }
    )
  }
  return entry.kind === 'rotate.in'
    ? begun({ reign, epochs }, entry.body, (log) => openArtefact(artefact, log))
    : 'the entry shown changes no log key'
}

function begun(
  { reign, epochs }: Stretch,
  body: Body<'rotate.in'>,
  open: (log: { origin: string; key: VerifyingKey }) => OpenedArtefact | null,
): Stretch | string {
  const problem = rotateInProblem(reign, body)
  if (problem !== null) return problem
  const key = verifyingKey(body.logKey) as VerifyingKey
  const origin = originOf(reign.bank, body.epoch)
  const opened = open({ origin, key })
  if (opened === null || opened.index !== 0)
    return 'the first entry of an epoch does not verify under its key'
  const present = epochs.at(-1) as LogEpoch
  const end = { size: body.oldSize, root: body.oldRoot }
  const shown = body.cause === ROTATION.planned ? present.end : null
  if (shown !== null && (shown.size !== end.size || !sameBytes(shown.root, end.root)))
    return 'an epoch begins with another end of the one before'
  const began = { body, leaf: opened.leaf, head: opened.head }
  const next = { epoch: body.epoch, origin, key, began, end: null }
  return { reign: reignAfter(reign, body), epochs: [...withLast(epochs, { ...present, end }), next] }
}

function withLast(epochs: readonly LogEpoch[], last: LogEpoch): LogEpoch[] {
  return [...epochs.slice(0, -1), last]
}

/**
 * Which of two lineages of one bank counts? The longer when one goes on from the other; where they part, the one that
 * the recovery key signed, for the sheet outranks a stolen log key ([KEY-4]); else the one known before.
 */
export function laterLineage(known: Lineage, shown: Lineage): Lineage {
  const parts = shown.epochs.findIndex(({ began }, i) => {
    const other = known.epochs[i]
    return other !== undefined && began !== null && !sameBytes(began.leaf, (other.began ?? began).leaf)
  })
  if (parts < 0) return shown.epochs.length > known.epochs.length ? shown : known
  const isRecovered = (one: Lineage): boolean => (one.epochs[parts]?.began?.body.recovery ?? null) !== null
  return isRecovered(shown) && !isRecovered(known) ? shown : known
}

/** The epoch that lasts. */
export function presentOf(lineage: Lineage): LogEpoch {
  return lineage.epochs.at(-1) as LogEpoch
}

/** The head in a note and the epoch it is of, when one of these epochs signed it; else null. */
export function openOf(lineage: Lineage, note: Bytes): { head: Head; epoch: LogEpoch } | null {
  const origin = peekOrigin(note)
  const epoch = origin === null ? undefined : lineage.epochs[parseOrigin(origin)?.epoch ?? -1]
  const head = epoch === undefined ? null : openCheckpoint(note, epoch)
  return head === null || epoch === undefined ? null : { head, epoch }
}

function bad(problem: string): ReadLineage {
  return { ok: false, problem }
}
