/**
 * Do honest neighbours on a path agree whatever the others sign? A path of banks, each with one log; a message exists once
 * the entry behind it stands in a log and may arrive at any time, again and again, or never.
 */

import type { Goal, Model, Rule, Step } from './explore.ts'
import { HOP, type HopInput, type HopState, type HopTable, PAYEE_ON_PATH, type PathInput } from './hop.ts'
import { type PayeeInput, type PayeeState, type PayerInput, type PayerState, PRODUCTION } from './tables.ts'

/** One bank of the path: its state, and the entries of its log in alphabetical order. */
interface At {
  readonly state: string
  readonly log: readonly string[]
}

interface Path {
  readonly banks: readonly At[]
  /** The deadline passed on the payer's bank's clock; the grace passed on the payee's bank's. */
  readonly late: boolean
  readonly grace: boolean
}

export interface PathSetting {
  readonly banks: number
  readonly table?: HopTable
  /** A bank that signs what it likes, by its place. */
  readonly liar?: number
  /** A pool without room never releases an offer. */
  readonly poolFull?: boolean
  /** COMMIT comes with the neighbour's posting alone, and a liar signs no wrong terms: fewer states, longer paths. */
  readonly plain?: boolean
}

/** What a liar at this place of the path could sign. */
function repertoire(place: number, last: number): readonly string[] {
  if (place === 0) return ['pay.hold', 'pay.commit', 'pay.abort', 'invalid commit']
  return place === last ? ['rcv.promise', 'rcv.credit', 'rcv.waive'] : ['fwd.offer', 'fwd.post', 'fwd.waive']
}

export class Walk {
  readonly #setting: PathSetting
  readonly #last: number
  readonly #table: HopTable

  constructor(setting: PathSetting) {
    this.#setting = setting
    this.#last = setting.banks - 1
    this.#table = setting.table ?? HOP
  }

  model(name: string): Model<Path> {
    const { banks, liar } = this.#setting
    return {
      name,
      start: {
        banks: Array.from({ length: banks }, () => ({ state: 'none', log: [] })),
        late: false,
        grace: false,
      },
      steps: (path) => this.steps(path),
      rules: this.#rules(),
      goals: liar === undefined ? this.#goals() : [],
    }
  }

  *steps(path: Path): Generator<Step<Path>> {
    if (!path.late) yield clock('A', 'the deadline passes', { ...path, late: true })
    if (!path.grace) yield clock(this.#name(this.#last), 'the grace passes', { ...path, grace: true })
    for (let place = 0; place <= this.#last; place++) {
      if (place === this.#setting.liar) yield* this.#lies(path, place)
      else if (place === 0) yield* this.#payer(path)
      else if (place === this.#last) yield* this.#payee(path)
      else yield* this.#hop(path, place)
    }
  }

  #name(place: number): string {
    return place === 0 ? 'A' : place === this.#last ? 'D' : `H${place}`
  }

  *#lies(path: Path, place: number): Generator<Step<Path>> {
    for (const entry of repertoire(place, this.#last)) {
      if (has(path, place, entry) || (this.#setting.plain && entry === 'invalid commit')) continue
      yield {
        by: this.#name(place),
        kind: 'lie',
        what: `signs ${entry}`,
        to: written(path, place, [entry], 'lies'),
      }
    }
  }

  /** The payer's bank: the production table, with a complete bundle instead of one promise ([HOP-2]). */
  *#payer(path: Path): Generator<Step<Path>> {
    const { state } = path.banks[0] as At
    const bundle = path.banks.every(
      (_, i) => i === 0 || has(path, i, i === this.#last ? 'rcv.promise' : 'fwd.offer'),
    )
    const inputs: [PayerInput, boolean, Step<Path>['kind']][] = [
      ['order', !path.late && state === 'none', 'order'],
      ['cancel', state === 'held', 'act'],
      ['overdue', path.late && state === 'held', 'say'],
      ['promise', bundle && !path.late && state === 'held', 'hear'],
      ['waive', waived(path, 1), 'hear'],
      ['credit', has(path, this.#last, 'rcv.credit') && state !== 'paid', 'hear'],
    ]
    for (const [input, due, kind] of inputs) {
      const step = due ? PRODUCTION.payerStep(state as PayerState, input) : null
      if (step !== null) yield told('A', kind, input, written(path, 0, step.entries, step.next), step.entries)
    }
  }

  *#hop(path: Path, place: number): Generator<Step<Path>> {
    const { state, log } = path.banks[place] as At
    const posting = this.#posted(path, place - 1)
    const consumed = log.includes('matched') || log.includes('fwd.bounce')
    const known = has(path, 0, 'pay.commit')
    const inputs: [HopInput, boolean, Step<Path>['kind']][] = [
      ['offer', has(path, place - 1, place === 1 ? 'pay.hold' : 'fwd.offer'), 'hear'],
      ['offerRefused', has(path, place - 1, place === 1 ? 'pay.hold' : 'fwd.offer'), 'act'],
      // Without an offer of its own only the neighbour's posting asks for an answer.
      ['commit', state === 'none' || this.#setting.plain ? posting && known : known, 'hear'],
      ['commitInvalid', has(path, 0, 'invalid commit') && !log.includes('wrong terms bounced'), 'hear'],
      ['abort', has(path, 0, 'pay.abort') && this.#setting.poolFull !== true, 'hear'],
      ['waive', waived(path, place + 1), 'hear'],
      ['credit', has(path, this.#last, 'rcv.credit'), 'hear'],
      ['posting', posting && !consumed, 'hear'],
    ]
    for (const [input, due, kind] of inputs) {
      const step = due ? (this.#table[state as HopState][input] ?? null) : null
      if (step === null) continue
      // The bounce of wrong terms is an entry of its own, once; it answers no posting of this attempt.
      const marks: string[] = input === 'commitInvalid' ? ['wrong terms bounced'] : [step.entry]
      if (input === 'commitInvalid' && step.entry !== 'fwd.bounce') marks.push(step.entry)
      // A posting that is there is consumed by the same entry; an early one is matched later ([HOP-8]).
      if (input === 'posting' || (input === 'commit' && posting)) marks.push('matched')
      yield told(this.#name(place), kind, input, written(path, place, marks, step.next), [step.entry])
    }
  }

  /** The payee's bank: the production table, and the few rows that differ on a path. */
  *#payee(path: Path): Generator<Step<Path>> {
    const place = this.#last
    const { state, log } = path.banks[place] as At
    const offer = has(path, place - 1, place === 1 ? 'pay.hold' : 'fwd.offer')
    const posting = this.#posted(path, place - 1)
    const known = has(path, 0, 'pay.commit')
    const inputs: [PathInput, boolean, Step<Path>['kind']][] = [
      ['offer', offer, 'hear'],
      ['offerRefused', offer, 'act'],
      ['commit', known && (posting || !this.#setting.plain) && state === 'promised', 'hear'],
      ['commitRefused', posting && state === 'none', 'hear'],
      ['abortOnPath', has(path, 0, 'pay.abort'), 'hear'],
      ['graceOver', path.grace, 'say'],
      ['posting', posting && !log.includes('matched'), 'hear'],
    ]
    for (const [input, due, kind] of inputs) {
      if (!due) continue
      const own = PAYEE_ON_PATH[state as PayeeState]?.[input]
      const step = own ?? PRODUCTION.payeeStep(state as PayeeState, input as PayeeInput)
      if (step === null) continue
      const marks: string[] = [step.entry]
      if (posting && ['commit', 'commitRefused', 'posting'].includes(input)) marks.push('matched')
      yield told('D', kind, input, written(path, place, marks, step.next), [step.entry])
    }
  }

  #posted(path: Path, place: number): boolean {
    return has(path, place, place === 0 ? 'pay.commit' : 'fwd.post')
  }

  #honest(place: number): boolean {
    return place !== this.#setting.liar
  }

  #rules(): Rule<Path>[] {
    return [
      {
        name: '[L2] a hop gives back only what it was given back',
        broken: (path) => this.#waivedAlone(path),
      },
      { name: '[HOP-4] at rest the books are the edge law', broken: (path) => this.#atRest(path) },
      { name: '[R3] the payee is credited or it is given back', broken: (path) => this.#bothAnswers(path) },
    ]
  }

  #waivedAlone(path: Path): string | null {
    for (let place = 1; place < this.#last; place++) {
      if (!this.#honest(place) || !waived(path, place)) continue
      const offered = has(path, place, 'fwd.offer')
      if (offered && !waived(path, place + 1)) return `${this.#name(place)} gave back what it still offers`
    }
    return null
  }

  #bothAnswers(path: Path): string | null {
    const both = has(path, this.#last, 'rcv.credit') && has(path, this.#last, 'rcv.waive')
    return both && this.#honest(this.#last) ? 'the payee is credited and it is given back' : null
  }

  /** Nothing that anybody honest has yet to hear or to do is left. */
  #resting(path: Path): boolean {
    for (const { kind, by, to } of this.steps(path)) {
      const honest = this.#setting.liar === undefined || by !== this.#name(this.#setting.liar)
      if (honest && (kind === 'hear' || kind === 'say') && to !== path) return false
    }
    return true
  }

  #atRest(path: Path): string | null {
    if (!this.#resting(path)) return null
    for (let edge = 0; edge < this.#last; edge++) {
      const law = this.#owed(path, edge) ? 1 : 0
      const down = this.#honest(edge) ? booked(path, edge).down : law
      const up = this.#honest(edge + 1) ? -booked(path, edge + 1).up : law
      const line = `${this.#name(edge)}-${this.#name(edge + 1)}`
      // Towards a liar only what its artefacts make it owe is asked for, and it may have given up its claim.
      if (down !== up && this.#honest(edge) && this.#honest(edge + 1))
        return `on ${line} the books say ${down} and ${up}`
      if (this.#honest(edge) && this.#honest(edge + 1) && down !== law)
        return `on ${line} the books say ${down} and the artefacts ${law}`
      if (this.#honest(edge) && down > law) return `on ${line} ${down} is booked and ${law} is owed`
      if (this.#honest(edge + 1) && up > law) return `on ${line} ${up} is claimed and ${law} is owed`
    }
    return this.#outOfPocket(path)
  }

  /** The debt on an edge: offered, committed, not given back. On the first line the commit proves the offer. */
  #owed(path: Path, edge: number): boolean {
    const offered = edge === 0 || has(path, edge, 'fwd.offer')
    return offered && has(path, 0, 'pay.commit') && !waived(path, edge + 1)
  }

  #outOfPocket(path: Path): string | null {
    for (let place = 1; place < this.#last; place++) {
      if (!this.#honest(place)) continue
      if (this.#owed(path, place) && !this.#owed(path, place - 1))
        return `${this.#name(place)} pays for others`
    }
    return null
  }

  /** The four of an honest path: all up; all but the payer's bank dead; that one dead undecided; the payee's bank dead. */
  #goals(): Goal<Path>[] {
    const all = Array.from({ length: this.#last + 1 }, (_, place) => this.#name(place))
    const uses =
      (...dead: string[]) =>
      ({ by, kind }: Step<Path>): boolean =>
        ['hear', 'say', 'clock'].includes(kind) && !dead.includes(by)
    const state = (path: Path, place: number): string => (path.banks[place] as At).state
    const hopsFree = (path: Path): boolean =>
      path.banks.every((bank, i) => i === 0 || i === this.#last || bank.state !== 'offered')
    const undecided = (path: Path): boolean => !has(path, 0, 'pay.commit') && !has(path, 0, 'pay.abort')
    const settled = (path: Path): boolean => {
      const ended = ['none', 'paid', 'returned', 'dead'].includes(state(path, 0))
      const hops = path.banks
        .slice(1, -1)
        .every((bank) => ['none', 'released', 'done', 'waived'].includes(bank.state))
      return ended && hops && state(path, this.#last) !== 'promised' && this.#atRest(path) === null
    }
    const notHeld = (path: Path): boolean => state(path, 0) !== 'held'
    return [
      { name: '[PAY-18] everything settles', reached: settled, uses: uses() },
      { name: '[PAY-8] free again with everyone but A dead', reached: notHeld, uses: uses(...all.slice(1)) },
      {
        name: '[L5] free again with A dead before it decides',
        reached: (path) => hopsFree(path) && state(path, this.#last) !== 'promised',
        uses: uses('A'),
        from: undecided,
      },
      {
        name: '[HOP-5] free again with D dead',
        reached: (path) => notHeld(path) && (hopsFree(path) || this.#setting.poolFull === true),
        uses: uses('D'),
      },
    ]
  }
}

function clock(by: string, what: string, to: Path): Step<Path> {
  return { by, kind: 'clock', what, to }
}

function told(
  by: string,
  kind: Step<Path>['kind'],
  input: string,
  to: Path,
  entries: readonly string[],
): Step<Path> {
  return { by, kind, what: `on ${input} writes ${entries.join(', ')}`, to }
}

function has(path: Path, place: number, entry: string): boolean {
  return (path.banks[place] as At).log.includes(entry)
}

/** Whether this bank gave back to the one before it. */
function waived(path: Path, place: number): boolean {
  return ['fwd.waive', 'fwd.return', 'rcv.waive'].some((entry) => has(path, place, entry))
}

/** What a bank's own book says of its two lines: + is owed to the neighbour. */
function booked(path: Path, place: number): { up: number; down: number } {
  switch ((path.banks[place] as At).state) {
    case 'sent':
    case 'paid':
      return { up: 0, down: 1 }
    case 'posted':
    case 'done':
      return { up: -1, down: 1 }
    case 'kept':
    case 'credited':
      return { up: -1, down: 0 }
    default:
      return { up: 0, down: 0 }
  }
}

function written(path: Path, place: number, entries: readonly string[], state: string): Path {
  const banks = path.banks.map((bank, i) =>
    i === place ? { state, log: [...new Set([...bank.log, ...entries])].sort() } : bank,
  )
  return { ...path, banks }
}
