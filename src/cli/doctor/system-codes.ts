/** Which codes of errors stand in a sentence of the machine? They say what happened and name nobody. */

/** As systems and libraries write the codes of their errors. */
const SYSTEM_CODE = /\b(?:E[A-Z]{3,15}|ERR_[A-Z_]{3,40})\b/g

/** The codes of errors in a sentence, and nothing else of it. */
export function systemCodes(text: string): string {
  return [...new Set(text.match(SYSTEM_CODE) ?? [])].join(',')
}
