/**
 * What happens to the people themselves while their hours are on the way? They join, leave, are suspended, lose their
 * phones, give out handles that run out, and help at home; and the members' meeting changes the rules.
 */

import { LIMITS } from '../../src/core/limits.ts'
import type { Desk } from './desk.ts'
import type { Villager } from './village.ts'
import { aboutNow, type Story, terms } from './village-errands.ts'
import type { Moment } from './village-watch.ts'

/** A handle of three uses is paid more often than that, in one burst; some of it is taken back. */
export const fewUses: Story = (village) => {
  const { here, there } = village.neighbours()
  const { dice } = village
  const uses = dice.between(1, 4)
  village.handle(there, village.someone(there).account, { uses, seconds: LIMITS.handleSeconds }, (handle) => {
    village.met('a handle of few uses')
    const pay = (): void => {
      const wish = village.order(here, there, { ...terms(village, here, there, 20), handle })
      if (wish !== null && dice.oneIn(3)) village.later(aboutNow(village), () => here.cancel(wish))
    }
    for (let i = uses + dice.between(1, 4); i > 0; i--) village.later(dice.below(60), pay)
    village.later(dice.between(1_000, 5_000), pay)
  })
}

/** A handle that is good for a few seconds is paid before, at and after its last one. */
export const oldHandle: Story = (village) => {
  const { here, there } = village.neighbours()
  const { dice } = village
  const seconds = dice.pick([1, 3, 6, 200])
  village.handle(there, village.someone(there).account, { uses: 50, seconds }, (handle) => {
    for (const at of [0, seconds * 1_000 - 800, seconds * 1_000, seconds * 1_000 + 1_500]) {
      village.later(Math.max(0, at) + dice.below(300), () => {
        const postal = dice.oneIn(2)
        village.order(here, there, { ...terms(village, here, there, 20), handle, postal })
      })
    }
  })
}

/** Somebody is suspended exactly between two steps of a payment, on one side or on both. */
export const suspendedBetween: Story = (village) => {
  const { here, there } = village.neighbours()
  const [payer, payee] = [village.someone(here), village.someone(there)]
  const how = { ...terms(village, here, there, 60), payer: payer.account, handle: payee.handle }
  const wish = village.order(here, there, how)
  if (wish === null) return
  const moment = village.dice.pick<Moment>(['pay.hold', 'rcv.promise', 'pay.commit'])
  const stop = (desk: Desk, { account }: Villager): void => {
    village.suspend(desk, account, 'suspend')
    village.later(village.dice.between(50, 6_000), () => village.suspend(desk, account, 'resume'))
  }
  village.watch.when(wish.id, moment, () =>
    village.later(village.dice.oneIn(2) ? 0 : aboutNow(village), () => {
      village.met(`suspended after ${moment}`)
      if (village.dice.oneIn(2)) stop(here, payer)
      if (village.dice.oneIn(2)) stop(there, payee)
      // Who is suspended may still take back what waits.
      if (village.dice.oneIn(6)) village.later(aboutNow(village), () => here.cancel(wish))
    }),
  )
}

/** New members are paid as soon as they have a handle, and pay on what they got. */
export const newcomers: Story = (village) => {
  const { here, there } = village.neighbours()
  if (there.town.members.length > 10) return
  village.join(there, (fresh) => {
    const wish = village.order(here, there, { ...terms(village, here, there, 60), handle: fresh.handle })
    if (wish === null) return
    village.watch.when(wish.id, 'rcv.credit', () =>
      village.later(aboutNow(village), () => {
        village.met('a newcomer pays on')
        village.order(there, here, { ...terms(village, there, here, 60), payer: fresh.account })
      }),
    )
  })
}

/** A device is registered, signs, and is lost at that moment; then there is another one. */
export const lostDevice: Story = (village) => {
  const { here, there } = village.neighbours()
  const { account } = village.someone(here)
  const sign = (): void => {
    const how = { ...terms(village, here, there, 30), payer: account, agrees: 'device' } as const
    const wish = village.order(here, there, how)
    if (wish !== null) village.later(village.dice.below(2_000), () => here.press(wish))
  }
  village.device(here, account, (lose) => {
    sign()
    village.later(aboutNow(village), () => {
      village.met('a device is lost')
      lose()
      sign()
      village.later(aboutNow(village), sign)
    })
    if (village.dice.oneIn(2)) {
      village.later(village.dice.between(500, 5_000), () => village.device(here, account, () => sign()))
    }
  })
}

/** Somebody leaves the bank while payments to and from the account are open. */
export const goodbye: Story = (village) => {
  const { here, there } = village.neighbours()
  const { dice } = village
  const leaver = village.newcomer(here)
  if (leaver === null) return newcomers(village)
  const out = { ...terms(village, here, there, 30), payer: leaver.account }
  const sent = village.order(here, there, out)
  const promised = village.order(there, here, {
    ...terms(village, there, here, 45),
    handle: leaver.handle,
    postal: false,
  })
  const late = dice.oneIn(2)
  const moment = dice.pick<Moment>(['pay.hold', 'rcv.promise', 'rcv.promise', 'pay.commit'])
  const wish = moment === 'rcv.promise' || dice.oneIn(2) ? promised : sent
  if (wish === null) return
  village.watch.when(wish.id, moment, () =>
    village.later(dice.oneIn(2) ? 0 : aboutNow(village), () => {
      village.met(`leaves after ${moment}`)
      village.leave(here, leaver.account)
      // Letters to somebody who is about to leave, or has left.
      const letter = { handle: leaver.handle, postal: true, seconds: LIMITS.decidePostalSeconds }
      const post = (): void =>
        void village.order(there, here, { ...terms(village, there, here, 15), ...letter })
      village.later(aboutNow(village), post)
      if (late) for (const at of [1_000, 4_000, 12_000]) village.later(at + dice.below(4_000), post)
    }),
  )
}

/** Everybody who was at a meal, on one sheet, entered twice; a chain of help; and far beyond any stop. */
export const atHome: Story = (village) => {
  const { dice } = village
  const desk = dice.pick(village.desks)
  const all = [...desk.town.members]
  const [cook, ...guests] = all
  if (cook === undefined || guests.length === 0) return
  const minutes = dice.pick([1, 15, 600, LIMITS.recordMinutes])
  const legs = guests.map((acct) => ({ acct, minutes: -minutes }))
  village.exchange(desk, [{ acct: cook, minutes: minutes * guests.length }, ...legs], dice.between(1, 3))
  const guest = dice.pick(guests)
  const onward = [
    { acct: cook, minutes: -minutes },
    { acct: guest, minutes },
  ]
  village.later(dice.below(50), () => village.exchange(desk, onward))
  // Whoever just spent everything at home pays the neighbours in the same breath.
  const next = village.nextTo(desk)
  if (next.length === 0) return
  const to = dice.pick(next)
  const how = { ...terms(village, desk, to, dice.pick([60, 600])), payer: guest }
  village.order(desk, to, how)
  village.exchange(desk, [
    { acct: guest, minutes: -LIMITS.recordMinutes },
    { acct: cook, minutes: LIMITS.recordMinutes },
  ])
  village.order(desk, to, how)
}

/** The members' meeting draws the stops closer while payments are under way, and thinks again later. */
export const meeting: Story = (village) => {
  const { here, there } = village.neighbours()
  const { dice } = village
  const desk = dice.pick([here, there])
  for (let i = 3; i > 0; i--) village.order(here, there, terms(village, here, there, 60))
  village.later(aboutNow(village), () =>
    village.meet(desk, {
      crossingLow: dice.pick([-2_400, -600, -60, null]),
      stopHigh: dice.pick([null, 0, 300, 1_200]),
    }),
  )
  village.later(dice.between(1_000, 15_000), () =>
    village.meet(desk, { crossingLow: -2_400, stopHigh: null }),
  )
}
