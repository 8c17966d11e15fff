/**
 * Why is a line of a file left out? The closed list of reasons; every line that is left out is listed with one
 * ([IMP-1]).
 */

import type { ImportFile } from './table.ts'

export const SKIP_REASONS = [
  'cells_missing',
  'cells_too_many',
  'number_missing',
  'number_reserved',
  'number_taken',
  'name_missing',
  'text_too_long',
  'kind_unknown',
  'status_unknown',
  'date_malformed',
  'minutes_not_whole',
  'minutes_out_of_range',
  'member_closed',
  'pot_twice',
  'pot_filled',
  'person_missing',
  'same_person',
  'source_twice',
  'above_heading',
  'total_row',
  'number_twice',
  'hours_unclear',
  'hours_ambiguous',
  'left_out',
  'not_committed',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

export interface SkippedLine {
  readonly file: ImportFile
  /** From 1, the heading included, as an editor counts. */
  readonly line: number
  readonly reason: SkipReason
  /** The member number or source id in that line, when it has one. */
  readonly number: string | null
}
