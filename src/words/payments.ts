/**
 * Which word does a person read for the state of a payment between banks? The bold word, and one line under it.
 */

import type { PayeeState } from '../core/transfer/payee.ts'
import type { PayerState } from '../core/transfer/payer.ts'
import { hoursAndMinutes } from './amounts.ts'

export interface StateWords {
  readonly word: string
  readonly sentence: string
}

interface Shown {
  readonly state: PayerState | PayeeState
  readonly minutes: number
  /** Code of why it ended without moving hours; null otherwise. */
  readonly reason: string | null
  /** Name of the other bank. */
  readonly bank: string
}

/** State, length and reason in words, as seen at this bank. */
export function paymentWords(payment: Shown): StateWords {
  return WORDS[payment.state](payment)
}

const WORDS: Readonly<Record<PayerState | PayeeState, (payment: Shown) => StateWords>> = {
  none: () => ({
    word: 'Not known',
    sentence: 'Nothing was recorded. It can be sent again without counting twice.',
  }),
  held: ({ minutes, bank }) => ({
    word: 'Waiting',
    sentence: `${hoursAndMinutes(minutes)} set aside until ${bank} answers. It can be cancelled.`,
  }),
  sent: ({ bank }) => ({ word: 'On its way', sentence: `On its way to ${bank}. This side is finished.` }),
  covered: ({ bank }) => ({
    word: 'Came back',
    sentence: `${bank} stays silent and was given up. The community pot gave the hours back.`,
  }),
  paid: ({ minutes, bank }) => ({
    word: 'Done',
    sentence: `${hoursAndMinutes(minutes)} arrived at ${bank}.`,
  }),
  returned: ({ bank }) => ({
    word: 'Came back',
    sentence: `${bank} could not keep the hours, and they are back.`,
  }),
  dead: (payment) => deadWords(payment),
  promised: ({ bank }) => ({
    word: 'Waiting',
    sentence: `${bank} has asked whether the hours can come; it decides.`,
  }),
  released: () => ({ word: 'Cancelled', sentence: 'The other bank took it back. No hours moved.' }),
  credited: ({ minutes, bank }) => ({
    word: 'Done',
    sentence: `${hoursAndMinutes(minutes)} arrived from ${bank}.`,
  }),
  waived: ({ bank }) => ({ word: 'Did not arrive', sentence: `The hours were sent back to ${bank}.` }),
}

function deadWords({ reason, bank }: Shown): StateWords {
  const why = reason === null ? undefined : END_REASONS[reason]
  return (
    why?.(bank) ?? {
      word: 'Did not go through',
      sentence: `${bank} said no. No hours moved; it never happened.`,
    }
  )
}

const refusedBecause = (why: string) => (): StateWords => ({
  word: 'Did not go through',
  sentence: `${why} No hours moved; it never happened.`,
})

/** Causes in our own log, and what another bank says when it refuses; that is its own word, so others may come. */
const END_REASONS: Readonly<Record<string, (bank: string) => StateWords>> = {
  cancelled: () => ({ word: 'Cancelled', sentence: 'No hours moved.' }),
  key_rotation: () => ({
    word: 'Cancelled',
    sentence: 'The bank changed its keys before it was sent. No hours moved; send it again.',
  }),
  too_late: (bank) => ({
    word: 'Ran out',
    sentence: `${bank} did not answer in time. No hours moved; it never happened.`,
  }),
  handle_unknown: refusedBecause('The other bank does not know this code.'),
  handle_expired: refusedBecause('The code has run out.'),
  handle_used_up: refusedBecause('The code was used as often as it may be.'),
  payee_cannot_take: refusedBecause('The person at the other bank cannot take hours at present.'),
  payee_stop: refusedBecause('The person at the other bank has as many hours as that bank lets them gather.'),
  line_full: refusedBecause('The line between the two banks has no room for so many hours just now.'),
  line_closing: refusedBecause('The other bank is closing this line.'),
  line_dead: refusedBecause('The other bank had given this line up.'),
  line_paused: refusedBecause('The other bank has stopped new hours on this line.'),
}
