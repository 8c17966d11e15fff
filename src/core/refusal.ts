/**
 * Which expected "no" exist? This list is closed and in order of precedence: where several apply, the earlier one
 * is given, so that two banks refuse the same order for the same reason. Nothing else invents a refusal.
 */

export const REFUSALS = [
  // the door
  'token_missing',
  'token_wrong',
  'body_too_large',
  'request_malformed',
  'nothing_here',
  'sign_in_wrong',
  'tried_too_often',
  'new_devices_wait',
  'password_short',
  'pin_unfit',
  'code_wrong',
  'code_over',
  // the bank as a whole
  'log_behind_guard',
  'log_behind_neighbour',
  'start_waits',
  'clock_unsure',
  'disk_low',
  'too_busy',
  // what is asked for
  'minutes_not_whole',
  'minutes_out_of_range',
  'day_out_of_range',
  'text_too_long',
  'category_unknown',
  // who asks
  'account_unknown',
  'number_mistyped',
  'account_closed',
  'account_suspended',
  'payer_is_payee',
  'legs_do_not_add_up',
  'device_unknown',
  'device_removed',
  'signature_wrong',
  'coordinator_unknown',
  'coordinator_known',
  'last_coordinator',
  'board_too_few',
  'board_unknown',
  'board_known',
  'reason_missing',
  'not_covered',
  // to which bank
  'own_bank',
  'bank_unknown',
  'bank_ambiguous',
  'line_missing',
  'line_proposed',
  'line_paused',
  'line_paused_there',
  'line_closing',
  'line_dead',
  'line_closed',
  // whether it may go
  'order_expired',
  'deadline_too_far',
  'order_malformed',
  'invoice_not_held',
  'invoice_differs',
  'payer_stop',
  'line_full',
  'line_too_busy',
  // at the payee's bank
  'neighbour_away',
  'asked_too_often',
  'member_not_found',
  'request_unknown',
  'request_expired',
  'request_used',
  'request_withdrawn',
  'notice_unknown',
  'answer_not_sound',
  'handle_unknown',
  'handle_expired',
  'handle_used_up',
  'payee_cannot_take',
  'payee_stop',
  // what has happened already
  'not_cancellable',
  'not_coverable',
  'not_recallable',
  'payment_unknown',
  'claim_answered',
  'too_many_waiting',
  'joins_too_many',
  'record_unknown',
  'record_not_correctable',
  'reversed_already',
  'take_back_late',
  'number_taken',
  'name_missing',
  'too_many_helpers',
  'balance_not_zero',
  'payments_open',
  'sheet_waits',
  'line_exists',
  'proposal_unknown',
  'limit_out_of_range',
  'limit_waits',
  'not_paused',
  'line_not_settled',
  'line_not_silent',
  'line_not_dead',
  'heads_not_compared',
  'recovery_not_accepted',
  'no_recovery_refused',
  'fund_missing',
  'amount_too_large',
  'device_known',
  'key_weak',
  'key_changes_used_up',
  'sheet_wrong',
  'handle_limits',
  'request_limits',
  'requests_too_many',
  'notice_missing',
  'notice_shows_contact',
  'notice_own',
  'notices_too_many',
  // files
  'file_not_utf8',
  'file_truncated',
  'file_heading_unknown',
  'file_heading_missing',
  'file_rows_wrong',
  'file_too_large',
  'file_not_balanced',
  'file_changed',
  'file_shape_unknown',
  'columns_wrong',
  'import_unknown',
  'name_not_typed',
  'import_after_line',
] as const

export type RefusalCode = (typeof REFUSALS)[number]

/** A known "no": its code, and the figures a sentence about it needs. Never a person's name. */
export interface Refusal {
  readonly code: RefusalCode
  readonly facts: Readonly<Record<string, string | number>>
}

/** The value, or the refusal. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal }

export function refuse(
  code: RefusalCode,
  facts: Refusal['facts'] = {},
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code, facts } }
}

export function accept<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}
