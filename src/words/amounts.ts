/**
 * How are minutes, days and times said to people? "1 hour 30 minutes", never 1.5 h; hours exist in sentences only.
 */

const SECONDS_PER_MINUTE = 60
const SECONDS_PER_HOUR = 3_600
const SECONDS_PER_DAY = 86_400

/** Whole minutes, 0 or more, as `1 hour 30 minutes`. */
export function hoursAndMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return counted(rest, 'minute')
  return rest === 0 ? counted(hours, 'hour') : `${counted(hours, 'hour')} ${counted(rest, 'minute')}`
}

/** `1 day`, `2 days`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A span of seconds in its largest fitting unit: `8 days`, `1 hour`, `45 seconds`. */
export function span(seconds: number): string {
  if (seconds >= SECONDS_PER_DAY) return counted(Math.round(seconds / SECONDS_PER_DAY), 'day')
  if (seconds >= SECONDS_PER_HOUR) return counted(Math.round(seconds / SECONDS_PER_HOUR), 'hour')
  if (seconds >= 2 * SECONDS_PER_MINUTE) return counted(Math.round(seconds / SECONDS_PER_MINUTE), 'minute')
  return counted(seconds, 'second')
}

/** A time in seconds as `2026-11-21 14:03 UTC`. */
export function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Bytes as whole MiB, for disks. */
export function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`
}
