/**
 * Which files do pages load beside themselves? One style sheet, one small picture and,
 * where something is waited for, one small script, from this bank and nowhere else
 * ([PRIV-31]). Their addresses name their content, so a browser may keep them.
 */

import { readFileSync } from 'node:fs'
import { sha256 } from '../core/hash.ts'
import { toHex } from '../core/ids.ts'
import { LIVE_SCRIPT } from './live-script.ts'

export interface Asset {
  readonly type: string
  readonly body: string
  /** Whether the address changes with the content. */
  readonly lasting: boolean
}

/** Built from src/web/style; the folder lies at the same distance from the source and from what is built. */
const STYLE = readFileSync(new URL('../../dist/web/commonhour.css', import.meta.url), 'utf8')

export const STYLE_PATH = `/assets/${nameOf(STYLE)}.css`
export const LIVE_PATH = `/assets/${nameOf(LIVE_SCRIPT)}.js`

function nameOf(body: string): string {
  return toHex(sha256(new TextEncoder().encode(body))).slice(0, 16)
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><circle cx="18" cy="18" r="18" fill="#1b5e57"/>' +
  '<circle cx="18" cy="18" r="11.5" fill="none" stroke="#fff" stroke-width="3.4"/>' +
  '<path fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" d="M18 11.5v7l4.6 3.2"/></svg>'

export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  [STYLE_PATH, { type: 'text/css; charset=utf-8', body: STYLE, lasting: true }],
  [LIVE_PATH, { type: 'text/javascript; charset=utf-8', body: LIVE_SCRIPT, lasting: true }],
  ['/assets/icon.svg', { type: 'image/svg+xml', body: ICON, lasting: false }],
])
