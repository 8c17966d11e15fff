/** Which shapes do imports have in the API? Files come as parts of a form. */

import { z } from '@hono/zod-openapi'
import { SKIP_REASONS } from '../../register/import/skipped.ts'
import { hex, minutes, signedMinutes } from './fields.ts'

const file = z
  .instanceof(Uint8Array)
  .openapi({ type: 'string', format: 'binary', description: 'A CSV file.' })
const importFiles = {
  members: file,
  exchanges: file.optional(),
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
const importFile = z.enum(['members', 'exchanges'])
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
