/** Which style sheet do the pages load? src/web/style, compiled, with sides that follow the direction of the script. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from 'sass'

/** Left and right become start and end, so that a page in Arabic is mirrored without a second sheet. */
const SIDES = /** @type {const} */ ([
  [/\b(margin|padding)-left(?=:)/g, '$1-inline-start'],
  [/\b(margin|padding)-right(?=:)/g, '$1-inline-end'],
  [/\bborder-left(?=[-:])/g, 'border-inline-start'],
  [/\bborder-right(?=[-:])/g, 'border-inline-end'],
  [/(?<=[;{])left(?=:)/g, 'inset-inline-start'],
  [/(?<=[;{])right(?=:)/g, 'inset-inline-end'],
  [/\btext-align:left/g, 'text-align:start'],
  [/\btext-align:right/g, 'text-align:end'],
  [/\b(float|clear):left/g, '$1:inline-start'],
  [/\b(float|clear):right/g, '$1:inline-end'],
])

/**
 * Writes dist/web/commonhour.css.
 * @param {string} root
 */
export function buildStyle(root) {
  const { css } = compile(join(root, 'src/web/style/main.scss'), {
    style: 'compressed',
    loadPaths: [join(root, 'node_modules')],
  })
  const folder = join(root, 'dist/web')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'commonhour.css'), flowing(css))
}

/** @param {string} css */
export function flowing(css) {
  return SIDES.reduce((text, [pattern, word]) => text.replace(pattern, word), css)
}
