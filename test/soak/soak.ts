/**
 * What is a soak? Three real banks under a steady workload while everything around them fails; then everything is
 * healed, every payment must end, and the logs are judged.
 */

import { join } from 'node:path'
import { Chance } from '../../src/cli/demo/chance.ts'
import { reasonOf } from '../../src/core/fault.ts'
import type { StatusView } from '../../src/http/client.ts'
import type { SoakBank } from './bank.ts'
import { Chaos, type Faults, type Weather } from './chaos.ts'
import { Desk } from './desk.ts'
import { askEndings, exportAll, type Judgement, judge } from './judge.ts'
import { readNotices } from './notices.ts'
import type { Program } from './program.ts'
import { Stage } from './stage.ts'
import { Town, until } from './town.ts'
import { pause, Troubles } from './trouble.ts'
import { Wishes } from './wish.ts'

export interface SoakPlan {
  readonly seed: number
  readonly weather: Weather
  readonly desksPerBank: number
  readonly thinkMs: number
  readonly disk: 'small' | 'none'
  /** After the healing: a guard against a hang. */
  readonly guardSeconds: number
  readonly folders: 'kept' | 'kept_after_trouble'
  /** Hears how it goes. */
  readonly say: (line: string) => void
}

export interface SoakResult {
  readonly seconds: number
  readonly banks: readonly SoakBank[]
  readonly wishes: Wishes
  readonly faults: Faults
  /** Why there was no small disk; null when there was one, or none was asked for. */
  readonly diskSkipped: string | null
  /** From the healing until nothing waited any more; null when that never came. */
  readonly restSeconds: number | null
  readonly judgement: Judgement | null
  /** Lines of the banks' own logs by kind. */
  readonly notices: ReadonlyMap<string, number>
  readonly troubles: readonly string[]
  /** Where everything lies; removed when there was no trouble. */
  readonly folder: string
}

const TELL_EVERY_SECONDS = 15
const LOOK_EVERY_MS = 250
const LOOK_PATIENCE_MS = 1_500
const GUARD_AFTER_TROUBLE_SECONDS = 60

/** Runs one soak on a stage of its own. `onStage` hears of the stage, to be destroyed by whoever must end early. */
export async function runSoak(
  plan: SoakPlan,
  onStage: (stage: Stage) => void = () => undefined,
): Promise<SoakResult> {
  const start = performance.now()
  const troubles = new Troubles()
  let chaos: Chaos | null = null
  const stage = await Stage.lay({
    disk: plan.disk,
    troubles,
    diskFullAt: () => chaos?.diskFullAt ?? Number.NEGATIVE_INFINITY,
  })
  onStage(stage)
  const run = new SoakRun(plan, stage, troubles)
  chaos = run.chaos
  try {
    await run.toTheEnd()
  } catch (thrown) {
    troubles.note(reasonOf(thrown))
  }
  run.over()
  await stage.close()
  const notices = await readNotices(stage.banks, troubles)
  const found = troubles.list()
  await stage.clear(found.length > 0 || plan.folders === 'kept' ? 'kept' : 'removed')
  return {
    seconds: (performance.now() - start) / 1000,
    banks: stage.banks,
    wishes: run.wishes,
    faults: run.chaos.faults,
    diskSkipped: stage.diskSkipped,
    restSeconds: run.restSeconds,
    judgement: run.judgement,
    notices,
    troubles: found,
    folder: stage.folder,
  }
}

class SoakRun {
  readonly wishes: Wishes
  readonly chaos: Chaos
  restSeconds: number | null = null
  judgement: Judgement | null = null
  readonly #plan: SoakPlan
  readonly #stage: Stage
  readonly #banks: readonly SoakBank[]
  readonly #troubles: Troubles
  readonly #over = new AbortController()
  readonly #statuses = new Map<SoakBank, StatusView>()
  #watching = true

  constructor(plan: SoakPlan, stage: Stage, troubles: Troubles) {
    this.#plan = plan
    this.#stage = stage
    this.#banks = stage.banks
    this.#troubles = troubles
    this.wishes = new Wishes(troubles)
    const { weather, seed } = plan
    const { banks, doors, disk } = stage
    this.chaos = new Chaos({ weather, seed, banks, doors, disk, abandoned: this.#over.signal })
  }

  async toTheEnd(): Promise<void> {
    const program = await this.#stage.build()
    const watching = Promise.all(this.#banks.map((bank) => this.#watch(bank)))
    const town = await this.#settle()
    this.restSeconds = await this.#storm(town)
    this.#watching = false
    await watching
    this.judgement = await this.#judge(program)
  }

  /** Whatever still runs ends. */
  over(): void {
    this.#watching = false
    this.#over.abort()
  }

  async #settle(): Promise<Town> {
    const everyStatus = (holds: (status: StatusView) => boolean) => async (): Promise<boolean> =>
      this.#banks.every((bank) => {
        const status = this.#statuses.get(bank)
        return status !== undefined && holds(status)
      })
    await until(
      'every bank signs',
      everyStatus(({ signing }) => signing === 'yes'),
    )
    const town = await Town.settle(this.#banks)
    const others = this.#banks.length - 1
    await until(
      'all are connected',
      everyStatus((status) => status.neighbours_connected === others),
    )
    // Proof that nobody goes round the doors: with all of them shut, nobody has a neighbour left.
    for (const door of this.#stage.doors) door.shut()
    await until(
      'shut doors keep banks apart',
      everyStatus((status) => status.neighbours_connected === 0),
    )
    for (const door of this.#stage.doors) door.heal()
    await until(
      'all are connected again',
      everyStatus((status) => status.neighbours_connected === others),
    )
    return town
  }

  /** The chaos and the healing. Gives the seconds from the healing until nothing waited any more. */
  async #storm(town: Town): Promise<number | null> {
    const { seed, desksPerBank, thinkMs } = this.#plan
    const closing = new AbortController()
    const late = new AbortController()
    const over = this.#over.signal
    const signals = {
      closing: AbortSignal.any([closing.signal, over]),
      abandoned: AbortSignal.any([late.signal, over]),
    }
    const desks = this.#banks.flatMap((bank, n) =>
      Array.from({ length: desksPerBank }, (_, m) => {
        const chance = new Chance(seed * 1_000 + 100 + n * 20 + m)
        const parts = { bank, town, wishes: this.wishes, chance, troubles: this.#troubles, thinkMs }
        return new Desk({ ...parts, ...signals }).work()
      }),
    )
    const telling = this.#tell(signals.closing)
    const healed = await this.chaos.run()
    closing.abort()
    await telling
    // Where something is broken for certain, rest may never come.
    const isSound = this.#troubles.list().length === 0
    const guardSeconds = isSound ? this.#plan.guardSeconds : GUARD_AFTER_TROUBLE_SECONDS
    this.#plan.say('healed; waiting until nothing waits any more')
    const guard = setTimeout(() => late.abort(), guardSeconds * 1_000)
    try {
      await Promise.all(desks)
      await until('nothing waits any more', () => this.#isAtRest(), guardSeconds)
      return (performance.now() - healed) / 1000
    } finally {
      clearTimeout(guard)
    }
  }

  async #isAtRest(): Promise<boolean> {
    // Asked anew: what the watch saw may be older than the last press.
    const looks = await Promise.all(this.#banks.map((bank) => bank.look(LOOK_PATIENCE_MS)))
    return looks.every(
      (status) =>
        status !== null &&
        status.signing === 'yes' &&
        status.payments_open === 0 &&
        status.hold_minutes === 0 &&
        status.neighbours_connected === this.#banks.length - 1,
    )
  }

  async #watch(bank: SoakBank): Promise<void> {
    while (this.#watching) {
      const status = await bank.look(LOOK_PATIENCE_MS)
      if (status === null) this.#statuses.delete(bank)
      else this.#statuses.set(bank, status)
      bank.weigh()
      await pause(LOOK_EVERY_MS)
    }
  }

  async #tell(stop: AbortSignal): Promise<void> {
    const start = performance.now()
    for (;;) {
      await pause(TELL_EVERY_SECONDS * 1_000, stop)
      if (stop.aborted) return
      const seconds = Math.round((performance.now() - start) / 1000)
      const sizes = this.#banks.map((bank) => this.#statuses.get(bank)?.size ?? '-').join(', ')
      const troubles = this.#troubles.list().length
      this.#plan.say(
        `${seconds} s: ${this.chaos.kills} kills, ${this.wishes.all.length} wishes, entries ${sizes}, troubles ${troubles}`,
      )
    }
  }

  /** A clean stop, a start that believes it, the desks' last question, the export, and the judges. */
  async #judge(program: Program): Promise<Judgement> {
    this.#plan.say('stopping and starting cleanly, exporting, auditing')
    await Promise.all(this.#banks.map((bank) => bank.stop()))
    for (const bank of this.#banks) bank.start()
    await until('every bank signs after a clean stop', async () => {
      const looks = await Promise.all(this.#banks.map((bank) => bank.look(LOOK_PATIENCE_MS)))
      return looks.every((status) => status?.signing === 'yes')
    })
    await askEndings(this.wishes)
    for (const bank of this.#banks) bank.weigh()
    const folders = await exportAll(program, this.#banks, join(this.#stage.folder, 'exports'), this.#troubles)
    await Promise.all(this.#banks.map((bank) => bank.stop()))
    return judge(program, folders, this.wishes, this.#troubles)
  }
}
