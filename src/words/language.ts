/**
 * In which language is a page said? A language is its tag, its direction and its messages; a sentence is an ICU
 * message, so that numbers and order follow the language and no sentence is put together from pieces ([A11Y-7]).
 */

import { IntlMessageFormat } from 'intl-messageformat'
import type { MessageId, Messages } from './languages/en.ts'

export interface Language {
  /** BCP 47. */
  readonly tag: string
  /** In itself: `Español`. */
  readonly name: string
  readonly direction: 'ltr' | 'rtl'
  /** BCP 47 tag by which days and numbers are written, where the language alone would mean another country's way. */
  readonly dates?: string
  /** What is missing is said in English. */
  readonly messages: Partial<Messages>
}

export type Facts = Readonly<Record<string, string | number>>

/** What speaks one language to people. */
export class Speech {
  readonly language: Language
  readonly #fallback: Messages
  readonly #formats = new Map<MessageId, IntlMessageFormat>()

  constructor(language: Language, fallback: Messages) {
    this.language = language
    this.#fallback = fallback
  }

  /** The sentence of this name. Throws when a fact is missing, which is a mistake of ours. */
  readonly say = (id: MessageId, facts: Facts = {}): string => {
    let format = this.#formats.get(id)
    if (format === undefined) {
      const own = this.language.messages[id]
      // A tag in a message is text: whoever renders it escapes it.
      format = new IntlMessageFormat(
        own ?? this.#fallback[id],
        own === undefined ? 'en' : this.language.tag,
        undefined,
        {
          ignoreTag: true,
        },
      )
      this.#formats.set(id, format)
    }
    return String(format.format(tamed(facts)))
  }

  /** Whole minutes, 0 or more, as `1 hour 30 minutes`. */
  readonly hours = (minutes: number): string => {
    const hours = Math.floor(minutes / 60)
    const rest = minutes % 60
    if (hours === 0) return this.say('amount.minutes', { minutes: rest })
    return rest === 0
      ? this.say('amount.hours', { hours })
      : this.say('amount.both', { hours, minutes: rest })
  }

  /** A day, counted from 1970-01-01, as `Saturday 21 November`; with the year unless it is the one of `today`. */
  readonly day = (day: number, today?: number): string => {
    const sameYear = today !== undefined && yearOf(today) === yearOf(day)
    return this.#date(day, { weekday: 'long', day: 'numeric', month: 'long' }, sameYear)
  }

  /** `21 November 2026`, for lists and letters. */
  readonly date = (day: number): string => this.#date(day, { day: 'numeric', month: 'long' }, false)

  /** The month in which a day lies: `November 2026`. */
  readonly month = (day: number): string => this.#date(day, { month: 'long' }, false)

  /** A second since 1970 as people at this place say it: `21 November 2026 at 14:05`. `zone` is an IANA name. */
  readonly moment = (seconds: number, zone: string): string => {
    const { tag, dates = tag } = this.language
    const format = new Intl.DateTimeFormat(dates, { dateStyle: 'long', timeStyle: 'short', timeZone: zone })
    return format.format(seconds * 1000)
  }

  /** With a capital letter in front, for what stands alone. */
  readonly alone = (text: string): string => {
    const [first = '', ...rest] = text
    return first.toLocaleUpperCase(this.language.tag) + rest.join('')
  }

  /** Names or things as `Ada, Bo and Edna`. */
  readonly list = (items: readonly string[]): string =>
    new Intl.ListFormat(this.language.tag, { type: 'conjunction' }).format(items)

  #date(day: number, parts: Intl.DateTimeFormatOptions, withoutYear: boolean): string {
    const options = withoutYear ? parts : { ...parts, year: 'numeric' as const }
    const { tag, dates = tag } = this.language
    return new Intl.DateTimeFormat(dates, { ...options, timeZone: 'UTC' }).format(day * MILLISECONDS)
  }
}

/** Marks by which a text would turn the order of everything after it, as a name might that somebody made for that. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/

/** Facts that stay in their place of the sentence. */
function tamed(facts: Facts): Facts {
  if (!Object.values(facts).some((fact) => TURNING.test(String(fact)))) return facts
  const all = new RegExp(TURNING, 'g')
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      typeof fact === 'string' ? fact.replace(all, '') : fact,
    ]),
  )
}

const MILLISECONDS = 86_400_000

function yearOf(day: number): number {
  return new Date(day * MILLISECONDS).getUTCFullYear()
}
