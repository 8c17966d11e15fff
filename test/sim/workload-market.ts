/**
 * A workload of busy neighbours: every few moments somebody pays somebody over a random line, presses twice, takes
 * back, or sends anyway. Amounts are small against the limits, until one draws a large one.
 */

import type { Desk } from './desk.ts'
import type { Dice } from './dice.ts'
import type { Workload } from './workload.ts'
import type { Town, World } from './world.ts'

const MINUTES = [5, 15, 30, 60, 90, 120]

interface Stage {
  readonly world: World
  readonly desks: readonly Desk[]
  readonly dice: Dice
}

export const market: Workload = {
  name: 'market',
  act(stage) {
    const { dice } = stage
    const draw = dice.below(100)
    if (draw < 52) pays(stage)
    else if (draw < 56) changes(stage)
    else if (draw < 65) pressesAgain(stage)
    else if (draw < 73) withWish(stage, (desk, wish) => desk.cancel(wish))
    else if (draw < 82) swaps(stage)
    else if (draw < 90) dice.pick(stage.desks).help(dice.pick(MINUTES))
    else withWish(stage, (desk, wish) => desk.look(wish))
    return dice.oneIn(4) ? dice.between(1, 30) : dice.between(50, 2_500)
  },
}

function pays({ world, desks, dice }: Stage): void {
  const desk = dice.pick(desks)
  const to = neighbourOf(world, desk.town, dice)
  if (to === null) return
  const minutes = dice.oneIn(12) ? dice.between(100, 500) : dice.pick(MINUTES)
  const postal = dice.oneIn(4)
  const seconds = postal ? 7 * 86_400 : dice.pick([3, 60, 60, 600, 7 * 86_400])
  desk.pay(to, minutes, { postal, seconds })
}

/** Something changes for a member to whom others may be sending: suspended, back again, a handle for one use, a lost device. */
function changes({ world, desks, dice }: Stage): void {
  const { town } = dice.pick(desks)
  const draw = dice.below(9)
  if (draw === 8) world.removeDevice(town, dice.pick(town.members))
  else if (draw < 2) world.suspend(town, dice.pick(town.members), 'suspend')
  else if (draw < 4) for (const member of town.members) world.suspend(town, member, 'resume')
  else world.issueHandle(town, dice.pick(town.members), dice.between(1, 2))
}

function pressesAgain(stage: Stage): void {
  withWish(stage, (desk, wish) => desk.press(wish))
}

function swaps({ desks, dice }: Stage): void {
  const desk = dice.pick(desks)
  const held = desk.wishes.filter(({ told }) => told === 'held')
  if (held.length === 0) return
  const postal = dice.oneIn(2)
  desk.swap(dice.pick(held), { postal, seconds: 7 * 86_400 })
}

function withWish({ desks, dice }: Stage, act: (desk: Desk, wish: Desk['wishes'][number]) => void): void {
  const desk = dice.pick(desks)
  const recent = desk.wishes.slice(-8)
  if (recent.length > 0) act(desk, dice.pick(recent))
}

function neighbourOf(world: World, town: Town, dice: Dice): Town | null {
  const near = world.wires.filter(({ a, b }) => a === town || b === town)
  if (near.length === 0) return null
  const { a, b } = dice.pick(near)
  return a === town ? b : a
}
