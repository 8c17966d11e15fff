/**
 * How is a list taken away again that somebody brought in by mistake? Batch after batch, as it came: the opening record
 * is taken back, the accounts are closed, and the people are erased. Whoever has given or received hours since stays,
 * with these hours, and is named ([IMP-12]).
 *
 * A batch says in its own commit that it is undone and who went, and the rows of the import go last of all: whoever asks
 * again after a crash finds what is left to do.
 */

import { type Bytes, sameBytes } from '../../core/ids.ts'
import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import type { Node } from '../../node/node.ts'
import { privateKey, privateRange } from '../../store/keyspace.ts'
import type { Write } from '../../store/store.ts'
import { eraseClosed } from '../erasure.ts'
import type { People } from '../people.ts'
import type { Person } from '../person.ts'
import { words } from '../texts.ts'
import { wipeRows } from '../wiping.ts'
import { batchKey, doneKey, potKey, type WrittenBatch, writtenBatches } from './batch-rows.ts'
import type { ImportBy } from './by.ts'
import { nameOf } from './check.ts'
import { decideUndo, partingOf } from './undo-batch.ts'

export interface Undone {
  /** People who were taken away. */
  readonly removed: number
  /** People who have given or received since, or have an office or a payment on its way; they keep their hours. */
  readonly staying: readonly Person[]
  /** `later`: somebody still read the old content; the next start finishes it, and nobody sees these people meanwhile. */
  readonly finished: 'now' | 'later'
}

/** What taking the list away would do; nothing is written. Refuses `import_unknown`. */
export async function checkUndo(digest: Bytes, node: Node, people: People): Promise<Outcome<Undone>> {
  const batches = await batchesOf(digest, node)
  if (!batches.ok) return batches
  const partings = await node.read(({ book }) =>
    batches.value.map((batch) =>
      batch.undone ? { going: batch.accounts, staying: batch.staying } : partingOf(batch, book, people),
    ),
  )
  return accept({
    removed: partings.reduce((sum, { going }) => sum + going.length, 0),
    staying: known(
      partings.flatMap(({ staying }) => staying),
      people,
    ),
    finished: 'now',
  })
}

/**
 * Takes a list away again; afterwards the same file may be brought in anew. Refuses `name_not_typed` unless the bank's
 * name was typed, `import_unknown`, `coordinator_unknown`, and `import_after_line` where hours of one part only are to be
 * taken back.
 */
export async function undoImport(
  digest: Bytes,
  node: Node,
  people: People,
  by: ImportBy,
  typedName: string,
): Promise<Outcome<Undone>> {
  const name = await node.read(({ book }) => nameOf(book))
  if (words(typedName) !== words(name)) return refuse('name_not_typed', { name })
  return people.presses.alone(privateKey('import', 'all'), async () => {
    const batches = await batchesOf(digest, node)
    return batches.ok ? undoAll(digest, batches.value, node, people, by) : batches
  })
}

/** Goes on where taking this list away was cut short; nothing when nobody has begun. */
export async function finishUndo(
  digest: Bytes,
  node: Node,
  people: People,
  by: ImportBy,
): Promise<Outcome<null>> {
  const batches = await writtenBatches(node.store, digest)
  if (batches === null || !batches.some(({ undone }) => undone)) return accept(null)
  const outcome = await undoAll(digest, batches, node, people, by)
  return outcome.ok ? accept(null) : outcome
}

async function undoAll(
  digest: Bytes,
  batches: readonly WrittenBatch[],
  node: Node,
  people: People,
  by: ImportBy,
): Promise<Outcome<Undone>> {
  let removed = 0
  let finished: Undone['finished'] = 'now'
  const staying: Bytes[] = []
  for (const batch of batches) {
    let { accounts: going, staying: left } = batch
    if (!batch.undone) {
      const outcome = await node.commit(decideUndo(batch, { node, people, by, digest }))
      if (!outcome.ok) return outcome
      ;({ going, staying: left } = outcome.value.value)
    }
    if ((await eraseClosed(node, people, going, by.coordinator)) === 'later') finished = 'later'
    removed += going.length
    staying.push(...left)
  }
  await wipeRows(node, await archiveKeys(digest, node))
  const rows: Write[] = [...batches.map(({ n }) => ({ del: batchKey(digest, n) })), { del: doneKey(digest) }]
  const pot = node.store.get(potKey)
  if (pot !== undefined && sameBytes(pot, digest)) rows.push({ del: potKey })
  const outcome = await node.commit(() => accept({ entries: [], rows, value: null }))
  return outcome.ok ? accept({ removed, staying: known(staying, people), finished }) : outcome
}

/** Batches of an import that was begun here, by a program that kept enough of it to undo it. */
async function batchesOf(digest: Bytes, node: Node): Promise<Outcome<readonly WrittenBatch[]>> {
  const batches = await writtenBatches(node.store, digest)
  const isHere = batches !== null && (batches.length > 0 || node.store.get(doneKey(digest)) !== undefined)
  return isHere ? accept(batches) : refuse('import_unknown')
}

function known(accounts: readonly Bytes[], people: People): Person[] {
  return accounts.flatMap((account) => people.byAccount(account) ?? [])
}

async function archiveKeys(digest: Bytes, node: Node): Promise<Bytes[]> {
  const keys: Bytes[] = []
  for await (const page of node.store.pages(privateRange('archive', digest), PAGE))
    for (const [key] of page) keys.push(key)
  return keys
}

const PAGE = 512
