/**
 * Are these files the log that the bank signed? From the founding entry to the key, from the key to the checkpoint,
 * from the entries' bytes to its root; then every file of hashes against what the entries give ([AUD-1]).
 *
 * Only what passes is handed on: entries that are not under a signed root are nobody's word. Where bytes were
 * changed, the hash tiles tell which entry it was.
 */

import type { Facts, Finding } from '../core/audit/finding.ts'
import type { Entry, ReadEntry } from '../core/entry.ts'
import { Fault, must } from '../core/fault.ts'
import { BANK_ID_BYTES, type Bytes, fromBase32, HASH_BYTES, originOf, sameBytes } from '../core/ids.ts'
import { bankIdOf } from '../core/sign.ts'
import { type HeadText, parseHeadText } from '../log/checkpoint.ts'
import { leafHash } from '../log/merkle.ts'
import { KEY_TYPE, keyId, parseNote, parseVkey, utf8 } from '../log/note.ts'
import { parseTilePath, printTilePath, TILE_WIDTH, type TileName, tilesOf, tileWidth } from '../log/tiles.ts'
import { HashLevels } from './hash-levels.ts'
import type { FileRule } from './rule-id.ts'
import type { Verifiers } from './signatures.ts'
import type { LogSource } from './source.ts'

/** A log whose entries are under a root that its own key signed. */
export interface AuthenticLog {
  readonly source: LogSource
  readonly bank: Bytes
  readonly epoch: number
  readonly size: number
  readonly root: Bytes
  /** The log key, from the founding entry or the first entry of the epoch. */
  readonly key: Bytes
  readonly levels: HashLevels
  /** Entries of bundle `n`, as views. */
  bundle(n: number): readonly Bytes[]
}

/** What the audit reads and verifies with, by the plain or by the independent path. */
export interface Tools {
  readEntry(raw: Bytes): ReadEntry
  readonly verifiers: Verifiers
  report(finding: Finding<FileRule>): void
}

/** The log in these files, or null when it cannot be trusted; every reason is reported. */
export function openLog(source: LogSource, tools: Tools): AuthenticLog | null {
  return new Inspection(source, tools).run()
}

class Inspection {
  readonly #source: LogSource
  readonly #tools: Tools
  readonly #bank: Bytes

  constructor(source: LogSource, tools: Tools) {
    this.#source = source
    this.#tools = tools
    const bank = fromBase32(source.bank, BANK_ID_BYTES)
    must(bank !== null, 'a source is named by a bank id')
    this.#bank = bank
  }

  run(): AuthenticLog | null {
    const note = this.#source.read('checkpoint')
    const head =
      note === null ? this.#no('AUD-1.checkpoint_missing', null, 'checkpoint') : this.#readHead(note)
    if (note === null || head === null) return null
    const key = this.#logKey()
    if (key === null || !this.#signed(note, head, key)) return null
    this.#checkVkey(key)
    const leaves = this.#hashEntries(head.size)
    if (leaves === null) return null
    const levels = new HashLevels(leaves)
    if (!sameBytes(levels.rootAt(head.size), head.root)) {
      const places = this.#differingEntries(leaves, [])
      for (const index of places) this.#say('AUD-1.entry_differs', index)
      if (places.length === 0) this.#say('AUD-1.root_differs', head.size - 1)
      return null
    }
    this.#checkTiles(levels)
    this.#checkOtherFiles(levels)
    const { size, root } = head
    const bundle = (n: number) => {
      const { entries, whole } = this.#readBundle(n, tileWidth(0, n, size))
      if (whole) return entries
      throw new Fault(
        'export_invalid',
        `${this.#source.label} changed while it was read: copy it, then audit the copy`,
      )
    }
    return {
      source: this.#source,
      bank: this.#bank,
      epoch: this.#source.epoch,
      size,
      root,
      key,
      levels,
      bundle,
    }
  }

  #readHead(note: Bytes): HeadText | null {
    const parsed = parseNote(note)
    const head = parsed === null ? null : parseHeadText(parsed.text)
    if (head === null || head.size === 0) return this.#no('AUD-1.checkpoint_malformed', null, 'checkpoint')
    if (head.origin !== originOf(this.#bank, this.#source.epoch)) {
      return this.#no('AUD-1.checkpoint_origin', head.size - 1, 'checkpoint')
    }
    return head
  }

  /** The log key of the first entry, from whatever bundle 0 there is; that of a later epoch is judged with the one before. */
  #logKey(): Bytes | null {
    const path = [...this.#source.paths].filter((one) => /^tile\/entries\/000(\.p\/|$)/.test(one)).sort()[0]
    const file = path === undefined ? null : this.#source.read(path)
    if (file === null) return this.#no('AUD-1.entries_missing', 0, 'tile/entries/000')
    const raw = split(file, TILE_WIDTH).entries[0]
    if (raw === undefined) return this.#no('AUD-1.entries_cut', 0, path)
    const read = this.#tools.readEntry(raw)
    const key = read.ok ? this.#namedKey(read.entry, raw) : null
    const tile = [...this.#source.paths].filter((one) => /^tile\/0\/000(\.p\/|$)/.test(one)).sort()[0]
    const hash = tile === undefined ? null : this.#source.read(tile)?.subarray(0, HASH_BYTES)
    const altered = hash != null && !sameBytes(leafHash(raw), hash)
    return key ?? this.#no(altered ? 'AUD-1.entry_differs' : 'AUD-1.bank_id', 0)
  }

  #namedKey(entry: Entry, raw: Bytes): Bytes | null {
    const begins = entry.kind === 'found' || entry.kind === 'rotate.in' ? entry : null
    if (begins === null || (begins.kind === 'found') !== (this.#source.epoch === 0)) return null
    const bank = begins.kind === 'found' ? bankIdOf(foundingBody(raw)) : begins.body.bank
    return sameBytes(bank, this.#bank) ? begins.body.logKey : null
  }

  /** At least one line of the log key, and none of it that fails ([CKPT-4]). */
  #signed(note: Bytes, head: HeadText, key: Bytes): boolean {
    const parsed = parseNote(note)
    const id = keyId({ name: head.origin, type: KEY_TYPE.log, key })
    const own = parsed?.signatures.filter((line) => line.name === head.origin && line.id === id) ?? []
    const { verifiers } = this.#tools
    const message = parsed?.text ?? new Uint8Array()
    const good = own.length > 0 && own.every((line) => verifiers.now({ key, message, signature: line.bytes }))
    if (!good) this.#say('AUD-1.checkpoint_signature', head.size - 1, { file: 'checkpoint' })
    return good
  }

  #checkVkey(key: Bytes): void {
    const file = this.#source.read('vkey')
    if (file === null) return this.#say('AUD-1.vkey_missing', null, { file: 'vkey' })
    const vkey = parseVkey(utf8(file)?.replace(/\n$/, '') ?? '')
    const origin = originOf(this.#bank, this.#source.epoch)
    const same =
      vkey !== null && vkey.name === origin && vkey.type === KEY_TYPE.log && sameBytes(vkey.key, key)
    if (!same) this.#say('AUD-1.vkey_differs', null, { file: 'vkey' })
  }

  /** Leaf hashes of all entries one after another, or null when some cannot be read. */
  #hashEntries(size: number): Bytes | null {
    for (let n = 0; tileWidth(0, n, size) > 0; n++) {
      const file = pathOf({ kind: 'entries', n, width: tileWidth(0, n, size) })
      if (!this.#source.paths.has(file)) return this.#no('AUD-1.entries_missing', n * TILE_WIDTH, file)
    }
    const leaves = new Uint8Array(size * HASH_BYTES)
    const broken: { n: number; count: number }[] = []
    for (let n = 0; tileWidth(0, n, size) > 0; n++) {
      const { entries, whole } = this.#readBundle(n, tileWidth(0, n, size))
      for (const [i, raw] of entries.entries()) leaves.set(leafHash(raw), (n * TILE_WIDTH + i) * HASH_BYTES)
      if (!whole) broken.push({ n, count: entries.length })
    }
    if (broken.length === 0) return leaves
    const differing = this.#differingEntries(leaves, broken)
    for (const index of differing) this.#say('AUD-1.entry_differs', index)
    for (const { n, count } of broken) {
      const width = tileWidth(0, n, size)
      if (differing.some((index) => Math.floor(index / TILE_WIDTH) === n)) continue
      this.#say('AUD-1.entries_cut', n * TILE_WIDTH + Math.min(count, width - 1), {
        file: pathOf({ kind: 'entries', n, width }),
      })
    }
    return null
  }

  /** Entries whose leaf hash is not the one in the hash tiles; of a bundle that does not add up, the first alone. */
  #differingEntries(leaves: Bytes, broken: readonly { n: number; count: number }[]): number[] {
    const size = leaves.length / HASH_BYTES
    const places: number[] = []
    for (let n = 0; tileWidth(0, n, size) > 0; n++) {
      const width = tileWidth(0, n, size)
      const tile = this.#source.read(pathOf({ kind: 'tile', level: 0, n, width }))
      const cut = broken.find((one) => one.n === n)
      for (let i = 0; tile !== null && i < Math.min(width, cut?.count ?? width); i++) {
        const index = n * TILE_WIDTH + i
        const shown = tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
        if (sameBytes(shown, leaves.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES))) continue
        places.push(index)
        if (cut !== undefined) break
      }
    }
    return places
  }

  #checkTiles(levels: HashLevels): void {
    for (const name of tilesOf(levels.size)) {
      if (name.kind !== 'tile') continue
      const file = pathOf(name)
      const bytes = this.#source.read(file)
      if (bytes === null) this.#say('AUD-1.tile_missing', firstEntry(name, 0), { file })
      else this.#compareTile(levels, name, bytes)
    }
  }

  #compareTile(levels: HashLevels, name: TileName & { kind: 'tile' }, bytes: Bytes): void {
    const file = pathOf(name)
    for (let i = 0; i < name.width; i++) {
      const shown = bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
      if (sameBytes(shown, levels.hash(name.level, name.n * TILE_WIDTH + i))) continue
      return this.#say('AUD-1.tile_differs', firstEntry(name, i), { file })
    }
    if (bytes.length !== name.width * HASH_BYTES) {
      this.#say('AUD-1.tile_differs', firstEntry(name, name.width - 1), { file })
    }
  }

  /** Older partial tiles must be beginnings of what is there now; nothing may reach beyond the head. */
  #checkOtherFiles(levels: HashLevels): void {
    const expected = new Set(['checkpoint', 'vkey'])
    for (const name of tilesOf(levels.size)) expected.add(pathOf(name))
    for (const file of [...this.#source.paths].sort()) {
      if (expected.has(file)) continue
      const name = parseTilePath(`/${file}`)
      if (name === null) {
        this.#say('AUD-1.file_extra', null, { file })
        continue
      }
      const covered = tileWidth(name.kind === 'tile' ? name.level : 0, name.n, levels.size)
      const bytes = this.#source.read(file)
      if (name.width > covered) this.#say('AUD-1.beyond_head', firstEntry(name, covered), { file })
      else if (bytes === null) this.#say('AUD-1.entries_cut', firstEntry(name, 0), { file })
      else if (name.kind === 'tile') this.#compareTile(levels, name, bytes)
      else this.#compareBundle(levels, name, bytes)
    }
  }

  #compareBundle(levels: HashLevels, name: TileName & { kind: 'entries' }, bytes: Bytes): void {
    const { entries, whole } = split(bytes, name.width)
    for (const [i, raw] of entries.entries()) {
      const index = name.n * TILE_WIDTH + i
      if (!sameBytes(leafHash(raw), levels.leafAt(index))) return this.#say('AUD-1.entry_differs', index)
    }
    if (!whole)
      this.#say('AUD-1.entries_cut', firstEntry(name, Math.min(entries.length, name.width - 1)), {
        file: pathOf(name),
      })
  }

  #readBundle(n: number, width: number): { entries: Bytes[]; whole: boolean } {
    const bytes = this.#source.read(pathOf({ kind: 'entries', n, width }))
    return bytes === null ? { entries: [], whole: false } : split(bytes, width)
  }

  #no(rule: FileRule, index: number | null, file?: string): null {
    this.#say(rule, index, file === undefined ? {} : { file })
    return null
  }

  #say(rule: FileRule, index: number | null, facts: Facts = {}): void {
    this.#tools.report({ rule, bank: this.#bank, epoch: this.#source.epoch, index, facts, other: null })
  }
}

/** Path of a tile or bundle below the epoch's folder. */
function pathOf(name: TileName): string {
  return printTilePath(name).slice(1)
}

/** Index of the first entry that place `i` of a tile or bundle stands for. */
function firstEntry(name: TileName, i: number): number {
  return (name.n * TILE_WIDTH + i) * TILE_WIDTH ** (name.kind === 'tile' ? name.level : 0)
}

/** Entries of a bundle as far as they can be read; whole when they are exactly `width` and nothing follows. */
function split(bytes: Bytes, width: number): { entries: Bytes[]; whole: boolean } {
  const entries: Bytes[] = []
  let at = 0
  while (entries.length < width && at + 2 <= bytes.length) {
    const end = at + 2 + (bytes[at] as number) * 256 + (bytes[at + 1] as number)
    if (end > bytes.length) break
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return { entries, whole: entries.length === width && at === bytes.length }
}

/** Bytes that follow the argument of a tb-cbor integer's first byte, by the low five bits of that byte. */
const ARGUMENT_BYTES: readonly number[] = [1, 2, 4, 8]

/** The body of a founding entry: what follows array head, version, kind and time ([LOG-1] names the bank by it). */
function foundingBody(raw: Bytes): Bytes {
  const short = ((raw[3] ?? 0) & 0x1f) - 24
  return raw.subarray(4 + (short < 0 ? 0 : (ARGUMENT_BYTES[short] ?? 0)))
}
