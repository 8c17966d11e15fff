/**
 * Does a line end, and come back, by the rules? Closed by both banks with nothing owed, given up by the board after a
 * long silence, its claim written off no further than it goes, and taken up again with nothing given up left.
 */

import type { Body } from '../entry.ts'
import { LIMITS } from '../limits.ts'
import {
  cite,
  findLine,
  hexOf,
  keyOf,
  type Line,
  postAccount,
  postLine,
  postSuspense,
  type Step,
  say,
} from './book.ts'
import { judgeBoard } from './coverage.ts'

const DAY = 86_400

type LineEntry = 'line.dead' | 'line.thaw' | 'line.close' | 'line.writeoff' | 'susp.settle'

/** The line of the entry, in one of these states; another state is a finding. */
function lineIn(step: Step, body: Body<LineEntry>, states: readonly Line['state'][]): Line | null {
  const line = findLine(step, body.line)
  if (line !== null && !states.includes(line.state)) sayState(step, line)
  return line
}

function sayState(step: Step, line: Line): void {
  say(step, 'AUD-6.line_state', { line: hexOf(line.key), state: line.state })
}

/** What `line.thaw` lifts, by its cause. */
const THAWS: Readonly<Record<number, (step: Step, line: Line, body: Body<'line.thaw'>) => boolean>> = {
  1: (_, line, { board, accepted }) => {
    const own = line.state === 'open' && line.frozen && line.refused === null
    const due = own && board === null && accepted === null
    line.frozen = false
    return due
  },
  2: (_, line, { board, accepted }) => {
    const due = line.state === 'closing' && board === null && accepted === null
    line.state = 'open'
    return due
  },
  3: (step, line, { board, accepted }) => {
    const due = line.state === 'dead' && accepted === null
    judgeBoard(step, board)
    if (line.writtenOff !== 0)
      say(step, 'AUD-6.written_off_stands', { line: hexOf(line.key), minutes: line.writtenOff })
    line.state = 'open'
    line.frozen = false
    line.refused = null
    return due
  },
  4: (step, line, { board, accepted }) => {
    judgeBoard(step, board)
    const same = accepted !== null && line.refused !== null && keyOf(accepted.leaf) === line.refused
    if (accepted !== null) line.accepted.push({ index: step.index, cited: cite(step, line, accepted) })
    const due = line.state === 'open' && same
    line.frozen = false
    line.refused = null
    return due
  },
}

export function thawLine(step: Step, body: Body<'line.thaw'>): void {
  const line = findLine(step, body.line)
  if (line === null) return
  const { state } = line
  const lifted = THAWS[body.cause]?.(step, line, body) ?? false
  if (!lifted) say(step, 'AUD-6.line_state', { line: hexOf(line.key), state })
}

export function giveUpLine(step: Step, body: Body<'line.dead'>): void {
  const line = lineIn(step, body, ['open', 'closing'])
  if (line === null) return
  judgeBoard(step, body.board)
  const silent = step.time - line.heard
  if (silent < LIMITS.deadSilenceSeconds)
    say(step, 'AUD-6.line_not_silent', { line: hexOf(line.key), days: Math.floor(silent / DAY) })
  line.state = 'dead'
}

export function writeOff(step: Step, body: Body<'line.writeoff'>): void {
  const line = findLine(step, body.line)
  if (line === null) return
  const { minutes } = body
  const facts = { line: hexOf(line.key), minutes: Math.abs(minutes) }
  if (line.state !== 'dead') say(step, 'AUD-6.line_not_dead', { line: facts.line, state: line.state })
  judgeBoard(step, body.board)
  const claim = Math.max(0, -line.clr)
  if (minutes > claim) say(step, 'AUD-6.over_claim', { ...facts, claim })
  if (line.writtenOff + minutes < 0)
    say(step, 'AUD-6.over_written_off', { ...facts, written_off: line.writtenOff })
  line.writtenOff += minutes
  postLine(step, line, minutes)
  postSuspense(step, line, -minutes)
}

export function settle(step: Step, body: Body<'susp.settle'>): void {
  const line = findLine(step, body.line)
  if (line === null) return
  judgeBoard(step, body.board)
  const left = line.susp + body.minutes
  const nearer = line.susp < 0 ? left > line.susp && left <= 0 : left < line.susp && left >= 0
  if (!nearer) say(step, 'AUD-6.settled_away', { line: hexOf(line.key), from: line.susp, to: left })
  const { fund } = step.book
  if (fund === null) return say(step, 'AUD-2.fund_missing', { line: hexOf(line.key) })
  postSuspense(step, line, body.minutes)
  postAccount(step, fund, -body.minutes)
}

/** A proposal is withdrawn by one entry; a line that was open ends when both banks have said so. */
export function closeLine(step: Step, body: Body<'line.close'>): void {
  const line = lineIn(step, body, ['proposed', 'open', 'closing'])
  if (line === null) return
  const { cause, lastStatement } = body
  const { state } = line
  const cited = body.peerEntry === null ? null : cite(step, line, body.peerEntry)
  line.closes.push({ index: step.index, cause, lastStatement, cited })
  const opened = state === 'open' || state === 'closing'
  if (opened && (line.clr !== 0 || line.open !== 0)) {
    say(step, 'AUD-6.line_not_settled', { line: hexOf(line.key), owed: line.clr, open: line.open })
  }
  // Ours alone ends a proposal and begins the end of a line; the peer's ends a line and never a proposal.
  if ((cited === null && state === 'closing') || (cited !== null && state === 'proposed'))
    sayState(step, line)
  line.state = cited === null && opened ? 'closing' : 'closed'
}
