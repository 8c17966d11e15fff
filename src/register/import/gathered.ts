/**
 * How do the rows of any program become rows of ours? People, hours and past exchanges are gathered one by one, each
 * taken or left out with its reason, under the line of the file they came from ([IMP-1]).
 */

import { LIMITS } from '../../core/limits.ts'
import { dayOf } from '../calendar.ts'
import { fits, line as oneLine } from '../texts.ts'
import { type ArchivedExchange, type ExchangesFile, exchangeOf } from './exchanges-file.ts'
import {
  isDummy,
  type MemberFields,
  type MemberRow,
  type MembersFile,
  type Remainder,
  rowOf,
} from './members-file.ts'
import type { SkippedLine, SkipReason } from './skipped.ts'
import type { LeftColumn } from './table.ts'

/** A person of another program; the balance in seconds, or why it cannot be told. */
export interface Found extends Omit<MemberFields, 'balanceMinutes'> {
  readonly seconds: number | SkipReason
}

export class GatheredMembers {
  readonly #rows: MemberRow[] = []
  readonly #skipped: SkippedLine[] = []
  readonly #dummyEmails: number[] = []
  readonly #remainders: Remainder[] = []
  readonly #numbers = new Set<string>()

  take({ seconds, ...found }: Found): void {
    const { line } = found
    const number = oneLine(found.number)
    const reason = this.#reason(number, seconds)
    if (reason !== null) return this.#skip(line, number, reason)
    const balanceSeconds = seconds as number
    const balanceMinutes = nearestMinute(balanceSeconds)
    if (Math.abs(balanceMinutes) > LIMITS.exchangeMinutes)
      return this.#skip(line, number, 'minutes_out_of_range')
    const row = rowOf({ ...found, number, balanceMinutes }, false)
    if (typeof row === 'string') return this.#skip(line, number, row)
    this.#numbers.add(number.toUpperCase())
    this.#rows.push(row)
    const rest = balanceSeconds - balanceMinutes * 60
    if (rest !== 0) this.#remainders.push({ line, seconds: rest })
    if (isDummy(found.email ?? '')) this.#dummyEmails.push(line)
  }

  file(left: readonly LeftColumn[]): MembersFile {
    return {
      rows: this.#rows,
      skipped: this.#skipped,
      left,
      dummyEmails: this.#dummyEmails,
      remainders: this.#remainders,
    }
  }

  #reason(number: string, seconds: Found['seconds']): SkipReason | null {
    if (number === '') return 'number_missing'
    if (!fits(number, LIMITS.numberBytes)) return 'text_too_long'
    if (this.#numbers.has(number.toUpperCase())) return 'number_twice'
    return typeof seconds === 'string' ? seconds : null
  }

  #skip(line: number, number: string, reason: SkipReason): void {
    const told = number === '' || !fits(number, LIMITS.numberBytes) ? null : number
    this.#skipped.push({ file: 'members', line, reason, number: told })
  }
}

/** Help of the time before, as another program tells it; seconds, or why they cannot be told. */
export interface FoundExchange {
  readonly line: number
  readonly sourceId: string
  /** YYYY-MM-DD. */
  readonly day: string | null
  readonly provider: string
  readonly recipient: string
  readonly seconds: number | SkipReason
  readonly category?: string
  readonly description?: string
}

export class GatheredExchanges {
  readonly #rows: ArchivedExchange[] = []
  readonly #skipped: SkippedLine[] = []
  readonly #sources = new Set<string>()

  take(found: FoundExchange): void {
    const sourceId = oneLine(found.sourceId)
    const row = this.#read(found, sourceId)
    if (typeof row !== 'string') this.#rows.push(row)
    else this.leave(found.line, row, sourceId)
    if (sourceId !== '') this.#sources.add(sourceId)
  }

  leave(line: number, reason: SkipReason, sourceId: string): void {
    const number = sourceId === '' || !fits(sourceId, LIMITS.contactBytes) ? null : sourceId
    this.#skipped.push({ file: 'exchanges', line, reason, number })
  }

  file(left: readonly LeftColumn[]): ExchangesFile {
    return { rows: this.#rows, skipped: this.#skipped, left }
  }

  #read({ seconds, ...found }: FoundExchange, sourceId: string): ArchivedExchange | SkipReason {
    if (sourceId !== '' && this.#sources.has(sourceId)) return 'source_twice'
    const minutes = typeof seconds === 'string' ? seconds : nearestMinute(seconds)
    return exchangeOf({
      category: '',
      description: '',
      ...found,
      sourceId,
      minutes,
      kind: '',
      corrects: '',
    })
  }
}

/** Whole minutes nearest to these seconds, half a minute away from 0; never -0. */
export function nearestMinute(seconds: number): number {
  return Math.sign(seconds) * Math.round(Math.abs(seconds) / 60) + 0
}

/** Seconds in a whole number of them; null when it is none. */
export function wholeSeconds(cell: string): number | null {
  return /^[+-]?\d{1,12}$/.test(cell) ? Number(cell) + 0 : null
}

/** Seconds of an amount with a point, in units of so many seconds; null when it is none. */
export function amountSeconds(cell: string, unitSeconds: number): number | null {
  return /^[+-]?\d{1,9}(\.\d{1,9})?$/.test(cell) ? Math.round(Number(cell) * unitSeconds) + 0 : null
}

/** The day at the start of a moment as programs write it, `2024/05/01 10:00:00` or `2024-05-01T10:00`; else null. */
export function dayIn(cell: string): string | null {
  const [, year, month, day] = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ].*)?$/.exec(cell) ?? []
  const date = `${year}-${month}-${day}`
  return year !== undefined && dayOf(date) !== null ? date : null
}
