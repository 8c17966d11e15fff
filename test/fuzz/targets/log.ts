/** Which decoders of `log` read notes, tiles, proofs and receipts that somebody else made? */

import fc from 'fast-check'
import { type Cbor, decode, encode } from '../../../src/core/codec.ts'
import { must } from '../../../src/core/fault.ts'
import { type Bytes, sameBytes, toHex } from '../../../src/core/ids.ts'
import { decodeArtefact, encodeArtefact, openArtefact } from '../../../src/log/artefact.ts'
import {
  type HeadText,
  logVerifier,
  openCheckpoint,
  parseHeadText,
  peekOrigin,
  printHeadText,
} from '../../../src/log/checkpoint.ts'
import { leafHash, verifyConsistency, verifyInclusion } from '../../../src/log/merkle.ts'
import {
  buildNote,
  fromBase64,
  KEY_TYPE,
  parseNote,
  parseVkey,
  printVkey,
  privateNoteOf,
  toBase64,
  utf8,
} from '../../../src/log/note.ts'
import { parseReceipt, printReceipt } from '../../../src/log/receipt.ts'
import { decodeBundle, encodeBundle, parseTilePath, printTilePath } from '../../../src/log/tiles.ts'
import { artefacts, checkpoints, keyOf, logged, once, world } from '../material.ts'
import { itemInputs } from '../shaped.ts'
import { plainInputs, textInputs } from '../shaped-text.ts'
import { bytesOf, NO, orNull, type Target, textOf } from '../target.ts'

const COMMON = { refusals: [NO], mostBytes: 60_000, mostMs: 250, inTest: 500 } as const

/** Every head that the two banks signed; whatever else is taken for one is forged. */
const signedHeads = once(() => {
  const { harbour } = world()
  return new Set([harbour.entries.length, 3].map((size) => `${size} ${toHex(harbour.tree(size).root())}`))
})

export function isSigned(head: HeadText): boolean {
  return signedHeads().has(`${head.size} ${toHex(head.root)}`)
}

/** Notes as such, and as checkpoints of a bank. */
const note: Target = {
  ...COMMON,
  name: 'note',
  covers: [
    'log/note.ts parseNote',
    'log/note.ts privateNoteOf',
    'log/note.ts utf8',
    'log/note.ts fromBase64',
    'log/checkpoint.ts openCheckpoint',
    'log/checkpoint.ts peekOrigin',
  ],
  corpus: checkpoints,
  inputs: textInputs(checkpoints),
  tell(input) {
    const { harbour } = world()
    const log = { origin: harbour.origin, key: keyOf(harbour) }
    const parsed = parseNote(input)
    const opened = privateNoteOf(input, [logVerifier(log)])
    const head = openCheckpoint(input, log)
    const origin = peekOrigin(input)
    must(opened === null || parsed !== null, 'what opens was parsed')
    must(head === null || (opened !== null && isSigned(head)), 'no head counts that nobody signed')
    must(head === null || origin === log.origin, 'a head is found by its origin')
    if (parsed === null) return { refused: NO }
    for (const { bytes } of parsed.signatures) must(fromBase64(toBase64(bytes)) !== null, 'base64 comes back')
    return {
      accepted: [opened !== null, head?.size, origin],
      again: buildNote(parsed.text, parsed.signatures),
    }
  },
}

const headText: Target = {
  ...COMMON,
  name: 'head-text',
  covers: ['log/checkpoint.ts parseHeadText'],
  corpus: () => checkpoints().map((one) => one.slice(0, one.indexOf(0xe2) - 1)),
  inputs: () => textInputs(headText.corpus)(),
  tell: (input) => orNull(parseHeadText(input), printHeadText),
}

const vkey: Target = {
  ...COMMON,
  name: 'vkey',
  covers: ['log/note.ts parseVkey'],
  corpus: () => {
    const { harbour } = world()
    const key = harbour.key.publicKey
    return [KEY_TYPE.log, KEY_TYPE.cosignature].map((type) =>
      bytesOf(printVkey({ name: harbour.origin, type, key })),
    )
  },
  inputs: () => textInputs(vkey.corpus)(),
  tell: (input) => orNull(parseVkey(utf8(input) ?? ''), (key) => bytesOf(printVkey(key))),
}

const tilePath: Target = {
  ...COMMON,
  name: 'tile-path',
  covers: ['log/tiles.ts parseTilePath'],
  corpus: () =>
    [
      '/tile/0/x001/x234/067.p/12',
      '/tile/entries/000',
      '/tile/63/999.p/255',
      '/tile/1/x009/x007/x199/x254/x740/991',
    ].map(bytesOf),
  inputs: () => textInputs(tilePath.corpus)(),
  tell: (input) => orNull(parseTilePath(textOf(input)), (name) => bytesOf(printTilePath(name))),
}

const bundle: Target = {
  ...COMMON,
  name: 'bundle',
  covers: ['log/tiles.ts decodeBundle'],
  corpus: () => [
    encodeBundle(world().harbour.entries.slice(0, 12)),
    encodeBundle([]),
    encodeBundle([new Uint8Array(0)]),
  ],
  inputs: plainInputs(600),
  tell: (input) => orNull(decodeBundle(input), encodeBundle),
}

const artefact: Target = {
  ...COMMON,
  name: 'artefact',
  covers: ['log/artefact.ts decodeArtefact', 'log/artefact.ts openArtefact'],
  corpus: artefacts,
  inputs: itemInputs(artefacts),
  tell(input) {
    const { harbour } = world()
    const read = decodeArtefact(input)
    const opened = read === null ? null : openArtefact(read, { origin: harbour.origin, key: keyOf(harbour) })
    must(
      opened === null ||
        (isSigned(opened.head) && sameBytes(harbour.entries[opened.index] as Bytes, opened.entry)),
      'no entry counts that is not in the log',
    )
    return orNull(read, encodeArtefact)
  },
}

const receipt: Target = {
  ...COMMON,
  name: 'receipt',
  covers: ['log/receipt.ts parseReceipt'],
  corpus: () =>
    artefacts().flatMap((bytes) => {
      const read = decodeArtefact(bytes)
      must(read !== null, 'it is an artefact')
      return [printReceipt(read), printReceipt({ ...read, entry: null })]
    }),
  inputs: () => textInputs(receipt.corpus)(),
  tell: (input) => orNull(parseReceipt(input), printReceipt),
}

/** `[leaf, index, size, [hash, ...], root]` and `[old size, old root, size, [hash, ...], root]`, in that order. */
const proofCorpus = once(() => {
  const { harbour } = world()
  const log = logged(harbour.entries, harbour)
  const size = harbour.entries.length
  const root = harbour.tree().root()
  const inclusion = [0, 5, size - 1].map((index) => [
    harbour.leaves[index],
    index,
    size,
    log.shown(index).proof,
    root,
  ])
  const links = [1, 3, 8, size].map((from) => [from, harbour.tree(from).root(), size, log.link(from), root])
  return [...inclusion, ...links].map((one) => encode(one as Cbor))
})

const proof: Target = {
  ...COMMON,
  name: 'proof',
  covers: ['log/merkle.ts verifyInclusion', 'log/merkle.ts verifyConsistency'],
  corpus: proofCorpus,
  inputs: () => fc.oneof(itemInputs(proofCorpus)(), fc.constantFrom(...proofCorpus())),
  tell(input) {
    const decoded = decode(input)
    const parts: readonly Cbor[] = decoded.ok && Array.isArray(decoded.value) ? decoded.value : []
    const [first, second, size, hashes, root] = parts
    const good = typeof size === 'number' && isHashes(hashes) && root instanceof Uint8Array
    if (!good) return { refused: 'shape' }
    const { harbour } = world()
    const genuine = size === harbour.entries.length && sameBytes(root, harbour.tree().root())
    if (first instanceof Uint8Array && typeof second === 'number') {
      const counts = verifyInclusion({ leaf: first, index: second, size, proof: hashes, root })
      must(
        !counts || !genuine || sameBytes(first, leafHash(harbour.entries[second] as Bytes)),
        'no forged leaf',
      )
      return counts ? { accepted: true } : { refused: NO }
    }
    if (typeof first !== 'number' || !(second instanceof Uint8Array)) return { refused: 'shape' }
    const claim = { oldSize: first, oldRoot: second, newSize: size, newRoot: root, proof: hashes }
    const counts = verifyConsistency(claim)
    must(!counts || !genuine || sameBytes(second, harbour.tree(first).root()), 'no forged history')
    return counts ? { accepted: true } : { refused: NO }
  },
  refusals: [NO, 'shape'],
}

function isHashes(value: Cbor | undefined): value is readonly Bytes[] {
  return Array.isArray(value) && value.every((one) => one instanceof Uint8Array)
}

export const LOG: readonly Target[] = [note, headText, vkey, tilePath, bundle, artefact, receipt, proof]
