/** What if the log key of a bank changes, or its sheet has to begin anew, while hours are on their way? */

import { toHex } from '../../../src/core/ids.ts'
import { refuse } from '../../../src/core/refusal.ts'
import { presentOf } from '../../../src/log/lineage.ts'
import type { Town } from '../../sim/world.ts'
import type { Ask } from '../asks.ts'
import { type Scenario, two } from '../scenario.ts'
import type { Stage } from '../stage.ts'

export const KEYS: readonly Scenario[] = [
  {
    name: 'the log key changes in a quiet hour',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.settled()
      await stage.answered(changesKey(stage, harbour))
      stage.pay(harbour, millbrook, 30, { ends: ['paid'] })
      stage.pay(millbrook, harbour, 20, { ends: ['paid'] })
      await stage.settled()
      bothKnow(stage)
    },
  },
  {
    name: 'the log key changes while a payment is held',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const held = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      await stage.until(() => (stage.seen(held)?.promised.size ?? 0) > 0)
      await stage.answered(held.ask)
      await stage.answered(changesKey(stage, harbour))
      stage.calm()
      await stage.settled()
      stage.pay(harbour, millbrook, 25, { ends: ['paid'] })
      await stage.settled()
      bothKnow(stage)
    },
  },
  {
    name: 'the log key changes twice while the neighbour is away and hours are on their way to it',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.leave(millbrook)
      const sent = stage.pay(harbour, millbrook, 60, { postal: true, ends: ['paid'] })
      await stage.answered(sent.ask)
      await stage.answered(changesKey(stage, harbour))
      const later = stage.pay(harbour, millbrook, 15, { postal: true, ends: ['paid'] })
      await stage.answered(later.ask)
      await stage.answered(changesKey(stage, harbour))
      stage.comeBack(millbrook)
      await stage.settled()
      stage.pay(millbrook, harbour, 20, { ends: ['paid'] })
      await stage.settled()
      bothKnow(stage)
    },
  },
  {
    name: 'the log key changes while an older decision is still on its way',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: harbour, messages: ['commit'], fate: 'withheld' })
      const older = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.until(() => (stage.seen(older)?.sent ?? null) !== null)
      await stage.answered(older.ask, changesKey(stage, harbour))
      // Its log names the newer key before the older decision comes.
      const newer = stage.pay(harbour, millbrook, 30, { ends: ['paid'] })
      await stage.until(() => (stage.seen(newer)?.promised.size ?? 0) > 0)
      stage.calm()
      await stage.settled()
      bothKnow(stage)
    },
  },
  {
    name: 'both change their log keys while hours cross',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      for (const from of [harbour, millbrook])
        stage.harm({ from, messages: ['commit', 'receipt'], fate: 'withheld' })
      const [goes, comes] = [
        stage.pay(harbour, millbrook, 60, { ends: ['paid'] }),
        stage.pay(millbrook, harbour, 45, { ends: ['paid'] }),
      ]
      const isSent = (payment: typeof goes): boolean => (stage.seen(payment)?.sent ?? null) !== null
      await stage.until(() => isSent(goes) && isSent(comes))
      await stage.answered(changesKey(stage, harbour), changesKey(stage, millbrook))
      stage.calm()
      await stage.settled()
      bothKnow(stage)
    },
  },
  {
    name: 'the log key is lost, and the sheet begins anew',
    shape: { ...two(), sheets: 'in a drawer' },
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask', 'receipt'], fate: 'withheld' })
      const sent = stage.pay(harbour, millbrook, 20, { postal: true, ends: ['paid'] })
      const held = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      await stage.answered(sent.ask, held.ask)
      stage.leave(harbour)
      harbour.bank.keys.lose()
      await recovers(stage, harbour)
      stage.calm()
      stage.comeBack(harbour)
      await stage.settled()
      stage.pay(harbour, millbrook, 30, { ends: ['paid'] })
      stage.pay(millbrook, harbour, 10, { ends: ['paid'] })
      await stage.settled()
      bothKnow(stage)
    },
  },
]

/** Whoever is not answered presses again: then the key may change once more, which harms nobody. */
function changesKey(stage: Stage, town: Town): Ask {
  const ask = stage.ask(town, 'change key', async () => (await town.bank.changeKey()) ?? refuse('too_busy'))
  stage.allow(ask)
  return ask
}

/** The operator of a stopped bank tries until it is done; a machine that dies meanwhile is switched on again. */
async function recovers(stage: Stage, { bank }: Town): Promise<void> {
  for (let done = false; !done; await stage.pass(1)) {
    const begun = bank.recover('lost').then(
      ({ ok }) => {
        done = ok
      },
      () => undefined,
    )
    begun.catch(() => undefined)
    await stage.until(() => bank.process?.alive === false, 60)
  }
}

/** At the end each bank has learned the newest key of the other, and holds a head that it signed. */
function bothKnow(stage: Stage): void {
  const { harbour, millbrook } = stage
  for (const [knows, of] of [
    [harbour, millbrook],
    [millbrook, harbour],
  ] as const) {
    stage.demand(async () => {
      const found = await stage.tells(knows, async (node) => {
        const { lineage, held, origin } = node.contacts.link(of.bank.bank)?.neighbour ?? {}
        return lineage !== undefined && held?.origin === origin ? presentOf(lineage).key.raw : null
      })
      const { log } = of.bank.keys
      const right = found !== null && log !== null && toHex(found) === toHex(log.publicKey)
      return right ? null : `${knows.bank.name} has not learned the key of ${of.bank.name}`
    })
  }
}
