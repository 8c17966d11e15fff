/**
 * Which day is meant? Dates of people are written YYYY-MM-DD; the log counts days since 1970-01-01.
 */

const MILLISECONDS = 86_400_000
const SECONDS = 86_400
const FORM = /^(\d{4})-(\d{2})-(\d{2})$/

/** Days since 1970-01-01 of a date, below 0 before it; null for a text that names no day. */
export function dayOf(date: string): number | null {
  const match = FORM.exec(date)
  if (match === null) return null
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / MILLISECONDS
  return dateOf(day) === date ? day : null
}

/** The date of a day. */
export function dateOf(day: number): string {
  return new Date(day * MILLISECONDS).toISOString().slice(0, 10)
}

/** The day in which a second since 1970 UTC lies. */
export function dayAt(seconds: number): number {
  return Math.floor(seconds / SECONDS)
}
