/** How does a scripted bank come to have a line with a node of a seed? Without a wait for any real time. */

import { must } from '../../src/core/fault.ts'
import { type Bytes, compareBytes } from '../../src/core/ids.ts'
import { lineIdOf } from '../../src/core/sign.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import { ok, random, type TestBank } from '../node/town.ts'
import type { ScriptedBank, Talk } from '../sim/scripted-bank.ts'
import { quiet, type StepClock, settled } from './bank.ts'

/** Calls the node until it answers; it may keep its door shut for a while after bad bytes. */
export async function callUntilHeard(bank: TestBank, caller: ScriptedBank, clock: StepClock): Promise<Talk> {
  for (let tries = 0; tries < 200; tries++) {
    const talk = await caller.call(bank.node.transport.peerId)
    for (let steps = 0; steps < 6 && talk.all('hello').length === 0; steps++) await quiet()
    if (talk.all('hello').length > 0 && !talk.over) return talk
    clock.pass(20)
  }
  must(false, 'the door opens again')
}

/** The line with these minutes both ways, open at the node; the caller has said nothing else. */
export async function openLine(
  bank: TestBank,
  caller: ScriptedBank,
  clock: StepClock,
  minutes = 600,
): Promise<{ talk: Talk; line: Bytes }> {
  const [lower, higher] =
    compareBytes(caller.bank, bank.bank) < 0 ? [caller.bank, bank.bank] : [bank.bank, caller.bank]
  const limit = { minutes, openCap: 240, parkCap: 240 }
  const about = { lowerMayOwe: limit, higherMayOwe: limit, statementEvery: 0, nonce: random.bytes(16) }
  const terms = encodeTerms({ version: 1, lower, higher, ...about })
  const talk = await callUntilHeard(bank, caller, clock)
  caller.log.time = clock.now()
  await talk.hello({ now: clock.now(), yours: bank.node.head.note })
  const proposed = caller.log.write('line.open', { terms, peerEntry: null })
  await talk.say([{ name: 'line', entry: 0, token: null }], { show: [proposed] })
  for (let steps = 0; bank.node.proposals().length === 0; steps++) {
    must(steps < 2_000, 'a proposal arrives')
    await quiet()
    if (steps > 3) clock.pass(1)
  }
  ok(await settled(clock, bank.node.acceptNeighbour(caller.bank)))
  return { talk, line: lineIdOf(terms) }
}
