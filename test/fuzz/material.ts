/**
 * Of which good bytes are bad ones made? The logs of two banks with a line and payments in every state, and whatever
 * banks hand to one another about them; all of it the same every time.
 */

import { encode } from '../../src/core/codec.ts'
import { type VerifyingKey, verifyingKey } from '../../src/core/ed25519.ts'
import { decodeEntry, type Entry, type EntryOf, encodeEntry, type Kind } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import type { Bytes } from '../../src/core/ids.ts'
import type { Words } from '../../src/core/memo.ts'
import { packWords } from '../../src/core/packed-words.ts'
import { encodeArtefact } from '../../src/log/artefact.ts'
import { signCheckpoint } from '../../src/log/checkpoint.ts'
import { consistencyProof, inclusionProof, leafHash } from '../../src/log/merkle.ts'
import { openTree } from '../../src/log/tree.ts'
import { makeRecord } from '../../src/peer/bank-record.ts'
import { encodeFrame, type Frame, type Message, type MessageOf } from '../../src/peer/messages.ts'
import type { BankLog } from '../audit/log-builder.ts'
import { bytesFor, START, World } from '../audit/log-builder.ts'
import { NOW, testBank } from '../peer/banks.ts'

/** Made at first use and then kept. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

export const world = once(() => new World())

const id16 = (label: string): Bytes => bytesFor(label, 16)

/** Kinds that the story of the two banks need not tell. */
function rareEntries(): Bytes[] {
  const { line, harbour } = world()
  const board = [id16('x'), id16('y')]
  const id = bytesFor('id', 32)
  const rare = [
    { kind: 'acct.close', body: { acct: id16('a'), cause: 1, nonce: id16('n') } },
    { kind: 'dev.remove', body: { device: id16('d'), cause: 2, nonce: id16('n') } },
    { kind: 'role.revoke', body: { actor: id16('x'), cause: 1, nonce: id16('n') } },
    { kind: 'redact', body: { scope: 1, reason: 1, targets: [3, 4, 300], nonce: id16('n') } },
    { kind: 'redact', body: { scope: 2, reason: 4, targets: [id16('a')], nonce: id16('n') } },
    { kind: 'line.freeze', body: { line, cause: 5, evidence: bytesFor('proof', 32) } },
    { kind: 'line.dead', body: { line, board } },
    { kind: 'line.thaw', body: { line, cause: 1, board, accepted: harbour.ref('confirm') } },
    { kind: 'line.close', body: { line, cause: 1, lastStatement: 0, peerEntry: null } },
    { kind: 'line.writeoff', body: { line, minutes: -30, board } },
    { kind: 'susp.settle', body: { line, minutes: 30, board } },
    { kind: 'pay.cover', body: { id, line, board } },
    {
      kind: 'rcv.invoice',
      body: {
        handle: id16('handle'),
        minutes: 60,
        category: 7,
        day: 20_000,
        expires: START + 86_400,
        uses: 3,
        commitment: bytesFor('words', 32),
      },
    },
    { kind: 'rotate.out', body: { epoch: 1, logKey: bytesFor('next log key', 32), cause: 1 } },
    {
      kind: 'rotate.in',
      body: {
        bank: bytesFor('bank', 20),
        epoch: 1,
        logKey: bytesFor('next log key', 32),
        oldEpoch: 0,
        oldSize: 12,
        oldRoot: bytesFor('old root', 32),
        keptSize: 12,
        cause: 2,
        recoveryHash: bytesFor('recovery hash', 32),
        recovery: { key: bytesFor('recovery key', 32), signature: new Uint8Array(64).fill(7) },
      },
    },
  ] as const
  return rare.map((entry) => encodeEntry({ ...entry, time: START } as Entry as EntryOf<Kind>))
}

/** At least one entry of every kind. */
export const entries = once(() => [
  ...world().harbour.entries,
  ...world().millbrook.entries,
  ...rareEntries(),
])

export function keyOf(log: BankLog): VerifyingKey {
  const key = verifyingKey(log.key.publicKey)
  must(key !== null, 'a key made of a seed is a key')
  return key
}

/** A log of these entries under the key of another, with its head and what proves an entry. */
export function logged(raws: readonly Bytes[], by: BankLog) {
  const tree = openTree({ size: 0, loadHash: () => new Uint8Array(32), loadTile: () => undefined })
  for (const raw of raws) tree.append([leafHash(raw)])
  const size = raws.length
  const head = (at = size): Bytes =>
    signCheckpoint({ origin: by.origin, size: at, root: tree.rootAt(at), key: by.key })
  return {
    head,
    link: (from: number, to = size) => consistencyProof(from, to, tree.read),
    shown: (index: number, at = size) => ({
      index,
      entry: raws[index] as Bytes,
      proof: inclusionProof(index, at, tree.read),
    }),
  }
}

export const artefacts = once(() => {
  const { harbour } = world()
  const log = logged(harbour.entries, harbour)
  return [0, 7, harbour.entries.length - 1].map((index) =>
    encodeArtefact({ ...log.shown(index), checkpoint: log.head() }),
  )
})

export const checkpoints = once(() => {
  const { harbour, millbrook } = world()
  return [harbour.checkpoint(), harbour.checkpoint(3), millbrook.checkpoint()]
})

/** Private words in three alphabets. */
export const WORDS: Words = {
  texts: ['gardening', 'au café', 'ما شاء الله\nبارك الله فيك'],
  salts: [bytesFor('salt 1', 32), bytesFor('salt 2', 32), bytesFor('salt 3', 32)],
}

/** Every message there is. */
export function messages(): readonly Message[] {
  const { harbour, line } = world()
  const id = bytesFor('id', 32)
  const aid = bytesFor('aid', 32)
  const chain = bytesFor('chain', 32)
  const counters = { line, outSeq: 3, outChain: chain, inSeq: 2, inChain: chain }
  const offer: MessageOf<'offer'> = {
    name: 'offer',
    order: orders()[0] as Bytes,
    line,
    lineVersion: 1,
    aid,
    epoch: 0,
    logKey: harbour.key.publicKey,
  }
  return [
    { name: 'hello', ...counters, yours: checkpoints()[2] as Bytes, now: START, open: [id, aid] },
    { name: 'hello', ...counters, line: null, yours: null, now: START, open: [] },
    { name: 'busy', about: 10, retrySeconds: 600 },
    { name: 'ask', id, promise: 0 },
    { name: 'nothing', id },
    offer,
    { name: 'promise', entry: 0 },
    { name: 'decline', id, aid, code: 'line_full' },
    { name: 'commit', entry: 1, order: orders()[0] as Bytes },
    { name: 'commit', entry: 1, order: null },
    { name: 'abort', entry: 0 },
    { name: 'receipt', entry: 0 },
    { name: 'waive', entry: 0 },
    { name: 'line', entry: 0, token: id16('token') },
    { name: 'who', question: id, number: 'ML-4827-K' },
    { name: 'handle', question: id, handle: id16('handle'), uses: 3, expires: START, payee: 'Bo M.' },
    { name: 'request', question: id, code: '7K3QX9M2' },
    { name: 'endorsed', question: id, entry: 0, payee: 'Bo M.', words: packWords(WORDS) },
    { name: 'look', question: id },
    {
      name: 'notices',
      question: id,
      notices: [
        { id: id16('notice'), kind: 1, text: 'Somebody to mend a chair', category: 50, until: START },
        { id: id16('offer'), kind: 2, text: 'I can ring someone for a chat', category: 0, until: START },
      ],
    },
    { name: 'interest', question: id, notice: id16('notice'), who: 'Bo M.', phone: '020 7946 0900' },
    { name: 'noted', question: id, outcome: 1, phone: null },
    { name: 'endorsed', question: id, entry: 1, payee: 'The pot', words: null },
    { name: 'memo', order: orders()[0] as Bytes, words: packWords(WORDS) },
    { name: 'over', question: id, cause: 1, at: START },
    { name: 'over', question: id, cause: 3, at: null },
    {
      name: 'rotation',
      bank: bytesFor('another bank', 20),
      chain: [encode([id, 0, [], chain])],
      proof: [aid],
    },
  ]
}

function framesOf(raws: readonly Bytes[]): Frame[] {
  const { harbour } = world()
  const log = logged(raws, harbour)
  const last = raws.length - 1
  const from = Math.min(3, last)
  return [
    {
      head: log.head(),
      link: { from, proof: log.link(from) },
      entries: [log.shown(last), log.shown(Math.floor(last / 2))],
      messages: messages(),
    },
    { head: log.head(), link: null, entries: [log.shown(last)], messages: [] },
    { head: null, link: null, entries: [], messages: messages().slice(0, 5) },
  ]
}

export const frames = once(() => framesOf(world().harbour.entries).map(encodeFrame))

/** A frame that shows this entry under a head that its bank signed. */
export function frameShowing(raw: Bytes, message: Message): Bytes {
  const { harbour } = world()
  const raws = [...harbour.entries.slice(0, 3), raw]
  const log = logged(raws, harbour)
  const shown = { ...log.shown(3) }
  return encodeFrame({
    head: log.head(),
    link: { from: 3, proof: log.link(3) },
    entries: [shown],
    messages: [message],
  })
}

/** What stands as bytes in the entries of the story under this name. */
function partsNamed(name: 'order' | 'intent' | 'terms'): Bytes[] {
  return entries().flatMap((raw) => {
    const read = decodeEntry(raw)
    const part: unknown = read.ok ? Reflect.get(read.entry.body, name) : undefined
    return part instanceof Uint8Array ? [part] : []
  })
}

export const orders = once(() => partsNamed('order'))
export const intents = once(() => partsNamed('intent'))
export const terms = once(() => partsNamed('terms'))

export const bank = once(() => testBank(1))
export const records = once(() => {
  const { parts, peerKey } = bank()
  const bare = {
    ...parts,
    addresses: [],
    description: { ...parts.description, cell: null, languages: [], welcomes: [] },
  }
  return [makeRecord(parts, peerKey), makeRecord(bare, peerKey)]
})
export { NOW }

/** Short items of every type, for the codec alone. */
export const items = once(() =>
  [
    0,
    -1,
    2 ** 32,
    'Ada',
    '',
    new Uint8Array(3),
    true,
    null,
    [1, [2, [3]]],
    new Map([
      ['a', 1],
      ['bb', 2],
    ]),
  ].map((value) => encode(value as Parameters<typeof encode>[0])),
)
