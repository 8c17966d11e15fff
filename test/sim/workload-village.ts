/**
 * What do people do over days, when their acts hang together? A village tells stories: an hour that comes back the same
 * evening, a member who leaves with payments open, a button pressed while the answer is on its way.
 */

import { Village } from './village.ts'
import {
  askedBack,
  bothAtOnce,
  cancelRace,
  confused,
  fair,
  farAhead,
  fullAndFree,
  groupEvening,
  impatient,
  lastSecond,
  type Story,
  sendAnyway,
  sentBack,
  smallAndLarge,
  swapOfSwap,
  travellingHour,
} from './village-errands.ts'
import {
  atHome,
  fewUses,
  goodbye,
  lostDevice,
  meeting,
  newcomers,
  oldHandle,
  suspendedBetween,
} from './village-people.ts'
import type { Workload } from './workload.ts'
import type { World } from './world.ts'

const STORIES: Readonly<Record<string, Story>> = {
  askedBack,
  atHome,
  bothAtOnce,
  cancelRace,
  confused,
  farAhead,
  fewUses,
  fullAndFree,
  goodbye,
  groupEvening,
  impatient,
  lastSecond,
  lostDevice,
  meeting,
  newcomers,
  oldHandle,
  sendAnyway,
  sentBack,
  smallAndLarge,
  suspendedBetween,
  swapOfSwap,
  travellingHour,
}

/** One world in so many has a fair, which is much work for everybody. */
const FAIRS = 40

interface Evening {
  readonly village: Village
  /** What this village likes to tell, some of it more often. */
  readonly likes: readonly string[]
  fairs: number
}

const evenings = new WeakMap<World, Evening>()

export const village: Workload = {
  name: 'village',
  act({ world, desks, dice }) {
    const evening = evenings.get(world) ?? begun(new Village(world, desks, dice))
    evenings.set(world, evening)
    const wait = dice.pick([20, 200, 1_000, 2_500, 6_000])
    evening.village.stayUp(wait)
    if (evening.fairs > 0 && dice.oneIn(20)) {
      evening.fairs -= 1
      fair(evening.village)
    }
    const name = dice.pick(evening.likes)
    world.say('village', name)
    world.coverage.met(`story: ${name}`)
    const told = STORIES[name] as Story
    told(evening.village)
    // Who has pressed wants to know how it stands.
    const desk = dice.pick(desks)
    if (desk.wishes.length > 0) desk.look(dice.pick(desk.wishes))
    return wait
  },
}

function begun(fresh: Village): Evening {
  const { dice } = fresh
  const names = Object.keys(STORIES)
  const likes = [...names]
  for (let i = dice.between(0, 3); i > 0; i--) {
    const most = dice.pick(names)
    for (let j = 0; j < 8; j++) likes.push(most)
  }
  return { village: fresh, likes, fairs: dice.oneIn(FAIRS) ? 1 : 0 }
}
