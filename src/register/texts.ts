/**
 * In which form are people's words kept? Unicode NFC without lone surrogates, so that the same word is the same
 * bytes everywhere; nothing is ever cut ([IMP-5]).
 */

import { seenText } from '../core/unseen.ts'

/** The words as they are kept, possibly on several lines. */
export function words(text: string): string {
  return text.toWellFormed().normalize('NFC').trim()
}

/** The same on one line: a name, a number, a phone number. */
export function line(text: string): string {
  return words(text.replace(/[\u0000-\u001f\u007f]+/g, ' ')).replace(/ {2,}/g, ' ')
}

/** The same, null when nothing is left. */
export function lineOrNull(text: string | null | undefined): string | null {
  const kept = line(text ?? '')
  return kept === '' ? null : kept
}

/** The words, null when nothing is left. */
export function wordsOrNull(text: string | null | undefined): string | null {
  const kept = words(text ?? '')
  return kept === '' ? null : kept
}

/** Controls but the line feed, and what turns the direction of writing: nobody's words need them on a page. */
const NEVER_SHOWN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g

/** Words of others as a page may show them: without what nobody sees, too. */
export function shownText(text: string): string {
  return seenText(text.replace(NEVER_SHOWN, ' ')).trim()
}

/** Whether a text has at most so many bytes in UTF-8. */
export function fits(text: string | null, bytes: number): boolean {
  return text === null || Buffer.byteLength(text) <= bytes
}
