/**
 * What has the liar cost, and who is blamed? The honest banks' disks are read, and the audit is asked three times:
 * with the honest logs alone, with each of the liar's histories beside them, and with all of those at once.
 */

import { auditSources } from '../../src/audit/audit.ts'
import type { AuditReport, FindingReport } from '../../src/audit/report.ts'
import { encode } from '../../src/core/codec.ts'
import { decodeEntry, type Entry, type Ref } from '../../src/core/entry.ts'
import { sameBytes, toBase32, toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { bundleOf, lineIdOf } from '../../src/core/sign.ts'
import { decodeTerms } from '../../src/core/terms.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { entryRange } from '../../src/store/keyspace.ts'
import { type ExportedBank, exported } from './exported-log.ts'
import { entriesOfEpoch, entriesOn, type Liar } from './liar.ts'
import type { Town, World } from './world.ts'

/** Entries of one day that a liar may cost beyond the cap: what was promised when the cap was reached. */
const PROMISED_AT_ONCE = LIMITS.openIdsPerLine

/** `alone`: what the audit says of the honest logs without the liar's. */
export async function judgeLiar(world: World, liar: Liar, alone: AuditReport): Promise<void> {
  const flying = alone.in_flight.filter(
    (one) => one.payer_bank !== toBase32(liar.bank) && one.payee_bank !== toBase32(liar.bank),
  )
  if (flying.length > 0)
    world.seer.violations.push(`the audit counts ${flying.length} honest payments in transit`)
  for (const town of liar.near) {
    const judge = new TownJudge(world, liar, town)
    judge.evidence()
    judge.growth()
    await judge.standing()
  }
  await auditedWith(world, liar)
}

class TownJudge {
  readonly #world: World
  readonly #liar: Liar
  readonly #town: Town
  readonly #entries: readonly Entry[]
  /** Ids of lines with the liar, in hex. */
  readonly #lines = new Set<string>()

  constructor(world: World, liar: Liar, town: Town) {
    this.#world = world
    this.#liar = liar
    this.#town = town
    this.#entries = entriesOn(town.bank.disk.rows)
    for (const entry of this.#entries) {
      if (entry.kind !== 'line.open') continue
      const terms = decodeTerms(entry.body.terms)
      if (terms !== null && [terms.lower, terms.higher].some((bank) => liar.isLiar(bank)))
        this.#lines.add(toHex(lineIdOf(entry.body.terms)))
    }
  }

  /** Whatever was booked for the liar's word rests on an entry that the liar signed, and that says so ([PAY-9]). */
  evidence(): void {
    const signed = this.#liar.signed()
    for (const entry of this.#entries) {
      const rests = restsOn(entry)
      if (rests === null || !this.#liar.isLiar(rests.ref.bank)) continue
      const shown = signed(rests.ref.leaf).filter(({ index }) => index === rests.ref.index)
      const read = shown.map(({ raw }) => decodeEntry(raw))
      const good = read.some((one) => one.ok && rests.fits(one.entry))
      if (!good) this.#wrong(`${entry.kind} rests on nothing that the liar signed`)
      if (this.#isOthers(entry))
        this.#wrong(`${entry.kind} rests on the liar's word about a payment of others`)
      if (entry.kind === 'rcv.credit') this.#world.coverage.met('reaction: credited the liar')
    }
    for (const entry of this.#entries) {
      if (entry.kind === 'line.freeze' && this.#lines.has(toHex(entry.body.line)) && entry.body.cause === 3)
        this.#world.coverage.met('reaction: line frozen by evidence')
    }
  }

  /** Whether the other bank of the payment is honest, so that the liar has no say in it ([PRIV-6]). */
  #isOthers(entry: Entry): boolean {
    if (!('id' in entry.body)) return false
    const { seer } = this.#world
    const payment = seer.payments.get(toHex(entry.body.id))
    const other = entry.kind.startsWith('rcv.') ? payment?.payerBank : payment?.payeeBank
    return seer.isHonest(other ?? null)
  }

  /** What moves nothing is written a thousand times a day at most, in each run of the process ([LINE-11]). */
  growth(): void {
    let from = 0
    for (const to of [...this.#liar.startsOf(this.#town), this.#entries.length]) {
      const run = this.#entries.slice(from, to)
      from = to
      const days = 1 + Math.floor(((run.at(-1)?.time ?? 0) - (run[0]?.time ?? 0)) / 86_400)
      const fruitless = run.filter((entry) => this.#isFruitless(entry)).length
      const most = days * LIMITS.fruitlessEntriesPerDay + PROMISED_AT_ONCE
      if (fruitless > most) this.#wrong(`wrote ${fruitless} entries for the liar that move nothing`)
      if (fruitless > LIMITS.fruitlessEntriesPerDay / 2)
        this.#world.coverage.met('reaction: made to write much')
    }
  }

  #isFruitless(entry: Entry): boolean {
    switch (entry.kind) {
      case 'pay.abort':
        return entry.body.cause === 4
      case 'rcv.waive':
        return entry.body.parts.some(({ line }) => this.#lines.has(toHex(line)))
      case 'rcv.bounce':
      case 'line.limit':
        return this.#lines.has(toHex(entry.body.line))
      case 'rcv.release':
        return this.#liar.isLiar(entry.body.evidence.bank)
      default:
        return false
    }
  }

  /** It still signs, and what the liar left undecided is not kept for ever. */
  async standing(): Promise<void> {
    const { node } = this.#town.bank
    if (node === null) return
    const shut = node.gate.state()
    if (shut !== null) this.#wrong(`does not sign at the end: ${JSON.stringify(shut)}`)
    const now = node.logTime()
    const late = await this.#world.call(
      node.read(({ book }) => {
        const over = ({ decideBy }: { readonly decideBy: number }): boolean =>
          decideBy + LIMITS.waiveGraceSeconds + 60 < now
        const held = [...book.asPayer.open()].filter((one) => one.state === 'held' && one.decideBy + 60 < now)
        return [...book.asPayee.open()].filter(over).length + held.length
      }),
    )
    if (late > 0) this.#wrong(`keeps ${late} payments of the liar for ever`)
  }

  #wrong(what: string): void {
    this.#world.seer.violations.push(`${this.#town.bank.name}: ${what}`)
  }
}

interface Rests {
  readonly ref: Ref
  readonly fits: (named: Entry) => boolean
}

/** The neighbour's entry on which this one rests, and what it must say. */
function restsOn(entry: Entry): Rests | null {
  switch (entry.kind) {
    case 'rcv.credit': {
      const { id, aid, minutes, parts, commit } = entry.body
      const fits = (named: Entry): boolean => {
        const part = named.kind === 'pay.commit' ? named.body.parts[0] : undefined
        if (named.kind !== 'pay.commit' || part === undefined || parts[0] === undefined) return false
        const same =
          sameBytes(named.body.id, id) && sameBytes(named.body.aid, aid) && named.body.minutes === minutes
        const inTime = named.time <= named.body.decideBy
        return same && inTime && sameBytes(part.line, parts[0].line) && part.outSeq === parts[0].inSeq
      }
      return { ref: commit, fits }
    }
    case 'pay.done': {
      const { id, aid, credit } = entry.body
      return {
        ref: credit,
        fits: (named) =>
          named.kind === 'rcv.credit' && sameBytes(named.body.id, id) && sameBytes(named.body.aid, aid),
      }
    }
    case 'pay.return': {
      const { id, aid, waive } = entry.body
      return {
        ref: waive,
        fits: (named) =>
          named.kind === 'rcv.waive' && sameBytes(named.body.id, id) && sameBytes(named.body.aid, aid),
      }
    }
    case 'rcv.release': {
      const { id, evidence } = entry.body
      return { ref: evidence, fits: (named) => named.kind === 'pay.abort' && sameBytes(named.body.id, id) }
    }
    default:
      return null
  }
}

/**
 * [BYZ-1] Whatever the liar shows of itself, the audit never finds fault with an honest bank. Where the history shown
 * lacks what the honest bank was shown, two logs contradict each other and nobody can tell from them alone who lies:
 * such a finding names both, and is no verdict on either.
 */
async function auditedWith(world: World, liar: Liar): Promise<void> {
  const honest: ExportedBank[] = world.towns.map(({ bank }) => ({
    bank: bank.bank,
    logKey: bank.logKey.publicKey,
    disk: bank.disk.rows,
  }))
  const histories = liar.disks().map((disk) => ({ bank: liar.bank, logKey: liar.logKey, disk }))
  // The first and the newest: what it would show, and what it would rather not; then those together.
  const shown = histories.length <= 3 ? histories : [histories[0] as ExportedBank, ...histories.slice(-2)]
  const together = histories.length > 1 ? [shown] : []
  let blamed = 0
  for (const some of [...shown.map((one) => [one]), ...together]) {
    const report = await auditSources(exported([...honest, ...some]), { independent: 'no' })
    const contradiction = new Contradiction(some)
    for (const finding of report.findings) {
      if (finding.severity !== 'fail') continue
      if (finding.bank === toBase32(liar.bank)) blamed += 1
      else if (contradiction.explains(finding, honest))
        world.coverage.met('judge: two logs contradict each other')
      else {
        const { rule, bank_name, index, what } = finding
        world.seer.violations.push(`the audit blames the honest: ${rule} at ${bank_name} ${index}: ${what}`)
      }
    }
  }
  if (blamed > 0) world.coverage.met('reaction: liar found by the audit')
}

/** What the liar's shown histories hold, against what honest entries rest on. */
class Contradiction {
  /** Leaf hashes of each index, in all histories shown. */
  readonly #leaves: readonly (readonly string[])[]
  readonly #bundles: readonly ReadonlySet<string>[]

  constructor(shown: readonly ExportedBank[]) {
    const raws = shown.map(({ disk }) => disk.rowsOf(entryRange(0)).map(([, raw]) => raw))
    this.#leaves = raws.map((all) => all.map((raw) => toHex(leafHash(raw))))
    this.#bundles = raws.map(bundlesOf)
  }

  /** Whether what the finding is about rests on something that one of these histories lacks. */
  explains(finding: FindingReport, honest: readonly ExportedBank[]): boolean {
    if (finding.rule === 'AUD-5.mirror_differs') return true
    const log = honest.find(({ bank }) => toBase32(bank) === finding.bank)
    if (log === undefined || finding.index === null) return false
    const entry = entriesOfEpoch(log.disk, finding.epoch)[finding.index]
    if (entry === undefined) return false
    if (finding.rule === 'AUD-4.bundle_differs') {
      const bundle = entry.kind === 'pay.commit' ? entry.body.bundle : null
      return bundle !== null && this.#bundles.some((all) => !all.has(toHex(bundle)))
    }
    const ref = restsOn(entry)?.ref ?? citedBy(entry)
    return ref !== null && this.#leaves.some((all) => all[ref.index] !== toHex(ref.leaf))
  }
}

/** Hashes by which a commit can name the promises of a history. */
function bundlesOf(raws: readonly Uint8Array[]): Set<string> {
  const bundles = new Set<string>()
  for (const raw of raws) {
    const read = decodeEntry(raw)
    if (read.ok && read.entry.kind === 'rcv.promise') bundles.add(toHex(bundleOf(encode([leafHash(raw)]))))
  }
  return bundles
}

/** The other bank's entry that an entry about a line or a posting names. */
function citedBy(entry: Entry): Ref | null {
  switch (entry.kind) {
    case 'line.open':
    case 'line.limit':
    case 'line.close':
      return entry.body.peerEntry
    case 'rcv.waive':
    case 'rcv.bounce':
      return entry.body.commit
    default:
      return null
  }
}
