/**
 * One seed, from the founding of its banks to the verdicts: a phase in which everything goes wrong and nothing may be
 * lost, then a phase in which everything is healed and everything must end ([SIM-2] to [SIM-4]).
 */

import { auditSources } from '../../src/audit/audit.ts'
import { sameBytes } from '../../src/core/ids.ts'
import { presentOf } from '../../src/log/lineage.ts'
import { replay } from '../../src/node/replay.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { snapshot } from '../core/ledger/books.ts'
import { Chaos } from './chaos.ts'
import { Desk } from './desk.ts'
import type { Dice } from './dice.ts'
import { exported } from './exported-log.ts'
import { Gone } from './gone.ts'
import { drawnKeys, KeyOperator } from './key-operator.ts'
import { drawnLiar, type Liar, type LiarWanted } from './liar.ts'
import { judgeLiar } from './liar-judge.ts'
import type { Workload } from './workload.ts'
import { market } from './workload-market.ts'
import { village } from './workload-village.ts'
import { type Shape, type Town, type Wire, World } from './world.ts'

export interface SeedReport {
  readonly seed: string
  readonly workload: string
  /** What is wrong, in words; nothing when all is well. */
  readonly violations: readonly string[]
  readonly events: number
  readonly entries: number
  /** Seconds of the world. */
  readonly seconds: number
  readonly payments: {
    readonly paid: number
    readonly returned: number
    readonly never: number
    readonly open: number
  }
  readonly coverage: Readonly<Record<string, number>>
  /** A digest of everything durable: the same seed gives the same one. */
  readonly digest: string
}

const WORKLOADS: readonly Workload[] = [market, village]

/** Leaps of the healed phase, in seconds: past resends, closed doors, deadlines and graces. */
const HEALED_LEAPS = [0, 0, 120, 700, 700, 3_700, 86_400, 8 * 86_400, 8 * 86_400, 700, 700]

export interface SeedOptions {
  /** Heals the world once so many seconds of faults have been counted; for the shortest failing beginning. */
  readonly until?: number
  /** Told what happens, line by line. */
  readonly trace?: (line: string) => void
  /** A bank that lies: as the seed draws it unless said otherwise. */
  readonly liar?: LiarWanted
}

export async function runSeed(seed: string, options: SeedOptions = {}): Promise<SeedReport> {
  const world = new World(seed)
  if (options.trace !== undefined) world.trace = options.trace
  const dice = world.dice.stream('plan')
  const keys = drawnKeys(world.dice.stream('keys'))
  await world.build({ ...drawnShape(dice), sheets: keys.sheets })
  const desks = world.towns.map((town) => new Desk(world, town, dice.stream(`desk ${town.bank.name}`)))
  const workload = dice.pick(WORKLOADS)
  const liar = await drawnLiar(world, options.liar)
  const gone = liar === null && dice.oneIn(8) ? new Gone(world, dice.pick(world.towns)) : null
  await gone?.elect(dice.stream('boards'))
  const chaos = new Chaos(world, dice.stream('chaos'))
  chaos.begin()
  const operator = keys.change ? new KeyOperator(world, world.dice.stream('key operator'), keys) : null
  operator?.begin()
  liar?.begin()
  const day = people(world, desks, workload, dice.stream('people'), dice.between(20, 160))
  const awake = options.until === undefined ? Number.POSITIVE_INFINITY : options.until * 1_000
  while (!day.over() && world.agenda.awake < awake) {
    await world.agenda.runUntil(world.agenda.now + Math.min(5_000, awake - world.agenda.awake))
  }
  // What was begun last meets its faults too.
  const more = dice.between(0, 30) * 1_000
  await world.agenda.runUntil(world.agenda.now + Math.max(0, Math.min(more, awake - world.agenda.awake)))
  day.end()
  operator?.end()
  gone?.leave()
  await chaos.heal(gone?.town ?? null)
  liar?.healed()
  if (gone === null) await rest(world, desks)
  else {
    await world.agenda.runUntil(world.agenda.now + 30_000)
    await gone.givenUp()
    await rest(world, desks)
  }
  await judged(world, [...desks, ...(liar?.desks ?? [])], liar, gone?.town ?? null)
  for (const [fault, times] of Object.entries(world.network.met))
    world.coverage.met(`network: ${fault}`, times)
  for (const { bank } of world.towns) {
    for (const [notice, times] of Object.entries(bank.notices)) world.coverage.met(`notice: ${notice}`, times)
    // These banks do not lie. Only what the wire should have caught may look like it: damaged bytes, lost order.
    const { damaged = 0, cut = 0, lost = 0, overtaken = 0 } = world.network.met
    const blamed = (bank.notices.breach ?? 0) > (liar?.blamedBy(bank, 'breach') ?? 0) && damaged + cut === 0
    const shut =
      (bank.notices.door_closed ?? 0) > (liar?.blamedBy(bank, 'door_closed') ?? 0) &&
      damaged + cut + lost + overtaken === 0
    if (blamed || shut) world.seer.violations.push(`${bank.name} blames an honest neighbour`)
    for (const [code, times] of Object.entries(bank.ends)) {
      world.coverage.met(`end: ${code}`, times)
      if (code.startsWith('bug')) world.seer.violations.push(`${bank.name} ended by a ${code}`)
    }
  }
  for (const [kind, times] of Object.entries(world.seer.kinds)) world.coverage.met(kind, times)
  return {
    seed,
    workload: workload.name,
    violations: [...new Set(world.seer.violations)],
    events: world.agenda.happened,
    entries: world.seer.entries,
    seconds: Math.round(world.seconds),
    payments: world.seer.outcomes(),
    coverage: world.coverage.counts,
    digest: world.seer.digest(),
  }
}

function drawnShape(dice: Dice): Shape {
  const banks = dice.pick([2, 2, 3, 3, 4])
  const wires: Wire[] = []
  const minutes = (): number => dice.pick([60, 120, 300, 600, 2_400])
  for (let b = 1; b < banks; b++) {
    const a = dice.below(b)
    wires.push({ a, b, aMayOwe: minutes(), bMayOwe: minutes() })
  }
  if (banks === 3 && dice.oneIn(2)) {
    const missing = (
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const
    ).find(([a, b]) => !wires.some((one) => one.a === a && one.b === b))
    if (missing !== undefined)
      wires.push({ a: missing[0], b: missing[1], aMayOwe: minutes(), bMayOwe: minutes() })
  }
  return { banks, wires, members: 2 }
}

/** People come and go, so many times. */
function people(
  world: World,
  desks: readonly Desk[],
  workload: Workload,
  dice: Dice,
  times: number,
): { over(): boolean; end(): void } {
  let left = times
  const again = (): void => {
    left -= 1
    if (left >= 0) world.agenda.after(workload.act({ world, desks, dice }), again)
  }
  again()
  return {
    over: () => left < 0,
    end: () => {
      left = -1
    },
  }
}

/** Lets the healed world go on until nothing is under way, or gives what still is. */
async function rest(world: World, desks: readonly Desk[]): Promise<void> {
  let open: string[] = []
  for (const leap of HEALED_LEAPS) {
    world.agenda.leap(leap * 1_000)
    await world.agenda.runUntil(world.agenda.now + 20_000)
    for (const desk of desks) for (const wish of desk.unsettled()) desk.look(wish)
    await world.agenda.runUntil(world.agenda.now + 1_000)
    open = world.seer.atRest()
    if (open.length === 0) break
  }
  for (const what of open) world.seer.violations.push(`never at rest: ${what}`)
}

/** The judges speak, and each bank's memory is held against its log. */
export async function judged(
  world: World,
  desks: readonly Desk[],
  liar: Liar | null = null,
  gone: Town | null = null,
): Promise<void> {
  const { seer, towns } = world
  for (const desk of desks) for (const wish of desk.wishes) desk.look(wish)
  await world.agenda.runUntil(world.agenda.now + 2_000)
  liar?.end()
  for (const desk of desks) desk.compare()
  for (const town of towns) {
    const { bank } = town
    const { node } = bank
    if (town === gone) continue
    if (node === null) {
      seer.violations.push(`${bank.name} is not up at the end`)
      continue
    }
    const live = await world.call(node.read(({ book }) => JSON.stringify(snapshot(book))))
    const { book } = await replay(openMemoryStore(bank.disk.copy()))
    if (JSON.stringify(snapshot(book)) !== live) seer.violations.push(`${bank.name}: memory and log differ`)
    const all = [...book.asPayer.open(), ...book.asPayee.open()]
    const waits = ({ line }: { line: number }): boolean => {
      const peer = book.lines[line]?.peer ?? book.bank
      return liar?.isLiar(peer) !== true && (gone === null || !sameBytes(peer, gone.bank.bank))
    }
    const open = all.filter(waits).length
    if (open > 0) seer.violations.push(`${bank.name}: ${open} ids are still open in its book`)
  }
  keysKnown(world, gone)
  const seen = seer.violations.length
  const disks = towns.map(({ bank }) => ({
    bank: bank.bank,
    logKey: bank.logKey.publicKey,
    disk: bank.disk.rows,
  }))
  const independent = world.dice.stream('audit').oneIn(20) ? 'yes' : 'no'
  const report = await auditSources(exported(disks), { independent })
  const findings = report.findings.filter(({ severity }) => severity === 'fail')
  for (const { rule, bank_name, what, index } of findings) {
    seer.violations.push(`the audit: ${rule} at ${bank_name} ${index}: ${what}`)
  }
  if (seen > 0 && findings.length === 0) world.coverage.met('judges differ')
  if (liar !== null) return judgeLiar(world, liar, report)
  const { in_transit, undecided } = report.payments
  if (seen === 0 && gone === null && in_transit + undecided > 0) {
    seer.violations.push(`the audit counts ${in_transit} in transit and ${undecided} undecided`)
  }
}

/** Whoever has an open line has learned the newest key of the other, and holds a head of it. */
function keysKnown({ seer, wires }: World, gone: Town | null): void {
  for (const { a, b } of wires) {
    for (const [knows, of] of [
      [a, b],
      [b, a],
    ] as const) {
      const neighbour = knows.bank.node?.contacts.link(of.bank.bank)?.neighbour
      const own = of.bank.node?.own
      if (a === gone || b === gone || neighbour === undefined || own === undefined) continue
      const epoch = presentOf(neighbour.lineage).epoch
      if (epoch !== own.epoch || neighbour.held?.origin !== neighbour.origin)
        seer.violations.push(`${knows.bank.name} has not learned epoch ${own.epoch} of ${of.bank.name}`)
    }
  }
}
