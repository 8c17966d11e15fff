/**
 * What does another bank read of a person? "Bo M." and nothing more: the first name and the first letter of the last
 * ([SIGN-11], [PRIV-25]).
 */

import { LIMITS } from '../core/limits.ts'
import { hasLetterOrNumber, seenText } from '../core/unseen.ts'
import { isSoundName } from '../node/fetched.ts'
import type { Person } from './person.ts'
import { fits, line } from './texts.ts'

/** Controls, what turns the direction of writing, and markup: no name needs them, and no other bank takes them. */
const NEVER = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff<>]+/gu

/** What is shown where nothing of a name is left, or it is too long: a letter each, for others take no name without one. */
const NAMELESS = 'N. N.'

/**
 * Words on one line without any of these and without what nobody sees, as other banks and the noticeboard take them; empty
 * without a letter or number.
 */
export function soundText(text: string): string {
  // In the form that is kept before marks are counted, for some marks are kept as two.
  const plain = line(seenText(line(text.replace(NEVER, ' '))))
  return hasLetterOrNumber(plain) ? seenText(plain).replace(/\s+/gu, ' ').trim() : ''
}

/** The name for another bank; an organisation and the pot are shown whole. */
export function nameOutside({ name, kind }: Pick<Person, 'name' | 'kind'>): string {
  const plain = soundText(name)
  // A first letter alone may leave a joiner without its second, and capitals may bear more marks.
  const shown = kind === 'member' ? seenText(shortened(plain)) : plain
  return isSoundName(shown) && fits(shown, LIMITS.nameBytes) ? shown : NAMELESS
}

function shortened(name: string): string {
  const [first = '', ...rest] = name.split(' ')
  const last = rest.at(-1) ?? ''
  const [initial] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(last)
  return initial === undefined ? first : `${first} ${initial.segment.toUpperCase()}.`
}
