/**
 * How is a member's account told? Two tallies and a sentence, then each line; never a bare number below zero, and no
 * talk of owing ([EX-10]).
 */

import { hoursAndMinutes } from './amounts.ts'

export interface Standing {
  readonly balance_minutes: number
  readonly given_minutes: number
  readonly received_minutes: number
}

/** "You have helped for 12 hours and been helped for 14 hours. ..." */
export function standingWords({
  balance_minutes: balance,
  given_minutes: given,
  received_minutes: received,
}: Standing): string {
  const tallies = `Has helped for ${hoursAndMinutes(given)} and was helped for ${hoursAndMinutes(received)}.`
  return balance > 0 ? `${tallies} ${hoursAndMinutes(balance)} waiting.` : `${tallies} Welcome to ask again.`
}

export interface ToldLine {
  readonly what:
    | 'exchange'
    | 'opening'
    | 'reversed'
    | 'sent'
    | 'set_aside'
    | 'freed'
    | 'came_back'
    | 'received'
    | 'covered'
    | 'loss'
  readonly minutes: number
  readonly with: readonly { readonly number: string; readonly name: string }[]
  readonly bank_name: string | null
  readonly note: string | null
  /** Index of the entry that took this record back. */
  readonly reversed_at: number | null
}

/** One line of a statement in words. */
export function statementWords(line: ToldLine): string {
  const told = TOLD[line.what](line, hoursAndMinutes(Math.abs(line.minutes)))
  const whole = line.note === null ? told : `${told}: ${line.note}`
  return line.reversed_at === null ? whole : `${whole} (taken back)`
}

const TOLD: Readonly<Record<ToldLine['what'], (line: ToldLine, length: string) => string>> = {
  exchange: (line, length) =>
    `${line.minutes > 0 ? 'helped' : 'was helped by'} ${peopleOf(line)} for ${length}`,
  opening: (line, length) =>
    `brought along ${length} ${line.minutes > 0 ? 'waiting' : 'more helped than given'}`,
  reversed: (line, length) =>
    `taken back: ${line.minutes < 0 ? 'helped' : 'was helped by'} ${peopleOf(line)} for ${length}`,
  sent: (line, length) => `was helped by a member of ${bankOf(line)} for ${length}`,
  set_aside: (line, length) => `${length} set aside for a member of ${bankOf(line)}`,
  freed: (line, length) => `${length} for a member of ${bankOf(line)} free again`,
  came_back: (line, length) => `${length} came back from ${bankOf(line)}`,
  covered: (line, length) => `${length} given back to a member, for they never arrived at ${bankOf(line)}`,
  loss: (line, length) =>
    line.minutes < 0
      ? `bore a loss of ${length} with ${bankOf(line)}`
      : `${length} of a loss with ${bankOf(line)} made good`,
  received: (line, length) => `helped a member of ${bankOf(line)} for ${length}`,
}

function peopleOf(line: ToldLine): string {
  return line.with.map(({ name, number }) => `${name} (${number})`).join(', ') || 'somebody'
}

function bankOf(line: ToldLine): string {
  return line.bank_name ?? 'another bank'
}
