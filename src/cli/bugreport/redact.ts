/**
 * What must never stand in a text for strangers? A list of what looks like a secret, a place or a person, and the word that
 * takes its place. The report is put together without any of these; this is the second lock ([CLI-7]).
 */

interface Rule {
  readonly word: string
  readonly pattern: RegExp
}

/** In this order: a longer thing is taken before a part of it. */
export const REDACTED: readonly Rule[] = [
  { word: '[invitation]', pattern: /commonhour:[a-z]+\?\S+/gi },
  { word: '[web address]', pattern: /\b[a-z][a-z\d+.-]*:\/\/\S+/gi },
  { word: '[network address]', pattern: /\/(?:ip4|ip6|ip6zone|dns|dns4|dns6|dnsaddr|p2p|onion3?)\/\S+/gi },
  { word: '[e-mail]', pattern: /[^\s@<>"',;:]+@[^\s@<>"',;:]+/g },
  { word: '[peer id]', pattern: /\b(?:12D3Koo|16Uiu2|Qm|bafz)[1-9A-HJ-NP-Za-z]{20,}/g },
  { word: '[key]', pattern: /\b[\da-f]{16,}\b/gi },
  { word: '[key]', pattern: /\b[a-z2-7]{26,}\b/gi },
  { word: '[key]', pattern: /[A-Za-z\d+/_-]{40,}={0,2}/g },
  { word: '[IP address]', pattern: /\b\d{1,3}(?:\.\d{1,3}){3}\b/g },
  { word: '[IP address]', pattern: /(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])/gi },
  { word: '[member number]', pattern: /\b[A-Z]{1,4}-\d{2,6}(?:-[A-Z\d])?\b/gi },
  {
    word: '[path]',
    pattern: /(?<![\w/])(?:~|\/(?:home|Users|root|tmp|var|etc|mnt|media|srv|opt|data))(?:\/[^\s'"`)]*)?/g,
  },
  { word: '[path]', pattern: /\b[A-Z]:\\[^\s'"`)]*/gi },
  { word: '[telephone]', pattern: /(?<![\w.-])\+?\(?\d(?:[\s()./-]{0,3}\d){6,}(?![\w.-])/g },
]

/** A day or moment is no telephone number, and says when something was. */
const MOMENT = /(\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?(?!\d))/

/** The text without them. What names people and banks no pattern can know, so nothing that may hold one is put in. */
export function redacted(text: string): string {
  const without = (part: string): string =>
    REDACTED.reduce((left, { pattern, word }) => left.replace(pattern, word), part)
  return text
    .split(MOMENT)
    .map((part, i) => (i % 2 === 0 ? without(part) : part))
    .join('')
}
