/** Somebody at a keyboard, without a mouse: what has the focus is looked for with Tab, as people do. */

import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { focused } from './in-page.ts'

/** Keys of a keyboard, counted. */
export class Keys {
  readonly #page: Page
  readonly #begun = performance.now()
  pressed = 0

  constructor(page: Page) {
    this.#page = page
  }

  seconds(): number {
    return (performance.now() - this.#begun) / 1000
  }

  async press(key: string, times = 1): Promise<void> {
    for (let i = 0; i < times; i++) await this.#page.keyboard.press(key)
    this.pressed += times
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text)
    this.pressed += text.length
  }

  /** Presses Tab until that has the focus. */
  async tabTo(wanted: RegExp): Promise<void> {
    const passed: string[] = []
    for (let i = 0; i < 60; i++) {
      await this.press('Tab')
      const here = await this.#page.evaluate(focused)
      if (wanted.test(here)) return
      passed.push(here)
    }
    throw new Error(`no Tab leads to ${wanted}: ${passed.join(', ')}`)
  }

  /** Presses a key that leads to another page. */
  async follow(key: string): Promise<void> {
    await Promise.all([this.#page.waitForNavigation(), this.press(key)])
  }

  /** Waits until the page has put the focus there by itself. */
  async standsAt(id: string): Promise<void> {
    await expect.poll(() => this.#page.locator('*:focus').getAttribute('id'), { timeout: 20_000 }).toBe(id)
  }
}
