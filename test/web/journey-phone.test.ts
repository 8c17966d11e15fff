/** Bo lost his telephone: he rings, the desk signs everything out and reads out a code, and a new PIN lets him in. */
import { expect, test } from 'vitest'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS } from './journey.ts'
import { atDesk, comeIn, heading, press, signIn, typeCode, walk } from './member-walk.ts'

describeInBrowser('[SIGN-4] [SIGN-5] [SIGN-10] a new telephone', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await walk(browser(), look, ['Ada Marsh', 'Bo Lind'], async (on) => {
      const { bank, say } = on
      const lost = await comeIn(on, 'Bo Lind', '2583')
      const ada = await comeIn(on, 'Ada Marsh', '2583')
      const desk = await atDesk(on)
      await desk.fill('#who', 'lind')
      await follow(desk.locator('search button'))
      await follow(desk.locator('main a[href$="/code"]'))
      expect(await desk.locator('main').textContent()).toContain(
        say('member_code.has_pin', { name: 'Bo Lind' }),
      )
      await follow(desk.locator('button[name=lost]'))
      expect(await desk.locator('.govuk-inset-text').textContent()).toBe(say('member_code.lost.done'))
      // Whoever found it holds nothing; Ada is where she was.
      await lost.goto(`${bank.url}/me`)
      expect(lost.url()).toBe(`${bank.url}/sign-in?to=%2Fme`)
      await ada.goto(`${bank.url}/me`)
      expect(ada.url()).toBe(`${bank.url}/me`)
      await signIn(on, lost, 'Bo Lind', '2583')
      expect(await lost.locator('.govuk-error-summary').textContent()).toContain(say('refusal.sign_in_wrong'))

      await follow(desk.locator('button[name=said]'))
      expect(await heading(desk)).toBe(say('member_code.read_out', { name: 'Bo Lind' }))
      const code = (await desk.locator('.ch-phrase').textContent()) ?? ''
      expect(code).toMatch(/^\d{3} \d{3}$/)

      const fresh = await on.device()
      await typeCode(on, fresh, { name: 'Bo Lind', code, pin: '1111' })
      // A PIN that is tried first is not taken, and the code is still good.
      expect(await fresh.locator('#pin-error').count()).toBe(1)
      await fresh.fill('#pin', '74103')
      await fresh.fill('#again', '74103')
      await press(fresh)
      expect(fresh.url()).toBe(`${bank.url}/me?new`)
      expect(await heading(fresh)).toBe(say('own.title', { name: 'Bo' }))
      expect(await fresh.locator('.govuk-inset-text').textContent()).toBe(say('own.new'))
      // A code works once.
      await lost.goto(`${bank.url}/sign-in/code`)
      await lost.fill('#number', on.person('Bo Lind').number)
      await lost.fill('#code', code)
      await press(lost)
      expect(await lost.locator('#code-error').textContent()).toContain(say('refusal.code_wrong'))

      await follow(fresh.locator('header button'))
      await signIn(on, fresh, 'Bo Lind', '74103')
      expect(fresh.url()).toBe(`${bank.url}/me`)
      await fresh.goto(`${bank.url}/me/devices`)
      expect(await fresh.locator('.ch-cards li').count()).toBe(1)

      await desk.goto(`${bank.url}/desk/acts`)
      const acts = await desk.locator('main').textContent()
      for (const act of ['act.pin_reset', 'act.code_given'] as const) expect(acts).toContain(say(act))
    })
  })
})
