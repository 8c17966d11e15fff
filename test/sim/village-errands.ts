/**
 * What do people want from a payment to another bank that a single press does not show? Each story is a few acts that
 * belong together: hours that go and come, orders that take each other's place, presses that race an answer.
 */

import { LIMITS } from '../../src/core/limits.ts'
import type { Desk, Terms, Wish } from './desk.ts'
import type { Village, Villager } from './village.ts'
import type { Moment } from './village-watch.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const LINE_MINUTES = 12_000

export type Story = (village: Village) => void

/** Terms as most people have them. */
export function terms(village: Village, from: Desk, to: Desk, minutes: number): Terms {
  const { dice } = village
  const postal = dice.oneIn(4)
  return {
    payer: village.someone(from).account,
    handle: village.someone(to).handle,
    minutes,
    postal,
    seconds: postal ? LIMITS.decidePostalSeconds : dice.pick([20, 60, 60, 600, 2 * HOUR]),
  }
}

/** Milliseconds about as long as a message is under way: so that two things meet anywhere on the way. */
export function aboutNow(village: Village): number {
  return village.dice.pick([
    0,
    0,
    1,
    village.dice.below(30),
    village.dice.below(200),
    village.dice.below(900),
  ])
}

/** An hour is paid and, as soon as it is there, sent back. */
export const sentBack: Story = (village) => {
  const { here, there } = village.neighbours()
  const [payer, payee] = [village.someone(here), village.someone(there)]
  const minutes = village.dice.pick([15, 60, 60, 90])
  const there_ = { ...terms(village, here, there, minutes), payer: payer.account, handle: payee.handle }
  const paid = village.order(here, there, there_)
  if (paid === null) return
  village.watch.when(paid.id, 'rcv.credit', () =>
    village.later(aboutNow(village), () => {
      village.met('sent back the same day')
      const back = terms(village, there, here, minutes)
      village.order(there, here, { ...back, payer: payee.account, handle: payer.handle })
    }),
  )
}

/** Members of two banks pay each other at the very same moment. */
export const bothAtOnce: Story = (village) => {
  const { here, there } = village.neighbours()
  const minutes = village.dice.pick([5, 60, 120])
  for (let i = village.dice.between(1, 6); i > 0; i--) {
    village.order(here, there, terms(village, here, there, minutes))
    village.order(there, here, terms(village, there, here, minutes))
  }
}

/** Small payments until a line is full; then somebody pays the other way, and what was refused is tried again. */
export const fullAndFree: Story = (village) => {
  const { here, there } = village.neighbours()
  const minutes = village.dice.pick([30, 60, 150])
  const tried: Wish[] = []
  for (let i = village.dice.between(4, 16); i > 0; i--) {
    const wish = village.order(here, there, terms(village, here, there, minutes))
    if (wish !== null) tried.push(wish)
  }
  village.later(village.dice.between(300, 4_000), () => {
    for (let i = village.dice.between(1, 5); i > 0; i--)
      village.order(there, here, terms(village, there, here, minutes))
  })
  const again = (left: number): void => {
    const refused = tried.filter(({ told }) => told === 'refused')
    for (const wish of refused) here.press(wish)
    if (refused.length > 0) village.met('refused and pressed again')
    if (left > 0) village.later(village.dice.between(500, 5_000), () => again(left - 1))
  }
  village.later(village.dice.between(1_000, 6_000), () => again(3))
}

/** At the end of a group evening a coordinator enters what twenty people owe, within a second. */
export const groupEvening: Story = (village) => {
  const { here, there } = village.neighbours()
  const host = village.someone(there)
  const minutes = village.dice.pick([10, 15, 20])
  for (let i = village.dice.between(10, 20); i > 0; i--) {
    village.later(village.dice.below(1_000), () => {
      const how = { ...terms(village, here, there, minutes), handle: host.handle }
      const wish = village.order(here, there, { ...how, agrees: 'coordinator' })
      if (wish !== null && village.dice.oneIn(8)) here.press(wish)
    })
  }
}

/** Somebody presses five times, cancels, and presses again. */
export const impatient: Story = (village) => {
  const { here, there } = village.neighbours()
  const how = terms(village, here, there, village.dice.pick([15, 60]))
  const wish = village.order(here, there, { ...how, postal: village.dice.oneIn(6) })
  if (wish === null) return
  const quick = village.dice.oneIn(2)
  const press = (): void => here.press(wish)
  const acts = [press, press, press, press, () => here.cancel(wish), press, () => here.look(wish)]
  let at = 0
  for (const act of acts) {
    if (!quick) at += village.dice.below(400)
    village.later(at, act)
  }
}

/** Deadlines that end within a second of the answer. */
export const lastSecond: Story = (village) => {
  const { here, there } = village.neighbours()
  for (let i = village.dice.between(1, 4); i > 0; i--) {
    const seconds = village.dice.pick([0, 1, 1, 2, 3])
    // A slow neighbour's clock says that it is over, or a fast one's that it is not: both have to agree in the end.
    const how = { ...terms(village, here, there, 30), seconds, postal: village.dice.oneIn(6) }
    const wish = village.order(here, there, how)
    if (wish === null) continue
    village.later(seconds * 1_000 + village.dice.below(1_200), () => here.press(wish))
  }
}

/** Orders for a week from now: the longest wait there is, and a little more. */
export const farAhead: Story = (village) => {
  const { here, there } = village.neighbours()
  const beyond = village.dice.pick([-HOUR, -1, 0, 0, 1, 60, HOUR])
  const seconds = LIMITS.decideAheadSeconds + beyond
  village.order(here, there, { ...terms(village, here, there, 60), seconds, postal: village.dice.oneIn(3) })
}

/** One minute, and the most that may be paid at once, earned at home before. */
export const smallAndLarge: Story = (village) => {
  const { here, there } = village.neighbours()
  const payer = village.someone(here)
  const all = LIMITS.crossingMinutes
  village.order(here, there, { ...terms(village, here, there, 1), payer: payer.account })
  const other = here.town.members.find((one) => one !== payer.account)
  if (other === undefined) return
  village.exchange(here, [
    { acct: other, minutes: -all },
    { acct: payer.account, minutes: all },
  ])
  const node = there.town.bank.node
  node?.limitNeighbour(here.town.bank.bank, LINE_MINUTES).catch(() => undefined)
  village.later(village.dice.between(500, 6_000), () => {
    const largest = { ...terms(village, here, there, all), payer: payer.account }
    const wish = village.order(here, there, largest)
    if (wish === null) return
    village.watch.when(wish.id, 'rcv.credit', () => village.met('the most at once has arrived'))
    village.later(village.dice.between(500, 3_000), () => here.press(wish))
  })
}

/** "Send anyway" at the moment at which the promise arrives, pressed on two phones. */
export const sendAnyway: Story = (village) => {
  const { here, there } = village.neighbours()
  const wish = village.order(here, there, {
    ...terms(village, here, there, 60),
    postal: false,
    seconds: HOUR,
  })
  if (wish === null) return
  const press = (): void => {
    const next = village.swap(here, wish, { postal: true, seconds: 7 * DAY })
    if (next !== null && village.dice.oneIn(3)) here.pressSwap(wish, next)
  }
  const moment = village.dice.pick<Moment>(['rcv.promise', 'rcv.promise', 'pay.hold', 'pay.commit'])
  village.watch.when(wish.id, moment, () => {
    village.met(`send anyway after ${moment}`)
    village.later(aboutNow(village), press)
    if (village.dice.oneIn(2)) village.later(aboutNow(village), press)
  })
}

/** Wait; no, wait longer; no, send it anyway; or leave it. */
export const swapOfSwap: Story = (village) => {
  const { here, there } = village.neighbours()
  const first = village.order(here, there, { ...terms(village, here, there, 45), postal: false, seconds: 60 })
  if (first === null) return
  let wish = first
  let at = 0
  for (let i = village.dice.between(1, 4); i >= 0; i--) {
    at += village.dice.oneIn(2) ? 0 : village.dice.below(600)
    const postal = i === 0 && village.dice.oneIn(2)
    village.later(at, () => {
      const next = village.swap(here, wish, { postal, seconds: village.dice.pick([5, HOUR, 7 * DAY]) })
      if (next !== null) wish = next
    })
  }
  if (village.dice.oneIn(3)) {
    village.later(at + aboutNow(village), () => {
      here.cancel(first)
      here.cancel(wish)
    })
  }
}

/** A cancellation races the promise. */
export const cancelRace: Story = (village) => {
  const { here, there } = village.neighbours()
  const wish = village.order(here, there, { ...terms(village, here, there, 60), postal: false })
  if (wish === null) return
  const moment = village.dice.pick<Moment>(['pay.hold', 'rcv.promise', 'pay.commit'])
  village.watch.when(wish.id, moment, () => {
    village.met(`cancelled after ${moment}`)
    village.later(aboutNow(village), () => here.cancel(wish))
    village.later(aboutNow(village), () => here.press(wish))
  })
}

/** What was just sent is asked back: now and then the question overtakes what it asks for. */
export const askedBack: Story = (village) => {
  const { here, there } = village.neighbours()
  const wish = village.order(here, there, {
    ...terms(village, here, there, 60),
    postal: village.dice.oneIn(5),
  })
  if (wish === null) return
  village.watch.when(wish.id, 'pay.commit', () => {
    village.met('asked back')
    for (let i = village.dice.between(1, 4); i > 0; i--)
      village.later(aboutNow(village) * village.dice.pick([1, 1, 10]), () => here.recall(wish))
  })
}

/** One hour goes from bank to bank, as whoever got it pays somebody else at once. */
export const travellingHour: Story = (village) => {
  const hop = (from: Desk, payer: Villager, left: number): void => {
    const next = village.nextTo(from)
    if (next.length === 0) return
    const to = village.dice.pick(next)
    const payee = village.someone(to)
    const how = { ...terms(village, from, to, 60), payer: payer.account, handle: payee.handle }
    const wish = village.order(from, to, how)
    if (wish === null || left === 0) return
    village.watch.when(wish.id, 'rcv.credit', () =>
      village.later(aboutNow(village), () => {
        village.met('an hour travels on')
        hop(to, payee, left - 1)
      }),
    )
  }
  const desk = village.dice.pick(village.desks)
  hop(desk, village.someone(desk), village.dice.between(2, 8))
}

/** Orders that make no sense: nobody may lose by them, and nothing may begin. */
export const confused: Story = (village) => {
  const { here, there } = village.neighbours()
  const how = terms(village, here, there, 60)
  const [stranger, other] = [village.someone(there), village.dice.pick(village.desks)]
  village.order(here, there, { ...how, payer: stranger.account })
  village.order(here, here, { ...how, handle: village.someone(here).handle })
  village.order(here, other, { ...how, handle: village.dice.bytes(16) })
  village.order(here, there, { ...how, seconds: -1 })
}

/** A fair: more small payments at a time than a line may have open. */
export const fair: Story = (village) => {
  const { here, there } = village.neighbours()
  const node = there.town.bank.node
  node?.limitNeighbour(here.town.bank.bank, LINE_MINUTES).catch(() => undefined)
  village.later(2_000, () => {
    village.met('a fair')
    const waits = { ...terms(village, here, there, 1), postal: village.dice.oneIn(3), seconds: 2 * HOUR }
    for (let i = LIMITS.openIdsPerLine + 20; i > 0; i--)
      village.order(here, there, { ...waits, agrees: 'coordinator' })
  })
}
