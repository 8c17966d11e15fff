/**
 * What does another bank read of a person? "Bo M." and nothing more: the first name and the first letter of the last
 * ([SIGN-11], [PRIV-25]).
 */

import { LIMITS } from '../core/limits.ts'
import { isSoundName } from '../node/fetched.ts'
import type { Person } from './person.ts'
import { fits, line } from './texts.ts'

/** Controls, what turns the direction of writing, and markup: no name needs them, and no other bank takes them. */
const NEVER = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff<>]+/gu

/** Words on one line without any of these, as other banks and the noticeboard take them. */
export function soundText(text: string): string {
  return line(text.replace(NEVER, ' ')).replace(/\s+/gu, ' ').trim()
}

/** The name for another bank; an organisation and the pot are shown whole. */
export function nameOutside({ name, kind }: Pick<Person, 'name' | 'kind'>): string {
  const plain = soundText(name)
  const shown = kind === 'member' ? shortened(plain) : plain
  return isSoundName(shown) && fits(shown, LIMITS.nameBytes) ? shown : '?'
}

function shortened(name: string): string {
  const [first = '', ...rest] = name.split(' ')
  const last = rest.at(-1) ?? ''
  const [initial] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(last)
  return initial === undefined ? first : `${first} ${initial.segment.toUpperCase()}.`
}
