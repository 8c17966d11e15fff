/**
 * A language that nobody speaks, to prove the layout ([A11Y-7]): English with accents, about a third longer, written
 * from right to left. Whatever is still plain English on a page of it is no message; whatever stays on the left is
 * laid out by hand.
 */

import { IntlMessageFormat } from 'intl-messageformat'
import type { Language } from '../../src/words/language.ts'
import { EN } from '../../src/words/languages/en.ts'

const ACCENTS: Readonly<Record<string, string>> = Object.fromEntries(
  [...'aáeéiíoóuúyýcçnñsšzžgğAÁEÉIÍOÓUÚYÝCÇNÑSŠZŽGĞ'.matchAll(/(.)(.)/gu)].map(([, plain, accented]) => [
    plain,
    accented,
  ]),
)
/** Whatever stands between these is laid out from right to left, letters and digits too. */
const [MIRROR, END] = ['\u202e', '\u202c']

/** Kinds of parts, by the parser's own numbers. */
export const KIND = {
  words: 0,
  fact: 1,
  number: 2,
  date: 3,
  time: 4,
  select: 5,
  plural: 6,
  pound: 7,
} as const

/** A tag that Unicode keeps for such a language of the Arabic script's direction. */
export const PSEUDO: Language = {
  tag: 'ar-XB',
  name: mirrored('Mirror'),
  direction: 'rtl',
  messages: Object.fromEntries(Object.entries(EN).map(([id, message]) => [id, pseudo(message)])),
}

/** The message with everything but its placeholders mirrored. */
export function pseudo(message: string): string {
  return print(partsOf(message))
}

type Part = ReturnType<IntlMessageFormat['getAst']>[number]

/** The parts of an ICU message: words, places for facts, and choices that hold messages again. */
export function partsOf(message: string): readonly Part[] {
  return new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst()
}

function print(parts: readonly Part[]): string {
  return parts.map(printPart).join('')
}

function printPart(part: Part): string {
  if (part.type === KIND.words) return mirrored(part.value)
  if (part.type === KIND.pound) return '#'
  if (part.type === KIND.fact) return `{${part.value}}`
  if (part.type === KIND.select || part.type === KIND.plural) {
    const options = Object.entries(part.options).map(([name, { value }]) => `${name} {${print(value)}}`)
    return `{${part.value}, ${part.type === KIND.select ? 'select' : 'plural'}, ${options.join(' ')}}`
  }
  throw new Error(`a part of a message that no message of ours has: ${JSON.stringify(part)}`)
}

function mirrored(text: string): string {
  if (!/\p{L}/u.test(text)) return text
  const longer = text.replace(/[aeiou](?=\p{L})/gu, (vowel) => vowel + vowel)
  const accented = [...longer].map((letter) => ACCENTS[letter] ?? letter).join('')
  const [, before = '', words = '', after = ''] = /^(\s*)(.*?)(\s*)$/su.exec(accented) ?? []
  return `${before}${MIRROR}${words.replaceAll("'", "''")}${END}${after}`
}
