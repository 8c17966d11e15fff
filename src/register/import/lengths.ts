/**
 * How many minutes did somebody write into a sheet? `2h30`, `2:30`, `2,5`, `90 min`: each is read when it can mean one
 * thing only, and named as unclear when it cannot ([IMP-6]).
 */

import { LIMITS } from '../../core/limits.ts'

/** What a plain number in the column counts; a person says so. */
export const UNITS = ['hours', 'minutes'] as const
export type Unit = (typeof UNITS)[number]

/** Whole minutes, and the seconds by which the cell said more or less. */
export interface Length {
  readonly minutes: number
  readonly restSeconds: number
}

export type LengthReason = 'hours_unclear' | 'hours_ambiguous' | 'minutes_out_of_range'

const SECONDS: Readonly<Record<Unit, number>> = { hours: 3600, minutes: 60 }
const CLOCK = /^(\d{1,6}):([0-5]\d)(?::([0-5]\d))?$/
const NUMBER = String.raw`\d{0,12}(?:[.,]\d+)*`
const HOURS = String.raw`(${NUMBER})\s?(?:h|hs|hr|hrs|hour|hours|hora|horas|heure|heures|std)\.?`
const MINUTES = String.raw`(${NUMBER})\s?(?:m|min|mins|minute|minutes|minuto|minutos|['′])\.?`
const IN_HOURS = new RegExp(`^${HOURS}$`)
const IN_MINUTES = new RegExp(`^${MINUTES}$`)
const IN_BOTH =
  /^(\d{1,6})\s?(?:h|hs|hr|hrs|hours?|horas?|heures?|std)\.?\s?(?:(?:and|y|et|und)\s)?([0-5]?\d)\s?(?:m|min|mins|minutes?|minutos?|['′])?\.?$/

/** An empty cell is no hours. The nearest whole minute is taken, and what is left over is told. */
export function readLength(cell: string, unit: Unit): Length | LengthReason {
  const text = cell.replace(/\s+/g, ' ').trim().toLowerCase()
  const [, sign = '', size = ''] = /^([+\-\u2212\u2013]?)\s?(.*)$/.exec(text) ?? []
  if (size === '') return { minutes: 0, restSeconds: 0 }
  const seconds = secondsIn(size, unit)
  if (typeof seconds === 'string') return seconds
  const minutes = Math.round(seconds / 60)
  if (minutes > LIMITS.exchangeMinutes) return 'minutes_out_of_range'
  const way = sign === '' || sign === '+' ? 1 : -1
  // Nothing is ever -0.
  return { minutes: way * minutes + 0, restSeconds: way * (seconds - minutes * 60) + 0 }
}

/** Seconds, a whole number of them, from a text without sign. */
function secondsIn(size: string, unit: Unit): number | LengthReason {
  const clock = CLOCK.exec(size)
  if (clock !== null) {
    const [, hours, minutes, seconds] = clock
    // Of minutes and seconds, or of hours and minutes: the column counts minutes, and nobody says which this is.
    if (unit === 'minutes' && seconds === undefined) return 'hours_ambiguous'
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)
  }
  const both = IN_BOTH.exec(size)
  if (both !== null) return Number(both[1]) * 3600 + Number(both[2]) * 60
  const hours = IN_HOURS.exec(size)
  if (hours !== null) return times(hours[1] as string, SECONDS.hours)
  const minutes = IN_MINUTES.exec(size)
  if (minutes !== null) return times(minutes[1] as string, SECONDS.minutes)
  return times(size, SECONDS[unit])
}

function times(text: string, seconds: number): number | LengthReason {
  const value = readDecimal(text)
  return typeof value === 'string' ? value : Math.round(value * seconds)
}

/**
 * A number with its own idea of commas and points. One of them with three digits behind it may part thousands or
 * fractions: that is nobody's to guess, except behind a nought or more than three digits, where it parts fractions.
 */
function readDecimal(text: string): number | LengthReason {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(text)) return 'hours_ambiguous'
  if (/^\d{0,12}[.,]\d{1,9}$/.test(text)) return Number(`0${text.replace(',', '.')}`)
  if (/^\d{1,3}(,\d{3})+(\.\d{1,9})?$/.test(text)) return Number(text.replaceAll(',', ''))
  if (/^\d{1,3}(\.\d{3})+(,\d{1,9})?$/.test(text)) return Number(text.replaceAll('.', '').replace(',', '.'))
  return 'hours_unclear'
}
