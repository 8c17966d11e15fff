/**
 * What can the judge find wrong? The closed list of rules that entries can break, and the form of one finding.
 * Severity and wording stand in audit/rules.ts; nothing in `core` invents a rule that is not here.
 */

import type { Bytes } from '../ids.ts'

/** Rules over entries; the part before the dot is the requirement the rule serves. */
export const ENTRY_RULES = [
  // one log, in order
  'AUD-1.time_back',
  'AUD-1.founding',
  'AUD-1.rotation',
  'AUD-1.after_rotation',
  'AUD-1.recovery_signature',
  'AUD-1.log_rewritten',
  // books of one bank
  'AUD-2.postings_not_zero',
  'AUD-2.rules_rows',
  'AUD-2.account_twice',
  'AUD-2.account_unknown',
  'AUD-2.account_closed',
  'AUD-2.account_suspended',
  'AUD-2.account_not_empty',
  'AUD-2.fund_closed',
  'AUD-2.fund_missing',
  'AUD-2.second_of_class',
  'AUD-2.device_twice',
  'AUD-2.device_gone',
  'AUD-2.role_gone',
  'AUD-2.exchange_malformed',
  'AUD-2.exchange_bank',
  'AUD-2.exchange_legs',
  'AUD-2.exchange_day',
  'AUD-2.exchange_twice',
  'AUD-2.import_rules',
  'AUD-2.reverse_unknown',
  'AUD-2.reversed_twice',
  'AUD-2.ref_type',
  'AUD-2.redact_targets',
  // who agreed
  'AUD-3.not_covered',
  'AUD-3.device_unknown',
  'AUD-3.device_removed',
  'AUD-3.device_signature',
  'AUD-3.possession_signature',
  'AUD-3.introducer',
  'AUD-3.introducer_signature',
  'AUD-3.introduced_by_bank',
  'AUD-3.session_account',
  'AUD-3.coordinator_not_granted',
  'AUD-3.coordinator_run_out',
  'AUD-3.coordinator_own_account',
  'AUD-3.coordinator_own_account_alone',
  'AUD-3.coordinator_without_account',
  'AUD-3.second_missing',
  'AUD-3.board_number',
  'AUD-3.board_not_granted',
  'AUD-3.board_run_out',
  // one decision each
  'AUD-3.order_malformed',
  'AUD-3.order_bank',
  'AUD-3.order_mode',
  'AUD-3.deadline',
  'AUD-3.double_hold',
  'AUD-3.hold_after_abort',
  'AUD-3.commit_without_hold',
  'AUD-3.double_commit',
  'AUD-3.commit_after_abort',
  'AUD-3.abort_after_commit',
  'AUD-3.double_abort',
  'AUD-3.late_commit',
  'AUD-3.commit_other_epoch',
  'AUD-3.minutes_differ',
  'AUD-3.attempt_differs',
  'AUD-3.terms_differ',
  'AUD-3.return_without_commit',
  'AUD-3.double_return',
  'AUD-3.cover_not_due',
  'AUD-3.double_cover',
  'AUD-3.done_without_commit',
  'AUD-3.double_done',
  'AUD-3.double_promise',
  'AUD-3.double_credit',
  'AUD-3.credit_after_waive',
  'AUD-3.credit_other_epoch',
  'AUD-3.waive_after_credit',
  'AUD-3.double_waive',
  'AUD-3.release_without_promise',
  'AUD-3.bounce_without_waive',
  'AUD-3.double_bounce',
  'AUD-3.invoice_twice',
  'AUD-3.invoice_terms',
  'AUD-3.invoice_overused',
  // two logs
  'AUD-4.wrong_bank_cited',
  'AUD-4.credit_without_commit',
  'AUD-4.answer_without_commit',
  'AUD-4.return_without_waive',
  'AUD-4.done_without_credit',
  'AUD-4.release_without_abort',
  'AUD-4.bundle_differs',
  'AUD-4.invoice_missing',
  'AUD-5.out_seq',
  'AUD-5.out_sum',
  'AUD-5.prev_out',
  'AUD-5.in_seq',
  'AUD-5.seq_differs',
  'AUD-5.mirror_differs',
  // lines and limits
  'AUD-6.line_unknown',
  'AUD-6.line_not_open',
  'AUD-6.line_paused',
  'AUD-6.line_state',
  'AUD-6.line_terms',
  'AUD-6.line_not_agreed',
  'AUD-6.line_not_settled',
  'AUD-6.line_not_silent',
  'AUD-6.line_not_dead',
  'AUD-6.over_claim',
  'AUD-6.over_written_off',
  'AUD-6.written_off_stands',
  'AUD-6.settled_away',
  'AUD-6.second_line',
  'AUD-6.limit_version',
  'AUD-6.limit_differs',
  'AUD-6.over_limit',
  'AUD-6.over_limit_in',
  'AUD-6.excess_after_lowering',
  'AUD-6.payer_stop',
  'AUD-6.payee_stop',
  // age
  'AUD-9.undecided_late',
  'AUD-9.promise_open',
  'AUD-9.in_transit_long',
  'AUD-9.unanswered',
] as const

export type EntryRule = (typeof ENTRY_RULES)[number]

/** Figures and ids of one finding, for its sentence. Ids are hex. */
export type Facts = Readonly<Record<string, string | number>>

/** An entry of some bank's log. */
export interface Place {
  readonly bank: Bytes
  readonly epoch: number
  readonly index: number
}

/** One rule broken at one place; `other` is the second place where two of them contradict each other. */
export interface Finding<Rule extends string = EntryRule> {
  readonly rule: Rule
  readonly bank: Bytes
  readonly epoch: number
  /** Index of the entry, or null where a whole file or log is meant. */
  readonly index: number | null
  readonly facts: Facts
  readonly other: Place | null
}

/** A signature that an entry rests on; `rule` is broken at `index` when it does not count. */
export interface SignatureCheck {
  readonly rule: EntryRule
  readonly index: number
  /** 32 bytes; tested as a key together with the signature. */
  readonly key: Bytes
  readonly message: Bytes
  readonly signature: Bytes
}
