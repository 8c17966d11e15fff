/**
 * Which states can a model reach at all, and is each of them allowed? Breadth-first search over every step of a small
 * model: rules are asked on every state, goals by walking back from where they hold, and whatever fails comes with
 * the shortest run that leads there.
 */

/**
 * `order`: somebody wants something. `hear`: a message arrives. `say`: what the log makes due is said again. `write`: the
 * disk has it. `clock`: time passes. `crash`: memory is lost. `act`: a person at a desk. `lie`: a bank that cheats.
 */
export type StepKind = 'order' | 'hear' | 'say' | 'write' | 'clock' | 'crash' | 'act' | 'lie'

export interface Step<S> {
  /** Who takes it; a step that needs two names both, as `A B`. */
  readonly by: string
  readonly kind: StepKind
  readonly what: string
  readonly to: S
}

/** Must hold in every state. */
export interface Rule<S> {
  readonly name: string
  /** What is wrong with this state, or null. */
  readonly broken: (state: S) => string | null
}

/** From every state for which it is asked, a state that satisfies it can be reached by the steps it may use. */
export interface Goal<S> {
  readonly name: string
  readonly reached: (state: S) => boolean
  readonly uses: (step: Step<S>) => boolean
  /** From which states; all of them unless said. */
  readonly from?: (state: S) => boolean
}

/** How a state is told apart from others and kept: two states are the same when their keys are. */
export interface Keys<S> {
  readonly key: (state: S) => string
  readonly state: (key: string) => S
}

/** A state is plain data, and no step changes the state that it starts from. */
export interface Model<S> {
  readonly name: string
  readonly start: S
  readonly steps: (state: S) => Iterable<Step<S>>
  readonly rules: readonly Rule<S>[]
  readonly goals: readonly Goal<S>[]
  /** JSON unless said; for states of which large parts stay the same. */
  readonly keys?: Keys<S>
}

/** Something that must not be, and the shortest run to it. */
export interface Failure {
  readonly rule: string
  readonly why: string
  readonly trace: readonly string[]
}

export interface Explored {
  readonly name: string
  readonly states: number
  /** Steps that lead to another state; those that change nothing are not counted. */
  readonly transitions: number
  /** Steps of the shortest run to the furthest state. */
  readonly depth: number
  /** The first broken rule, if any; the search ends there. */
  readonly unsafe: Failure | null
  /** Every goal that some state cannot reach, with the nearest such state. */
  readonly stuck: readonly Failure[]
}

/** Thrown by a model whose next step contradicts its own tables. */
export class Impossible extends Error {}

/** A model that grows beyond this is a mistake in the model. */
const MOST_STATES = 400_000

export function explore<S>(model: Model<S>): Explored {
  const found = new Found<S>(model)
  const goals = model.goals
  for (let at = 0; at < found.size; at++) {
    const state = found.state(at)
    const why = brokenRule(model, state)
    if (why !== null) return report(found, { unsafe: { ...why, trace: found.trace(at) }, stuck: [] })
    try {
      for (const step of model.steps(state)) {
        const to = found.add(step.to, at)
        if (to === at) continue
        let mask = 0
        for (let g = 0; g < goals.length; g++) if (goals[g]?.uses(step)) mask |= 1 << g
        found.connect(at, to, mask)
      }
    } catch (thrown) {
      if (!(thrown instanceof Impossible)) throw thrown
      const failure = { rule: 'what is decided can be written', why: thrown.message, trace: found.trace(at) }
      return report(found, { unsafe: failure, stuck: [] })
    }
  }
  const stuck = goals.map((goal, g) => stuckBefore(found, goal, g)).filter((one) => one !== null)
  return report(found, { unsafe: null, stuck })
}

function brokenRule<S>(model: Model<S>, state: S): { rule: string; why: string } | null {
  for (const { name, broken } of model.rules) {
    const why = broken(state)
    if (why !== null) return { rule: name, why }
  }
  return null
}

function report<S>(found: Found<S>, ended: Pick<Explored, 'unsafe' | 'stuck'>): Explored {
  return {
    name: found.model.name,
    states: found.size,
    transitions: found.edges,
    depth: found.depth,
    ...ended,
  }
}

/** Walks back from where the goal holds; a state that the walk never meets can never reach it. */
function stuckBefore<S>(found: Found<S>, goal: Goal<S>, g: number): Failure | null {
  const live = new Uint8Array(found.size)
  const front: number[] = []
  for (let at = 0; at < found.size; at++) {
    if (!goal.reached(found.state(at))) continue
    live[at] = 1
    front.push(at)
  }
  const back = found.backwards(1 << g)
  while (front.length > 0) {
    for (const before of back(front.pop() as number)) {
      if (live[before] === 1) continue
      live[before] = 1
      front.push(before)
    }
  }
  for (let at = 0; at < found.size; at++) {
    if (live[at] === 1 || goal.from?.(found.state(at)) === false) continue
    return { rule: goal.name, why: 'from here it can never be reached', trace: found.trace(at) }
  }
  return null
}

/** The states found so far, in order of distance, and the steps between them. */
class Found<S> {
  readonly model: Model<S>
  readonly #numbers = new Map<string, number>()
  readonly #keys: string[] = []
  readonly #parents: number[] = []
  readonly #depths: number[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #masks: number[] = []
  readonly #coding: Keys<S>

  constructor(model: Model<S>) {
    this.model = model
    this.#coding = model.keys ?? { key: JSON.stringify, state: (key) => JSON.parse(key) as S }
    this.add(model.start, -1)
  }

  get size(): number {
    return this.#keys.length
  }

  get edges(): number {
    return this.#from.length
  }

  get depth(): number {
    return this.#depths.at(-1) ?? 0
  }

  state(at: number): S {
    return this.#coding.state(this.#keys[at] as string)
  }

  add(state: S, parent: number): number {
    const key = this.#coding.key(state)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#keys.length
    if (number >= MOST_STATES) throw new Error(`${this.model.name} has more than ${MOST_STATES} states`)
    this.#numbers.set(key, number)
    this.#keys.push(key)
    this.#parents.push(parent)
    this.#depths.push(parent < 0 ? 0 : (this.#depths[parent] as number) + 1)
    return number
  }

  connect(from: number, to: number, mask: number): void {
    this.#from.push(from)
    this.#to.push(to)
    this.#masks.push(mask)
  }

  /** For each state, those that lead to it by a step with this bit. */
  backwards(bit: number): (at: number) => Int32Array {
    const starts = new Int32Array(this.size + 1)
    const chosen = (edge: number): boolean => ((this.#masks[edge] as number) & bit) !== 0
    for (let edge = 0; edge < this.edges; edge++) {
      const after = (this.#to[edge] as number) + 1
      if (chosen(edge)) starts[after] = (starts[after] as number) + 1
    }
    for (let at = 0; at < this.size; at++)
      starts[at + 1] = (starts[at + 1] as number) + (starts[at] as number)
    const filled = starts.slice()
    const sources = new Int32Array(starts[this.size] as number)
    for (let edge = 0; edge < this.edges; edge++) {
      if (!chosen(edge)) continue
      const to = this.#to[edge] as number
      sources[filled[to] as number] = this.#from[edge] as number
      filled[to] = (filled[to] as number) + 1
    }
    return (at) => sources.subarray(starts[at], starts[at + 1])
  }

  /** The shortest run to a state, told step by step. */
  trace(at: number): string[] {
    const told: string[] = []
    let here = at
    while ((this.#parents[here] as number) >= 0) {
      const parent = this.#parents[here] as number
      told.unshift(this.#stepBetween(parent, here))
      here = parent
    }
    return told
  }

  #stepBetween(from: number, to: number): string {
    for (const { by, what, to: next } of this.model.steps(this.state(from)))
      if (this.#coding.key(next) === this.#keys[to]) return `${by}: ${what}`
    throw new Error(`${this.model.name}: the same state has other steps the second time`)
  }
}
