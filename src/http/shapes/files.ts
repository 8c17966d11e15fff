/** Which shapes do imports have in the API? Files come as parts of a form. */

import { z } from '@hono/zod-openapi'
import { UNITS } from '../../register/import/lengths.ts'
import { SKIP_REASONS } from '../../register/import/skipped.ts'
import { SOURCES } from '../../register/import/source.ts'
import { hex, minutes, signedMinutes } from './fields.ts'

const file = z
  .instanceof(Uint8Array)
  .openapi({ type: 'string', format: 'binary', description: 'A CSV file.' })
const importFiles = {
  members: file,
  exchanges: file.optional(),
  balances: file.optional(),
  from: z.enum(SOURCES).default('own').openapi({ description: 'The program that wrote the files.' }),
  columns: z
    .string()
    .optional()
    .openapi({ description: 'JSON: which column of a sheet is what; as the TOML of the command line.' }),
  unit: z.enum(UNITS).optional().openapi({ description: 'What one unit is, where files do not say.' }),
  notes: z.enum(['keep', 'leave']).default('leave'),
}
export const importCheckShape = z.strictObject(importFiles).openapi('ImportFiles')
export const importApplyShape = z
  .strictObject({
    ...importFiles,
    name: z
      .string()
      .openapi({ description: 'The name of the bank, typed: whoever types it accepts the sheet.' }),
    digest: hex(32, 'Digest of the plan that was looked at.').optional(),
  })
  .openapi('ImportAgreed')
const problemLine = z.object({
  code: z.string(),
  detail: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
})
const rowKind = z.enum(['member', 'organisation', 'fund', 'before', 'neighbour'])
const importFile = z.enum(['members', 'exchanges', 'balances'])
export const importPlanShape = z
  .object({
    bank_name: z.string(),
    digest: hex(32, 'Names both files together.').nullable(),
    done: z.boolean().openapi({ description: 'These files were imported before; again adds nothing.' }),
    refusals: z.array(problemLine),
    skipped: z.array(
      z.object({
        file: importFile,
        line: z.int(),
        reason: z.enum(SKIP_REASONS),
        number: z.string().nullable(),
      }),
    ),
    left_columns: z.array(
      z.object({ file: importFile, column: z.string(), why: z.enum(['unknown', 'secret', 'unticked']) }),
    ),
    dummy_emails: z.array(z.int()),
    remainders: z
      .array(z.object({ line: z.int(), seconds: z.int() }))
      .openapi({ description: 'Lines of which the nearest whole minute is taken, and what is left over.' }),
    same_names: z
      .array(z.object({ line: z.int(), name: z.string(), first_line: z.int().nullable() }))
      .openapi({
        description: 'Lines without a number that may be somebody twice, or somebody who is here.',
      }),
    sheet: z.array(
      z.object({
        line: z.int(),
        number: z.string(),
        name: z.string(),
        kind: rowKind,
        file_minutes: signedMinutes,
        history_minutes: signedMinutes.nullable(),
        difference_minutes: signedMinutes.nullable(),
      }),
    ),
    not_found: z.array(z.object({ number: z.string(), minutes: signedMinutes })),
    totals: z.object({
      new_members: z.int(),
      added_before: z.int(),
      opening_minutes: minutes,
      owed_minutes: signedMinutes,
      before_minutes: signedMinutes,
      file_sum_minutes: signedMinutes,
      differing: z.int(),
      differing_minutes: signedMinutes,
      archived: z.int(),
      archived_minutes: minutes,
    }),
  })
  .openapi('ImportPlan')
export const importResultShape = z
  .object({
    digest: hex(32, 'Names both files together.'),
    members_added: z.int(),
    openings: z.int(),
    opening_minutes: minutes,
    archived: z.int(),
    changed: z.boolean().openapi({ description: 'False when the same files had been imported before.' }),
  })
  .openapi('ImportResult')
export const importUndoShape = z
  .strictObject({
    digest: hex(32, 'Digest of the list, as the check and the result named it.'),
    name: z.string().openapi({ description: 'The name of the bank, typed.' }),
  })
  .openapi('ImportUndo')
export const importUndoneShape = z
  .object({
    removed: z.int().openapi({ description: 'People who were taken away.' }),
    staying: z.array(z.object({ number: z.string(), name: z.string() })).openapi({
      description: 'People who gave or received since, or have an office; they keep their hours.',
    }),
    finished: z.enum(['now', 'later']),
  })
  .openapi('ImportUndone')
