/**
 * In which words is a payment between two banks told? One bold word and one line under it for each state, the same to
 * whoever asks, and a sentence of who helped whom (states of flow D, [EX-17]).
 */

import { GIFT } from '../../core/categories.ts'
import type { CrossingView } from '../../register/crossings.ts'
import type { Visit } from '../screen.ts'
import { calledName, helpSentence } from './sentences.ts'

type Saying = Pick<Visit, 'say' | 'speech'>

/** The end of a message's name: a state, or how a payment died. */
function wordsOf({ state, reason }: CrossingView) {
  if (state !== 'dead') return state === 'none' ? 'dead' : state
  if (reason === 'cancelled') return 'cancelled'
  return reason === 'too_late' ? 'ran_out' : 'dead'
}

export function crossingTitle({ say }: Saying, crossing: CrossingView): string {
  return say(`crossing.${wordsOf(crossing)}.title`, { bank: crossing.bankName })
}

export function crossingText({ say, speech, visitor }: Visit, crossing: CrossingView): string {
  const { minutes, bankName: bank, reason, person, state } = crossing
  const isOther = visitor.kind === 'member' && person !== visitor.person
  // "Yours" is said to whoever has the hours; who acts for them reads the name.
  if (isOther && (state === 'returned' || state === 'covered'))
    return say(`for_whom.${state}`, { bank, name: calledName({ say }, person) })
  const facts = { bank, length: speech.hours(minutes), reason: reason ?? 'other' }
  return say(`crossing.${wordsOf(crossing)}.text`, facts)
}

/** "Bo M., Millbrook": the other bank's member, as far as that bank named them. */
export function partyName({ say }: Pick<Visit, 'say'>, crossing: CrossingView): string {
  const { party: name, bankName: bank } = crossing
  return name === null ? say('party.someone', { bank }) : say('party.at', { name, bank })
}

/** Who helped whom, how long, when and with what. */
export function crossingSentence(saying: Saying, crossing: CrossingView, today: number): string {
  const ours = calledName(saying, crossing.person)
  const theirs = partyName(saying, crossing)
  const [helper, helped] = crossing.role === 'payer' ? [theirs, ours] : [ours, theirs]
  const { minutes, category, note } = crossing
  const day = crossing.day ?? Math.floor(crossing.begun / SECONDS_PER_DAY)
  if (category === GIFT) {
    const facts = { giver: helped, getter: helper, length: saying.speech.hours(minutes) }
    return saying.speech.alone(
      saying.say('crossing.sentence_passed', {
        ...facts,
        day: saying.speech.day(day, today),
        words: note ?? '',
        said: note === null ? 'no' : 'yes',
      }),
    )
  }
  return helpSentence(saying, { helper, helped, minutes, day, category, note: note ?? '' }, today)
}

const SECONDS_PER_DAY = 86_400

/** Whether the state may still change by itself. */
export function isOpen({ state }: CrossingView): boolean {
  return state === 'held' || state === 'sent' || state === 'promised'
}
