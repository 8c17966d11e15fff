/**
 * Which characters of a text does nobody see? Two names that look alike are then one, and no name looks like none.
 * Format characters and the fillers of Hangul are unseen, and so is what hides under a tower of marks (Unicode 16, general
 * category Cf; UAX 31 section 2.3 on joiners).
 */

import { LIMITS } from './limits.ts'

/** Fillers count as letters in Unicode, and are blank. */
const FILLER = '[\\u115f\\u1160\\u3164\\uffa0]'

/** Persian, Hindi and others need the two joiners between letters; a mark belongs to the letter before it. */
const JOINER_IN_PLACE = `(?<=[\\p{L}\\p{M}])(?<!${FILLER})[\\u200c\\u200d](?=\\p{L})(?!${FILLER})`
const UNSEEN = `(?!${JOINER_IN_PLACE})(?:\\p{Cf}|${FILLER})`
const HAS_UNSEEN = new RegExp(UNSEEN, 'u')
const ALL_UNSEEN = new RegExp(UNSEEN, 'gu')

const HAS_TOWER = new RegExp(`\\p{M}{${LIMITS.combiningMarks + 1}}`, 'u')
const ALL_TOWERS = new RegExp(`(\\p{M}{${LIMITS.combiningMarks}})\\p{M}+`, 'gu')

const HAS_SIGN = new RegExp(`(?!${FILLER})[\\p{L}\\p{N}]`, 'u')

/** Whether somebody sees all of this text. */
export function isSeen(text: string): boolean {
  return !HAS_UNSEEN.test(text) && !HAS_TOWER.test(text)
}

/** The text without what nobody sees; every letter, number and sign stays. */
export function seenText(text: string): string {
  return text.replace(ALL_UNSEEN, '').replace(ALL_TOWERS, '$1')
}

/** Whether there is a letter or a number to call somebody or something by. */
export function hasLetterOrNumber(text: string): boolean {
  return HAS_SIGN.test(text)
}
