/**
 * Which rules can the audit find broken? Those over entries, which `core` judges, and those over files, trees,
 * signatures and heads. The list is closed; a report, a test or a reader may name any of these ids.
 */

import { ENTRY_RULES, type EntryRule } from '../core/audit/finding.ts'

/** `fail`: a rule is broken. `warn`: somebody should look. `info`: worth knowing, nothing to do. */
export type Severity = 'fail' | 'warn' | 'info'

/** Rules over files, trees, signatures and heads: what the entries rest on. */
export const FILE_RULES = [
  'AUD-1.bank_id',
  'AUD-1.beyond_head',
  'AUD-1.checkpoint_malformed',
  'AUD-1.checkpoint_missing',
  'AUD-1.checkpoint_origin',
  'AUD-1.checkpoint_signature',
  'AUD-1.entries_cut',
  'AUD-1.entries_missing',
  'AUD-1.entry_differs',
  'AUD-1.entry_newer',
  'AUD-1.entry_unreadable',
  'AUD-1.epoch_missing',
  'AUD-1.file_extra',
  'AUD-1.head_signature',
  'AUD-1.log_cut',
  'AUD-1.root_differs',
  'AUD-1.seen_signature',
  'AUD-1.tail_abandoned',
  'AUD-1.tile_differs',
  'AUD-1.tile_missing',
  'AUD-1.vkey_differs',
  'AUD-1.vkey_missing',
] as const

export type FileRule = (typeof FILE_RULES)[number]
export type RuleId = EntryRule | FileRule

export const RULE_IDS: readonly RuleId[] = [...FILE_RULES, ...ENTRY_RULES]
