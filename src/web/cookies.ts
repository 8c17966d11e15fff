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

/**
 * Whether the browser came over https: it says so itself, a proxy does, or it asked for the host of the bank's public
 * address. Whoever claims it falsely only gets cookies that their browser will not send.
 */
export function isOverHttps(c: Context, publicUrl: string | null): boolean {
  if (c.req.header('x-forwarded-proto') === 'https' || c.req.url.startsWith('https:')) return true
  if (publicUrl === null || !URL.canParse(publicUrl)) return false
  const { protocol, host } = new URL(publicUrl)
  return protocol === 'https:' && host === c.req.header('host')
}

/**
 * The token of a sign-in, as the browser sent it. Over https only the bank itself can set a cookie of the name `__Host-`;
 * one without it is from before the bank had that, or somebody else's work.
 */
export function keptToken(c: Context, isHttps: boolean): { token: string | undefined; hostOnly: boolean } {
  const own = isHttps ? getCookie(c, SIGN_IN_COOKIE, 'host') : undefined
  return own === undefined
    ? { token: getCookie(c, SIGN_IN_COOKIE), hostOnly: false }
    : { token: own, hostOnly: true }
}

/** The mark of this device, as the browser sent it; it outlives signing out. */
export function keptDevice(c: Context, isHttps: boolean): string | undefined {
  return isHttps ? getCookie(c, DEVICE_COOKIE, 'host') : getCookie(c, DEVICE_COOKIE)
}

export function keep(c: Context, isHttps: boolean, { token, seconds, device }: Keeping): void {
  const ours = (lasting: number | null) =>
    ({ ...cookieOptions(isHttps, lasting), ...(isHttps ? { prefix: 'host' as const } : {}) }) as const
  if (device !== undefined) setCookie(c, DEVICE_COOKIE, device, ours(DEVICE_SECONDS))
  if (token === null) setCookie(c, SIGN_IN_COOKIE, '', { ...ours(null), maxAge: 0 })
  else setCookie(c, SIGN_IN_COOKIE, token, ours(seconds))
  // The name of before ends wherever the new one begins.
  if (isHttps && getCookie(c, SIGN_IN_COOKIE) !== undefined)
    setCookie(c, SIGN_IN_COOKIE, '', { ...cookieOptions(isHttps, null), maxAge: 0 })
}

/** The tag of the language that was chosen. */
export function keptLanguage(c: Context): string | undefined {
  return getCookie(c, LANGUAGE_COOKIE)
}

export function keepLanguage(c: Context, isHttps: boolean, tag: string): void {
  setCookie(c, LANGUAGE_COOKIE, tag, cookieOptions(isHttps, YEAR_SECONDS))
}

/** Never readable by scripts and never sent along by other sites; over https, never without it. */
function cookieOptions(secure: boolean, seconds: number | null) {
  const lasting =
    seconds === null
      ? {}
      : { maxAge: Math.min(seconds, Math.max(YEAR_SECONDS, LIMITS.signInDays * SECONDS_PER_DAY)) }
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure, ...lasting } as const
}
