/** In which language is a page? The one that was chosen, else one the browser asks for, else the first ([A11Y-7]). */

import type { Context } from 'hono'
import { type Language, Speech } from '../words/language.ts'
import { EN } from '../words/languages/en.ts'
import { keptLanguage } from './cookies.ts'

/** Names that a browser may ask for are read up to so many. */
const ASKED = 20

export function speechesOf(languages: readonly Language[]): readonly Speech[] {
  return languages.map((language) => new Speech(language, EN))
}

export function speechFor(c: Context, speeches: readonly Speech[]): Speech {
  const byTag = (tag: string | undefined): Speech | undefined =>
    speeches.find(({ language }) => language.tag === tag)
  const asked = (c.req.header('accept-language') ?? '').split(',', ASKED).map((one) => one.trim().slice(0, 2))
  return (
    byTag(keptLanguage(c)) ?? asked.map(byTag).find((one) => one !== undefined) ?? (speeches[0] as Speech)
  )
}
