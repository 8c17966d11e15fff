/**
 * What must never be seen, and what must always remain possible, between two banks? The rules read the disks alone, as
 * an auditor would; the goals say who may be dead for ever.
 */

import { asPayee, asPayer, lineOf, type Name, openIds, type Plan, type Row, type Side } from './bank.ts'
import type { Goal, Rule, Step } from './explore.ts'
import { memoryOf, other, type Setting, type World } from './pair.ts'
import { type PayeeEntry, type PayeeState, type PayerEntry, type PayerState, ROOM } from './tables.ts'

const SENT = ['sent', 'paid', 'covered']
const AT_REST_PAYER = ['none', 'paid', 'returned', 'dead']
const AT_REST_PAYEE = ['none', 'released', 'credited', 'waived']

/** Minutes a bank owes its neighbour, whatever a board gave up: counted here, beside the program's own arithmetic. */
const owedBy = ({ out, ...side }: Side): number => out.sum - out.returned - side.in.sum

/** Everything a bank's log or its memory may show. */
function* sides(world: World, honest: readonly Name[]): Generator<{ name: Name; side: Side }> {
  for (const name of honest) {
    yield { name, side: world[name].disk }
    if (world[name].mem !== null) yield { name, side: world[name].mem }
  }
}

export function rulesOf(setting: Setting): Rule<World>[] {
  const honest = (['A', 'B'] as const).filter((name) => name !== setting.liar?.name)
  const each = (judge: (side: Side, name: Name) => string | null) => (world: World) => {
    for (const { name, side } of sides(world, honest)) {
      const why = judge(side, name)
      if (why !== null) return `${name}: ${why}`
    }
    return null
  }
  const alone: Rule<World>[] = [
    { name: '[PAY-7] every book sums to zero', broken: each(bookSum) },
    {
      name: '[PAY-8] hold only while undecided',
      broken: each((side) => heldIsUndecided(side, setting.plans)),
    },
    { name: '[R3] the first final entry wins', broken: each((side) => oneAnswerEach(side)) },
    {
      name: '[INV-4] no request pays more often than it is good for',
      broken: each((side) => used(side, setting)),
    },
    { name: '[PAY-14] nobody gets more than its stop', broken: each((side) => belowStop(side, setting)) },
    { name: '[LOG-12] each state stands on its entry', broken: each((side) => founded(side)) },
    { name: '[SIM-1] replay gives the same states', broken: each((side) => replays(side, setting)) },
    {
      name: '[LINE-3] what is reserved is what is undecided',
      broken: each((side) => reserved(side, setting.plans)),
    },
    {
      name: '[LINE-5] nobody owes more than its limit',
      broken: each((side, name) => withinLimit(side, name, setting)),
    },
  ]
  if (setting.liar !== undefined) return alone
  return [
    { name: '[PAY-1] the two logs agree', broken: (world) => firstOf(setting, (plan) => agree(world, plan)) },
    ...alone,
    { name: '[LINE-5] the mirrors differ by what is on its way', broken: (world) => mirrors(world, setting) },
    { name: '[LINE-10] nothing is owed on a closed line', broken: each(closedOwesNothing) },
    { name: '[PAY-12] no two orders for one wish are live', broken: (world) => twoLive(world, setting) },
    {
      name: '[BYZ-1] nobody honest is accused',
      broken: ({ accused }) => (accused.length === 0 ? null : `${accused.join(', ')} is accused`),
    },
  ]
}

function firstOf(setting: Setting, judge: (plan: Plan) => string | null): string | null {
  for (const plan of setting.plans) {
    const why = judge(plan)
    if (why !== null) return `${plan.id}: ${why}`
  }
  return null
}

/** Credited means sent and not come back; come back means waived; paid means credited; on disk, whoever dies now. */
function agree(world: World, plan: Plan): string | null {
  const payer = world[plan.from]
  const payee = world[other(plan.from)]
  const sent = asPayer(payer.disk, plan.id).state
  const kept = asPayee(payee.disk, plan.id)
  const credited = [kept.state, asPayee(memoryOf(payee), plan.id).state].includes('credited')
  if (credited && !SENT.includes(sent)) return `credited, and the payer's bank says ${sent}`
  const known = asPayer(memoryOf(payer), plan.id).state
  if (known === 'paid' && kept.state !== 'credited') return `paid, and the payee's bank says ${kept.state}`
  if (known === 'returned' && kept.state !== 'waived')
    return `returned, and the payee's bank says ${kept.state}`
  return null
}

function bookSum(side: Side): string | null {
  const { members, fund, hold, susp, clr } = side
  const sum = members + fund + hold + susp + clr
  if (sum !== 0) return `the book sums to ${sum}`
  const counted = ROOM.clearing(lineOf(side))
  return counted === clr ? null : `the postings say ${clr}, the counters ${counted}`
}

const minutesIn = (rows: Record<string, Row>, state: string, plans: readonly Plan[]): number =>
  plans.reduce((sum, { id, minutes }) => sum + (rows[id]?.state === state ? minutes : 0), 0)

function heldIsUndecided(side: Side, plans: readonly Plan[]): string | null {
  const held = minutesIn(side.pays, 'held', plans)
  return side.hold === held ? null : `${side.hold} min are set aside and ${held} are undecided`
}

function reserved(side: Side, plans: readonly Plan[]): string | null {
  const held = minutesIn(side.pays, 'held', plans)
  const promised = minutesIn(side.gets, 'promised', plans)
  if (side.out.reserved !== held) return `${side.out.reserved} reserved out, ${held} held`
  return side.in.reserved === promised ? null : `${side.in.reserved} reserved in, ${promised} promised`
}

const ONCE = [
  ['pay.commit', 'pay.abort'],
  ['pay.return'],
  ['pay.done'],
  ['rcv.credit', 'rcv.waive'],
  ['rcv.promise'],
  ['rcv.bounce'],
]

/** One of {commit, abort}, one of {credit, waive}; everything else of a payment at most once as well. */
function oneAnswerEach(side: Side): string | null {
  for (const rows of [side.pays, side.gets]) {
    for (const [id, { log }] of Object.entries(rows)) {
      for (const group of ONCE) {
        const found = log.split(' ').filter((entry) => group.includes(entry))
        if (found.length > 1) return `${id} has ${found.join(' and ')}`
      }
    }
  }
  return null
}

/** The entry without which no bank may be in a state, for it is what the neighbour and an auditor are shown. */
const STANDS_ON: Readonly<Record<string, string>> = {
  held: 'pay.hold',
  sent: 'pay.commit',
  paid: 'pay.done',
  returned: 'pay.return',
  dead: 'pay.abort',
  covered: 'pay.cover',
  promised: 'rcv.promise',
  released: 'rcv.release',
  credited: 'rcv.credit',
  waived: 'rcv.waive',
}

function founded(side: Side): string | null {
  for (const rows of [side.pays, side.gets]) {
    for (const [id, { state, log }] of Object.entries(rows)) {
      const entry = STANDS_ON[state]
      if (entry !== undefined && !log.split(' ').includes(entry)) return `${id} is ${state} without ${entry}`
    }
  }
  return null
}

function replays(side: Side, { tables }: Setting): string | null {
  for (const [id, { state, log }] of Object.entries(side.pays)) {
    let now: PayerState | null = 'none'
    for (const entry of entriesOf(log)) now = now && tables.payerAfter(now, entry as PayerEntry)
    if (now !== state) return `${id} is ${state} and its log says ${now}`
  }
  for (const [id, { state, log }] of Object.entries(side.gets)) {
    let now: PayeeState | null = 'none'
    for (const entry of entriesOf(log)) now = now && tables.payeeAfter(now, entry as PayeeEntry)
    if (now !== state) return `${id} is ${state} and its log says ${now}`
  }
  return null
}

const entriesOf = (log: string): string[] => (log === '' ? [] : log.split(' '))

/** The largest limit that ever held bounds what is owed, in both books; a lowered one leaves its excess. */
function withinLimit(side: Side, name: Name, { limits, liar, newLimits = [] }: Setting): string | null {
  const most = (debtor: Name): number =>
    Math.max(
      limits[debtor === 'A' ? 0 : 1],
      ...newLimits.filter(({ by }) => by !== debtor).map((l) => l.minutes),
    )
  const owed = owedBy(side)
  // What is undecided counts as sent at the sender, and only what is receipted counts against it at the receiver.
  const sending = owed + side.out.reserved
  if (sending > most(name)) return `owes ${owed} and holds ${side.out.reserved}, of ${most(name)}`
  const peer = other(name)
  if (-owed > most(peer)) return `is owed ${-owed} of ${most(peer)}`
  const receiving = side.in.sum + side.in.reserved - side.receipted
  return liar === undefined && receiving > most(peer) ? `counts ${receiving} in, of ${most(peer)}` : null
}

/** [PAY-14]: what is credited and promised stays below the payee's upper stop. */
function belowStop(side: Side, { stop }: Setting): string | null {
  const most = side.members + side.in.reserved
  return stop !== undefined && most > stop ? `${most} min stand or are promised, of ${stop}` : null
}

/** Each credit under a request stands on its endorsement, and no more of them than it has uses. */
function used(side: Side, { plans, requests = {} }: Setting): string | null {
  for (const [name, { uses }] of Object.entries(requests)) {
    const under = plans.filter(
      ({ id, invoice }) => invoice === name && asPayee(side, id).state === 'credited',
    )
    if (under.length > uses) return `${under.length} were credited under ${name}, which is good for ${uses}`
    if (under.length > 0 && side.used[name] === undefined) return `${name} was never endorsed`
  }
  return null
}

/** [AUD-5]: on each line the two positions add up to exactly the minutes on their way, within both limits ([LINE-5]). */
function mirrors(world: World, { plans, limits, newLimits = [] }: Setting): string | null {
  let underWay = 0
  for (const { id, from, minutes } of plans) {
    const posted = SENT.includes(asPayer(world[from].disk, id).state)
    const booked = asPayee(world[other(from)].disk, id).state === 'credited'
    if (posted && !booked) underWay += minutes
  }
  // What a board wrote off it gave up in its own book alone; the debt stands.
  const apart = owedBy(world.A.disk) + owedBy(world.B.disk)
  if (apart !== underWay) return `the mirrors are ${apart} apart and ${underWay} min are on their way`
  const most = [...limits, ...newLimits.map((limit) => limit.minutes)].reduce((a, b) => a + b, 0)
  return underWay > most ? `${underWay} min are on their way` : null
}

function closedOwesNothing(side: Side): string | null {
  if (side.line !== 'closed') return null
  return side.clr === 0 && openIds(side) === 0 ? null : `${side.clr} min and ${openIds(side)} ids are left`
}

function twoLive(world: World, { plans }: Setting): string | null {
  for (const { id, from, replaces } of plans) {
    if (replaces === undefined) continue
    for (const side of [world[from].disk, memoryOf(world[from])]) {
      const old = asPayer(side, replaces).state
      if (asPayer(side, id).state !== 'none' && old !== 'dead')
        return `${id} lives beside ${replaces}, which is ${old}`
    }
  }
  return null
}

/** Whoever is dead takes no step; nobody waits for a person, a new order, or luck. */
const without =
  (...dead: readonly Name[]) =>
  ({ by, kind }: Step<World>): boolean =>
    ['hear', 'say', 'write', 'clock'].includes(kind) && !dead.some((name) => by.split(' ').includes(name))

/** Nothing is undecided, on its way or waiting, and the mirrors are equal. */
export function settled(world: World): boolean {
  const together = (world.A.disk.line === 'closed') === (world.B.disk.line === 'closed')
  const quiet = (['A', 'B'] as const).every((name) => {
    const { disk, mem } = world[name]
    const rest =
      Object.values(disk.pays).every(({ state }) => AT_REST_PAYER.includes(state)) &&
      Object.values(disk.gets).every(({ state }) => AT_REST_PAYEE.includes(state))
    return mem === null && rest && disk.pendingLimit === null && disk.hold === 0
  })
  const apart = owedBy(world.A.disk) + owedBy(world.B.disk)
  return quiet && together && apart === 0
}

const nothingHeld =
  (name: Name) =>
  (world: World): boolean =>
    world[name].mem === null && world[name].disk.hold === 0

const nothingPromised =
  (name: Name) =>
  (world: World): boolean =>
    world[name].mem === null && world[name].disk.in.reserved === 0

/** What the payee's bank gave back comes home, receipt or not, as long as it can still owe it ([R6], [BYZ-5]). */
function waivedComesHome(from: Name, plan: Plan): Goal<World> {
  const state = (world: World): string => asPayer(world[from].disk, plan.id).state
  const roomLeft = ({ disk }: World['A']): boolean => {
    const limit = Math.max(disk.steps.at(-1)?.minutes ?? 0, disk.pendingLimit?.minutes ?? 0)
    return plan.minutes - owedBy(disk) <= limit
  }
  return {
    name: `[R6] [BYZ-5] what was waived of ${plan.id} comes home`,
    reached: (world) => state(world) === 'returned',
    uses: without(),
    from: (world) => ['sent', 'paid'].includes(state(world)) && roomLeft(world[from]),
  }
}

/** With the neighbour gone for good, the board makes its member whole and its book clean ([PAY-18]). */
function boardGoals(name: Name): Goal<World>[] {
  const alone = (step: Step<World>): boolean =>
    without(other(name))(step) || (step.by === name && step.what.startsWith('board'))
  const quiet = ({ mem }: World['A']): boolean => mem === null
  return [
    {
      name: `[PAY-17] [PAY-18] no payer of ${name} waits for ${other(name)} for ever`,
      reached: (world) =>
        quiet(world[name]) &&
        Object.values(world[name].disk.pays).every(({ state }) => state !== 'sent' && state !== 'held'),
      uses: alone,
    },
    {
      name: `[PAY-18] what ${other(name)} owes ${name} can be written off and borne`,
      reached: (world) => quiet(world[name]) && world[name].disk.clr >= 0 && world[name].disk.susp === 0,
      uses: alone,
    },
  ]
}

export function goalsOf({ liar, plans, board }: Setting): Goal<World>[] {
  const payers = [...new Set(plans.map(({ from }) => from))]
  const goals: Goal<World>[] = []
  if (liar === undefined)
    goals.push({ name: '[PAY-18] everything settles', reached: settled, uses: without() })
  for (const name of board ?? []) goals.push(...boardGoals(name))
  for (const plan of plans) {
    const waived = liar?.says.some((said) => said.startsWith(`${liar.name} WAIVE ${plan.id} `))
    if (waived) goals.push(waivedComesHome(plan.from, plan))
  }
  for (const payer of payers) {
    const payee = other(payer)
    if (liar?.name !== payer) {
      const name = `[PAY-8] [KILL-11] what ${payer} holds is free again with ${payee} dead`
      goals.push({ name, reached: nothingHeld(payer), uses: without(payee) })
    }
    if (liar?.name !== payee) {
      const name = `[KILL-10] [KILL-11] what ${payee} promised is free again with ${payer} dead`
      goals.push({ name, reached: nothingPromised(payee), uses: without(payer) })
    }
  }
  return goals
}
