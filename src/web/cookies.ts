/** What does the browser keep for us? The token of a sign-in, the mark of this device and the language, and nothing else. */

import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { LIMITS } from '../core/limits.ts'
import type { Keeping } from './screen.ts'

const SIGN_IN_COOKIE = 'commonhour'
const DEVICE_COOKIE = 'device'
const LANGUAGE_COOKIE = 'language'
const SECONDS_PER_DAY = 86_400
const YEAR_SECONDS = 365 * SECONDS_PER_DAY
const DEVICE_SECONDS = LIMITS.deviceMarkDays * SECONDS_PER_DAY

/** The token of a sign-in, as the browser sent it. */
export function keptToken(c: Context): string | undefined {
  return getCookie(c, SIGN_IN_COOKIE)
}

/** The mark of this device, as the browser sent it; it outlives signing out. */
export function keptDevice(c: Context): string | undefined {
  return getCookie(c, DEVICE_COOKIE)
}

export function keep(c: Context, { token, seconds, device }: Keeping): void {
  if (device !== undefined) setCookie(c, DEVICE_COOKIE, device, cookieOptions(c, DEVICE_SECONDS))
  if (token === null) setCookie(c, SIGN_IN_COOKIE, '', { ...cookieOptions(c, null), maxAge: 0 })
  else setCookie(c, SIGN_IN_COOKIE, token, cookieOptions(c, seconds))
}

/** The tag of the language that was chosen. */
export function keptLanguage(c: Context): string | undefined {
  return getCookie(c, LANGUAGE_COOKIE)
}

export function keepLanguage(c: Context, tag: string): void {
  setCookie(c, LANGUAGE_COOKIE, tag, cookieOptions(c, YEAR_SECONDS))
}

/** Never readable by scripts and never sent along by other sites; over https, never without it. */
function cookieOptions(c: Context, seconds: number | null) {
  const secure = c.req.header('x-forwarded-proto') === 'https' || c.req.url.startsWith('https:')
  const lasting =
    seconds === null
      ? {}
      : { maxAge: Math.min(seconds, Math.max(YEAR_SECONDS, LIMITS.signInDays * SECONDS_PER_DAY)) }
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure, ...lasting } as const
}
