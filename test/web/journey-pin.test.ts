/** Ada was helped for a whole day: she reads the sentence, mistypes her PIN once, and it is recorded. */
import { expect, test } from 'vitest'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS, pressTwice } from './journey.ts'
import { comeIn, heading, sentence, tell, walk } from './member-walk.ts'

describeInBrowser('[SIGN-15] more than three hours from a telephone', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await walk(browser(), look, ['Ada Marsh', 'Bo Lind'], async (on) => {
      const { bank, say } = on
      const ada = await comeIn(on, 'Ada Marsh', '2583')
      const said = await tell(on, ada, '/record', { other: 'Bo Lind', hours: '7', note: 'moved house' })
      const size = bank.node.head.size
      await follow(ada.locator('button[name=save]'))
      expect(await ada.locator('#pin-error').textContent()).toContain(say('pin_again.missing'))
      await ada.fill('#pin', '2581')
      // The enter key means the button that records it.
      await ada.locator('#pin').press('Enter')
      await expect.poll(() => ada.locator('#pin-error').textContent()).toContain(say('pin_again.wrong'))
      expect(await sentence(ada)).toBe(said)
      expect(await ada.locator('#pin').inputValue()).toBe('')
      // Going back to change something and coming again loses nothing either.
      await follow(ada.locator('button[name=change]'))
      expect(await ada.locator('#note').inputValue()).toBe('moved house')
      await follow(ada.locator('main button.govuk-button').first())
      expect(await sentence(ada)).toBe(said)
      expect(bank.node.head.size).toBe(size)
      await ada.fill('#pin', '2583')
      await pressTwice(ada, 'button[name=save]', /\/records\//)
      expect([say('own_record.done'), say('record.state.again')]).toContain(await heading(ada))
      expect(await sentence(ada)).toBe(said)
      expect(bank.node.head.size).toBe(size + 1)
    })
  })
})
