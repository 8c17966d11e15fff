/**
 * Can two banks and one line ever disagree about an hour? Two logs, two memories, two clocks, and a set of messages that
 * only grows: what was said once may arrive at any moment, any number of times, or never. Every decision is a row of
 * the production tables; this file is only the glue around them, as src/node has it.
 */

import {
  asPayee,
  asPayer,
  copySide,
  freshSide,
  type Name,
  NO_ROW,
  type Plan,
  type Request,
  type Side,
} from './bank.ts'
import { Decider } from './decisions.ts'
import type { Step, StepKind } from './explore.ts'
import type { Tables } from './tables.ts'

/** One bank: what its disk holds, what its memory holds beyond that, and the hour on its clock. */
export interface Bank {
  disk: Side
  /** Decided and not synced yet; null when memory and disk are the same. */
  mem: Side | null
  /** Entries of `mem` that `disk` does not have, as `kind id`. */
  unsynced: string[]
  clock: number
  /** How often each payment was submitted. */
  submitted: Record<string, number>
}

export interface World {
  A: Bank
  B: Bank
  /** Everything that was ever said, in alphabetical order. */
  said: string[]
  /** Whom somebody accused of breaking a rule. */
  accused: string[]
}

export interface Setting {
  readonly plans: readonly Plan[]
  /** Most that A may owe B, and B may owe A. */
  readonly limits: readonly [number, number]
  /** Hours after a deadline at which a promise is given up; at least one later than "too late". */
  readonly grace: number
  /** The last hour that the clocks show. */
  readonly hours: number
  readonly tables: Tables
  /** The payee's bank may refuse an offer, or a payment by post, for reasons of its own. */
  readonly mayRefuse?: boolean
  /** Somebody at the desk may cancel a held payment. */
  readonly mayCancel?: boolean
  /** A bank may change its log key; what is held then ends. */
  readonly mayRotate?: boolean
  /** Times one order may be handed in, each as an attempt of its own name; else as often as a crash loses it. */
  readonly attempts?: number
  /** Each decision is synced at once and told of, or the bank stops in between; for models of several payments. */
  readonly oneByOne?: boolean
  /** Requests that a payee's bank may endorse, by name. */
  readonly requests?: Readonly<Record<string, Request>>
  /** Wrong on purpose: how often a request was used is forgotten in a crash. */
  readonly forgetsUses?: boolean
  /** Clocks may also jump back; log time does not. */
  readonly jumps?: boolean
  /** The member's account may be closed once nothing of it is open; what is promised to it is given back. */
  readonly mayClose?: boolean
  /** What is on its way may be asked back. */
  readonly mayRecall?: boolean
  /** Either bank may wish to end the line, and take that back. */
  readonly mayEnd?: boolean
  /** Banks whose board may give the line up, cover, write off, bear the loss, and take the line up again. */
  readonly board?: readonly Name[]
  /** Limits the creditor may set once each, in order; and whether lines may be paused. */
  readonly newLimits?: readonly { readonly by: Name; readonly minutes: number }[]
  readonly mayPause?: boolean
  /** The payee's upper stop above its balance at the start, if it has one ([PAY-19]). */
  readonly stop?: number
  /** Wrong on purpose: what is said of an entry before it is synced. */
  readonly early?: ReadonlySet<string>
  /** Banks that lie: they keep no log here, and everything they could sign was said from the start. */
  readonly liar?: { readonly name: Name; readonly says: readonly string[] }
}

export const other = (name: Name): Name => (name === 'A' ? 'B' : 'A')

export function startOf(setting: Setting): World {
  const [aMayOwe, bMayOwe] = setting.limits
  const bank = (name: Name, side: Side): Bank => {
    // Every row stands from the start, so that the order in which payments come makes no difference to a state.
    for (const { id, from } of setting.plans) (from === name ? side.pays : side.gets)[id] = NO_ROW
    return { disk: side, mem: null, unsynced: [], clock: 0, submitted: {} }
  }
  return {
    A: bank('A', freshSide(aMayOwe, bMayOwe)),
    B: bank('B', freshSide(bMayOwe, aMayOwe)),
    said: [...(setting.liar?.says ?? [])].sort(),
    accused: [],
  }
}

export const memoryOf = (bank: Bank): Side => bank.mem ?? bank.disk

/** What a decision came to, with the words of src/node/pay.ts and receive.ts. */
export type Came = 'moved' | 'unchanged' | 'silent' | 'wait' | 'breach' | 'contradicted' | 'refused'

/** The steps that banks, clocks, disks and people may take from this state. */
export class Pair {
  readonly setting: Setting
  readonly #decider: Decider

  constructor(setting: Setting) {
    this.setting = setting
    this.#decider = new Decider(setting)
  }

  *steps(world: World): Generator<Step<World>> {
    for (const name of ['A', 'B'] as const) {
      if (this.setting.liar?.name === name) continue
      yield* this.#ordered(world, name)
      yield* this.#heard(world, name)
      yield* this.#repeated(world, name)
      yield* this.#timePasses(world, name)
      yield* this.#written(world, name)
      yield* this.#desk(world, name)
    }
  }

  *#ordered(world: World, name: Name): Generator<Step<World>> {
    for (const plan of this.setting.plans) {
      if (plan.from !== name) continue
      // A crash may have lost it: whoever submitted it and has no answer still holds the order ([PAY-13]). The number
      // of an attempt matters only where an attempt that was lost may have been heard of.
      const { attempts } = this.setting
      const attempt = attempts === undefined ? 1 : (world[name].submitted[plan.id] ?? 0) + 1
      if (attempts !== undefined && attempt > attempts) continue
      // Without the other bank's word for it nobody pays a request.
      const { invoice } = plan
      if (invoice !== undefined && !world.said.includes(`${other(name)} ENDORSED ${invoice}`)) continue
      const after = this.#decided(world, name, (side, now) =>
        this.#decider.order(side, plan, { now, aid: `a${attempt}` }),
      )
      if (after === null || after.came !== 'moved') continue
      if (attempts !== undefined) after.world[name].submitted[plan.id] = attempt
      yield { by: name, kind: 'order', what: orderWords(plan), to: after.world }
    }
  }

  *#heard(world: World, name: Name): Generator<Step<World>> {
    for (const message of world.said) {
      if (!message.startsWith(other(name))) continue
      for (const how of this.#decider.waysToHear(message)) {
        const hear = (side: Side, now: number): Came => this.#decider.hear(side, message.slice(2), how, now)
        const after = this.#decided(world, name, hear, message.slice(2))
        if (after?.world === world) continue
        const words = `${how === 'takes' ? 'hears' : 'hears and refuses'} ${message.slice(2)}`
        if (after !== null)
          yield { by: name, kind: how === 'takes' ? 'hear' : 'act', what: words, to: after.world }
      }
    }
  }

  /** A decision on the bank's memory. What it writes is told of once it is durable; what it leaves is answered. */
  #decided(
    world: World,
    name: Name,
    decide: (side: Side, now: number) => Came,
    heard: string | null = null,
  ): { world: World; came: Came } | null {
    const bank = world[name]
    const side = copySide(memoryOf(bank))
    const now = Math.max(bank.clock, side.time)
    const before = this.#decider.entries.length
    const came = decide(side, now)
    const entries = this.#decider.entries.splice(before)
    const next: World = { ...world, [name]: { ...bank, submitted: { ...bank.submitted } } }
    if (came === 'breach' || came === 'contradicted') next.accused = joined(world.accused, other(name))
    if (entries.length > 0) {
      this.#keep(next, name, side, entries, now)
      return { world: next, came }
    }
    if (heard !== null && (bank.mem === null || came === 'refused')) {
      // What is stored is read between two commits, when book and disk say the same ([CRASH-3]).
      const answer = this.#decider.answer(bank.disk, heard, came)
      if (answer !== null) this.#say(next, name, answer)
    }
    const same = next.accused.length === world.accused.length && next.said.length === world.said.length
    return { world: same ? world : next, came }
  }

  #keep(next: World, name: Name, side: Side, entries: string[], now: number): void {
    const bank = next[name]
    if (this.setting.jumps) side.time = now
    bank.mem = side
    bank.unsynced = [...new Set([...bank.unsynced, ...entries])]
    if (this.setting.early !== undefined) {
      for (const news of this.#decider.news(side, entries))
        if (this.setting.early.has(news.split(' ')[0] as string)) this.#say(next, name, news)
    }
    if (this.setting.oneByOne) this.#sync(next, name)
  }

  /** Disk and memory are the same again, and what the entries say to the neighbour leaves ([R1], [R2]). */
  #sync(next: World, name: Name): void {
    const bank = next[name]
    if (bank.mem === null) return
    const entries = bank.unsynced
    next[name] = { ...bank, disk: bank.mem, mem: null, unsynced: [] }
    for (const news of this.#decider.news(next[name].disk, entries)) this.#say(next, name, news)
  }

  #say(next: World, name: Name, message: string): void {
    next.said = joined(next.said, `${name} ${message}`)
  }

  /** What is due is derived from the log and said again: by the plan of repetitions, and by HELLO ([R4]). */
  *#repeated(world: World, name: Name): Generator<Step<World>> {
    const bank = world[name]
    if (bank.mem !== null) return
    const now = Math.max(bank.clock, bank.disk.time)
    for (const message of this.#decider.due(bank.disk, now)) {
      const to = { ...world }
      this.#say(to, name, message)
      yield { by: name, kind: 'say', what: `says again ${message}`, to }
    }
    const peer = other(name)
    if (this.setting.liar !== undefined || world[peer].mem !== null) return
    const to = { ...world }
    for (const message of this.#decider.answersToHello(bank.disk, world[peer].disk))
      this.#say(to, name, message)
    yield { by: `${name} ${peer}`, kind: 'say', what: `answers HELLO of ${peer}`, to }
  }

  *#timePasses(world: World, name: Name): Generator<Step<World>> {
    const bank = world[name]
    const { hours, jumps } = this.setting
    if (bank.clock < hours)
      yield {
        by: name,
        kind: 'clock',
        what: `clock shows ${bank.clock + 1}`,
        to: clockOf(world, name, bank.clock + 1),
      }
    if (jumps && bank.clock > 0)
      yield {
        by: name,
        kind: 'crash',
        what: `clock jumps back to ${bank.clock - 1}`,
        to: clockOf(world, name, bank.clock - 1),
      }
    const after = this.#decided(world, name, (side, now) => this.#decider.tick(side, now))
    if (after?.came === 'moved')
      yield { by: name, kind: 'say', what: 'ends what is overdue', to: after.world }
  }

  /** The batch becomes durable and is told of; or the bank dies before, or right after it. */
  *#written(world: World, name: Name): Generator<Step<World>> {
    const bank = world[name]
    if (bank.mem === null) return
    const what = bank.unsynced.join(', ')
    const synced = { ...world }
    this.#sync(synced, name)
    yield { by: name, kind: 'write', what: `syncs ${what}`, to: synced }
    const after = (disk: Side): Side => (this.setting.forgetsUses ? unused(disk) : disk)
    const lost = { ...bank, disk: after(bank.disk), mem: null, unsynced: [] }
    yield crash(name, `dies, ${what} is lost`, { ...world, [name]: lost })
    const kept = { ...bank, disk: after(bank.mem), mem: null, unsynced: [] }
    yield crash(name, `dies after the sync of ${what}, nobody is told`, { ...world, [name]: kept })
  }

  *#desk(world: World, name: Name): Generator<Step<World>> {
    for (const { what, decide } of this.#decider.acts(name)) {
      const after = this.#decided(world, name, decide)
      if (after !== null && after.came === 'moved') yield { by: name, kind: 'act', what, to: after.world }
    }
  }
}

/** The side of a bank that has forgotten how often its requests were used. */
function unused(side: Side): Side {
  return { ...side, used: Object.fromEntries(Object.keys(side.used).map((name) => [name, 0])) }
}

function orderWords({ id, minutes, postal, invoice, replaces }: Plan): string {
  const how = replaces === undefined ? 'orders' : `swaps ${replaces} for`
  return `${how} ${id} of ${minutes} min${postal ? ' by post' : ''}${invoice === undefined ? '' : ` on ${invoice}`}`
}

function crash(by: Name, what: string, to: World): { by: string; kind: StepKind; what: string; to: World } {
  return { by, kind: 'crash', what, to }
}

function clockOf(world: World, name: Name, clock: number): World {
  return { ...world, [name]: { ...world[name], clock } }
}

/** The list with one more word, still in order. */
export function joined(words: readonly string[], word: string): string[] {
  return words.includes(word) ? [...words] : [...words, word].sort()
}

/** States of one payment at both banks, as their disks have it. */
export function statesOf(world: World, plan: Plan): { payer: string; payee: string } {
  const payer = asPayer(world[plan.from].disk, plan.id).state
  return { payer, payee: asPayee(world[other(plan.from)].disk, plan.id).state }
}
