/**
 * In which parts are totals told, so that nobody is found in them? By months where five or more people were active in each;
 * a quarter with a smaller month is told whole, and a year with a smaller quarter too, for else a part could be taken from
 * the whole. Neighbours with whom few took part are told together ([PRIV-24]).
 */

import { dateOf, dayOf } from './calendar.ts'

export interface Period {
  readonly kind: 'month' | 'quarter' | 'year'
  /** First day, in days since 1970-01-01. */
  readonly from: number
  readonly minutes: number
}

interface Month {
  minutes: number
  readonly people: Set<number>
}

/** Minutes and people of the months of one year. */
export class Tally {
  readonly #newYear: number
  readonly #months: Month[] = Array.from({ length: 12 }, () => ({ minutes: 0, people: new Set() }))

  /** `newYear`: first day of the year. */
  constructor(newYear: number) {
    this.#newYear = newYear
  }

  /** Days of other years are passed over. */
  add(day: number, minutes: number, people: readonly number[]): void {
    const date = dateOf(day)
    if (date.slice(0, 4) !== this.year) return
    const month = this.#months[Number(date.slice(5, 7)) - 1] as Month
    month.minutes += minutes
    for (const one of people) month.people.add(one)
  }

  get year(): string {
    return dateOf(this.#newYear).slice(0, 4)
  }

  /** Months from the first up to the last, excluded, as one. */
  sum(from: number, to: number): Month {
    const months = this.#months.slice(from, to)
    return {
      minutes: months.reduce((sum, one) => sum + one.minutes, 0),
      people: new Set(months.flatMap(({ people }) => [...people])),
    }
  }
}

/** The parts of the year up to this day; none, and no total, while fewer than `least` were active in it. */
export function periodsOf(
  tally: Tally,
  day: number,
  least: number,
): { readonly periods: readonly Period[]; readonly yearMinutes: number | null } {
  const isSound = ({ people, minutes }: Month): boolean => minutes === 0 || people.size >= least
  const whole = tally.sum(0, 12)
  if (whole.people.size < least) return { periods: [], yearMinutes: null }
  const yearMinutes = whole.minutes
  const months = Number(dateOf(day).slice(5, 7))
  const quarters = Array.from({ length: Math.ceil(months / 3) }, (_, i) => i * 3)
  if (!quarters.every((from) => isSound(tally.sum(from, from + 3)))) return { periods: [], yearMinutes }
  const periods = quarters.flatMap((from): Period[] => {
    const parts = [from, from + 1, from + 2].filter((month) => month < months)
    const part = (kind: Period['kind'], at: number, to: number): Period => ({
      kind,
      from: firstDay(tally.year, at),
      minutes: tally.sum(at, to).minutes,
    })
    return parts.every((month) => isSound(tally.sum(month, month + 1)))
      ? parts.map((month) => part('month', month, month + 1))
      : [part('quarter', from, from + 3)]
  })
  return { periods, yearMinutes }
}

function firstDay(year: string, month: number): number {
  return dayOf(`${year}-${String(month + 1).padStart(2, '0')}-01`) ?? 0
}

export interface NeighbourFigures {
  readonly names: readonly string[]
  /** By how much these banks helped ours for longer; below 0 ours helped them. Null where too few took part. */
  readonly theyHelpedMinutes: number | null
}

/** Lines with few people are told together; when they are still too few, or one bank alone, only the names are. */
export function mergeFew(
  lines: readonly { readonly name: string; readonly people: ReadonlySet<number>; readonly minutes: number }[],
  least: number,
): NeighbourFigures[] {
  const large = lines
    .filter(({ people }) => people.size >= least)
    .map(({ name, minutes }) => ({ names: [name], theyHelpedMinutes: minutes }))
  const small = lines.filter(({ people }) => people.size < least)
  if (small.length === 0) return large
  const together = new Set(small.flatMap(({ people }) => [...people]))
  const sum = small.reduce((all, { minutes }) => all + minutes, 0)
  const names = small.map(({ name }) => name)
  return [...large, { names, theyHelpedMinutes: together.size >= least ? sum : null }]
}
