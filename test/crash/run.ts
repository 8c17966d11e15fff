/**
 * What becomes of one scenario with one crash in it, or with two? It is played to its end, healed, brought to rest and
 * judged: by the judge who sees every disk, by the audit of the logs alone, by each bank's memory against its log, and
 * by what the scenario says about its payments.
 */

import { toHex } from '../../src/core/ids.ts'
import { lineWith } from '../../src/core/ledger/book.ts'
import { kindsIn } from '../sim/kinds-in.ts'
import { judged } from '../sim/run-seed.ts'
import type { CrashPoint } from '../sim/sim-disk.ts'
import type { Town, World } from '../sim/world.ts'
import { beginning } from './beginnings.ts'
import type { End, Scenario } from './scenario.ts'
import { Stage } from './stage.ts'

export const POINTS: readonly CrashPoint[] = ['before', 'lost', 'after']

/** A crash: this bank, by its place, dies at its durable write of this number, counted from 1 when the people begin. */
export interface Crash {
  readonly bank: number
  readonly write: number
  readonly point: CrashPoint
  /** One other bank dies as well, at its next write after that. */
  readonly second?: { readonly bank: number; readonly point: CrashPoint }
}

export interface Run {
  readonly violations: readonly string[]
  /** Durable writes of each bank, entries' batches and head guards alike. */
  readonly writes: readonly number[]
  /** How many of the crashes asked for have happened. */
  readonly crashes: number
  /** Banks that have written since the first crash, other than the one that died. */
  readonly wroteSince: readonly number[]
  readonly ends: readonly (End | 'open')[]
  readonly coverage: Readonly<Record<string, number>>
  readonly events: number
  /** Digest of all that is durable: the same run gives the same one. */
  readonly digest: string
}

/** Seconds in which a healed world is at rest with nobody's clock moved. */
const SOON = 150
/** Leaps after that, in seconds: past resends, closed doors, deadlines and graces. */
const LEAPS = [120, 700, 700, 3_700, 86_400, 8 * 86_400, 8 * 86_400, 700, 700]

export interface RunOptions {
  readonly trace?: (line: string) => void
}

export async function play(scenario: Scenario, crash: Crash | null, options: RunOptions = {}): Promise<Run> {
  const world = await beginning(scenario)
  if (options.trace !== undefined) world.trace = options.trace
  const stage = new Stage(world)
  const watch = new Watch(world, crash)
  await scenario.play(stage)
  await healed(stage)
  await rest(stage)
  watch.end()
  stage.asks.end()
  await judged(world, stage.desks, null, stage.gone)
  await held(stage, crash === null)
  for (const [what, times] of Object.entries(world.seer.kinds)) world.coverage.met(what, times)
  return {
    violations: [...new Set(world.seer.violations)],
    ...watch.seen(),
    ends: stage.payments.map((payment) => stage.end(payment)),
    coverage: world.coverage.counts,
    events: world.agenda.happened,
    digest: world.seer.digest(),
  }
}

/** Counts durable writes, and crashes the machines at those that it is told. */
class Watch {
  readonly #world: World
  readonly #begun: readonly number[]
  readonly #wroteSince = new Set<number>()
  #armed: { bank: number; point: CrashPoint } | null = null
  #crashes = 0
  #writes: readonly number[] = []

  constructor(world: World, crash: Crash | null) {
    this.#world = world
    this.#begun = world.towns.map(({ bank }) => bank.disk.writes)
    for (const [bank, town] of world.towns.entries()) {
      town.bank.disk.crash = (write, batch) => {
        const point = this.#pointAt(crash, bank, write - (this.#begun[bank] as number))
        if (point !== null) this.#note(town, batch, point)
        return point
      }
    }
  }

  #pointAt(crash: Crash | null, bank: number, write: number): CrashPoint | null {
    if (crash === null) return null
    if (this.#crashes > 0 && bank !== crash.bank) this.#wroteSince.add(bank)
    if (this.#armed?.bank === bank) {
      const { point } = this.#armed
      this.#armed = null
      return point
    }
    if (this.#crashes > 0 || bank !== crash.bank || write !== crash.write) return null
    this.#armed = crash.second ?? null
    return crash.point
  }

  #note(town: Town, batch: Parameters<Town['bank']['disk']['crash']>[1], point: CrashPoint): void {
    this.#crashes += 1
    const kinds = batch === null ? ['guard'] : [...new Set<string>(kindsIn(batch))]
    if (kinds.includes('pay.abort') && kinds.includes('pay.hold')) kinds.push('swap')
    for (const kind of kinds) this.#world.coverage.met(`crash: ${kind} ${point}`)
    if (kinds.length === 0) this.#world.coverage.met(`crash: rows ${point}`)
    this.#world.say(town.bank.name, `dies: ${point} ${kinds.join(' ') || 'rows'}`)
  }

  /** What is written from here on belongs to nobody's script. */
  end(): void {
    for (const { bank } of this.#world.towns) bank.disk.crash = () => null
    this.#writes = this.#world.towns.map(({ bank }, i) => bank.disk.writes - (this.#begun[i] as number))
  }

  seen(): Pick<Run, 'writes' | 'crashes' | 'wroteSince'> {
    return { writes: this.#writes, crashes: this.#crashes, wroteSince: [...this.#wroteSince].sort() }
  }
}

/** The network works, and whoever is away comes back. */
async function healed(stage: Stage): Promise<void> {
  stage.calm()
  for (const town of stage.world.towns) if (town.bank.held && town !== stage.gone) stage.comeBack(town)
  await stage.pass(1)
}

/** Lets the healed world go on until nothing is under way; what still is then is wrong. */
async function rest(stage: Stage): Promise<void> {
  const { world } = stage
  for (const leap of [0, ...LEAPS]) {
    world.agenda.leap(leap * 1_000)
    for (let seconds = 0; seconds < (leap === 0 ? SOON : 30); seconds += 2) {
      if ((await open(stage)).length === 0) return stage.pass(3)
      await stage.pass(2)
    }
  }
  for (const what of await open(stage)) world.seer.violations.push(`never at rest: ${what}`)
}

/** What is still under way: payments, questions, banks that start, lines on which the two do not agree. */
async function open(stage: Stage): Promise<string[]> {
  const { world, asks } = stage
  const stay = world.towns.filter((town) => town !== stage.gone)
  const down = stay.filter(({ bank }) => !bank.up).map(({ bank }) => `${bank.name} is not up`)
  const unanswered = asks.unanswered().map(({ town, what }) => `${what} at ${town.bank.name} is not answered`)
  const here = [...down, ...unanswered, ...world.seer.atRest()]
  return here.length > 0 ? here : linesThatDiffer(stage)
}

/** Each bank's side of each line: how it stands, who may owe what, and who stopped new hours. */
async function linesThatDiffer(stage: Stage): Promise<string[]> {
  const towns = stage.world.towns.filter((town) => town !== stage.gone)
  const differ: string[] = []
  for (const [place, a] of towns.entries()) {
    for (const b of towns.slice(place + 1)) {
      const [ours, theirs] = [await sideOf(stage, a, b), await sideOf(stage, b, a)]
      if (ours.waits || theirs.waits) differ.push('a limit waits for its acknowledgement')
      if (ours.here !== theirs.there) differ.push(`a line is ${ours.here} here and ${theirs.there} there`)
      if (ours.there !== theirs.here) differ.push(`a line is ${ours.there} there and ${theirs.here} here`)
    }
  }
  return differ
}

/** `here` is what this bank says of itself, `there` what it believes of the other. */
interface Side {
  readonly waits: boolean
  readonly here: string
  readonly there: string
}

async function sideOf(stage: Stage, town: Town, other: Town): Promise<Side> {
  const peer = other.bank.bank
  const told = await stage.tells(town, (node) =>
    node.read(({ book }): Side => {
      const line = lineWith(book, peer)
      if (line === null) return { waits: false, here: 'none', there: 'none' }
      const pausedThere = node.contacts.link(peer)?.neighbour.pausedThere === true
      const same = `${toHex(line.id).slice(0, 6)} ${line.state}`
      return {
        waits: line.pendingLimit !== null,
        here: `${same}, ${line.out.limit} ${line.in.limit}${line.frozen ? ', paused' : ''}`,
        there: `${same}, ${line.in.limit} ${line.out.limit}${pausedThere ? ', paused' : ''}`,
      }
    }),
  )
  return told ?? { waits: false, here: 'down', there: 'not known' }
}

/** What the scenario demands, and what no scenario may show. */
async function held(stage: Stage, calm: boolean): Promise<void> {
  const { world, payments, demands, damaged } = stage
  const wrong = world.seer.violations
  for (const [i, payment] of payments.entries()) {
    const end = stage.end(payment)
    const right = calm ? end === payment.ends[0] : payment.ends.some((one) => one === end)
    if (!right) wrong.push(`payment ${i + 1} ended as ${end}, not as ${payment.ends.join(' or ')}`)
    if (payment.wish.told === 'refused' && end !== 'never')
      wrong.push(`payment ${i + 1} was refused and ${end}`)
  }
  for (const demand of demands) {
    const what = await demand()
    if (what !== null) wrong.push(what)
  }
  for (const town of world.towns) {
    const { ends, name, notices } = town.bank
    if (!damaged.has(town))
      for (const code of Object.keys(ends)) wrong.push(`${name} ended by itself: ${code}`)
    if ((notices.breach ?? 0) > 0) wrong.push(`${name} blames an honest neighbour`)
  }
}
