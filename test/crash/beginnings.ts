/**
 * Where does every run of a scenario begin? In a world that was built once: its disks are copied, its banks started
 * again. So a run costs what its script costs, and founding banks is nobody's crash.
 */

import type { Bytes } from '../../src/core/ids.ts'
import { everything } from '../../src/store/keyspace.ts'
import type { MemoryDisk } from '../../src/store/memory-store.ts'
import { kindsIn } from '../sim/kinds-in.ts'
import { SimBank } from '../sim/sim-bank.ts'
import { type Town, World } from '../sim/world.ts'
import type { Scenario } from './scenario.ts'

/** A bank as it lay on its disk when its lines were open. */
interface KeptBank {
  readonly name: string
  readonly bank: Bytes
  readonly coordinator: Bytes
  readonly starts: number
  readonly disk: MemoryDisk
  readonly slots: readonly (Uint8Array | null)[]
  readonly town: Town
}

interface Kept {
  readonly now: number
  readonly banks: readonly KeptBank[]
}

/** Milliseconds in which banks that start have greeted each other and said what their lines have to say. */
const GREETED_MS = 5_000

const built = new Map<string, Promise<Kept>>()

export async function beginning(scenario: Scenario): Promise<World> {
  const { name, shape } = scenario
  const kept = built.get(name) ?? build(scenario)
  built.set(name, kept)
  const { now, banks } = await kept
  const world = new World(`crash ${name}`)
  world.agenda.now = now
  for (const one of banks) world.towns.push(townOf(world, one))
  for (const { bank } of world.towns) await world.call(bank.start())
  for (const { a, b } of shape.wires)
    world.wires.push({ a: world.towns[a] as Town, b: world.towns[b] as Town })
  await world.agenda.runUntil(world.agenda.now + GREETED_MS)
  return world
}

async function build({ name, shape }: Scenario): Promise<Kept> {
  const world = new World(`crash ${name}`)
  await world.build(shape)
  await world.agenda.runUntil(world.agenda.now + GREETED_MS)
  const banks = world.towns.map((town) => keptOf(town))
  return { now: world.agenda.now, banks }
}

function keptOf(town: Town): KeptBank {
  const { bank } = town
  return {
    name: bank.name,
    bank: bank.bank,
    coordinator: bank.coordinator,
    starts: bank.starts,
    disk: bank.disk.copy(),
    slots: bank.disk.slots.map((slot) => slot?.slice() ?? null),
    town,
  }
}

/** The bank again, with its keys from the same dice, and the judge told of all that lies on its disk. */
function townOf(world: World, kept: KeptBank): Town {
  const { name, disk } = kept
  const { agenda, network, dice, seer } = world
  const bank = new SimBank({ name, agenda, network, dice: dice.stream(name) })
  Object.assign(bank, { bank: kept.bank, coordinator: kept.coordinator, starts: kept.starts })
  const rows = disk.rowsOf(everything).map(([put, value]) => ({ put, value }))
  bank.disk.putBack(disk)
  bank.disk.whole.commit(rows)
  bank.disk.slots = kept.slots.map((slot) => slot?.slice() ?? null)
  seer.watch(bank.bank, name, true)
  seer.committed(bank.bank, rows)
  bank.noticed = (notice, facts) => world.say(name, `notice: ${notice} ${JSON.stringify(facts)}`)
  bank.disk.committed = (batch) => {
    world.say(name, `durable: ${kindsIn(batch).join(' ') || 'no entry'}`)
    seer.committed(bank.bank, batch)
  }
  const { members, devices, handles } = kept.town
  return { bank, members: [...members], devices: new Map(devices), handles: [...handles] }
}
