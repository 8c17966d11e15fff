/**
 * How are numbers and words of a command line read? A text that is no number is wrong usage; whether a number is in
 * range, the bank says.
 */

import { InvalidArgumentError, Option } from 'commander'
import { CHANNELS, COORDINATOR_REASONS } from '../core/entry.ts'

/** `90`, `1.5` or `-3` as a number; the bank refuses what is not whole or out of range, by name. */
export function readNumber(given: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(given)) throw new InvalidArgumentError('It should be a number.')
  return Number(given)
}

/** Why a coordinator acts for a member. */
export function reasonOption(): Option {
  return new Option('--reason <reason>', 'why a coordinator records it').choices(COORDINATOR_REASONS)
}

/** How it reached the bank. */
export function channelOption(): Option {
  return new Option('--channel <channel>', 'how it reached the bank').choices(CHANNELS).default('desk')
}

/** Who of the board decided it; the bank says how many are due. */
export function boardOption(): Option {
  return new Option(
    '--board <name...>',
    'members of the board who decided it, two to five',
  ).makeOptionMandatory()
}

export function dayOption(): Option {
  return new Option('--day <date>', 'day of the help, YYYY-MM-DD (default: today)')
}
