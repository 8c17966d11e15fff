/**
 * How do people and hours come in from files, and leave as files? Import in two steps, and the whole bank as one zip.
 */

import { z } from '@hono/zod-openapi'
import { HASH_BYTES, toHex } from '../../core/ids.ts'
import { accept, type Outcome, type RefusalCode } from '../../core/refusal.ts'
import { applyImport } from '../../register/import/apply.ts'
import { checkImport } from '../../register/import/check.ts'
import { readColumns } from '../../register/import/columns.ts'
import type { ImportFiles } from '../../register/import/source.ts'
import { undoImport } from '../../register/import/undo.ts'
import { exportZip } from '../export.ts'
import { type Route, route } from '../route.ts'
import {
  importApplyShape,
  importCheckShape,
  importPlanShape,
  importResultShape,
  importUndoneShape,
  importUndoShape,
} from '../shapes/files.ts'
import { planView } from '../views.ts'
import { bytesOf } from './members.ts'

const exportQuery = z.object({
  people: z
    .enum(['yes', 'no'])
    .default('yes')
    .openapi({ description: 'With the register of people, or the log alone.' }),
})

const OF_FILES: readonly RefusalCode[] = [
  'file_not_utf8',
  'file_truncated',
  'file_heading_unknown',
  'file_heading_missing',
  'file_rows_wrong',
  'file_too_large',
  'file_not_balanced',
  'file_shape_unknown',
  'columns_wrong',
]

export const FILE_ROUTES: readonly Route[] = [
  route(
    {
      id: 'exportAll',
      method: 'get',
      path: '/export',
      summary: 'The whole bank as a zip file',
      query: exportQuery,
      answer: 'zip',
      status: 200,
      refusals: [],
    },
    async ({ node, people, stopping }, { query, signal }) => {
      return accept(
        await exportZip(node, query.people === 'yes' ? people : null, AbortSignal.any([stopping, signal])),
      )
    },
  ),
  route(
    {
      id: 'checkImport',
      method: 'post',
      effect: 'none',
      path: '/import/check',
      summary: 'What an import of these files would do; writes nothing',
      body: importCheckShape,
      bodyType: 'form',
      answer: importPlanShape,
      status: 200,
      refusals: ['columns_wrong'],
    },
    async ({ node, people }, { body }) => {
      const files = filesOf(body)
      return files.ok ? accept(planView(await checkImport(files.value, node, people))) : files
    },
  ),
  route(
    {
      id: 'applyImport',
      method: 'post',
      path: '/import/apply',
      summary: 'Import the files; the typed name accepts the sheet',
      body: importApplyShape,
      bodyType: 'form',
      answer: importResultShape,
      status: 200,
      refusals: [
        ...OF_FILES,
        'file_changed',
        'name_not_typed',
        'import_after_line',
        'account_suspended',
        'coordinator_unknown',
        'not_covered',
      ],
    },
    async ({ node, people, coordinator }, { body }) => {
      const digest = body.digest === undefined ? null : bytesOf(body.digest, HASH_BYTES)
      const files = filesOf(body)
      if (!files.ok) return files
      const outcome = await applyImport(files.value, node, people, { coordinator, digest }, body.name)
      if (!outcome.ok) return outcome
      const { membersAdded, openings, openingMinutes, archived, changed } = outcome.value
      return accept({
        digest: toHex(outcome.value.digest),
        members_added: membersAdded,
        openings,
        opening_minutes: openingMinutes,
        archived,
        changed,
      })
    },
  ),
  route(
    {
      id: 'undoImport',
      method: 'post',
      path: '/import/undo',
      summary: 'Take a list away again; whoever gave or received since stays',
      body: importUndoShape,
      answer: importUndoneShape,
      status: 200,
      refusals: [
        'import_unknown',
        'name_not_typed',
        'import_after_line',
        'coordinator_unknown',
        'not_covered',
      ],
    },
    async ({ node, people, coordinator }, { body }) => {
      const digest = bytesOf(body.digest, HASH_BYTES)
      const outcome = await undoImport(digest, node, people, { coordinator }, body.name)
      if (!outcome.ok) return outcome
      const { removed, staying, finished } = outcome.value
      return accept({ removed, staying: staying.map(({ number, name }) => ({ number, name })), finished })
    },
  ),
]

function filesOf(body: z.output<typeof importCheckShape>): Outcome<ImportFiles> {
  const { members, exchanges = null, balances = null, notes, from, unit = null } = body
  const files = { members, exchanges, balances, notes, from, unit }
  if (body.columns === undefined) return accept(files)
  const columns = readColumns(jsonOf(body.columns))
  return columns.ok ? accept({ ...files, columns: columns.value }) : columns
}

/** The value of a JSON text; undefined for any other text, which is no columns either. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
